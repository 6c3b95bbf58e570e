#pragma once
// A file as the body of a request.
#include "adapters/filesystem/files.h"
#include "http/message.h"

#include <array>
#include <cerrno>
#include <optional>
#include <unistd.h>

namespace kontor::upkeep {

class FileReader final : public http::BodyReader {
 public:
  explicit FileReader(fs::Fd file) : file_(std::move(file)) {}

  Task<ByteView> read() override {
    const auto size = ::read(file_.get(), piece_.data(), piece_.size());
    if (size < 0) co_return std::unexpected(fs::fail_errno(errno, "read").error());
    co_return ByteView(piece_.data(), static_cast<std::size_t>(size));
  }
  std::optional<std::uint64_t> declared_length() const override { return std::nullopt; }

 private:
  fs::Fd file_;
  std::array<char, 64 * 1024> piece_;
};

}  // namespace kontor::upkeep
