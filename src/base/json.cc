// Parsing into trees.
#include "base/json.h"

#include <string>
#include <utility>
#include <vector>

namespace kontor {
namespace {

// Builds the tree from nlohmann's events. Its own builder looks for each key among all earlier keys
// of the object, which is quadratic; here keys are known to differ.
class TreeBuilder final : public Json::json_sax_t {
 public:
  Json take() { return std::move(root_); }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(Json::object()); }
  bool start_array(std::size_t /*size*/) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& text) override {
    key_ = std::move(text);
    return true;
  }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const Json::exception& /*why*/) override {
    return false;
  }

 private:
  // Elements of an open container do not move: nothing is added to it before its child closes.
  Json& add(Json value) {
    if (open_.empty()) return root_ = std::move(value);
    if (auto* object = open_.back()->get_ptr<Json::object_t*>()) {
      object->emplace_back(std::move(key_), std::move(value));
      return object->back().second;
    }
    auto& array = *open_.back()->get_ptr<Json::array_t*>();
    array.push_back(std::move(value));
    return array.back();
  }
  bool put(Json value) {
    add(std::move(value));
    return true;
  }
  bool open(Json container) {
    open_.push_back(&add(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::string key_;
  std::vector<Json*> open_;
};

}  // namespace

Result<Json> parse_json(ByteView text, const JsonLimits& limits) {
  if (auto done = check_json(text, limits); !done) return fail(done);
  TreeBuilder tree;
  if (!Json::sax_parse(text, &tree)) return fail(Code::invalid_json);
  return tree.take();
}

}  // namespace kontor
