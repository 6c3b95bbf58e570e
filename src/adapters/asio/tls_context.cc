// OpenSSL 3 on the native descriptor. Buffers are released while a connection is idle, and session
// tickets take the place of a session cache: together an idle connection costs some 15 KB.
#include "adapters/asio/tls_context.h"

#include "adapters/asio/tls_bio.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstring>

namespace kontor::net {
namespace {

constexpr unsigned char kProtocols[] = "\x02h2\x08http/1.1";

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, out_size, kProtocols, sizeof kProtocols - 1,
                                          offered, offered_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

// A key with a passphrase fails to load instead of asking on the terminal.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

void configure(SSL_CTX* context, const TlsOptions& options) {
  SSL_CTX_set_min_proto_version(
      context, options.min_version == TlsVersion::v1_2 ? TLS1_2_VERSION : TLS1_3_VERSION);
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");  // TLS 1.2 only
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(context, 1);  // one recv a record instead of two
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
}

std::unexpected<Error> refused(const std::string& what) {
  return fail(Code::bad_request, what + ": " + take_tls_error());
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

std::string take_tls_error() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code)) return std::strerror(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason ? reason : "unknown reason";
}

Result<std::shared_ptr<TlsContext>> TlsContext::load(const TlsOptions& options) {
  ERR_clear_error();
  auto out = std::make_shared<TlsContext>();
  out->context_.reset(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = out->context_.get();
  if (!context) return refused("TLS cannot be used");
  configure(context, options);
  if (SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str()) != 1)
    return refused("Cannot use the certificate file " + options.certificate_file);
  if (SSL_CTX_use_PrivateKey_file(context, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1)
    return refused("Cannot use the key file " + options.key_file);
  return out;
}

ssl_st* TlsContext::accept(int socket) const {
  SSL* tls = SSL_new(context_.get());
  if (!tls) return nullptr;
  BIO* bio = new_socket_bio(socket);
  if (!bio) {
    SSL_free(tls);
    return nullptr;
  }
  SSL_set_bio(tls, bio, bio);
  SSL_set_accept_state(tls);
  return tls;
}

bool chose_http2(const ssl_st* tls) {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(tls, &name, &size);
  return size == 2;
}

}  // namespace kontor::net
