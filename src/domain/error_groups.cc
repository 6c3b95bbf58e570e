// Two hundred groups are searched from front to back: failures are rare, or all alike.
#include "domain/error_groups.h"

#include "base/sha256.h"

#include <algorithm>

namespace kontor {
namespace {

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Words of eight or more hex digits are ids and digests.
bool is_id(std::string_view word) {
  return word.size() >= 8 && std::ranges::all_of(word, is_hex_digit);
}

// One mark for each number, however long it is.
void append_without_numbers(std::string& out, std::string_view word) {
  for (const char c : word) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit)
      out += c;
    else if (!out.ends_with('#'))
      out += '#';
  }
}

}  // namespace

std::string error_signature(const Error& error) {
  std::string out(info(error.code).name);
  out += '|';
  std::string_view text = error.cause.empty() ? std::string_view(error.detail) : error.cause;
  while (!text.empty()) {
    const auto end = std::ranges::find_if_not(text, is_hex_digit) - text.begin();
    const auto word = text.substr(0, static_cast<std::size_t>(end));
    if (is_id(word))
      out += '#';
    else
      append_without_numbers(out, word);
    text.remove_prefix(word.size());
    if (text.empty()) break;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

void ErrorGroups::add(std::string_view request_id, const Error& error, Timestamp now) {
  const auto id = sha256(error_signature(error)).hex().substr(0, 12);
  auto group = std::ranges::find(groups_, id, &ErrorGroup::id);
  if (group == groups_.end()) {
    if (groups_.size() >= kGroups)
      groups_.erase(std::ranges::min_element(groups_, {}, &ErrorGroup::last));
    groups_.push_back({id, std::string(info(error.code).name), {}, 0, now, now, {}});
    group = groups_.end() - 1;
  }
  group->cause = (error.cause.empty() ? error.detail : error.cause).substr(0, kCauseBytes);
  ++group->count;
  group->last = std::max(group->last, now);
  if (request_id.empty()) return;
  group->requests.insert(group->requests.begin(), std::string(request_id));
  if (group->requests.size() > kRequests) group->requests.pop_back();
}

std::vector<ErrorGroup> ErrorGroups::list() const {
  auto out = groups_;
  std::ranges::sort(out, std::ranges::greater{}, &ErrorGroup::last);
  return out;
}

std::optional<ErrorGroup> ErrorGroups::find(std::string_view id) const {
  const auto found = std::ranges::find_if(groups_, [&](const ErrorGroup& group) {
    return group.id == id || std::ranges::find(group.requests, id) != group.requests.end();
  });
  return found == groups_.end() ? std::nullopt : std::optional(*found);
}

void ErrorGroups::restore(std::vector<ErrorGroup> groups) {
  groups_ = std::move(groups);
  if (groups_.size() > kGroups) groups_.resize(kGroups);
}

}  // namespace kontor
