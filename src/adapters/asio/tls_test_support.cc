// OpenSSL as a client and as a certificate authority of one.
#include "adapters/asio/tls_test_support.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <csignal>

namespace kontor::net {
namespace {

template <class Write>
void write_pem(const std::string& path, Write write) {
  FILE* file = std::fopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(write(file), 1);
  std::fclose(file);
}

}  // namespace

TlsOptions make_certificate(const std::string& common_name) {
  TlsOptions options;
  // Runs of several checkouts share the folder.
  const auto stem = ::testing::TempDir() + std::to_string(::getpid()) + "." + common_name;
  options.certificate_file = stem + ".crt";
  options.key_file = stem + ".key";
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86'400);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate, name);
  X509_sign(certificate, key, EVP_sha256());
  write_pem(options.certificate_file, [&](FILE* f) { return PEM_write_X509(f, certificate); });
  write_pem(options.key_file, [&](FILE* f) {
    return PEM_write_PrivateKey(f, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
  X509_free(certificate);
  EVP_PKEY_free(key);
  return options;
}

TlsClient::TlsClient(std::uint16_t port, std::string_view protocol, int version)
    : raw_(port), context_(SSL_CTX_new(TLS_client_method())) {
  ::signal(SIGPIPE, SIG_IGN);  // OpenSSL's own BIO, which this client uses, would raise it
  SSL_CTX_set_min_proto_version(context_.get(), version);
  SSL_CTX_set_max_proto_version(context_.get(), version);
  tls_.reset(SSL_new(context_.get()));
  SSL_set_fd(tls_.get(), raw_.fd());
  if (!protocol.empty()) {
    const auto offer = std::string(1, static_cast<char>(protocol.size())) + std::string(protocol);
    SSL_set_alpn_protos(tls_.get(), reinterpret_cast<const unsigned char*>(offer.data()),
                        static_cast<unsigned>(offer.size()));
  }
  connected_ = SSL_connect(tls_.get()) == 1;
}

std::string TlsClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(tls_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string TlsClient::common_name() const {
  X509* certificate = SSL_get1_peer_certificate(tls_.get());
  char name[100] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
  X509_free(certificate);
  return name;
}

bool TlsClient::send(std::string_view bytes) {
  return bytes.empty() || SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
}

std::string TlsClient::read_some() {
  std::string out(16384, '\0');
  const int n = SSL_read(tls_.get(), out.data(), static_cast<int>(out.size()));
  out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return out;
}

std::string TlsClient::read_until(std::string_view end) {
  std::size_t at = 0;
  while ((at = pending_.find(end)) == pending_.npos) {
    const auto more = read_some();
    if (more.empty()) return std::exchange(pending_, {});
    pending_ += more;
  }
  auto out = pending_.substr(0, at + end.size());
  pending_.erase(0, out.size());
  return out;
}

std::string TlsClient::read_bytes(std::size_t count) {
  while (pending_.size() < count) {
    const auto more = read_some();
    if (more.empty()) break;
    pending_ += more;
  }
  auto out = pending_.substr(0, count);
  pending_.erase(0, out.size());
  return out;
}

}  // namespace kontor::net
