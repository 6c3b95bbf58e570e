#pragma once
// The handlers of npm's package routes, listed by package_routes.cc; one file each for a topic.
#include "formats/npm/service.h"
#include "http/route.h"

namespace kontor::npm {

// package_documents.cc
Task<http::Response> get_package(Service& service, const http::Call& call);
Task<http::Response> get_version(Service& service, const http::Call& call);
// tarballs.cc
Task<http::Response> get_tarball(Service& service, const http::Call& call);
Task<http::Response> get_scoped_tarball(Service& service, const http::Call& call);
// publish_handler.cc
Task<http::Response> put_package(Service& service, const http::Call& call);
Task<http::Response> put_package_revision(Service& service, const http::Call& call);
// removal_handlers.cc
Task<http::Response> delete_package(Service& service, const http::Call& call);
Task<http::Response> delete_tarball(Service& service, const http::Call& call);
// tag_handlers.cc
Task<http::Response> get_tags(Service& service, const http::Call& call);
Task<http::Response> put_tag(Service& service, const http::Call& call);
Task<http::Response> put_version_tag(Service& service, const http::Call& call);
Task<http::Response> delete_tag(Service& service, const http::Call& call);
Task<http::Response> post_tags(Service& service, const http::Call& call);
Task<http::Response> put_tags(Service& service, const http::Call& call);
// access_handlers.cc
Task<http::Response> get_owners(Service& service, const http::Call& call);
Task<http::Response> put_owner(Service& service, const http::Call& call);
Task<http::Response> delete_owner(Service& service, const http::Call& call);
Task<http::Response> get_visibility(Service& service, const http::Call& call);
Task<http::Response> get_access(Service& service, const http::Call& call);
Task<http::Response> post_access(Service& service, const http::Call& call);
Task<http::Response> get_collaborators(Service& service, const http::Call& call);
// list_handlers.cc
Task<http::Response> get_user_packages(Service& service, const http::Call& call);
Task<http::Response> get_scope_packages(Service& service, const http::Call& call);
Task<http::Response> get_package_list(Service& service, const http::Call& call);
Task<http::Response> get_all(Service& service, const http::Call& call);
Task<http::Response> get_starred(Service& service, const http::Call& call);
// search_handlers.cc
Task<http::Response> search(Service& service, const http::Call& call);
Task<http::Response> search_by_q(Service& service, const http::Call& call);
// download_handlers.cc
Task<http::Response> get_download_point(Service& service, const http::Call& call);
Task<http::Response> get_download_range(Service& service, const http::Call& call);
Task<http::Response> get_version_downloads(Service& service, const http::Call& call);
// misc_handlers.cc
Task<http::Response> ping(Service& service, const http::Call& call);
Task<http::Response> describe_registry(Service& service, const http::Call& call);
// audit_handlers.cc
Task<http::Response> audit_bulk(Service& service, const http::Call& call);
Task<http::Response> audit_tree(Service& service, const http::Call& call);
// trust_handlers.cc
Task<http::Response> get_keys(Service& service, const http::Call& call);
Task<http::Response> get_attestations(Service& service, const http::Call& call);

}  // namespace kontor::npm
