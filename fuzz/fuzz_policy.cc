// Policies, requests to witnesses, and leaves with their proofs: what is accepted keeps its
// promises.
#include "base/check.h"
#include "tlog/entry_proof.h"
#include "tlog/policy.h"
#include "tlog/witness.h"

#include <cstdint>

namespace {

using kontor::check;

void check_policy(const kontor::tlog::Policy& policy) {
  std::vector<kontor::tlog::WitnessedAt> all;
  for (std::size_t i = 0; i < policy.witnesses.size(); ++i) all.push_back({i, 0});
  check(meets_quorum(policy, all), "all witnesses together are no quorum");
  check(!policy.quorum || !meets_quorum(policy, {}), "nobody is a quorum");
  for (std::size_t i = 0; i < policy.groups.size(); ++i)
    for (const auto& member : policy.groups[i].members)
      check(member.place < (member.is_group ? i : policy.witnesses.size()), "a group of nobody");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const kontor::ByteView text(reinterpret_cast<const char*>(data), size);
  if (const auto policy = kontor::tlog::parse_policy(text)) check_policy(*policy);
  if (const auto request = kontor::tlog::parse_add_checkpoint(text))
    check(print_add_checkpoint(*request) == text, "a request prints otherwise");
  if (const auto entry = kontor::tlog::parse_entry_proof(text))
    check(print_entry_proof(*entry) == text, "a leaf with its proof prints otherwise");
  return 0;
}
