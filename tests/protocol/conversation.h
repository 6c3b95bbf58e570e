#pragma once
// Golden conversations: reading them, and holding answers against them (README.md has the grammar).
// How a request reaches a registry is for the transport.
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kontor::test {

using Fields = std::vector<std::pair<std::string, std::string>>;  // header names in lower case

struct Exchange {
  int line = 0;  // of the request, for messages
  std::string method;
  std::string target;
  Fields headers;
  std::string body;
  int status = 0;
  Fields expected_headers;
  std::optional<std::string> expected_body;
};

struct Reply {
  int status = 0;
  Fields headers;
  std::string body;
};

class Transport {
 public:
  virtual ~Transport() = default;
  // Placeholders are filled in; a target that is a whole URL is one of this server.
  virtual Reply ask(const Exchange& request) = 0;
  virtual std::string base() = 0;
  virtual std::string token(const std::string& user) = 0;
  virtual std::string password(const std::string& user) = 0;
};

// Names of the conversations in a folder, without ".http", in order.
std::vector<std::string> conversations_in(const std::string& folder);

// Reads a file; a malformed one yields one exchange that cannot succeed.
std::vector<Exchange> read_conversation(const std::string& path);

// Runs all exchanges in order. Yields what differed, empty where nothing did.
std::string run_conversation(const std::string& path, Transport& transport);

}  // namespace kontor::test
