// Key ids in a note are words of whoever served it; what is believed is verified.
#include "apps/cli/log/succession.h"

#include "tlog/note.h"

#include <algorithm>
#include <ostream>

namespace kontor::cli {
namespace {

bool is_pinned(const tlog::Policy& policy, const tlog::NoteSignature& line) {
  return std::ranges::any_of(policy.logs, [&](const tlog::PolicyLog& log) {
    return log.key.name == line.name && log.key.id == line.key_id;
  });
}

std::string pinned_keys(const tlog::Policy& policy) {
  std::string keys;
  for (const auto& log : policy.logs)
    keys += (keys.empty() ? "" : ", ") + tlog::print_vkey(log.key);
  return keys;
}

}  // namespace

Result<std::optional<tlog::Head>> take_over_key(const CommandContext& context,
                                                RegistryClient& client, const std::string& log,
                                                const tlog::NoteKey& next) {
  if (!Pin::exists(context, client.url(), log)) return std::nullopt;
  auto pin = Pin::open(context, client.url(), log);
  if (!pin) return fail(pin);
  const auto pinned = tlog::trust_in(pin->policy(), next.name).log_keys;
  if (pinned.empty() || std::ranges::find(pinned, next) != pinned.end()) return std::nullopt;
  RegistryLog source(client, log);
  const host::SodiumEd25519 ed25519;
  auto view = logclient::LogView::open(source, pin->policy(), ed25519, pin->checkpoint());
  if (!view && view.error().code == Code::invalid_signature) return std::nullopt;
  if (!view) return fail(view);
  const tlog::LogTrust trust{{next}, {}, 0};
  if (!tlog::open_checkpoint(view->note(), trust, ed25519)) return std::nullopt;
  // In this order: the checkpoint is believed by either key.
  if (auto kept = pin->remember(view->note()); !kept) return fail(kept);
  if (auto exchanged = pin->exchange_key(next); !exchanged) return fail(exchanged);
  return view->head();
}

void tell_of_new_key(const CommandContext& context, const std::string& registry,
                     LogSession& session) {
  const auto note = tlog::parse_note(session.view().note());
  if (!note) return;
  const std::string& origin = session.view().checkpoint().checkpoint.origin;
  // A registry's newest key signs first.
  const auto newest = std::ranges::find(note->signatures, origin, &tlog::NoteSignature::name);
  if (newest == note->signatures.end() || is_pinned(session.policy(), *newest)) return;
  context.err
      << "note: " << origin
      << " is signed with another key besides the pinned one. Take it over while both sign: "
         "kontor log pin "
      << registry << (session.log() == "public" ? "" : " --log " + session.log()) << "\n";
}

Error with_advice(Error error, logclient::LogSource& source, const tlog::Policy& policy,
                  const std::string& registry) {
  if (error.code != Code::invalid_signature) return error;
  const auto text = source.read("checkpoint", tlog::kMaxNoteBytes);
  const auto note = text ? tlog::parse_note(*text) : std::unexpected(text.error());
  if (!note) return error;
  if (std::ranges::any_of(note->signatures,
                          [&](const auto& line) { return is_pinned(policy, line); }))
    return error;
  error.detail = std::string(error.message()) + " Pinned is " + pinned_keys(policy) +
                 ". Where the registry has announced another key, get it from somewhere else than "
                 "the registry itself and pin it: kontor log pin " +
                 registry + " <vkey> --replace";
  return error;
}

}  // namespace kontor::cli
