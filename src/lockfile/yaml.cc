// libyaml's events as a tree. The parser expands nothing, so the tree is as large as the text.
#include "lockfile/yaml.h"

#include <algorithm>
#include <yaml.h>

namespace kontor::lockfile {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxNodes = 4'000'000;

class Event {
 public:
  ~Event() { yaml_event_delete(&event_); }
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  yaml_event_t* get() { return &event_; }
  yaml_event_type_t type() const { return event_.type; }
  std::string text() const {
    const auto& scalar = event_.data.scalar;
    return {reinterpret_cast<const char*>(scalar.value), scalar.length};
  }
  bool is_plain() const {
    switch (event_.type) {
      case YAML_SCALAR_EVENT:
        return !event_.data.scalar.anchor && !event_.data.scalar.tag;
      case YAML_SEQUENCE_START_EVENT:
        return !event_.data.sequence_start.anchor && !event_.data.sequence_start.tag;
      case YAML_MAPPING_START_EVENT:
        return !event_.data.mapping_start.anchor && !event_.data.mapping_start.tag;
      default:
        return event_.type != YAML_ALIAS_EVENT;
    }
  }
  const yaml_mark_t& mark() const { return event_.start_mark; }

 private:
  yaml_event_t event_{};
};

std::unexpected<Error> wrong_at(const yaml_mark_t& mark, std::string_view what) {
  return fail(Code::bad_request, "Line " + std::to_string(mark.line + 1) + ", column " +
                                     std::to_string(mark.column + 1) + ": " + std::string(what) +
                                     ".");
}

class Parser {
 public:
  explicit Parser(ByteView text) {
    ok_ = yaml_parser_initialize(&parser_) != 0;
    if (!ok_) return;
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  }
  ~Parser() {
    if (ok_) yaml_parser_delete(&parser_);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  Result<std::vector<Yaml>> documents() {
    std::vector<Yaml> all;
    for (;;) {
      Event event;
      if (auto read = next(event); !read) return fail(read);
      if (event.type() == YAML_STREAM_END_EVENT) return all;
      if (event.type() == YAML_STREAM_START_EVENT || event.type() == YAML_DOCUMENT_START_EVENT ||
          event.type() == YAML_DOCUMENT_END_EVENT)
        continue;
      if (event.type() != YAML_MAPPING_START_EVENT)
        return wrong_at(event.mark(), "a document is no map");
      if (auto read = map(all.emplace_back(), 1); !read) return fail(read);
    }
  }

 private:
  Result<void> next(Event& event) {
    if (!ok_) return fail(Code::unavailable, "There is no memory for the lockfile.");
    if (!yaml_parser_parse(&parser_, event.get()))
      return wrong_at(parser_.problem_mark, parser_.problem ? parser_.problem : "this is no YAML");
    if (!event.is_plain()) return wrong_at(event.mark(), "an anchor, alias or tag");
    if (++nodes_ > kMaxNodes) return fail(Code::too_large, "The lockfile has too many entries.");
    return {};
  }

  Result<void> value(Event& event, Yaml& into, std::size_t depth) {
    if (depth > kMaxDepth) return fail(Code::too_large, "The lockfile is nested too deeply.");
    if (event.type() == YAML_MAPPING_START_EVENT) return map(into, depth);
    if (event.type() == YAML_SEQUENCE_START_EVENT) return list(into, depth);
    into.text = event.text();
    return {};
  }

  Result<void> list(Yaml& into, std::size_t depth) {
    into.kind = Yaml::Kind::list;
    for (;;) {
      Event event;
      if (auto read = next(event); !read) return read;
      if (event.type() == YAML_SEQUENCE_END_EVENT) return {};
      if (auto read = value(event, into.items.emplace_back(), depth + 1); !read) return read;
    }
  }

  Result<void> map(Yaml& into, std::size_t depth) {
    into.kind = Yaml::Kind::map;
    yaml_mark_t start{};
    for (bool first = true;; first = false) {
      Event key, held;
      if (auto read = next(key); !read) return read;
      if (first) start = key.mark();
      if (key.type() == YAML_MAPPING_END_EVENT) break;
      if (key.type() != YAML_SCALAR_EVENT) return wrong_at(key.mark(), "a key is no text");
      if (auto read = next(held); !read) return read;
      into.members.push_back({key.text(), {}});
      if (auto read = value(held, into.members.back().value, depth + 1); !read) return read;
    }
    return check_keys(into, start);
  }

  static Result<void> check_keys(const Yaml& map, const yaml_mark_t& start) {
    std::vector<std::string_view> keys;
    keys.reserve(map.members.size());
    for (const auto& member : map.members) keys.push_back(member.key);
    std::ranges::sort(keys);
    if (std::ranges::adjacent_find(keys) == keys.end()) return {};
    return wrong_at(start, "this map has a key twice");
  }

  yaml_parser_t parser_{};
  bool ok_ = false;
  std::size_t nodes_ = 0;
};

}  // namespace

const Yaml* Yaml::find(std::string_view key) const {
  for (const auto& [name, value] : members)
    if (name == key) return &value;
  return nullptr;
}

std::string_view Yaml::text_of(std::string_view key) const {
  const Yaml* value = find(key);
  return value && value->kind == Kind::text ? std::string_view(value->text) : std::string_view();
}

Result<std::vector<Yaml>> parse_yaml(ByteView text) {
  return Parser(text).documents();
}

}  // namespace kontor::lockfile
