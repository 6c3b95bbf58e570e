#pragma once
// SHA-1, SHA-256 and SHA-512 of one stream in one pass, by OpenSSL.
#include "ports/blob_store.h"

#include <cstdint>
#include <memory>

struct evp_md_ctx_st;

namespace kontor::fs {

class TripleHash {
 public:
  TripleHash();
  ~TripleHash();
  void update(ByteView piece);
  BlobDigests finish();  // once

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  using Context = std::unique_ptr<evp_md_ctx_st, Free>;
  Context sha1_, sha256_, sha512_;
  std::uint64_t size_ = 0;
};

}  // namespace kontor::fs
