// fork and exec; the server's URL is read from what it says on standard error.
#include "tests/support/running_server.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace kontor::test {
namespace {

constexpr const char* kAdminPassword = "secret of root";
constexpr int kStartChecks = 3000;  // of ten milliseconds

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string new_folder() {
  std::string path = ::testing::TempDir() + "kontor-process-XXXXXX";
  return ::mkdtemp(path.data()) ? path : "";
}

// In the child, between fork and exec: only what is safe there.
[[noreturn]] void run_program(const std::string& folder, std::vector<char*>& arguments) {
  const int log = ::open((folder + "/stdout").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  const int errors = ::open((folder + "/stderr").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  if (::chdir(folder.c_str()) == 0) ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

RunningServer::RunningServer(Scheme scheme, std::vector<std::string> arguments)
    : folder_(new_folder()) {
  if (const char* elsewhere = std::getenv("KONTOR_TEST_URL")) {
    url_ = elsewhere;
    http_ = std::make_unique<curl::HttpClient>(curl::HttpClientOptions{});
    return;
  }
  if (scheme == Scheme::https) {
    const auto stem = make_certificate();
    ca_file_ = stem + ".crt";
    for (const auto* text : {"--set", "tls.certFile=", "--set", "tls.keyFile="})
      arguments.emplace_back(text);
    arguments[arguments.size() - 3] += ca_file_;
    arguments.back() += stem + ".key";
  }
  http_ = std::make_unique<curl::HttpClient>(curl::HttpClientOptions{.ca_file = ca_file_});
  start(std::move(arguments));
  wait_for_url();
}

RunningServer::~RunningServer() {
  http_.reset();  // an idle connection would be waited for
  if (child_ > 0) {
    ::kill(child_, SIGTERM);
    int status = 0;
    ::waitpid(child_, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << read_file(folder_ + "/stderr");
  }
  if (!folder_.empty()) std::filesystem::remove_all(folder_);
}

std::string RunningServer::make_certificate() const {
  const std::string stem = folder_ + "/tls";
  const auto command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
      "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout " +
      stem + ".key -out " + stem + ".crt 2>/dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0) << "openssl is needed to make a certificate";
  return stem;
}

bool RunningServer::at_edge() {
  const char* target = std::getenv("KONTOR_TEST_TARGET");
  return target && std::string_view(target) == "edge";
}

void RunningServer::start(std::vector<std::string> arguments) {
  std::vector<std::string> all = {KONTOR_PROGRAM, "serve"};
  if (at_edge())
    all = {"/usr/bin/env", "node", std::string(KONTOR_SOURCE_DIR) + "/tools/edge/serve.mjs"};
  for (const auto& text : {"--port", "0", "--data-dir"}) all.emplace_back(text);
  all.push_back(folder_ + "/data");
  for (const auto& text : {"--set", "admin.name=root"}) all.emplace_back(text);
  for (const std::string group : {"npmRead", "npmWrite"}) {
    all.push_back("--set");
    all.push_back("rateLimit." + group + ".maxRequests=0");
  }
  all.insert(all.end(), arguments.begin(), arguments.end());
  ::setenv("KONTOR_ADMIN_PASSWORD", kAdminPassword, 1);
  ::setenv("no_proxy", "*", 1);
  std::vector<char*> pointers;
  for (auto& text : all) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  child_ = ::fork();
  if (child_ == 0) run_program(folder_, pointers);
}

void RunningServer::wait_for_url() {
  constexpr std::string_view kBefore = " serves ";
  for (int i = 0; i < kStartChecks && child_ > 0; ++i) {
    const auto text = read_file(folder_ + "/stderr");
    const auto at = text.find(kBefore);
    const auto end = at == text.npos ? at : text.find("/\n", at);
    if (end != text.npos) {
      url_ = text.substr(at + kBefore.size(), end - at - kBefore.size());
      return;
    }
    if (::waitpid(child_, nullptr, WNOHANG) != 0) child_ = -1;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ADD_FAILURE() << "the server did not start: " << read_file(folder_ + "/stderr");
}

std::string RunningServer::post(const std::string& method, const std::string& path,
                                const std::string& body, const std::string& field) {
  curl::HttpRequest request{.method = method, .url = url_ + path, .body = body};
  request.headers.emplace_back("content-type", "application/json");
  if (tokens_.contains("root"))
    request.headers.emplace_back("authorization", "Bearer " + tokens_["root"]);
  const auto answer = send(std::move(request));
  if (!answer || answer->status != 201) {
    ADD_FAILURE() << method << " " << path << ": "
                  << (answer ? answer->body : std::string(answer.error().message()));
    return {};
  }
  return nlohmann::json::parse(answer->body, nullptr, false).value(field, "");
}

std::string RunningServer::token(const std::string& user) {
  if (const auto it = tokens_.find(user); it != tokens_.end()) return it->second;
  const nlohmann::json account = {
      {"name", user}, {"password", password(user)}, {"email", user + "@example.test"}};
  if (user != "root") {
    token("root");
    post("POST", "/-/kontor/v1/users", account.dump(), "name");
  }
  nlohmann::json login = account;
  login.erase("email");
  tokens_[user] = post("PUT", "/-/user/org.couchdb.user:" + user, login.dump(), "token");
  return tokens_[user];
}

}  // namespace kontor::test
