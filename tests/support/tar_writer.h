#pragma once
// Makes tarballs for tests, honest ones and hostile ones.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor::test {

// The fields of a header block, each of which may lie.
struct TarFields {
  std::string name;
  char type = '0';
  std::uint64_t size = 0;
  std::optional<std::string> size_text = {};  // instead of `size` in octal
  std::string prefix = {};
  std::string link = {};
  std::string magic = std::string(
      "ustar\0"
      "00",
      8);
  int checksum_error = 0;  // added to the right checksum
};

// Appends entries to a tar stream and returns itself, so that calls chain.
class TarWriter {
 public:
  TarWriter& file(std::string_view path, std::string_view content);
  TarWriter& directory(std::string_view path);
  TarWriter& header(const TarFields& fields);                  // a block, no content
  TarWriter& content(std::string_view bytes);                  // with its padding
  TarWriter& entry(TarFields fields, std::string_view bytes);  // both; sets the size
  TarWriter& pax(const std::vector<std::pair<std::string, std::string>>& records, char type = 'x');
  TarWriter& long_name(std::string_view name, char type = 'L');
  TarWriter& raw(std::string_view bytes);

  const std::string& unfinished() const { return tar_; }
  std::string tar() const;  // with two zero blocks behind
  std::string tgz() const;  // gzip of tar()

 private:
  std::string tar_;
};

// A pax record with its length, as it stands in an extended header.
std::string pax_record(std::string_view key, std::string_view value);

// A package of one file: package/package.json holding `manifest`.
std::string npm_tarball(std::string_view manifest);

}  // namespace kontor::test
