#pragma once
// Changes of oripk.toml that leave everything else in it as it was written: comments, order,
// blanks. Each function gives the new text, after reading it back and finding in it the change that
// was wanted and no other; bad_request where that cannot be done, so that a person does it.
#include "base/error.h"

#include <string>
#include <vector>

namespace kontor::cli::ori {

struct NewDependency {
  std::string name;
  std::string version;
  bool development = false;
  std::vector<std::string> features;
};

Result<std::string> add_dependency(const std::string& text, const NewDependency& dependency);
// Wherever the dependency stands, for development and for targets too.
Result<std::string> change_dependency(const std::string& text, const std::string& name,
                                      const std::string& version);
Result<std::string> remove_dependency(const std::string& text, const std::string& name);
Result<std::string> change_version(const std::string& text, const std::string& version);
// As it is published.
Result<std::string> without_scripts(const std::string& text);

}  // namespace kontor::cli::ori
