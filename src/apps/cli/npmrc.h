#pragma once
// What commands need of npm's configuration files: where the registry is, and the token for it.
#include "apps/server/config/sources.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::cli {

// Lines `key=value`; comments begin with # or ;, the last line of a key counts. `${NAME}` stands
// for a variable of the environment; npm leaves it as it is where there is no such variable.
class Npmrc {
 public:
  static Npmrc parse(std::string_view text, const config::Variables& environment);

  // Adds what this one does not say.
  void add_defaults(const Npmrc& other);

  std::optional<std::string> value(std::string_view key) const;
  // The token for requests to that URL: the line `//host[:port]/path/:_authToken` with the longest
  // path that the URL lies below.
  std::optional<std::string> token_for(std::string_view url) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace kontor::cli
