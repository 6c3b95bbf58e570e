#pragma once
// Makes ZIP archives for tests, honest ones and hostile ones.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::test {

// The numbers of a header, each of which may lie.
struct ZipNumbers {
  std::string name;
  std::uint16_t needed = 20;
  std::uint16_t flags = 0x0800;
  std::uint16_t method = 8;
  std::uint32_t crc = 0;
  std::uint32_t packed = 0;
  std::uint32_t unpacked = 0;
  std::uint32_t mode = 0100644;  // in the directory alone, as what follows
  std::uint32_t offset = 0;
  std::string extra = {};
  std::string comment = {};
};

// One entry: its bytes, and how its two headers lie about them.
struct ZipEntry {
  std::string name;
  std::string content;
  bool stored = false;
  bool streamed = false;  // sizes behind the data
  std::function<void(ZipNumbers& header, ZipNumbers& listing)> lie = {};
  std::string behind = {};  // bytes between its data and what follows
};

struct ZipEndNumbers {
  std::uint16_t entries = 0;
  std::uint32_t size = 0;
  std::uint32_t offset = 0;
  std::string comment = {};
};

// Appends entries and returns itself, so that calls chain.
class ZipWriter {
 public:
  ZipWriter& file(std::string_view path, std::string_view content);
  ZipWriter& folder(std::string_view path);
  ZipWriter& entry(const ZipEntry& entry);
  ZipWriter& unlisted(std::string_view path, std::string_view content);

  std::string zip(const std::function<void(ZipEndNumbers&)>& lie = {}) const;
  std::string zip64() const;  // with a zip64 end of the directory

 private:
  std::string directory() const;
  ZipEndNumbers end(std::size_t directory_size) const;

  std::string bytes_;
  std::vector<ZipNumbers> listings_;
};

// Little-endian.
std::string le16(std::uint64_t value);
std::string le32(std::uint64_t value);
std::string le64(std::uint64_t value);

}  // namespace kontor::test
