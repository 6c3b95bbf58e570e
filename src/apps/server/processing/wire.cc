// Numbers of eight bytes and texts with their length before them, in the order of the fields.
#include "apps/server/processing/wire.h"

#include <limits>
#include <type_traits>

namespace kontor::processing {
namespace {

class Printer {
 public:
  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  Printer& put(T value) {
    auto number = static_cast<std::uint64_t>(value);
    for (int i = 0; i < 8; ++i, number >>= 8) out_ += static_cast<char>(number & 0xff);
    return *this;
  }
  Printer& put(std::string_view text) {
    put(text.size());
    out_ += text;
    return *this;
  }
  Bytes take() { return std::move(out_); }

 private:
  Bytes out_;
};

// Reads what Printer writes; after a fault everything is empty and ok() is false.
class Scanner {
 public:
  explicit Scanner(ByteView text) : text_(text) {}

  std::uint64_t number() {
    if (text_.size() < 8) {
      ok_ = false;
      text_ = {};
      return 0;
    }
    std::uint64_t out = 0;
    for (std::size_t i = 8; i-- > 0;) out = out << 8 | static_cast<unsigned char>(text_[i]);
    text_.remove_prefix(8);
    return out;
  }
  // A number below `end`, as enumerators and counts are.
  std::uint64_t below(std::uint64_t end) {
    const auto out = number();
    if (out < end) return out;
    ok_ = false;
    return 0;
  }
  std::string text() {
    const auto size = number();
    if (size > text_.size()) {
      ok_ = false;
      return {};
    }
    std::string out(text_.substr(0, size));
    text_.remove_prefix(size);
    return out;
  }
  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && text_.empty(); }

 private:
  ByteView text_;
  bool ok_ = true;
};

constexpr std::uint64_t kMaxList = 1'000'000;

Result<ArchiveReport> broken() {
  return fail(Code::internal, {}, "the archive processor answered what is no answer");
}

std::optional<CapturedFile> read_captured(Scanner& in) {
  if (!in.below(2)) return std::nullopt;
  CapturedFile out;
  out.path = in.text();
  out.size = in.number();
  out.bytes = in.text();
  return out;
}

ArchiveFile read_file(Scanner& in) {
  ArchiveFile out;
  out.path = in.text();
  out.size = in.number();
  out.sha256 = Sha256::from_bytes(in.text()).value_or(Sha256{});
  return out;
}

bool is_refusal(Code code) {
  return code == Code::invalid_archive || code == Code::too_large;
}

}  // namespace

Bytes print_request(const ArchiveRequest& request) {
  Printer out;
  const ArchiveLimits& limits = request.limits;
  out.put(limits.packed_bytes).put(limits.unpacked_bytes).put(limits.file_bytes);
  out.put(limits.entries).put(limits.files).put(limits.path_bytes).put(limits.path_depth);
  out.put(limits.ratio).put(limits.ratio_floor);
  out.put(request.root).put(request.list_files).put(request.form).put(request.find_programs);
  out.put(request.wanted.size());
  for (const auto& wanted : request.wanted)
    out.put(wanted.name).put(wanted.max_bytes).put(wanted.match).put(wanted.oversize);
  return out.take();
}

Result<ArchiveRequest> parse_request(ByteView text) {
  Scanner in(text);
  constexpr std::uint64_t k32 = std::uint64_t{1} << 32;
  const auto small = [&] { return static_cast<std::uint32_t>(in.below(k32)); };
  ArchiveRequest out;
  ArchiveLimits& limits = out.limits;
  limits.packed_bytes = in.number();
  limits.unpacked_bytes = in.number();
  limits.file_bytes = in.number();
  limits.entries = small();
  limits.files = small();
  limits.path_bytes = small();
  limits.path_depth = small();
  limits.ratio = small();
  limits.ratio_floor = in.number();
  out.root = static_cast<ArchiveRoot>(in.below(2));
  out.list_files = in.below(2) != 0;
  out.form = static_cast<ArchiveForm>(in.below(2));
  out.find_programs = in.below(2) != 0;
  for (auto left = in.below(64); left > 0 && in.ok(); --left) {
    WantedFile wanted;
    wanted.name = in.text();
    wanted.max_bytes = in.number();
    wanted.match = static_cast<WantedFile::Match>(in.below(3));
    wanted.oversize = static_cast<WantedFile::Oversize>(in.below(2));
    out.wanted.push_back(std::move(wanted));
  }
  if (!in.at_end()) return fail(Code::internal, {}, "a request to the archive processor is broken");
  return out;
}

Bytes print_outcome(const Result<ArchiveReport>& outcome) {
  Printer out;
  out.put(outcome.has_value());
  if (!outcome) return out.put(outcome.error().code).put(outcome.error().detail).take();
  out.put(outcome->root).put(outcome->packed_size).put(outcome->unpacked_size);
  out.put(outcome->file_count).put(outcome->wanted.size());
  for (const auto& wanted : outcome->wanted) {
    out.put(wanted.has_value());
    if (wanted) out.put(wanted->path).put(wanted->size).put(wanted->bytes);
  }
  out.put(outcome->files.size());
  for (const auto& file : outcome->files) out.put(file.path).put(file.size).put(file.sha256.view());
  out.put(outcome->programs.size());
  for (const auto& program : outcome->programs) out.put(program.path).put(program.kind);
  return out.take();
}

Result<ArchiveReport> parse_outcome(ByteView text, const ArchiveRequest& request) {
  Scanner in(text);
  if (!in.below(2)) {
    const auto code = static_cast<Code>(in.below(catalogue().size()));
    auto detail = in.text();
    if (!in.at_end() || !is_refusal(code)) return broken();
    return fail(code, std::move(detail));
  }
  ArchiveReport out;
  out.root = in.text();
  out.packed_size = in.number();
  out.unpacked_size = in.number();
  out.file_count = in.number();
  const auto wanted = in.number();
  if (wanted != request.wanted.size()) return broken();
  for (std::uint64_t i = 0; i < wanted && in.ok(); ++i) {
    out.wanted.push_back(read_captured(in));
    const auto& captured = out.wanted.back();
    if (captured && captured->bytes.size() > request.wanted[i].max_bytes) return broken();
  }
  for (auto left = in.below(kMaxList); left > 0 && in.ok(); --left)
    out.files.push_back(read_file(in));
  for (auto left = in.below(kMaxFoundPrograms + 1); left > 0 && in.ok(); --left) {
    auto path = in.text();
    out.programs.push_back({std::move(path), in.text()});
  }
  if (!in.at_end()) return broken();
  return out;
}

}  // namespace kontor::processing
