// Rules first, then totals, then captures.
#include "archive/report_builder.h"

#include "archive/program_kind.h"
#include "archive/refusal.h"
#include "base/encoding.h"

#include <utility>

namespace kontor {
namespace {

// What follows the first folder; empty where there is none.
ByteView below_top(ByteView path) {
  const auto slash = path.find('/');
  return slash == path.npos ? ByteView() : path.substr(slash + 1);
}

bool matches(const WantedFile& wanted, ByteView path) {
  if (wanted.match == WantedFile::Match::exact) return path == wanted.name;
  if (wanted.match == WantedFile::Match::below_any) return below_top(path) == wanted.name;
  if (path.find('/') != ByteView::npos) return false;
  const ByteView stem = path.substr(0, path.find('.'));
  return equal_ignoring_case(stem, wanted.name);
}

}  // namespace

ReportBuilder::ReportBuilder(ArchiveRequest request)
    : rules_(request.limits), request_(std::move(request)) {
  report_.wanted.resize(request_.wanted.size());
}

Result<void> ReportBuilder::begin_entry(const ArchiveEntry& entry) {
  if (auto done = rules_.admit(entry); !done) return fail(done);
  ByteView path = entry.path;
  if (request_.root == ArchiveRoot::one_folder) {
    const ByteView root = path.substr(0, path.find('/'));
    if (report_.root.empty()) report_.root = root;
    if (root != report_.root)
      return refuse_entry(path, "lies outside the archive's first top folder");
    if (entry.kind == ArchiveEntry::Kind::file && root.size() == path.size())
      return refuse_entry(path, "lies outside any folder");
    path = below_top(path);
  }
  in_file_ = entry.kind == ArchiveEntry::Kind::file;
  return in_file_ ? begin_file(path, entry) : Result<void>();
}

Result<void> ReportBuilder::begin_file(ByteView path, const ArchiveEntry& entry) {
  if (++report_.file_count > request_.limits.files)
    return fail(Code::too_large,
                "The archive has more than " + std::to_string(request_.limits.files) + " files.");
  path_ = path;
  size_ = 0;
  head_.clear();
  if (request_.list_files) hash_.emplace();
  return capture(path, entry);
}

Result<void> ReportBuilder::capture(ByteView path, const ArchiveEntry& entry) {
  for (std::size_t i = 0; i < request_.wanted.size(); ++i) {
    const WantedFile& wanted = request_.wanted[i];
    if (report_.wanted[i] || !matches(wanted, path)) continue;
    if (entry.size > wanted.max_bytes && wanted.oversize == WantedFile::Oversize::refuse)
      return refuse_large(entry.path, "is larger than " + size_text(wanted.max_bytes));
    report_.wanted[i] = CapturedFile{std::string(path), 0, {}};
    capturing_.push_back(i);
  }
  return {};
}

// A file whose size was not stated before it may turn out too large here.
Result<void> ReportBuilder::keep(std::size_t wanted, ByteView piece) {
  Bytes& bytes = report_.wanted[wanted]->bytes;
  const auto most = request_.wanted[wanted].max_bytes;
  const auto room = static_cast<std::size_t>(most) - bytes.size();
  if (piece.size() > room && request_.wanted[wanted].oversize == WantedFile::Oversize::refuse)
    return refuse_large(path_, "is larger than " + size_text(most));
  bytes += piece.substr(0, room);
  return {};
}

Result<void> ReportBuilder::data(ByteView piece) {
  size_ += piece.size();
  if (hash_) hash_->update(piece);
  if (request_.find_programs && head_.size() < kProgramHead)
    head_ += piece.substr(0, kProgramHead - head_.size());
  for (const std::size_t i : capturing_)
    if (auto done = keep(i, piece); !done) return done;
  return {};
}

Result<void> ReportBuilder::end_entry() {
  if (!std::exchange(in_file_, false)) return {};
  report_.unpacked_size += size_;
  for (const std::size_t i : capturing_) report_.wanted[i]->size = size_;
  capturing_.clear();
  if (hash_) report_.files.push_back({path_, size_, hash_->finish()});
  hash_.reset();
  note_program();
  return {};
}

void ReportBuilder::note_program() {
  const auto kind = program_kind(head_);
  if (kind.empty() || report_.programs.size() >= kMaxFoundPrograms) return;
  report_.programs.push_back({path_, std::string(kind)});
}

ArchiveReport ReportBuilder::take(std::uint64_t packed_size) {
  report_.packed_size = packed_size;
  return std::move(report_);
}

}  // namespace kontor
