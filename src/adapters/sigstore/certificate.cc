// Paths are the library's to find and judge; the promise of the certificate log is checked here,
// for libraries take the logs they trust from a file only.
#include "adapters/sigstore/certificate.h"

#include "adapters/sigstore/extensions.h"
#include "base/sha256.h"

#include <algorithm>

namespace kontor::sigstore {
namespace {

constexpr ByteView kPromises("\x2B\x06\x01\x04\x01\xD6\x79\x02\x04\x02", 10);
constexpr ByteView kClaims("\x2B\x06\x01\x04\x01\x83\xBF\x30\x01", 9);
constexpr int kFirstEncodedClaim = 8;               // those before are plain text
constexpr std::uint8_t kEmail = 0x81, kUri = 0x86;  // of a GeneralName

void put(Bytes& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift);
}

// Numbers and byte strings behind their length, as TLS writes them (RFC 8446, section 3).
class TlsReader {
 public:
  explicit TlsReader(ByteView rest) : rest_(rest) {}
  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty() && !failed_; }
  ByteView bytes(std::size_t count) {
    failed_ = failed_ || count > rest_.size();
    const auto out = failed_ ? ByteView() : rest_.substr(0, count);
    rest_.remove_prefix(out.size());
    return out;
  }
  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    for (const unsigned char byte : bytes(count)) value = value << 8 | byte;
    return value;
  }
  ByteView vector() { return bytes(static_cast<std::size_t>(number(2))); }

 private:
  ByteView rest_;
  bool failed_ = false;
};

// A log's promise to show a certificate (RFC 6962, section 3.2).
struct Promise {
  ByteView log_id;
  std::uint64_t at = 0;
  ByteView extensions, signature;
};

std::optional<Promise> read_promise(ByteView text) {
  constexpr std::uint64_t kVersion1 = 0;
  TlsReader reader(text);
  if (reader.number(1) != kVersion1) return std::nullopt;
  Promise out;
  out.log_id = reader.bytes(32);
  out.at = reader.number(8);
  out.extensions = reader.vector();
  reader.bytes(2);  // the algorithm, which is that of the log's key
  out.signature = reader.vector();
  return reader.at_end() ? std::optional(out) : std::nullopt;
}

// None where the certificate bears none or one that cannot be read.
std::vector<Promise> promises_of(const Anatomy& anatomy) {
  const auto value = anatomy.find(kPromises);
  const auto octets = value ? der::only(*value, der::kOctets) : std::nullopt;
  if (!octets) return {};
  TlsReader outer(*octets);
  TlsReader list(outer.vector());
  std::vector<Promise> out;
  while (outer.at_end() && !list.at_end()) {
    const auto promise = read_promise(list.vector());
    if (!promise || list.failed()) return {};
    out.push_back(*promise);
  }
  return out;
}

Bytes promised_text(const Promise& promise, const Bytes& precertificate, ByteView issuer_key) {
  Bytes out;
  put(out, 0, 1);  // version 1
  put(out, 0, 1);  // a timestamp of a certificate
  put(out, promise.at, 8);
  put(out, 1, 2);  // of a precertificate
  out += sha256(issuer_key).view();
  put(out, precertificate.size(), 3);
  out += precertificate;
  put(out, promise.extensions.size(), 2);
  return out.append(promise.extensions);
}

bool is_promised(const Promise& promise, const Bytes& text, const std::vector<Log>& logs) {
  const Timestamp at{static_cast<std::int64_t>(promise.at)};
  return std::ranges::any_of(logs, [&](const Log& log) {
    return log.id == promise.log_id && log.validity.holds(at) &&
           verify(log.key, text, promise.signature);
  });
}

Result<void> check_promises(const Anatomy& anatomy, const Anatomy& issuer,
                            const std::vector<Log>& logs) {
  const auto promises = promises_of(anatomy);
  if (promises.empty()) return refuse("its certificate bears no timestamp of a certificate log.");
  const Bytes precertificate = anatomy.signed_without(kPromises);
  for (const Promise& promise : promises)
    if (!is_promised(promise, promised_text(promise, precertificate, issuer.key), logs))
      return refuse("no trusted certificate log has signed a timestamp of its certificate.");
  return {};
}

std::string claim_text(ByteView value, int number) {
  if (number < kFirstEncodedClaim) return std::string(value);
  return std::string(der::only(value, der::kUtf8).value_or(ByteView()));
}

}  // namespace

Result<void> check_certificate(const Certificate& certificate, const TrustedRoot& root,
                               Timestamp at) {
  for (const Authority& authority : root.certificate_authorities) {
    if (!authority.validity.holds(at)) continue;
    const auto chain = chain_of(certificate, authority.chain, at);
    if (chain.size() < 2) continue;
    const auto anatomy = dissect(der_of(certificate)), issuer = dissect(der_of(chain[1]));
    if (!anatomy || !issuer || !anatomy->is_for(kForCode))
      return refuse("its certificate is not for signing code.");
    return check_promises(*anatomy, *issuer, root.certificate_logs);
  }
  return refuse(
      "its certificate was not issued by a trusted authority, or not valid when it signed.");
}

std::string identity_of(const Certificate& certificate) {
  const auto anatomy = dissect(der_of(certificate));
  const auto value = anatomy ? anatomy->find(kAlternativeName) : std::nullopt;
  auto names = value ? der::only(*value, der::kSequence) : std::nullopt;
  while (names) {
    const auto name = der::take(*names);
    if (!name) break;
    if (name->tag == kUri || name->tag == kEmail) return std::string(name->content);
  }
  return {};
}

std::map<int, std::string> claims_of(const Certificate& certificate) {
  std::map<int, std::string> out;
  const auto anatomy = dissect(der_of(certificate));
  if (!anatomy) return out;
  for (const Extension& extension : anatomy->extensions) {
    if (extension.id.size() != kClaims.size() + 1 || !extension.id.starts_with(kClaims)) continue;
    const int number = static_cast<unsigned char>(extension.id.back());
    if (number < 0x80) out[number] = claim_text(extension.value, number);
  }
  return out;
}

}  // namespace kontor::sigstore
