// DER is put together by hand: all lengths but those of a signature's two numbers are fixed.
#include "apps/edge/release_signer.h"

#include "base/encoding.h"
#include "base/hmac.h"
#include "domain/release_text.h"

namespace kontor::edge {
namespace {

constexpr std::size_t kNumberBytes = 32;
constexpr const char* kUse = "releases";

// The order of P-256 (FIPS 186-4, D.1.2.3): a secret is a number below it.
constexpr ByteView kOrder(
    "\xFF\xFF\xFF\xFF\x00\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
    "\xBC\xE6\xFA\xAD\xA7\x17\x9E\x84\xF3\xB9\xCA\xC2\xFC\x63\x25\x51",
    kNumberBytes);

// PrivateKeyInfo: version 0; id-ecPublicKey, prime256v1; ECPrivateKey of version 1 without its
// public half, whose number follows.
constexpr ByteView kPrivateKeyHead(
    "\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01"
    "\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20",
    35);

Bytes number_from(ByteView secret) {
  for (Bytes label = "P-256";; label += '+') {
    Bytes number(hmac_sha256(secret, label).view());
    if (number < kOrder && number.find_first_not_of('\0') != number.npos) return number;
  }
}

// An INTEGER: no zeros in front but the one that keeps it positive.
Bytes der_integer(ByteView number) {
  number.remove_prefix(std::min(number.find_first_not_of('\0'), number.size() - 1));
  Bytes out = "\x02";
  const bool negative = static_cast<unsigned char>(number[0]) >= 0x80;
  out += static_cast<char>(number.size() + (negative ? 1 : 0));
  if (negative) out += '\0';
  return out.append(number);
}

// From both numbers one behind the other, as WebCrypto has them.
Result<Bytes> der_signature(ByteView raw) {
  if (raw.size() != 2 * kNumberBytes) return fail(Code::internal, {}, "the platform's signature");
  const Bytes numbers =
      der_integer(raw.substr(0, kNumberBytes)) + der_integer(raw.substr(kNumberBytes));
  Bytes out = "\x30";
  out += static_cast<char>(numbers.size());
  return out + numbers;
}

ReleaseKey describe(Bytes public_key, std::optional<Timestamp> expires) {
  std::string id = release_key_id(public_key);
  return {std::move(id), std::move(public_key), expires};
}

}  // namespace

EdgeReleaseSigner::EdgeReleaseSigner(Host& host, const Clock& clock, Entropy& entropy,
                                     ByteView secret)
    : host_(host), clock_(clock), entropy_(entropy), secret_(secret), shares_(host) {}

Bytes EdgeReleaseSigner::secret_from(ByteView share) const {
  const Bytes root = share.empty() ? secret_ : Bytes(hmac_sha256(secret_, share).view());
  return Bytes(kPrivateKeyHead) + number_from(root);
}

Task<Bytes> EdgeReleaseSigner::public_half(Bytes share) {
  return host_.call(Call::release_key, MessageWriter().bytes(secret_from(share)).take(),
                    Code::internal);
}

Task<std::vector<ReleaseKey>> EdgeReleaseSigner::release_keys() {
  const auto shares = co_await shares_.read(kUse);
  std::vector<ReleaseKey> keys = {
      describe(co_await public_half(shares.active.front()), std::nullopt)};
  for (const auto& [at, key] : shares.ended) {
    auto der = from_base64(key);
    if (!der) co_return fail(Code::storage_failed, {}, "an ended key is not base64");
    keys.push_back(describe(std::move(*der), at));
  }
  co_return keys;
}

Task<ReleaseSignature> EdgeReleaseSigner::sign_release(Release release) {
  const auto text = co_await release_text(release.name, release.version, release.archive);
  const auto shares = co_await shares_.read(kUse);
  const Bytes& share = shares.active.front();
  const Bytes raw = co_await host_.call(
      Call::release_sign, MessageWriter().bytes(secret_from(share)).bytes(text).take(),
      Code::internal);
  auto id = release_key_id(co_await public_half(share));
  co_return ReleaseSignature{std::move(id), co_await der_signature(raw)};
}

Task<ReleaseKey> EdgeReleaseSigner::rotate_release_key() {
  auto shares = co_await shares_.read(kUse);
  if (shares.ended.size() + 1 >= kMaxEndedKeys)
    co_return fail(Code::too_large, "There have been " + std::to_string(kMaxEndedKeys) +
                                        " keys, and versions may bear any of them.");
  // Versions count from before their signing, and clients want them from before this.
  const Timestamp end{clock_.now().ms / 1000 * 1000 + 1000};
  shares.ended.insert(shares.ended.begin(),
                      {end, to_base64(co_await public_half(shares.active.front()))});
  shares.active = {entropy_.bytes(kShareBytes)};
  auto key = describe(co_await public_half(shares.active.front()), std::nullopt);
  co_await shares_.replace(kUse, std::move(shares));
  co_return key;
}

}  // namespace kontor::edge
