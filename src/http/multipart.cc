// What is held back is as much as could be the beginning of a boundary.
#include "http/multipart.h"

#include "base/encoding.h"

#include <algorithm>

namespace kontor::http {
namespace {

constexpr std::size_t kMaxHead = 4096;
constexpr std::size_t kMaxPreamble = 1024;
constexpr std::uint32_t kMaxParts = 16;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The value of `name` among parameters "; name=value; name=\"value\"".
std::optional<std::string> parameter(std::string_view text, std::string_view name) {
  for (auto at = text.find(';'); at != text.npos; at = text.find(';')) {
    text = trim(text.substr(at + 1));
    const auto equals = text.find('=');
    if (equals == text.npos) return std::nullopt;
    const bool wanted = equal_ignoring_case(trim(text.substr(0, equals)), name);
    text = trim(text.substr(equals + 1));
    std::string value;
    if (text.starts_with('"')) {
      std::size_t i = 1;
      for (; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        value += text[i];
      }
      text.remove_prefix(std::min(i + 1, text.size()));
    } else {
      value = trim(text.substr(0, text.find(';')));
    }
    if (wanted) return value;
  }
  return std::nullopt;
}

bool is_boundary(std::string_view text) {
  constexpr std::string_view kSigns = "'()+_,-./:=? ";
  return !text.empty() && text.size() <= 70 && text.back() != ' ' &&
         std::ranges::all_of(text, [&](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  kSigns.contains(c);
         });
}

std::unexpected<Error> malformed() {
  return fail(Code::bad_request, "The body is not multipart/form-data as its Content-Type says.");
}

Result<PartHead> read_head(std::string_view lines) {
  PartHead out;
  while (!lines.empty()) {
    const auto end = std::min(lines.find("\r\n"), lines.size());
    const auto line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 2, lines.size()));
    const auto colon = line.find(':');
    if (colon == line.npos) return malformed();
    if (!equal_ignoring_case(trim(line.substr(0, colon)), "content-disposition")) continue;
    const auto value = line.substr(colon + 1);
    out.name = parameter(value, "name").value_or("");
    out.file_name = parameter(value, "filename").value_or("");
  }
  if (out.name.empty()) return malformed();
  return out;
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  const auto type = trim(content_type.substr(0, content_type.find(';')));
  if (!equal_ignoring_case(type, "multipart/form-data")) return std::nullopt;
  auto boundary = parameter(content_type, "boundary");
  if (!boundary || !is_boundary(*boundary)) return std::nullopt;
  return boundary;
}

MultipartReader::MultipartReader(std::string_view boundary)
    : delimiter_("\r\n--" + std::string(boundary)) {}

Result<void> MultipartReader::feed(ByteView piece, PartSink& sink) {
  held_ += piece;
  for (;;) {
    auto more = step(sink);
    if (!more) return fail(more);
    if (!*more) return {};
  }
}

Result<void> MultipartReader::finish() const {
  if (state_ == State::ended) return {};
  return fail(Code::bad_request, "The multipart body ends before its closing boundary.");
}

// True where something was read and more may be at hand.
Result<bool> MultipartReader::step(PartSink& sink) {
  switch (state_) {
    case State::preamble:
    case State::data:
      return take_data(sink);
    case State::boundary:
      return take_boundary();
    case State::head:
      return take_head(sink);
    case State::ended:
      held_.clear();  // an epilogue means nothing
      return false;
  }
  return false;
}

Result<bool> MultipartReader::take_data(PartSink& sink) {
  const auto found = held_.find(delimiter_);
  const bool whole = found != held_.npos;
  const auto kept = std::min(held_.size(), delimiter_.size() - 1);
  const auto ready = whole ? found : held_.size() - kept;
  if (state_ == State::data && ready > 0)
    if (auto done = sink.data(ByteView(held_).substr(0, ready)); !done) return fail(done);
  if (!whole && state_ == State::preamble) {
    if (held_.size() > kMaxPreamble) return malformed();
    return false;
  }
  held_.erase(0, whole ? found + delimiter_.size() : ready);
  if (!whole) return false;
  if (state_ == State::data)
    if (auto done = sink.end_part(); !done) return fail(done);
  state_ = State::boundary;
  return true;
}

Result<bool> MultipartReader::take_boundary() {
  const auto blank = std::min(held_.find_first_not_of(" \t"), held_.size());
  if (blank > kMaxPreamble) return malformed();
  if (held_.size() < blank + 2) return false;
  const auto end = std::string_view(held_).substr(blank, 2);
  if (end != "--" && end != "\r\n") return malformed();
  state_ = end == "--" ? State::ended : State::head;
  held_.erase(0, blank + 2);
  return true;
}

Result<bool> MultipartReader::take_head(PartSink& sink) {
  const auto end = held_.find("\r\n\r\n");
  if (end == held_.npos) {
    if (held_.size() > kMaxHead)
      return fail(Code::too_large, "The head of a part is longer than 4096 bytes.");
    return false;
  }
  if (end > kMaxHead || ++parts_ > kMaxParts)
    return fail(Code::too_large, "A multipart body has at most 16 parts with small heads.");
  auto head = read_head(std::string_view(held_).substr(0, end));
  if (!head) return fail(head);
  held_.erase(0, end + 4);
  state_ = State::data;
  if (auto done = sink.begin_part(*head); !done) return fail(done);
  return true;
}

}  // namespace kontor::http
