// Statuses by the error's code.
#include "apps/cli/log/report.h"

#include <ostream>

namespace kontor::cli {

using Json = nlohmann::ordered_json;

int status_of(const Error& error) {
  switch (error.code) {
    case Code::unavailable:
    case Code::storage_failed:
    case Code::storage_full:
    case Code::conflict:
      return kNotChecked;
    default:
      return kRefuted;
  }
}

Json json_of(const Error& error) {
  return {{"code", info(error.code).name}, {"message", error.message()}};
}

void end_with(CommandContext& context, const Error& error, bool json) {
  context.status = status_of(error);
  if (json)
    context.out << Json{{"ok", false}, {"error", json_of(error)}}.dump(2) << "\n";
  else
    print_errors(context.err, {std::string(error.message()) +
                               (error.cause.empty() ? "" : " (" + error.cause + ")")});
}

void end_well(CommandContext& context, Json facts, const std::string& words, bool json) {
  context.status = kHolds;
  if (!json) {
    context.out << words;
    return;
  }
  Json all = {{"ok", true}};
  all.update(facts);
  context.out << all.dump(2) << "\n";
}

}  // namespace kontor::cli
