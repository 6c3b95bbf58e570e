// One pass over the fields; each rule that is broken adds its fault and the next is looked at.
#include "formats/progy/course.h"

#include "domain/semver_range.h"
#include "formats/progy/names.h"

#include <algorithm>
#include <functional>

namespace kontor::progy {
namespace {

constexpr std::size_t kMaxDescription = 500, kMaxTitle = 200, kMaxText = 2048;
constexpr std::size_t kMaxKeywords = 50, kMaxKeyword = 64, kMaxFiles = 1000;

using Rule = std::function<std::string_view(const std::string&)>;  // empty: kept

// In characters, as JSON Schema counts them; `text` is valid UTF-8.
std::size_t length_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

class Reader {
 public:
  explicit Reader(const Json& document) : document_(document) {}

  void fault(std::string path, std::string_view text) {
    faults.push_back({std::move(path), std::string(text)});
  }
  // Null where it is absent.
  const Json* find(const Json& object, const char* key) const {
    const auto it = object.find(key);
    return it == object.end() ? nullptr : &*it;
  }
  const Json* find(const char* key) const { return find(document_, key); }

  // The text there, empty where there is none or its fault was noted.
  std::string text(const Json* value, const std::string& path, std::size_t max,
                   const Rule& rule = {}) {
    if (!value) return {};
    if (!value->is_string()) return fault(path, "must be a string"), std::string();
    auto text = value->get<std::string>();
    if (length_of(text) > max)
      return fault(path, "has at most " + std::to_string(max) + " characters"), std::string();
    const auto broken = rule ? rule(text) : std::string_view();
    if (!broken.empty()) return fault(path, broken), std::string();
    return text;
  }
  std::vector<std::string> texts(const char* key, std::size_t count, std::size_t max,
                                 const Rule& rule) {
    const Json* list = find(key);
    const auto path = "$." + std::string(key);
    std::vector<std::string> out;
    if (!list) return out;
    if (!list->is_array()) return fault(path, "must be an array of strings"), out;
    if (list->size() > count) fault(path, "has at most " + std::to_string(count) + " elements");
    for (std::size_t i = 0; i < std::min(list->size(), count); ++i)
      out.push_back(text(&(*list)[i], path + "[" + std::to_string(i) + "]", max, rule));
    return out;
  }
  // The object there; null where there is none or its fault was noted.
  const Json* object(const char* key) {
    const Json* value = find(key);
    if (!value || value->is_object()) return value;
    fault("$." + std::string(key), "must be an object");
    return nullptr;
  }

  CourseFaults faults;

 private:
  const Json& document_;
};

std::string_view filled(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == text.npos ? "must not be empty" : "";
}

std::string_view web_address(const std::string& text) {
  return text.starts_with("https://") || text.starts_with("http://")
             ? ""
             : "must be an address that begins with https:// or http://";
}

std::string_view mail_address(const std::string& text) {
  const auto at = text.find('@');
  const bool formed = at != text.npos && at > 0 && at + 1 < text.size() &&
                      text.find_first_of(" \t\r\n") == text.npos;
  return formed ? "" : "must be an e-mail address";
}

std::string_view range(const std::string& text) {
  return parse_range(text) ? "" : "must be a range of versions, such as >=0.15.0";
}

// A glob may stand for any file of the course and for none outside.
std::string_view glob(const std::string& text) {
  if (text.empty()) return "must not be empty";
  if (text.front() == '/' || text.find('\\') != text.npos)
    return "must be a path within the course, with /";
  for (std::size_t from = 0; from <= text.size();) {
    const auto end = std::min(text.find('/', from), text.size());
    if (text.substr(from, end - from) == "..") return "must not lead out of the course";
    from = end + 1;
  }
  return "";
}

void read_identity(Reader& in, Course& out) {
  if (const Json* name = in.find("name"); !name)
    in.fault("$.name", "is missing; it must be @username/slug");
  else if (!name->is_string())
    in.fault("$.name", "must be a string: @username/slug");
  else if (auto parsed = parse_name(name->get<std::string>()))
    out.name = std::move(*parsed);
  else
    in.fault("$.name", "must be @username/slug: " + parsed.error().detail);
  if (const Json* version = in.find("version"); !version)
    in.fault("$.version", "is missing; it must be a semantic version such as 1.0.0");
  else
    out.version = in.text(version, "$.version", kMaxText, [](const std::string& text) {
      return parse_course_version(text) ? "" : "must be a semantic version such as 1.0.0";
    });
}

void read_author(Reader& in, Course& out) {
  const Json* author = in.object("author");
  if (!author) return;
  if (!in.find(*author, "name")) in.fault("$.author.name", "is missing");
  out.author = in.text(in.find(*author, "name"), "$.author.name", kMaxTitle, filled);
  in.text(in.find(*author, "email"), "$.author.email", kMaxText, mail_address);
  in.text(in.find(*author, "url"), "$.author.url", kMaxText, web_address);
}

void read_repository(Reader& in) {
  const Json* repository = in.object("repository");
  if (!repository) return;
  for (const auto* key : {"type", "url"}) {
    const auto path = "$.repository." + std::string(key);
    if (!in.find(*repository, key)) in.fault(path, "is missing");
    in.text(in.find(*repository, key), path, kMaxText, filled);
  }
}

Course read_fields(Reader& in, const Json& document) {
  Course out;
  in.text(in.find("$schema"), "$.$schema", kMaxText);
  read_identity(in, out);
  out.title = in.text(in.find("title"), "$.title", kMaxTitle, filled);
  out.description = in.text(in.find("description"), "$.description", kMaxDescription);
  out.keywords = in.texts("keywords", kMaxKeywords, kMaxKeyword, filled);
  read_author(in, out);
  out.license = in.text(in.find("license"), "$.license", kMaxTitle, filled);
  if (const Json* flag = in.find("private"); flag && !flag->is_boolean())
    in.fault("$.private", "must be true or false");
  else
    out.is_private = flag && flag->get<bool>();
  read_repository(in);
  if (const Json* engines = in.object("engines"))
    out.progy_range = in.text(in.find(*engines, "progy"), "$.engines.progy", kMaxText, range);
  out.files = in.texts("files", kMaxFiles, kMaxText, glob);
  out.document = document;
  return out;
}

}  // namespace

std::expected<Course, CourseFaults> read_course(ByteView text) {
  const auto document = parse_json(text, {.max_bytes = kMaxCourseBytes, .max_depth = 64});
  if (!document)
    return std::unexpected(
        CourseFaults{{"$", "is no JSON: " + std::string(document.error().message())}});
  if (!document->is_object()) return std::unexpected(CourseFaults{{"$", "must be a JSON object"}});
  Reader reader(*document);
  auto course = read_fields(reader, *document);
  if (!reader.faults.empty()) return std::unexpected(std::move(reader.faults));
  return course;
}

std::string to_text(const CourseFaults& faults) {
  std::string out;
  for (const auto& fault : faults) {
    if (!out.empty()) out += "; ";
    out += fault.path + " " + fault.text;
  }
  return out;
}

}  // namespace kontor::progy
