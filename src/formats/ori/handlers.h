#pragma once
// The handlers of Ori's routes, listed by routes.cc; one file each for a topic.
#include "formats/ori/service.h"
#include "http/route.h"

namespace kontor::ori {

// publish_handler.cc
Task<http::Response> publish_version(Service& service, const http::Call& call);
// document_handlers.cc
Task<http::Response> get_versions(Service& service, const http::Call& call);
Task<http::Response> get_metadata(Service& service, const http::Call& call);
// download_handler.cc
Task<http::Response> download(Service& service, const http::Call& call);
// standing_handlers.cc
Task<http::Response> yank_version(Service& service, const http::Call& call);
Task<http::Response> unyank_version(Service& service, const http::Call& call);
Task<http::Response> deprecate_version(Service& service, const http::Call& call);
Task<http::Response> remove_released(Service& service, const http::Call& call);
// owner_handlers.cc
Task<http::Response> get_owners(Service& service, const http::Call& call);
Task<http::Response> put_owners(Service& service, const http::Call& call);
Task<http::Response> put_owner(Service& service, const http::Call& call);
Task<http::Response> delete_owner(Service& service, const http::Call& call);
// transfer_handlers.cc
Task<http::Response> get_transfer(Service& service, const http::Call& call);
Task<http::Response> post_transfer(Service& service, const http::Call& call);
Task<http::Response> delete_transfer(Service& service, const http::Call& call);
Task<http::Response> post_accept(Service& service, const http::Call& call);
Task<http::Response> post_reject(Service& service, const http::Call& call);
// search_handler.cc
Task<http::Response> search_packages(Service& service, const http::Call& call);
// token_handlers.cc
Task<http::Response> get_tokens(Service& service, const http::Call& call);
Task<http::Response> post_token(Service& service, const http::Call& call);
Task<http::Response> delete_token(Service& service, const http::Call& call);
Task<http::Response> whoami(Service& service, const http::Call& call);

}  // namespace kontor::ori
