#pragma once
// A form with one file (RFC 7578) that is read from the disk while it is sent.
#include "adapters/curl/http_client.h"
#include "adapters/filesystem/files.h"
#include "apps/cli/progy/desk.h"

#include <functional>
#include <memory>

namespace kontor::cli::progy {

class MultipartFile final : public curl::BodySource {
 public:
  using Progress = std::function<void(std::uint64_t sent, std::uint64_t total)>;
  // `fields` come first; the file is the field `file`, under the last part of its path. The file
  // must not change until it is sent.
  static Outcome<std::unique_ptr<MultipartFile>> open(const curl::HttpFields& fields,
                                                      const std::string& path, Progress progress);

  std::string content_type() const;
  std::uint64_t size() const override { return head_.size() + file_size_ + tail_.size(); }
  std::optional<std::size_t> read(std::span<char> piece) override;
  bool rewind() override;

 private:
  MultipartFile() = default;

  std::string boundary_, head_, tail_;
  fs::Fd file_;
  std::uint64_t file_size_ = 0;
  std::uint64_t sent_ = 0;
  Progress progress_;
};

}  // namespace kontor::cli::progy
