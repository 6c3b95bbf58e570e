// The boundary is drawn at random, so that no file holds it.
#include "apps/cli/progy/multipart_file.h"

#include "base/encoding.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::cli::progy {
namespace {

std::string random_boundary() {
  char bytes[18] = {};
  if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes) std::memset(bytes, 'x', sizeof bytes);
  return "progy-" + to_hex({bytes, sizeof bytes});
}

// The last part of a path, fit for a header.
std::string file_name(const std::string& path) {
  auto name = path.substr(path.rfind('/') + 1);
  for (char& c : name)
    if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20) c = '_';
  return name;
}

}  // namespace

Outcome<std::unique_ptr<MultipartFile>> MultipartFile::open(const curl::HttpFields& fields,
                                                            const std::string& path,
                                                            Progress progress) {
  std::unique_ptr<MultipartFile> out(new MultipartFile);
  auto file = fs::open_for_reading(path);
  struct stat status{};
  if (!file || ::fstat(file->get(), &status) != 0)
    return fail(Code::bad_request, path + " cannot be read.");
  out->file_ = *std::move(file);
  out->file_size_ = static_cast<std::uint64_t>(status.st_size);
  out->progress_ = std::move(progress);
  out->boundary_ = random_boundary();
  const auto begin = "--" + out->boundary_ + "\r\ncontent-disposition: form-data; name=\"";
  for (const auto& [name, value] : fields)
    out->head_ += begin + name + "\"\r\n\r\n" + value + "\r\n";
  out->head_ += begin + "file\"; filename=\"" + file_name(path) +
                "\"\r\ncontent-type: application/octet-stream\r\n\r\n";
  out->tail_ = "\r\n--" + out->boundary_ + "--\r\n";
  return out;
}

std::string MultipartFile::content_type() const {
  return "multipart/form-data; boundary=" + boundary_;
}

std::optional<std::size_t> MultipartFile::read(std::span<char> piece) {
  const auto copy = [&](std::string_view from) {
    const auto count = std::min(from.size(), piece.size());
    std::memcpy(piece.data(), from.data(), count);
    return count;
  };
  std::size_t count = 0;
  const auto file_end = head_.size() + file_size_;
  if (sent_ < head_.size()) {
    count = copy(std::string_view(head_).substr(sent_));
  } else if (sent_ < file_end) {
    const auto most = std::min<std::uint64_t>(piece.size(), file_end - sent_);
    const auto got =
        ::pread(file_.get(), piece.data(), most, static_cast<off_t>(sent_ - head_.size()));
    if (got <= 0) return std::nullopt;  // the file has shrunk
    count = static_cast<std::size_t>(got);
  } else {
    count = copy(std::string_view(tail_).substr(sent_ - file_end));
  }
  sent_ += count;
  if (progress_) progress_(sent_, size());
  return count;
}

bool MultipartFile::rewind() {
  sent_ = 0;
  return true;
}

}  // namespace kontor::cli::progy
