#pragma once
// The bytes of an archive on their way to a worker: small ones in memory, others in a file without
// a name.
#include "adapters/filesystem/files.h"
#include "base/bytes.h"

#include <cstdint>
#include <string>

namespace kontor::processing {

class Spool {
 public:
  static constexpr std::uint64_t kInMemory = 1u << 20;

  // `folder` is where the file is made.
  explicit Spool(std::string folder) : folder_(std::move(folder)) {}

  Result<void> append(ByteView piece);
  // The descriptor, at the beginning of the bytes. Once.
  Result<fs::Fd> finish();
  std::uint64_t size() const { return size_; }

 private:
  Result<void> open_memory();
  Result<void> move_to_file();

  const std::string folder_;
  fs::Fd file_;
  bool in_memory_ = true;
  std::uint64_t size_ = 0;
};

}  // namespace kontor::processing
