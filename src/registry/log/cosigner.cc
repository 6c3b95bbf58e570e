// Each witness is asked at most twice a round: a second time where it names another size.
#include "registry/log/cosigner.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::uint32_t kForgiveness = 16;  // rounds after which failing witnesses are asked anyway

std::string address_of(const tlog::PolicyWitness& witness) {
  std::string url = witness.url;
  while (url.ends_with('/')) url.pop_back();
  return url + "/add-checkpoint";
}

}  // namespace

bool waits_for_witnesses(const tlog::Policy& policy, LogId log, std::string_view origin) {
  if (!policy.quorum) return false;
  if (policy.logs.empty()) return log == LogId::open;
  return std::ranges::any_of(
      policy.logs, [&](const tlog::PolicyLog& listed) { return listed.key.name == origin; });
}

Cosigner::Cosigner(const tlog::Policy& policy, WitnessCaller& caller, const tlog::Ed25519& ed25519)
    : policy_(policy), caller_(caller), ed25519_(ed25519) {
  for (std::size_t i = 0; i < policy.witnesses.size(); ++i)
    if (!policy.witnesses[i].url.empty())
      witnesses_.push_back({.place = i, .size = 0, .failing = false, .problem = {}});
}

Task<Bytes> Cosigner::cosign(Bytes checkpoint, tlog::Head head, Prove prove) {
  const bool forgiving = ++rounds_ % kForgiveness == 0;
  Round round{std::move(checkpoint), head, {}};
  std::vector<Known*> later;
  for (Known& witness : witnesses_) {
    if (witness.failing && !forgiving)
      later.push_back(&witness);
    else
      co_await ask(round, witness, prove);
  }
  for (Known* witness : later)
    if (!tlog::meets_quorum(policy_, round.witnessed)) co_await ask(round, *witness, prove);
  if (!tlog::meets_quorum(policy_, round.witnessed)) co_return no_quorum(round);
  co_return std::move(round.note);
}

// Round, witness and proof maker live in the frame that waits for these.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)

// What a witness does wrong ends its own turn alone.
Task<> Cosigner::ask(Round& round, Known& witness, const Prove& prove) {
  auto asked = co_await whole(ask_once(round, witness, prove));
  if (asked && !*asked) asked = co_await whole(ask_once(round, witness, prove));
  witness.failing = !asked || !*asked;
  witness.problem = !asked    ? std::string(asked.error().message())
                    : !*asked ? "It names another size each time."
                              : "";
  co_return {};
}

Task<bool> Cosigner::ask_once(Round& round, Known& witness, const Prove& prove) {
  const tlog::PolicyWitness& asked = policy_.witnesses[witness.place];
  if (witness.size > round.head.size)
    co_return fail(Code::unavailable, "It has cosigned " + std::to_string(witness.size) +
                                          " entries, more than the log has.");
  tlog::AddCheckpoint request{witness.size, {}, round.note};
  if (witness.size > 0 && witness.size < round.head.size)
    request.proof = co_await prove(witness.size, round.head.size);
  const auto reply = co_await caller_.post(address_of(asked), tlog::print_add_checkpoint(request));
  auto answer = co_await tlog::read_witness_answer(reply.status, reply.type, reply.body, round.note,
                                                   asked.key, ed25519_);
  if (const auto* size = std::get_if<std::uint64_t>(&answer)) {
    witness.size = *size;
    co_return false;
  }
  round.note = co_await tlog::add_signature(round.note, std::get<tlog::NoteSignature>(answer));
  round.witnessed.push_back({witness.place, 0});
  witness.size = round.head.size;
  co_return true;
}
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)

std::unexpected<Error> Cosigner::no_quorum(const Round& round) const {
  std::string text = "The checkpoint of " + std::to_string(round.head.size) +
                     " entries is not published: " + std::to_string(round.witnessed.size()) +
                     " witnesses have cosigned it, which is no quorum.";
  for (const Known& witness : witnesses_)
    if (!witness.problem.empty())
      text += " " + policy_.witnesses[witness.place].name + ": " + witness.problem;
  return fail(Code::unavailable, std::move(text));
}

}  // namespace kontor
