#pragma once
// The handlers behind account_routes(), by the file that holds them.
#include "formats/npm/service.h"
#include "http/route.h"

namespace kontor::npm {

// login_routes.cc
Task<http::Response> put_user(Service& service, const http::Call& call);
Task<http::Response> get_user(Service& service, const http::Call& call);
Task<http::Response> whoami(Service& service, const http::Call& call);
Task<http::Response> log_out_token(Service& service, const http::Call& call);

// web_login_routes.cc
Task<http::Response> start_web(Service& service, const http::Call& call);
Task<http::Response> poll_web(Service& service, const http::Call& call);
Task<http::Response> show_login_page(Service& service, const http::Call& call);
Task<http::Response> submit_login_page(Service& service, const http::Call& call);

// token_routes.cc
Task<http::Response> list_tokens(Service& service, const http::Call& call);
Task<http::Response> create_token(Service& service, const http::Call& call);
Task<http::Response> delete_token(Service& service, const http::Call& call);

// profile_routes.cc
Task<http::Response> get_profile(Service& service, const http::Call& call);
Task<http::Response> post_profile(Service& service, const http::Call& call);

}  // namespace kontor::npm
