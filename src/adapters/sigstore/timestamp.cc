// A response (RFC 3161) holds a signed message (CMS, RFC 5652) about a digest and a time. One
// signer is taken, whose certificate is one of the authority's or comes with the message.
#include "adapters/sigstore/timestamp.h"

#include "adapters/sigstore/extensions.h"

namespace kontor::sigstore {
namespace {

// Object identifiers, as the contents of their elements.
constexpr ByteView kSignedData("\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02", 9);
constexpr ByteView kStampInfo("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x04", 11);
constexpr ByteView kContentType("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x03", 9);
constexpr ByteView kMessageDigest("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x04", 9);
constexpr ByteView kSha2("\x60\x86\x48\x01\x65\x03\x04\x02", 8);  // and 1, 2 or 3
constexpr std::size_t kMaxCertificates = 8;

// Takes one field after the other; once one is not there, nothing more is.
class Fields {
 public:
  explicit Fields(std::optional<ByteView> text) : rest_(text.value_or(ByteView())), ok_(text) {}
  bool ok() const { return ok_; }
  ByteView take(std::uint8_t tag) {
    const auto found = ok_ ? der::take(rest_, tag) : std::nullopt;
    ok_ = found.has_value();
    return found.value_or(ByteView());
  }
  // The same with tag and length.
  ByteView take_whole(std::uint8_t tag) {
    const ByteView before = rest_;
    take(tag);
    return before.substr(0, before.size() - rest_.size());
  }
  std::optional<ByteView> take_if(std::uint8_t tag) {
    return ok_ ? der::take(rest_, tag) : std::nullopt;
  }

 private:
  ByteView rest_;
  bool ok_;
};

std::optional<HashKind> hash_kind(ByteView algorithm) {
  const ByteView id = Fields(algorithm).take(der::kOid);
  if (id.size() != kSha2.size() + 1 || !id.starts_with(kSha2)) return std::nullopt;
  switch (id.back()) {
    case 1:
      return HashKind::sha256;
    case 2:
      return HashKind::sha384;
    case 3:
      return HashKind::sha512;
    default:
      return std::nullopt;
  }
}

// What a response says and who signed it; views of the response.
struct Stamp {
  ByteView info;          // DER of TSTInfo
  ByteView certificates;  // those that came with it, one behind the other
  ByteView signer_id;     // whole: issuer and serial number
  std::optional<HashKind> hash;
  ByteView attributes;  // what is signed, as the content of a set
  ByteView signature;
};

bool read_signer(ByteView signers, Stamp& stamp) {
  Fields signer(der::only(signers, der::kSequence));
  signer.take(der::kInteger);
  stamp.signer_id = signer.take_whole(der::kSequence);
  stamp.hash = hash_kind(signer.take(der::kSequence));
  stamp.attributes = signer.take(der::kContext0);
  signer.take(der::kSequence);  // the algorithm, which is that of the key
  stamp.signature = signer.take(der::kOctets);
  return signer.ok() && stamp.hash;
}

std::optional<Stamp> read_stamp(ByteView response) {
  Fields whole(der::only(response, der::kSequence));
  whole.take(der::kSequence);  // a status that says no comes without a token
  Fields token(whole.take(der::kSequence));
  if (token.take(der::kOid) != kSignedData) return std::nullopt;
  Fields message(der::only(token.take(der::kContext0), der::kSequence));
  message.take(der::kInteger);
  message.take(der::kSet);
  Fields content(message.take(der::kSequence));
  if (content.take(der::kOid) != kStampInfo) return std::nullopt;
  const auto info = der::only(content.take(der::kContext0), der::kOctets);
  Stamp stamp;
  stamp.info = info.value_or(ByteView());
  stamp.certificates = message.take_if(der::kContext0).value_or(ByteView());
  const ByteView signers = message.take(der::kSet);
  const bool read = message.ok() && info && read_signer(signers, stamp);
  return read ? std::optional(stamp) : std::nullopt;
}

// The one value of a signed attribute, whole; empty where it is not there just once.
ByteView attribute(ByteView attributes, ByteView id) {
  ByteView found;
  while (const auto each = der::take(attributes, der::kSequence)) {
    Fields fields(*each);
    if (fields.take(der::kOid) != id) continue;
    if (!found.empty()) return {};
    found = fields.take(der::kSet);
  }
  return attributes.empty() ? found : ByteView();
}

// That the signed attributes are of this content.
bool attributes_fit(const Stamp& stamp) {
  return attribute(stamp.attributes, kContentType) == der::put(der::kOid, kStampInfo) &&
         attribute(stamp.attributes, kMessageDigest) ==
             der::put(der::kOctets, digest_of(*stamp.hash, stamp.info));
}

// The time, where the stamp is of `signature`.
std::optional<Timestamp> stated_time(ByteView info, ByteView signature) {
  Fields fields(der::only(info, der::kSequence));
  fields.take(der::kInteger);
  fields.take(der::kOid);
  Fields imprint(fields.take(der::kSequence));
  const auto hash = hash_kind(imprint.take(der::kSequence));
  const ByteView digest = imprint.take(der::kOctets);
  fields.take(der::kInteger);
  const ByteView time = fields.take(der::kGeneralizedTime);
  if (!fields.ok() || !imprint.ok() || !hash || digest != digest_of(*hash, signature))
    return std::nullopt;
  return der::parse_time(time);
}

bool is_signer(const Certificate& certificate, const Stamp& stamp) {
  const auto anatomy = dissect(der_of(certificate));
  if (!anatomy || !anatomy->is_for(kForTimestamps)) return false;
  const Bytes id = Bytes(anatomy->issuer) + Bytes(anatomy->serial);
  return der::put(der::kSequence, id) == stamp.signer_id &&
         verify(key_of(certificate), *stamp.hash, der::put(der::kSet, stamp.attributes),
                stamp.signature);
}

std::vector<Certificate> candidates(const Stamp& stamp, const Authority& authority) {
  std::vector<Certificate> all = authority.chain;
  ByteView rest = stamp.certificates;
  while (const auto each = der::take(rest)) {
    auto certificate = all.size() < authority.chain.size() + kMaxCertificates
                           ? read_certificate(each->whole)
                           : nullptr;
    if (!certificate) break;
    all.push_back(std::move(certificate));
  }
  return all;
}

bool holds(const Stamp& stamp, const Authority& authority, Timestamp at) {
  if (!authority.validity.holds(at)) return false;
  for (const auto& certificate : candidates(stamp, authority))
    if (is_signer(certificate, stamp)) return !chain_of(certificate, authority.chain, at).empty();
  return false;
}

}  // namespace

Result<Timestamp> stamped_at(ByteView response, ByteView signature, const TrustedRoot& root) {
  const auto stamp = read_stamp(response);
  const auto at =
      stamp && attributes_fit(*stamp) ? stated_time(stamp->info, signature) : std::nullopt;
  if (at)
    for (const Authority& authority : root.timestamp_authorities)
      if (holds(*stamp, authority, *at)) return *at;
  return refuse("its timestamp is not one of a trusted authority for this signature.");
}

}  // namespace kontor::sigstore
