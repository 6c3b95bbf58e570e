// The rules of reuse, each a small predicate on values.
#include "registry/ready_answers.h"

#include "base/encoding.h"
#include "http/conditional.h"
#include "registry/authenticate.h"
#include "registry/document_cache.h"
#include "registry/download_tally.h"
#include "registry/final_headers.h"
#include "registry/rate_check.h"

#include <algorithm>

namespace kontor {
namespace {

using http::Method;
using http::ReadyHead;

// The headers that answers about packages look at, found in one pass.
struct AskedHeaders {
  std::string_view accept, accept_encoding, authorization;
  std::string_view if_none_match, if_modified_since, origin, range;

  explicit AskedHeaders(const http::Request& request) {
    for (const auto& header : request.headers)
      if (auto* place = place_of(header.name); place && place->empty()) *place = header.value;
  }

 private:
  std::string_view* place_of(std::string_view name) {
    const auto is = [&](std::string_view known) { return equal_ignoring_case(name, known); };
    switch (name.size()) {
      case 5:
        return is("range") ? &range : nullptr;
      case 6:
        return is("accept") ? &accept : is("origin") ? &origin : nullptr;
      case 13:
        return is("authorization")   ? &authorization
               : is("if-none-match") ? &if_none_match
                                     : nullptr;
      case 15:
        return is("accept-encoding") ? &accept_encoding : nullptr;
      case 17:
        return is("if-modified-since") ? &if_modified_since : nullptr;
      default:
        return nullptr;
    }
  }
};

bool may_have_been_kept(const http::Request& request, const AskedHeaders& asked) {
  return (request.method == Method::get || request.method == Method::head) &&
         request.query.empty() && asked.range.empty() && asked.origin.empty();
}

AnswerKey key_of(const http::Request& request, const AskedHeaders& asked) {
  return {request.path, request.base_url, asked.accept, asked.accept_encoding};
}

bool is_current(const Registry& registry, const KeptAnswer& kept) {
  if (kept.stamp) return kept.stamp() == kept.subject.stamp;
  return registry.packages.stamp(kept.subject.place) == kept.subject.stamp;
}

// Counts the request; the stricter of its allowances.
RateDecision count(Registry& registry, const KeptAnswer& kept, const Principal& who,
                   std::string_view address, bool with_credential) {
  if (!kept.rates || registry.settings->rates.empty()) return {};
  const RateSubject subject{Method::get, address, with_credential};
  const auto ours = take_rate(registry, address_question(registry, *kept.rates, subject));
  if (!ours.allowed) return ours;
  const auto own =
      take_rate(registry, credential_question(registry, *kept.rates, subject, credential_key(who)));
  return own.stricter_than(ours) ? own : ours;
}

// Who asks, if they may read what is kept; nothing also where that takes a query to know.
std::optional<Principal> reader_of(Registry& registry, const KeptAnswer& kept,
                                   std::string_view authorization, std::string_view address) {
  const Settings& settings = *registry.settings;
  if (!settings.accounts.everybody.empty()) return std::nullopt;
  std::optional<Principal> who(std::in_place);
  if (!authorization.empty()) who = recall_principal(registry, authorization, address);
  if (!who || admit(*who, http::Access::read, settings.policy)) return std::nullopt;
  if (decide(*who, Action::read, kept.resource, settings.policy)) return std::nullopt;
  return who;
}

// The headers that say what is left of the allowance, where the routes have them.
std::vector<http::Header> shown(const Registry& registry, const KeptAnswer& kept,
                                const RateDecision& rate) {
  http::Response response;
  if (kept.rates && kept.rates->shown) show_rate(response, rate, registry.clock.now());
  return std::move(response.headers);
}

bool client_has_it(const AskedHeaders& asked, const KeptAnswer& kept) {
  if (!kept.not_modified) return false;
  if (asked.if_none_match.empty() && asked.if_modified_since.empty()) return false;
  return http::not_modified(asked.if_none_match, asked.if_modified_since, kept.etag,
                            kept.subject.modified);
}

// As the handler would; nothing where the document has left its cache.
std::optional<http::Body> body_of(Registry& registry, const KeptAnswer& kept) {
  if (std::holds_alternative<http::BlobBody>(kept.body)) return kept.body;
  auto document = registry.documents.find(kept.etag);
  if (!document) return std::nullopt;
  registry.observer.document_cache(true);
  return document;
}

void count_download(Registry& registry, const KeptAnswer& kept) {
  const auto& subject = kept.subject;
  registry.downloads.count(subject.key, subject.version, day_of(registry.clock.now()));
  registry.observer.downloaded(to_string(subject.key.format), kept.full->length);
}

std::shared_ptr<const ReadyHead> head_of(const Settings& settings, const http::Request& request,
                                         const http::Response& response, std::uint16_t status) {
  auto head = std::make_shared<ReadyHead>();
  head->response.status = status;
  for (const auto& header : response.headers) {
    const bool of_body = header.name == "content-type" || header.name == "content-encoding" ||
                         header.name == "content-digest" || header.name == "content-disposition";
    if (status == 200 || !of_body) head->response.headers.push_back(header);
  }
  add_final_headers(settings, request, head->response);
  if (status == 200) head->length = http::body_length(response.body);
  return head;
}

bool may_be_kept(const http::Response& response, const Shown& shown) {
  if (response.header("etag").empty() || response.header("last-modified").empty()) return false;
  if (response.status == 304) return true;
  const auto* blob = std::get_if<http::BlobBody>(&response.body);
  const bool document = std::holds_alternative<SharedBytes>(response.body);
  return response.status == 200 && (shown.version.empty() ? document : blob && blob->offset == 0);
}

}  // namespace

StampedPlace stamp_of(const Registry& registry, const PackageKey& key) {
  const auto place = registry.packages.stamp_place(key);
  return {place, registry.packages.stamp(place)};
}

std::optional<http::Ready> ready_answer(Registry& registry, const http::Request& request,
                                        RouteLabel& label) {
  const AskedHeaders asked(request);
  if (!may_have_been_kept(request, asked)) return std::nullopt;
  registry.answers.use(registry.settings);
  const KeptAnswer* kept = registry.answers.find(key_of(request, asked));
  if (!kept || !is_current(registry, *kept)) return std::nullopt;
  const auto who = reader_of(registry, *kept, asked.authorization, request.address);
  if (!who) return std::nullopt;
  const bool changed = !client_has_it(asked, *kept);
  if (changed && !kept->full) return std::nullopt;
  auto body = changed ? body_of(registry, *kept) : http::Body();
  if (!body) return std::nullopt;
  // The last question: what is refused here is counted by handle().
  const auto rate = count(registry, *kept, *who, request.address, !asked.authorization.empty());
  if (!rate.allowed) return std::nullopt;
  label.principal = who->name;
  label.family = kept->family;
  label.pattern = kept->pattern;
  if (!changed) return http::Ready{kept->not_modified, {}, shown(registry, *kept, rate)};
  if (request.method == Method::get && !kept->subject.version.empty())
    count_download(registry, *kept);
  return http::Ready{kept->full, std::move(*body), shown(registry, *kept, rate)};
}

void keep_answer(Registry& registry, const http::Call& call, StampedPlace at,
                 const PackageRecord& package, Shown shown, const http::Response& response) {
  const AskedHeaders asked(call.request);
  if (!at.stamp || !may_have_been_kept(call.request, asked) || !may_be_kept(response, shown))
    return;
  registry.answers.use(registry.settings);
  const AnswerKey key = key_of(call.request, asked);
  KeptAnswer answer;
  answer.subject = {package.key, package.visibility, package.owners,          at.place,
                    *at.stamp,   shown.modified,     std::move(shown.version)};
  answer.family = call.family;
  answer.rates = call.rates;
  answer.pattern = call.pattern;
  answer.etag = response.header("etag");
  answer.not_modified = head_of(*registry.settings, call.request, response, 304);
  if (response.status == 200) {
    answer.full = head_of(*registry.settings, call.request, response, 200);
    if (std::holds_alternative<http::BlobBody>(response.body)) answer.body = response.body;
  } else if (const auto* before = registry.answers.find(key);
             before && before->subject.stamp == at.stamp && before->etag == answer.etag) {
    return;  // it may hold more
  }
  registry.answers.put(key, std::move(answer));
}

void keep_open_answer(Registry& registry, const http::Call& call, AnswerStamp stamp,
                      std::uint64_t before, std::string document, const http::Response& response) {
  const AskedHeaders asked(call.request);
  if (response.status != 200 || !may_have_been_kept(call.request, asked)) return;
  registry.answers.use(registry.settings);
  KeptAnswer answer;
  answer.subject.stamp = before;
  answer.stamp = std::move(stamp);
  answer.family = call.family;
  answer.rates = call.rates;
  answer.pattern = call.pattern;
  answer.etag = std::move(document);
  answer.full = head_of(*registry.settings, call.request, response, 200);
  registry.answers.put(key_of(call.request, asked), std::move(answer));
}

}  // namespace kontor
