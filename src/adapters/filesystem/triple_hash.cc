// A piece is taken in steps that stay in the first-level cache for all three hashes.
#include "adapters/filesystem/triple_hash.h"

#include "base/check.h"

#include <openssl/evp.h>

#include <algorithm>

namespace kontor::fs {
namespace {

constexpr std::size_t kStep = 16 * 1024;

template <class Digest>
Digest take(evp_md_ctx_st* context) {
  Digest out;
  unsigned int size = 0;
  const bool ok = EVP_DigestFinal_ex(context, out.bytes.data(), &size) == 1;
  check(ok && size == out.bytes.size(), "a digest could not be finished");
  return out;
}

}  // namespace

void TripleHash::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

TripleHash::TripleHash()
    : sha1_(EVP_MD_CTX_new()), sha256_(EVP_MD_CTX_new()), sha512_(EVP_MD_CTX_new()) {
  const bool ok = EVP_DigestInit_ex(sha1_.get(), EVP_sha1(), nullptr) &&
                  EVP_DigestInit_ex(sha256_.get(), EVP_sha256(), nullptr) &&
                  EVP_DigestInit_ex(sha512_.get(), EVP_sha512(), nullptr);
  check(ok, "OpenSSL offers no SHA");
}

TripleHash::~TripleHash() = default;

void TripleHash::update(ByteView piece) {
  size_ += piece.size();
  while (!piece.empty()) {
    const auto step = piece.substr(0, kStep);
    for (auto* context : {sha1_.get(), sha256_.get(), sha512_.get()})
      check(EVP_DigestUpdate(context, step.data(), step.size()) == 1, "hashing failed");
    piece.remove_prefix(step.size());
  }
}

BlobDigests TripleHash::finish() {
  return {take<Sha1>(sha1_.get()), take<Sha256>(sha256_.get()), take<Sha512>(sha512_.get()), size_};
}

}  // namespace kontor::fs
