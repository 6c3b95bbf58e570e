#pragma once
// The handlers of Progy's routes, listed by routes.cc; one file each for a topic.
#include "formats/progy/service.h"
#include "http/route.h"

namespace kontor::progy {

// publish_handler.cc
Task<http::Response> publish_version(Service& service, const http::Call& call);
// resolve_handler.cc
Task<http::Response> resolve(Service& service, const http::Call& call);
// download_handler.cc
Task<http::Response> download(Service& service, const http::Call& call);
// asset_handler.cc
Task<http::Response> get_asset(Service& service, const http::Call& call);
// market_handlers.cc
Task<http::Response> list_courses(Service& service, const http::Call& call);
Task<http::Response> my_packages(Service& service, const http::Call& call);
// course_handlers.cc
Task<http::Response> get_course(Service& service, const http::Call& call);
Task<http::Response> patch_course(Service& service, const http::Call& call);
Task<http::Response> delete_course(Service& service, const http::Call& call);
// rename_handler.cc
Task<http::Response> rename_account(Service& service, const http::Call& call);
// routes.cc
Task<http::Response> get_schema(Service& service, const http::Call& call);
Task<http::Response> list_legacy_courses(Service& service, const http::Call& call);

}  // namespace kontor::progy
