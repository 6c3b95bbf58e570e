#pragma once
// Certificate, key and TLS rules of a server; replaced as a whole when files are reloaded.
#include "base/error.h"

#include <memory>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace kontor::net {

enum class TlsVersion : std::uint8_t { v1_2, v1_3 };

struct TlsOptions {
  std::string certificate_file;  // PEM: our certificate, then its chain
  std::string key_file;          // PEM, without passphrase
  TlsVersion min_version = TlsVersion::v1_3;
};

// Immutable once loaded; shared by all loops.
class TlsContext {
 public:
  // bad_request with a sentence for the operator where a file cannot be read, is no certificate or
  // key, or the two do not belong together.
  static Result<std::shared_ptr<TlsContext>> load(const TlsOptions& options);

  // A server's end of a TLS connection on that socket; null where memory is short. The caller
  // owns it (Socket does).
  ssl_st* accept(int socket) const;

 private:
  struct Free {
    void operator()(ssl_ctx_st*) const;
  };
  std::unique_ptr<ssl_ctx_st, Free> context_;
};

// Whether the client and we agreed on HTTP/2 (ALPN).
bool chose_http2(const ssl_st* tls);

// The oldest reason in OpenSSL's queue of this thread, which later ones only wrap; the system's own
// text where it was the system's (a missing file). Empties the queue.
std::string take_tls_error();

}  // namespace kontor::net
