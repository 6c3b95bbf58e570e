#pragma once
// An artifact while it is downloaded. It stays when the download breaks off, and the next one goes
// on where it ended.
#include "adapters/filesystem/files.h"
#include "apps/cli/progy/registry_api.h"

namespace kontor::cli::progy {

class PartFile {
 public:
  // Waits while another process downloads the same artifact; nothing where that one has finished it
  // meanwhile.
  static Outcome<std::optional<PartFile>> open(const std::string& path);

  // Until all bytes are there. A connection that breaks after it brought something is not the end.
  // `progress` gets what is there and the whole.
  using Progress = std::function<void(std::uint64_t, std::uint64_t)>;
  Outcome<void> fill(RegistryApi& api, const Release& release, const Progress& progress);

  // checksum_mismatch with both hashes where the bytes are not the promised ones; then it is empty.
  Outcome<void> verify(const Release& release);
  bool resumed() const { return resumed_; }  // some of it is from an earlier download

 private:
  PartFile(fs::Fd file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  void empty();

  fs::Fd file_;
  std::string path_;
  std::uint64_t size_ = 0;
  bool resumed_ = false;
};

}  // namespace kontor::cli::progy
