#pragma once
// Documentation printed from the code's own tables: docs/errors.md and docs/api.md. A test holds
// the checked-in files to these texts.
#include "http/route.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor {

struct RouteFamily {
  std::string_view title;
  std::string_view intro;
  std::span<const http::RouteInfo> routes;
};

std::string errors_markdown();
std::string api_markdown(const std::vector<RouteFamily>& families);

}  // namespace kontor
