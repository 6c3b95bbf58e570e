#pragma once
// Certificates made on the spot, and a blocking TLS client.
#include "adapters/asio/server_test_support.h"
#include "adapters/asio/tls_context.h"

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace kontor::net {

// A self-signed certificate of that common name with its key, as files of the test's folder.
TlsOptions make_certificate(const std::string& common_name);

class TlsClient {
 public:
  // Connects and shakes hands, offering the protocol by ALPN ("" offers none).
  TlsClient(std::uint16_t port, std::string_view protocol, int version = TLS1_3_VERSION);

  bool connected() const { return connected_; }
  std::string protocol() const;     // what the server chose
  std::string common_name() const;  // of the server's certificate
  bool send(std::string_view bytes);
  std::string read_some();  // empty at the end
  std::string read_until(std::string_view end);
  std::string read_bytes(std::size_t count);
  RawClient& raw() { return raw_; }

 private:
  template <auto kFree>
  struct Free {
    template <class T>
    void operator()(T* p) const {
      kFree(p);
    }
  };
  RawClient raw_;
  std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, Free<SSL_free>> tls_;
  std::string pending_;
  bool connected_ = false;
};

}  // namespace kontor::net
