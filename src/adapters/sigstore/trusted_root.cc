// Entries with keys that are not understood are an error: an operator shall know what is not used.
#include "adapters/sigstore/trusted_root.h"

#include "adapters/sigstore/fields.h"

namespace kontor::sigstore {
namespace {

constexpr std::uint64_t kMaxBytes = 1 << 20;

std::unexpected<Error> wrong(const std::string& what) {
  return fail(Code::bad_request, "The trusted root is not usable: " + what + ".");
}

Result<Validity> validity_of(const Json& object) {
  Validity out;
  const Json& window = member(object, "validFor");
  if (const auto start = time(window, "start"))
    out.start = *start;
  else if (!member(window, "start").is_null())
    return wrong("a validFor.start is no time");
  out.end = time(window, "end");
  if (!out.end && !member(window, "end").is_null()) return wrong("a validFor.end is no time");
  return out;
}

Result<std::vector<Log>> logs_of(const Json& root, const char* name) {
  std::vector<Log> out;
  for (const Json& item : items(root, name)) {
    const auto id = bytes(item, "logId.keyId"), spki = bytes(item, "publicKey.rawBytes");
    const auto validity = validity_of(member(item, "publicKey"));
    if (!validity) return std::unexpected(validity.error());
    Log log{id.value_or(Bytes()), spki ? read_key(*spki) : nullptr, *validity};
    if (log.id.empty() || !log.key) return wrong(std::string(name) + " has an entry without a key");
    out.push_back(std::move(log));
  }
  return out;
}

Result<std::vector<Authority>> authorities_of(const Json& root, const char* name) {
  std::vector<Authority> out;
  for (const Json& item : items(root, name)) {
    auto validity = validity_of(item);
    if (!validity) return fail(validity);
    Authority authority{{}, *validity};
    for (const Json& entry : items(item, "certChain.certificates")) {
      const auto der = bytes(entry, "rawBytes");
      authority.chain.push_back(der ? read_certificate(*der) : nullptr);
      if (!authority.chain.back())
        return wrong(std::string(name) + " has an entry that is no certificate");
    }
    if (authority.chain.empty()) return wrong(std::string(name) + " has an entry without any");
    out.push_back(std::move(authority));
  }
  return out;
}

}  // namespace

Result<TrustedRoot> parse_trusted_root(ByteView text) {
  const auto root = parse_json(text, {.max_bytes = kMaxBytes, .max_depth = 12});
  if (!root || !root->is_object()) return wrong("it is not JSON");
  auto logs = logs_of(*root, "tlogs"), certificate_logs = logs_of(*root, "ctlogs");
  auto certificates = authorities_of(*root, "certificateAuthorities");
  auto timestamps = authorities_of(*root, "timestampAuthorities");
  if (!logs) return fail(logs);
  if (!certificate_logs) return fail(certificate_logs);
  if (!certificates) return fail(certificates);
  if (!timestamps) return fail(timestamps);
  if (logs->empty() || certificate_logs->empty() || certificates->empty())
    return wrong("it names no tlogs, ctlogs or certificateAuthorities");
  return TrustedRoot{std::move(*logs), std::move(*certificate_logs), std::move(*certificates),
                     std::move(*timestamps)};
}

}  // namespace kontor::sigstore
