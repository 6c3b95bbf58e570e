// Reading of policy files line by line, and what they decide.
#include "tlog/policy.h"

#include "tlog/decimal.h"
#include "tlog/lines.h"

#include <algorithm>

namespace kontor::tlog {
namespace {

using Words = std::vector<std::string_view>;

Words words_of(ByteView line) {
  Words words;
  for (;;) {
    const auto first = line.find_first_not_of(" \t");
    if (first == line.npos) return words;
    const auto end = std::min(line.find_first_of(" \t", first), line.size());
    words.push_back(line.substr(first, end - first));
    line.remove_prefix(end);
  }
}

bool has_control_character(ByteView line) {
  return std::ranges::any_of(line, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

class Reader {
 public:
  Result<void> line(ByteView line) {
    ++number_;
    if (has_control_character(line)) return wrong("holds a control character");
    const Words words = words_of(line);
    if (words.empty() || words[0].starts_with('#')) return {};
    if (++defined_ > kMaxPolicyLines)
      return fail(Code::too_large,
                  "The policy has more than " + std::to_string(kMaxPolicyLines) + " lines.");
    if (words[0] == "log") return log(words);
    if (words[0] == "witness") return witness(words);
    if (words[0] == "group") return group(words);
    if (words[0] == "quorum") return quorum(words);
    return wrong("begins with none of log, witness, group and quorum");
  }

  Result<Policy> finish() {
    if (!has_quorum_)
      return fail(Code::bad_request,
                  "The policy has no quorum line; write 'quorum none' where no "
                  "cosignature is needed.");
    return std::move(policy_);
  }

 private:
  std::unexpected<Error> wrong(std::string_view what) const {
    return fail(Code::bad_request,
                "Line " + std::to_string(number_) + " of the policy " + std::string(what) + ".");
  }

  Result<NoteKey> key(std::string_view text, SignatureType type) const {
    auto key = parse_vkey(text);
    if (!key) return wrong("has no verifier key: " + std::string(key.error().message()));
    if (key->type != type)
      return wrong("has a key of another type: logs sign by 1, witnesses by 4");
    return key;
  }

  Result<void> log(const Words& words) {
    if (words.size() != 2 && words.size() != 3) return wrong("is not 'log <vkey> [<url>]'");
    auto read = key(words[1], SignatureType::ed25519);
    if (!read) return fail(read);
    for (const auto& known : policy_.logs)
      if (known.key.public_key == read->public_key) return wrong("repeats the key of a log");
    policy_.logs.push_back({*std::move(read), std::string(words.size() == 3 ? words[2] : "")});
    return {};
  }

  Result<void> witness(const Words& words) {
    if (words.size() != 3 && words.size() != 4)
      return wrong("is not 'witness <name> <vkey> [<url>]'");
    if (!is_new(words[1])) return wrong("gives a name that is taken");
    auto read = key(words[2], SignatureType::cosignature);
    if (!read) return fail(read);
    for (const auto& known : policy_.witnesses)
      if (known.key.public_key == read->public_key) return wrong("repeats the key of a witness");
    policy_.witnesses.push_back(
        {std::string(words[1]), *std::move(read), std::string(words.size() == 4 ? words[3] : "")});
    return {};
  }

  Result<void> group(const Words& words) {
    if (words.size() < 4) return wrong("is not 'group <name> all|any|<k> <name>...'");
    if (!is_new(words[1])) return wrong("gives a name that is taken");
    PolicyGroup group{std::string(words[1]), 0, {}};
    for (std::size_t i = 3; i < words.size(); ++i) {
      const auto member = find(words[i]);
      if (!member) return wrong("names a member that no line before defines");
      if (is_member(*member)) return wrong("names a member that belongs to a group already");
      if (std::ranges::find(group.members, *member) != group.members.end())
        return wrong("names a member twice");
      group.members.push_back(*member);
    }
    const auto most = group.members.size();
    group.threshold = words[2] == "all" ? most : words[2] == "any" ? 1 : 0;
    if (group.threshold == 0) group.threshold = parse_decimal(words[2], most).value_or(0);
    if (group.threshold == 0) return wrong("needs all, any, or a number of its members");
    policy_.groups.push_back(std::move(group));
    return {};
  }

  Result<void> quorum(const Words& words) {
    if (words.size() != 2) return wrong("is not 'quorum <name>'");
    if (has_quorum_) return wrong("is a second quorum");
    has_quorum_ = true;
    if (words[1] == "none") return {};
    policy_.quorum = find(words[1]);
    if (!policy_.quorum) return wrong("names a quorum that no line before defines");
    return {};
  }

  std::optional<PolicyMember> find(std::string_view name) const {
    for (std::size_t i = 0; i < policy_.witnesses.size(); ++i)
      if (policy_.witnesses[i].name == name) return PolicyMember{false, i};
    for (std::size_t i = 0; i < policy_.groups.size(); ++i)
      if (policy_.groups[i].name == name) return PolicyMember{true, i};
    return std::nullopt;
  }
  bool is_new(std::string_view name) const { return name != "none" && !find(name); }
  bool is_member(const PolicyMember& member) const {
    return std::ranges::any_of(policy_.groups, [&](const PolicyGroup& group) {
      return std::ranges::find(group.members, member) != group.members.end();
    });
  }

  Policy policy_;
  std::size_t number_ = 0;
  std::size_t defined_ = 0;
  bool has_quorum_ = false;
};

}  // namespace

Result<Policy> parse_policy(ByteView text) {
  if (text.size() > kMaxPolicyBytes)
    return fail(Code::too_large,
                "The policy is over " + std::to_string(kMaxPolicyBytes) + " bytes long.");
  Reader reader;
  while (const auto line = take_line(text))
    if (auto read = reader.line(*line); !read) return fail(read);
  if (!text.empty()) return fail(Code::bad_request, "The last line of the policy has no end.");
  return reader.finish();
}

bool meets_quorum(const Policy& policy, std::span<const WitnessedAt> witnessed) {
  if (!policy.quorum) return true;
  std::vector<bool> witnesses(policy.witnesses.size()), groups(policy.groups.size());
  for (const WitnessedAt& by : witnessed) witnesses[by.witness] = true;
  const auto has_witnessed = [&](const PolicyMember& member) {
    return member.is_group ? groups[member.place] : witnesses[member.place];
  };
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto& group = policy.groups[i];
    const auto count = std::ranges::count_if(group.members, has_witnessed);
    groups[i] = static_cast<std::size_t>(count) >= group.threshold;
  }
  return has_witnessed(*policy.quorum);
}

LogTrust trust_in(const Policy& policy, std::string_view origin) {
  LogTrust trust;
  for (const auto& log : policy.logs)
    if (log.key.name == origin) trust.log_keys.push_back(log.key);
  for (const auto& witness : policy.witnesses) trust.witnesses.push_back(witness.key);
  return trust;
}

Result<SignedCheckpoint> open_checkpoint(ByteView note, const Policy& policy,
                                         const Ed25519& ed25519) {
  ByteView rest = note;
  const auto origin = take_line(rest);
  auto opened = open_checkpoint(note, trust_in(policy, origin.value_or("")), ed25519);
  if (opened && !meets_quorum(policy, opened->witnessed))
    return fail(Code::invalid_signature,
                "The checkpoint of " + opened->checkpoint.origin +
                    " lacks cosignatures: " + std::to_string(opened->witnessed.size()) +
                    " witnesses have signed, which is no quorum.");
  return opened;
}

}  // namespace kontor::tlog
