// Signing happens outside the lock, on a secret that lives as long as somebody signs with it.
#include "apps/server/signing/release_keys.h"

#include "base/encoding.h"
#include "domain/release_text.h"
#include "tlog/decimal.h"
#include "tlog/lines.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

namespace kontor::signing {
namespace {

constexpr const char* kFile = "npm.key";
constexpr ByteView kActive = "active ", kExpired = "expired ";
constexpr std::uint64_t kLatest = 253'402'300'799'999;  // the end of the year 9999
constexpr std::size_t kMaxKeys = 128;                   // all are in one packet and one document

std::unexpected<Error> broken() {
  return fail(Code::unavailable, "The key file keys/npm.key is damaged; restore it from a backup.");
}

std::unexpected<Error> no_crypto(std::string cause) {
  return fail(Code::internal, {}, "OpenSSL: " + std::move(cause));
}

// The DER of something, by OpenSSL's functions of the form i2d_X.
template <class Encode, class Thing>
Bytes der_of(Encode encode, Thing* thing) {
  unsigned char* out = nullptr;
  const int size = encode(thing, &out);
  if (size <= 0) return {};
  Bytes bytes(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  OPENSSL_clear_free(out, static_cast<std::size_t>(size));
  return bytes;
}

Bytes pkcs8_of(const EVP_PKEY& key) {
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> info(
      EVP_PKEY2PKCS8(&key), &PKCS8_PRIV_KEY_INFO_free);
  return info ? der_of(i2d_PKCS8_PRIV_KEY_INFO, info.get()) : Bytes();
}

bool on_p256(const EVP_PKEY& key) {
  char name[32];
  std::size_t size = 0;
  return EVP_PKEY_is_a(&key, "EC") &&
         EVP_PKEY_get_utf8_string_param(&key, OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof name,
                                        &size) &&
         std::string_view(name, size) == SN_X9_62_prime256v1;
}

ReleaseKey describe(Bytes public_key, std::optional<Timestamp> expires) {
  std::string id = release_key_id(public_key);
  return {std::move(id), std::move(public_key), expires};
}

void wipe(Bytes& bytes) {
  OPENSSL_cleanse(bytes.data(), bytes.size());
}

}  // namespace

Result<std::unique_ptr<ReleaseKeys>> ReleaseKeys::open(const KeyFolder& folder) {
  std::unique_ptr<ReleaseKeys> keys(new ReleaseKeys(folder));
  auto text = folder.read(kFile);
  if (!text) return fail(text);
  if (*text) {
    auto read = keys->read(**text);
    wipe(**text);
    if (!read) return fail(read);
    return keys;
  }
  auto secret = make_secret();
  if (!secret) return fail(secret);
  keys->secret_ = std::move(*secret);
  keys->keys_ = {describe(der_of(i2d_PUBKEY, keys->secret_.get()), std::nullopt)};
  if (auto written = keys->write(*keys->secret_, keys->keys_); !written) return fail(written);
  return keys;
}

Result<ReleaseKeys::Secret> ReleaseKeys::make_secret() {
  Secret secret(EVP_EC_gen(SN_X9_62_prime256v1), &EVP_PKEY_free);
  if (!secret) return no_crypto("EVP_EC_gen");
  return secret;
}

Result<void> ReleaseKeys::read(ByteView text) {
  const auto first = tlog::take_line(text);
  const auto active = first ? tlog::after(*first, kActive) : std::nullopt;
  auto der = active ? from_base64(*active) : std::nullopt;
  if (!der) return broken();
  const auto* at = reinterpret_cast<const unsigned char*>(der->data());
  secret_ =
      Secret(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der->size())), &EVP_PKEY_free);
  wipe(*der);
  if (!secret_ || !on_p256(*secret_)) return broken();
  keys_.push_back(describe(der_of(i2d_PUBKEY, secret_.get()), std::nullopt));
  while (const auto line = tlog::take_line(text)) {
    const auto rest = tlog::after(*line, kExpired);
    const auto space = rest ? rest->find(' ') : ByteView::npos;
    if (space == ByteView::npos) return broken();
    const auto expires = tlog::parse_decimal(rest->substr(0, space), kLatest);
    auto key = from_base64(rest->substr(space + 1));
    if (!expires || !key || key->empty()) return broken();
    keys_.push_back(describe(std::move(*key), Timestamp{static_cast<std::int64_t>(*expires)}));
  }
  return text.empty() ? Result<void>() : broken();
}

Result<void> ReleaseKeys::write(const EVP_PKEY& secret, const std::vector<ReleaseKey>& keys) const {
  Bytes der = pkcs8_of(secret);
  if (der.empty()) return no_crypto("EVP_PKEY2PKCS8");
  Bytes text = std::string(kActive) + to_base64(der) + "\n";
  wipe(der);
  for (const auto& key : keys)
    if (key.expires)
      text += std::string(kExpired) + std::to_string(key.expires->ms) + " " +
              to_base64(key.public_key) + "\n";
  auto written = folder_.write(kFile, text);
  wipe(text);
  return written;
}

std::vector<ReleaseKey> ReleaseKeys::keys() {
  const std::scoped_lock lock(mutex_);
  return keys_;
}

Result<ReleaseSignature> ReleaseKeys::sign(const Release& release) {
  auto text = release_text(release.name, release.version, release.archive);
  if (!text) return fail(text);
  Secret secret;
  ReleaseSignature out;
  {
    const std::scoped_lock lock(mutex_);
    secret = secret_;
    out.key_id = keys_.front().id;
  }
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(secret.get()));
  out.signature.resize(size);
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, secret.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(text->data()), text->size()) != 1)
    return no_crypto("EVP_DigestSign");
  out.signature.resize(size);
  return out;
}

Result<ReleaseKey> ReleaseKeys::rotate(Timestamp now) {
  auto secret = make_secret();
  if (!secret) return fail(secret);
  const std::scoped_lock lock(mutex_);
  if (keys_.size() >= kMaxKeys)
    return fail(Code::too_large, "There have been " + std::to_string(kMaxKeys) +
                                     " keys, and versions may bear any of them.");
  auto keys = keys_;
  // Versions count from before their signing, and clients want them from before this.
  keys.front().expires = Timestamp{now.ms / 1000 * 1000 + 1000};
  keys.insert(keys.begin(), describe(der_of(i2d_PUBKEY, secret->get()), std::nullopt));
  if (auto written = write(**secret, keys); !written) return fail(written);
  secret_ = std::move(*secret);
  keys_ = std::move(keys);
  return keys_.front();
}

}  // namespace kontor::signing
