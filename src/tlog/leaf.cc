// Leaves: which fields an event has, in which order. Writing and reading walk the same list.
#include "tlog/leaf.h"

#include "tlog/leaf_values.h"
#include "tlog/lines.h"

#include <type_traits>

namespace kontor::tlog {
namespace {

constexpr ByteView kHeader = "pkglog/v1 ";

// Each fields() calls lines.field(name, value) for one line.
void fields(auto& lines, Archive& a) {
  lines.field("size", a.size);
  lines.field("sha256", a.sha256);
  lines.field("sha512", a.sha512);
  lines.field("manifest", a.manifest);
}

void version_fields(auto& lines, auto& e) {
  lines.field("package", e.package);
  lines.field("version", e.version);
}

void fields(auto& lines, PublishEvent& e) {
  version_fields(lines, e);
  fields(lines, e.archive);
}

void fields(auto& lines, ReplaceEvent& e) {
  version_fields(lines, e);
  fields(lines, e.archive);
  lines.field("before", e.before);
}

void fields(auto& lines, StageEvent& e) {
  version_fields(lines, e);
  lines.field("stage", e.stage);
  fields(lines, e.archive);
}

void fields(auto& lines, ApproveEvent& e) {
  version_fields(lines, e);
  lines.field("stage", e.stage);
}

// Withdraw, restore, yank, unyank, release.
template <class E>
  requires std::is_same_v<decltype(E::reason), Word>
void fields(auto& lines, E& e) {
  version_fields(lines, e);
  lines.field("reason", e.reason);
}

void fields(auto& lines, QuarantineEvent& e) {
  version_fields(lines, e);
  lines.field("reason", e.reason);
  lines.field("advisory", e.advisory);
}

void fields(auto& lines, TagEvent& e) {
  lines.field("package", e.package);
  lines.field("tag", e.tag);
  lines.field("before", e.before);
  lines.field("after", e.after);
}

void fields(auto& lines, DeprecateEvent& e) {
  version_fields(lines, e);
  lines.field("message", e.message);
}

void fields(auto& lines, OwnerEvent& e) {
  lines.field("package", e.package);
  lines.field("change", e.change);
  lines.field("account", e.account);
  lines.field("role", e.role);
}

void fields(auto& lines, PublisherEvent& e) {
  lines.field("package", e.package);
  lines.field("change", e.change);
  lines.field("publisher", e.publisher);
  lines.field("claims", e.claims);
}

void fields(auto& lines, PolicyEvent& e) {
  lines.field("package", e.package);
  lines.field("setting", e.setting);
  lines.field("before", e.before);
  lines.field("after", e.after);
}

void fields(auto& lines, AdvisoryEvent& e) {
  lines.field("advisory", e.id);
  lines.field("sha256", e.sha256);
}

void fields(auto& lines, UpstreamEvent& e) {
  version_fields(lines, e);
  lines.field("host", e.host);
  fields(lines, e.archive);
}

void fields(auto& lines, KeyEvent& e) {
  lines.field("use", e.use);
  lines.field("key", e.id);
  lines.field("sha256", e.sha256);
  lines.field("expires", e.expires);
}

void fields(auto& lines, TokenEvent& e) {
  lines.field("change", e.change);
  lines.field("account", e.account);
  lines.field("token", e.id);
  lines.field("rights", e.rights);
}

void all_fields(auto& lines, Leaf& leaf) {
  std::visit([&](auto& event) { fields(lines, event); }, leaf.event);
  lines.field("by", leaf.by);
  lines.field("time", leaf.time);
}

class Writer {
 public:
  explicit Writer(ByteView kind) : text_(Bytes(kHeader) + Bytes(kind) + "\n") {}

  void field(ByteView name, const auto& value) {
    const Spelt spelt = spell(value);
    if (!spelt && misplaced_.empty()) misplaced_ = name;
    text_ += Bytes(name) + " " + spelt.value_or("") + "\n";
  }

  Result<Bytes> finish() && {
    if (!misplaced_.empty())
      return fail(Code::bad_request, "The value of the field '" + std::string(misplaced_) +
                                         "' cannot be written to the log.");
    if (text_.size() > kMaxLeafBytes)
      return fail(Code::too_large, "An entry of the log may have 4,096 bytes; use shorter names.");
    return std::move(text_);
  }

 private:
  Bytes text_;
  ByteView misplaced_;  // name of the first field whose value has no place in it
};

class Reader {
 public:
  explicit Reader(ByteView text) : text_(text) {}

  void field(ByteView name, auto& value) {
    const auto line = take_line(text_);
    const auto named = line ? after(*line, name) : std::nullopt;
    const auto spelt = named ? after(*named, " ") : std::nullopt;
    good_ = good_ && spelt && read(*spelt, value);
  }

  bool is_done() const { return good_ && text_.empty(); }

 private:
  ByteView text_;
  bool good_ = true;
};

template <std::size_t I = 0>
bool start_event(ByteView kind, Event& event) {
  if constexpr (I == std::variant_size_v<Event>) {
    return false;
  } else {
    if (kind != std::variant_alternative_t<I, Event>::kKind) return start_event<I + 1>(kind, event);
    event.emplace<I>();
    return true;
  }
}

std::unexpected<Error> malformed() {
  return fail(Code::bad_request, "This is no entry of a package log in its one form.");
}

}  // namespace

std::string_view kind_of(const Event& event) {
  return std::visit([](const auto& e) { return e.kKind; }, event);
}

Result<Bytes> print_leaf(const Leaf& leaf) {
  Leaf copy = leaf;  // the list of fields is written for reading as well
  Writer writer(kind_of(leaf.event));
  all_fields(writer, copy);
  return std::move(writer).finish();
}

Result<Leaf> parse_leaf(ByteView text) {
  if (text.size() > kMaxLeafBytes) return malformed();
  ByteView rest = text;
  const auto kind = after(take_line(rest).value_or(""), kHeader);
  Leaf leaf;
  if (!kind || !start_event(*kind, leaf.event)) return malformed();
  Reader reader(rest);
  all_fields(reader, leaf);
  if (!reader.is_done() || print_leaf(leaf) != Result<Bytes>(text)) return malformed();
  return leaf;
}

}  // namespace kontor::tlog
