// Archives are made of plain files here; hostile ones are built by their own tests.
#include "tests/support/ori_archive.h"

#include "base/sha256.h"
#include "tests/support/tar_writer.h"

namespace kontor::test {

std::string manifest_of(const OriPackage& package) {
  return "[project]\nname = \"" + package.name + "\"\nversion = \"" + package.version +
         "\"\ndescription = \"A tool\"\nori = \"0.4.0\"\n" + package.more;
}

std::string checksums_of(const std::map<std::string, std::string>& files) {
  std::string out;
  for (const auto& [path, content] : files)
    out += "sha256:" + sha256(content).hex() + "  " + path + "\n";
  return out;
}

std::string ori_archive(const OriPackage& package) {
  auto files = package.files;
  files.try_emplace("oripk.toml", manifest_of(package));
  const bool made = files.contains("CHECKSUM");
  if (!made) files["CHECKSUM"] = checksums_of(files);
  TarWriter tar;
  for (const auto& [path, content] : files) tar.file(package.folder + path, content);
  return tar.tgz();
}

}  // namespace kontor::test
