#pragma once
// The real binary as a child process on a data directory of its own, and an administrator who makes
// the accounts that a test asks for. With KONTOR_TEST_URL in the environment: that registry instead,
// whose administrator "root" has the password "secret of root".
#include "adapters/curl/http_client.h"

#include <map>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace kontor::test {

class RunningServer {
 public:
  enum class Scheme { http, https };  // https: with a certificate made for 127.0.0.1

  // Starts the program of KONTOR_PROGRAM (a compile definition); `arguments` follow `serve`.
  explicit RunningServer(Scheme scheme, std::vector<std::string> arguments = {});
  // Stops with SIGTERM; an end other than a clean one fails the test.
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  const std::string& url() const { return url_; }  // empty where it did not start
  Result<curl::HttpAnswer> send(curl::HttpRequest request) { return http_->send(request); }

  // A token with full rights of that user, who is made when first asked for; "root" is an
  // administrator.
  std::string token(const std::string& user);
  static std::string password(const std::string& user) { return "secret of " + user; }

  // Whether KONTOR_TEST_TARGET asks for the worker instead of the native server. It speaks no TLS.
  static bool at_edge();

 private:
  std::string make_certificate() const;
  void start(std::vector<std::string> arguments);
  void wait_for_url();
  std::string post(const std::string& method, const std::string& path, const std::string& body,
                   const std::string& field);

  std::string folder_;
  std::string url_;
  std::string ca_file_;
  pid_t child_ = -1;
  std::unique_ptr<curl::HttpClient> http_;
  std::map<std::string, std::string> tokens_;
};

}  // namespace kontor::test
