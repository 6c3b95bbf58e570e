#pragma once
// Archives as `ori publish` packs them.
#include <map>
#include <string>

namespace kontor::test {

// A package to publish; CHECKSUM is made unless it is among the files.
struct OriPackage {
  std::string name = "@acme/tool";
  std::string version = "1.0.0";
  std::string more = {};  // of oripk.toml, behind [project]
  std::map<std::string, std::string> files = {{"src/lib.ori", "@main () = 1\n"}};
  std::string folder = {};  // around all files, with its slash
};
std::string manifest_of(const OriPackage& package);
// "sha256:<hex>  <path>" lines of these files.
std::string checksums_of(const std::map<std::string, std::string>& files);
std::string ori_archive(const OriPackage& package);

}  // namespace kontor::test
