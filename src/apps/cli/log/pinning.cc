// A key that has not signed what the registry shows is not pinned.
#include "apps/cli/log/pinning.h"

#include "adapters/system/sodium_ed25519.h"
#include "apps/cli/log/pin.h"
#include "apps/cli/log/sources.h"
#include "apps/cli/log/succession.h"

#include "logclient/log_view.h"

namespace kontor::cli {
namespace {

Result<std::string> served_key(RegistryClient& client, const std::string& log) {
  const std::string path = "/log/" + log + "/vkey";
  const auto answer = client.get(path);
  if (!answer) return std::unexpected(answer.error());
  if (answer->status == 404)
    return fail(Code::not_found, client.url() + " shows no " + log + " log.");
  std::string_view text = answer->body;
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  if (answer->status != 200 || !tlog::parse_vkey(text))
    return fail(Code::unavailable, client.url() + path + " answered no key (status " +
                                       std::to_string(answer->status) + ").");
  return std::string(text);
}

Result<std::string> policy_text(RegistryClient& client, const PinWish& wish) {
  if (!wish.policy.empty()) return wish.policy;
  auto key = wish.key.empty() ? served_key(client, wish.log) : Result<std::string>(wish.key);
  if (!key) return key;
  return "log " + *key + "\nquorum none\n";
}

}  // namespace

Result<Pinned> pin_log(RegistryClient& client, const CommandContext& context, const PinWish& wish) {
  const auto text = policy_text(client, wish);
  if (!text) return std::unexpected(text.error());
  const auto policy = tlog::parse_policy(*text);
  if (!policy) return std::unexpected(policy.error());
  if (policy->logs.empty()) return fail(Code::bad_request, "The policy names no log.");
  const tlog::NoteKey& key = policy->logs.front().key;
  if (!wish.replace && wish.policy.empty()) {
    const auto taken = take_over_key(context, client, wish.log, key);
    if (!taken) return std::unexpected(taken.error());
    if (*taken) return Pinned{tlog::print_vkey(key), (*taken)->size, (*taken)->root.base64(), true};
  }
  RegistryLog source(client, wish.log);
  const host::SodiumEd25519 ed25519;
  const auto view = logclient::LogView::open(source, *policy, ed25519, "");
  if (!view) return std::unexpected(view.error());
  const auto pinned = Pin::create(context, client.url(), wish.log, *text, wish.replace);
  if (!pinned) return std::unexpected(pinned.error());
  return Pinned{tlog::print_vkey(key), view->head().size, view->head().root.base64()};
}

}  // namespace kontor::cli
