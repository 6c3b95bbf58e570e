// Structure of JSON documents.
#include "base/json_scanner.h"

#include "base/siphash.h"

#include <algorithm>

namespace kontor {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::unexpected<Error> too_large(std::string_view what, std::uint64_t limit,
                                 std::string_view unit) {
  std::string text = "The JSON has ";
  text += what;
  text += "more than " + std::to_string(limit) + ' ';
  text += unit;
  return fail(Code::too_large, text + '.');
}

}  // namespace

Result<void> JsonScanner::Text::write(ByteView piece) {
  if (owner_.state_ != State::in_key) return owner_.handler_.text(piece);
  const auto limit = owner_.limits_.max_key_bytes;
  if (piece.size() > limit - owner_.key_.size()) return too_large("a key of ", limit, "bytes");
  owner_.key_ += piece;
  return {};
}

JsonScanner::JsonScanner(const JsonLimits& limits, JsonHandler& handler)
    : limits_(limits), handler_(handler), text_(*this) {}

std::unexpected<Error> JsonScanner::bad(std::string_view what) const {
  return bad_json(what, at_);
}

Result<void> JsonScanner::feed(ByteView bytes) {
  while (!bytes.empty()) {
    auto done = diverting_ ? take_string(bytes) : feed_kept(bytes);
    if (!done) return fail(done);
  }
  return {};
}

// Up to the end of `bytes` or the start of a diverted string.
Result<void> JsonScanner::feed_kept(ByteView& bytes) {
  if (kept_ >= limits_.max_bytes) return too_large("", limits_.max_bytes, "bytes");
  const ByteView clip = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(
                                            limits_.max_bytes - kept_, bytes.size())));
  ByteView rest = clip;
  while (!rest.empty() && !diverting_)
    if (auto done = step(rest); !done) return fail(done);
  const std::size_t used = clip.size() - rest.size();
  kept_ += used;
  bytes.remove_prefix(used);
  handler_.raw(clip.substr(0, used));
  return {};
}

Result<void> JsonScanner::step(ByteView& bytes) {
  if (state_ == State::in_string || state_ == State::in_key) return take_string(bytes);
  if (state_ == State::in_number) return take_number(bytes);
  const char c = bytes.front();
  if (state_ == State::in_literal) {
    if (auto done = take_literal(c); !done) return fail(done);
  } else if (!is_space(c)) {
    if (auto done = take_mark(c); !done) return fail(done);
  }
  bytes.remove_prefix(1);
  ++at_;
  return {};
}

Result<void> JsonScanner::take_mark(char c) {
  switch (state_) {
    case State::first_value:
      if (c == ']') return close(c);
      [[fallthrough]];
    case State::value:
      return begin_value(c);
    case State::first_key:
      if (c == '}') return close(c);
      [[fallthrough]];
    case State::next_key:
      if (c != '"') return bad("no key where one must be");
      state_ = State::in_key;
      key_.clear();
      string_.begin(JsonText::decode, &text_);
      return {};
    case State::colon:
      if (c != ':') return bad("no colon behind a key");
      state_ = State::value;
      return {};
    default:
      break;
  }
  if (open_.empty()) return bad("something behind the end");
  if (c != ',') return close(c);
  state_ = open_.back().is_object ? State::next_key : State::value;
  return {};
}

Result<void> JsonScanner::begin_value(char c) {
  if (++values_ > limits_.max_values) return too_large("", limits_.max_values, "values");
  if (c == '"') return begin_string();
  if (c == '{' || c == '[') return open(c);
  if (c == '-' || (c >= '0' && c <= '9')) {
    state_ = State::in_number;
    number_.begin(c);
    return {};
  }
  literal_ = c == 't' ? "rue" : c == 'f' ? "alse" : c == 'n' ? "ull" : "";
  if (literal_.empty())
    return bad(at_ == 0 && c == '\xef' ? "a byte order mark" : "no value where one must be");
  state_ = State::in_literal;
  return {};
}

Result<void> JsonScanner::begin_string() {
  const auto mode = handler_.begin_string();
  if (!mode) return std::unexpected(mode.error());
  state_ = State::in_string;
  diverting_ = *mode != JsonText::keep;
  string_.begin(*mode, &text_);
  return {};
}

Result<void> JsonScanner::open(char c) {
  if (open_.size() >= limits_.max_depth) return bad("values nested too deep");
  open_.push_back({c == '{', keys_.size()});
  state_ = c == '{' ? State::first_key : State::first_value;
  handler_.open();
  return {};
}

Result<void> JsonScanner::close(char c) {
  const Open last = open_.back();
  if (c != (last.is_object ? '}' : ']')) return bad("no comma or end where one must be");
  if (auto done = check_keys(last.first_key); !done) return fail(done);
  keys_.resize(last.first_key);
  open_.pop_back();
  state_ = State::after_value;
  handler_.close();
  return {};
}

// Sorting at the end instead of hashing as they come: no choice of keys makes it slow.
Result<void> JsonScanner::check_keys(std::size_t first) {
  const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(first);
  std::sort(begin, keys_.end());
  if (std::adjacent_find(begin, keys_.end()) == keys_.end()) return {};
  return bad("the same key twice in the object that ends");
}

Result<void> JsonScanner::take_string(ByteView& bytes) {
  const std::size_t size = bytes.size();
  const auto ended = string_.feed(bytes, at_);
  at_ += size - bytes.size();
  if (!ended) return std::unexpected(ended.error());
  if (!*ended) return {};
  if (state_ == State::in_key) return end_key();
  state_ = State::after_value;
  if (!diverting_) return {};
  diverting_ = false;
  ++kept_;
  handler_.raw("\"");
  return handler_.end_string();
}

Result<void> JsonScanner::end_key() {
  keys_.push_back(siphash(key_));
  state_ = State::colon;
  handler_.key(key_);
  return {};
}

Result<void> JsonScanner::take_literal(char c) {
  if (c != literal_.front()) return bad("an unknown word");
  literal_.remove_prefix(1);
  if (literal_.empty()) state_ = State::after_value;
  return {};
}

Result<void> JsonScanner::take_number(ByteView& bytes) {
  while (!bytes.empty() && number_.take(bytes.front())) {
    bytes.remove_prefix(1);
    ++at_;
  }
  return bytes.empty() ? Result<void>() : end_number();
}

Result<void> JsonScanner::end_number() {
  if (!number_.is_whole()) return bad("an unfinished number");
  if (number_.is_huge()) return bad("a number too large");
  state_ = State::after_value;
  return {};
}

Result<void> JsonScanner::finish() {
  if (state_ == State::in_number)
    if (auto done = end_number(); !done) return fail(done);
  if (state_ != State::after_value || !open_.empty()) return bad("an early end");
  return {};
}

}  // namespace kontor
