// Rules that take more than one key.
#include "apps/server/config/checks.h"
#include "apps/server/config/load.h"

namespace kontor::config {
namespace {

std::string set_by(const LoadedConfig& loaded, std::string_view path) {
  return std::string(path) + " (" + loaded.origins[index_of(*find_key(path))].text() + ")";
}

std::size_t characters(std::string_view utf8) {
  std::size_t count = 0;
  for (unsigned char c : utf8) count += (c & 0xC0) != 0x80;
  return count;
}

}  // namespace

Problems check_together(const LoadedConfig& loaded, Insecure insecure) {
  const auto& config = loaded.config;
  Problems problems;
  if (config.tls.cert_file.empty() != config.tls.key_file.empty()) {
    bool has_key = config.tls.cert_file.empty();
    problems.push_back(set_by(loaded, has_key ? "tls.keyFile" : "tls.certFile") + " needs " +
                       (has_key ? "tls.certFile" : "tls.keyFile") + " beside it");
  }
  if (config.auth.type == AuthType::none && insecure == Insecure::refused &&
      !is_loopback(config.listen.host))
    problems.push_back(set_by(loaded, "auth.type") + " is none, which lets everybody who reaches " +
                       set_by(loaded, "listen.host") +
                       " publish and delete; listen on 127.0.0.1, or start with --insecure");
  const auto& password = config.admin.password;
  auto least = static_cast<std::size_t>(config.auth.password_min_length);
  if (!password.empty() && characters(password) < least)
    problems.push_back(set_by(loaded, "admin.password") + " is shorter than the " +
                       std::to_string(least) + " characters that auth.passwordMinLength demands");
  return problems;
}

}  // namespace kontor::config
