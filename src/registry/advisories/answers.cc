// Plain translation.
#include "registry/advisories/answers.h"

#include "base/encoding.h"

namespace kontor {
namespace {

Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

}  // namespace

std::string_view to_string(AdvisoryOutcome outcome) {
  switch (outcome) {
    case AdvisoryOutcome::added:
      return "added";
    case AdvisoryOutcome::changed:
      return "changed";
    case AdvisoryOutcome::unchanged:
      return "unchanged";
    case AdvisoryOutcome::outdated:
      break;
  }
  return "outdated";
}

Json to_json(const AdvisoryMatch& match) {
  const AdvisoryHead& head = match.advisory.head;
  return {{"id", head.id},
          {"summary", head.summary},
          {"severity", to_string(head.severity)},
          {"malicious", head.malicious},
          {"url", or_null(head.url)},
          {"aliases", head.aliases},
          {"cvss",
           {{"score", head.score ? Json(*head.score) : Json(nullptr)},
            {"vector", or_null(head.vector)}}},
          {"cwes", head.cwes},
          {"fixed", match.fixed ? Json(*match.fixed) : Json(nullptr)}};
}

Json to_json(const ImportResult& result) {
  if (result.outcome) return {{"id", result.id}, {"outcome", to_string(*result.outcome)}};
  Json out = {{"id", or_null(result.id)}, {"outcome", "refused"}};
  out["error"] = info(result.refused->code).name;
  out["message"] = result.refused->message();
  return out;
}

std::string page_of(const AdvisoryHead& head, std::string_view origin) {
  if (!head.url.empty()) return head.url;
  return std::string(origin) + "/v1/advisories/" + percent_encode(head.id);
}

}  // namespace kontor
