#pragma once
// Trust policies as files (C2SP tlog-policy): which logs are known, which witnesses, and which of
// them must have cosigned a checkpoint.
//
//     log <vkey> [<url>]
//     witness <name> <vkey> [<url>]
//     group <name> all|any|<k> <name>...
//     quorum <name>|none
//
// A client pins a log by such a file; a server waits by one before it publishes a checkpoint.
#include "tlog/signed_checkpoint.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::tlog {

inline constexpr std::size_t kMaxPolicyBytes = 64 * 1024;
inline constexpr std::size_t kMaxPolicyLines = 256;  // that define a log, witness or group

struct PolicyLog {
  NoteKey key;  // its name is the log's origin
  std::string url;
};

struct PolicyWitness {
  std::string name;  // within the policy only
  NoteKey key;
  std::string url;  // the submission prefix of tlog-witness; may be empty
};

// A witness or a group, by its place in the policy's list.
struct PolicyMember {
  bool is_group = false;
  std::size_t place = 0;
  bool operator==(const PolicyMember&) const = default;
};

struct PolicyGroup {
  std::string name;
  std::size_t threshold = 1;          // how many members must have witnessed
  std::vector<PolicyMember> members;  // groups among them stand earlier in the list
};

struct Policy {
  std::vector<PolicyLog> logs;
  std::vector<PolicyWitness> witnesses;
  std::vector<PolicyGroup> groups;
  std::optional<PolicyMember> quorum;  // nothing: no cosignature is needed
};

// bad_request with the number of the line that is wrong, too_large over the limits above. Keys of
// types that NoteKey does not know are refused: a quorum over them could never be met.
Result<Policy> parse_policy(ByteView text);

// Whether these witnesses (places in policy.witnesses) are enough.
bool meets_quorum(const Policy& policy, std::span<const WitnessedAt> witnessed);

// What the policy says of one log; the quorum is for meets_quorum().
LogTrust trust_in(const Policy& policy, std::string_view origin);

// The checkpoint, where one of the policy's logs has signed it and the quorum is met; else the
// errors of the overload in signed_checkpoint.h.
Result<SignedCheckpoint> open_checkpoint(ByteView note, const Policy& policy,
                                         const Ed25519& ed25519);

}  // namespace kontor::tlog
