// A small reader, a small template filler and a comparison of JSON with placeholders.
#include "tests/protocol/conversation.h"

#include "base/encoding.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kontor::test {
namespace {

using Json = nlohmann::json;
using Variables = std::map<std::string, std::string>;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

// scheme://host[:port] of a URL.
std::string origin_of(const std::string& url) {
  return url.substr(0, url.find('/', url.find("://") + 3));
}

// The same registry under a prefix, or at the root where it stands under one.
std::string other_place(const std::string& base) {
  const auto origin = origin_of(base);
  return base == origin ? origin + "/npm" : origin;
}

// "@name" stands for a file beside the conversations.
std::string body_of(const std::string& text, const std::string& path) {
  std::string body = text;
  while (body.ends_with('\n')) body.pop_back();
  if (!body.starts_with('@')) return body;
  return read_file(folder_of(folder_of(path)) + "/bodies/" + body.substr(1));
}

std::pair<std::string, std::string> header_of(const std::string& line) {
  const auto colon = line.find(": ");
  return {line.substr(0, colon), colon == line.npos ? "" : line.substr(colon + 2)};
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  std::vector<Exchange> read() {
    std::istringstream in(read_file(path_));
    for (std::string line; std::getline(in, line);) {
      ++line_;
      take(line);
    }
    finish_part();
    return std::move(out_);
  }

 private:
  enum class Part { outside, request_head, request_body, reply_head, reply_body };

  void take(const std::string& line) {
    if (line.starts_with(">>> ")) {
      finish_part();
      const auto space = line.find(' ', 4);
      out_.push_back(
          {.line = line_, .method = line.substr(4, space - 4), .target = line.substr(space + 1)});
      part_ = Part::request_head;
    } else if (line.starts_with("<<< ")) {
      finish_part();
      out_.back().status = std::stoi(line.substr(4));
      part_ = Part::reply_head;
    } else if (part_ == Part::request_head || part_ == Part::reply_head) {
      take_head(line);
    } else if (part_ != Part::outside && !line.starts_with("# ")) {
      text_ += line + "\n";
    }
  }

  void take_head(const std::string& line) {
    const bool request = part_ == Part::request_head;
    if (line.empty())
      part_ = request ? Part::request_body : Part::reply_body;
    else if (!line.starts_with("# "))
      (request ? out_.back().headers : out_.back().expected_headers).push_back(header_of(line));
  }

  void finish_part() {
    const bool blank = text_.find_first_not_of('\n') == text_.npos;
    if (part_ == Part::request_body) out_.back().body = body_of(text_, path_);
    if (part_ == Part::reply_body && !blank) out_.back().expected_body = body_of(text_, path_);
    text_.clear();
  }

  std::string path_;
  int line_ = 0;
  Part part_ = Part::outside;
  std::string text_;
  std::vector<Exchange> out_;
};

// One conversation with its memory.
class Runner {
 public:
  Runner(const std::string& path, Transport& transport) : path_(path), transport_(transport) {}

  std::string run() {
    for (const auto& exchange : read_conversation(path_)) {
      const Reply reply = transport_.ask(filled(exchange));
      where_ = path_.substr(path_.rfind('/') + 1) + ":" + std::to_string(exchange.line) + " " +
               exchange.method + " " + exchange.target + ": ";
      check(exchange, reply);
    }
    return problems_;
  }

 private:
  void problem(const std::string& text) { problems_ += where_ + text + "\n"; }

  std::string value_of(const std::string& name) {
    if (name == "base") return transport_.base();
    if (name == "origin") return origin_of(transport_.base());
    if (name == "other") return other_place(transport_.base());
    if (name.starts_with("token ")) return transport_.token(name.substr(6));
    if (name.starts_with("basic ")) {
      const auto user = name.substr(6);
      return to_base64(user + ":" + transport_.password(user));
    }
    const auto it = variables_.find(name);
    return it == variables_.end() ? "{{" + name + "}}" : it->second;
  }

  std::string fill(const std::string& text) {
    std::string out;
    std::size_t at = 0;
    for (;;) {
      const auto open = text.find("{{", at);
      const auto close = open == text.npos ? text.npos : text.find("}}", open);
      if (close == text.npos) return out + text.substr(at);
      out += text.substr(at, open - at) + value_of(text.substr(open + 2, close - open - 2));
      at = close + 2;
    }
  }

  Exchange filled(Exchange exchange) {
    exchange.target = fill(exchange.target);
    for (auto& header : exchange.headers) header.second = fill(header.second);
    if (exchange.body.size() < 4096) exchange.body = fill(exchange.body);
    return exchange;
  }

  // A text with placeholders against one that came.
  bool matches(const std::string& expected, const std::string& actual) {
    if (expected == "{{*}}") return true;
    if (expected.starts_with("{{") && expected.ends_with("=}}")) {
      variables_[expected.substr(2, expected.size() - 5)] = actual;
      return true;
    }
    return fill(expected) == actual;
  }

  bool matches(const Json& expected, const Json& actual, const std::string& at) {
    if (expected.is_string() && actual.is_string() &&
        matches(expected.get<std::string>(), actual.get<std::string>()))
      return true;
    if (expected == "{{*}}") return true;
    if (expected.is_object() && actual.is_object()) return matches_object(expected, actual, at);
    if (expected.is_array() && actual.is_array() && expected.size() == actual.size()) {
      for (std::size_t i = 0; i < expected.size(); ++i)
        if (!matches(expected[i], actual[i], at + "[" + std::to_string(i) + "]")) return false;
      return true;
    }
    if (expected == actual) return true;
    problem("body" + at + " is " + actual.dump() + " instead of " + expected.dump());
    return false;
  }

  bool matches_object(const Json& expected, const Json& actual, const std::string& at) {
    bool all = true;
    for (const auto& [name, value] : expected.items()) {
      if (name == "{{...}}") continue;
      const auto it = actual.find(name);
      if (it == actual.end()) problem("body" + at + " has no " + name);
      all = it != actual.end() && matches(value, *it, at + "." + name) && all;
    }
    if (expected.contains("{{...}}")) return all;
    for (const auto& [name, value] : actual.items())
      if (!expected.contains(name)) problem("body" + at + " has " + name), all = false;
    return all;
  }

  void check_header(const std::string& name, const std::string& expected, const Reply& reply) {
    for (const auto& [other, value] : reply.headers) {
      if (other != name) continue;
      if (expected == "-") return problem("there is a header " + name + ": " + value);
      if (!matches(expected, value)) problem(name + " is " + value + " instead of " + expected);
      return;
    }
    if (expected != "-") problem("there is no header " + name);
  }

  void check_body(const std::string& expected, const Reply& reply) {
    if (expected == "{{empty}}") {
      if (!reply.body.empty()) problem("the body is not empty");
      return;
    }
    if (expected.starts_with("{{body ")) {
      variables_["body " + expected.substr(7, expected.size() - 10)] = reply.body;
      return;
    }
    if (expected.starts_with("{{same ")) {
      const auto name = expected.substr(7, expected.size() - 9);
      if (variables_["body " + name] != reply.body) problem("the body differs from " + name);
      return;
    }
    const auto wanted = Json::parse(expected, nullptr, false);
    const auto actual = Json::parse(reply.body, nullptr, false);
    if (wanted.is_discarded()) {
      if (fill(expected) != reply.body) problem("the body is not the expected bytes");
    } else if (actual.is_discarded()) {
      problem("the body is not JSON: " + reply.body.substr(0, 200));
    } else {
      matches(wanted, actual, "");
    }
  }

  void check(const Exchange& exchange, const Reply& reply) {
    if (reply.status != exchange.status)
      problem("status " + std::to_string(reply.status) + " instead of " +
              std::to_string(exchange.status) + ": " + reply.body.substr(0, 300));
    for (const auto& [name, value] : exchange.expected_headers) check_header(name, value, reply);
    if (exchange.expected_body) check_body(*exchange.expected_body, reply);
  }

  std::string path_;
  Transport& transport_;
  Variables variables_;
  std::string where_;
  std::string problems_;
};

}  // namespace

std::vector<std::string> conversations_in(const std::string& folder) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".http") out.push_back(entry.path().stem().string());
  std::ranges::sort(out);
  return out;
}

std::vector<Exchange> read_conversation(const std::string& path) {
  return Reader(path).read();
}

std::string run_conversation(const std::string& path, Transport& transport) {
  return Runner(path, transport).run();
}

}  // namespace kontor::test
