#pragma once
// Push scanner of one JSON document: checks grammar and limits (see json_guard.h) as the bytes
// stream, and can divert strings from the document to their taker.
#include "base/byte_sink.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/json_guard.h"
#include "base/json_number.h"
#include "base/json_string.h"

#include <cstdint>
#include <string>
#include <vector>

namespace kontor {

// Told of the document in order; every method defaults to keeping everything and saying nothing.
class JsonHandler {
 public:
  virtual ~JsonHandler() = default;

  // The document as written, less the insides of diverted strings; pieces of any size, valid during
  // the call.
  virtual void raw(ByteView /*piece*/) {}

  virtual void open() {}  // an array or object starts
  virtual void close() {}
  virtual void key(ByteView /*text*/) {}  // of the innermost object, decoded

  // A string value starts: what becomes of it. For a diverted one `text` follows, piece by piece,
  // then end_string.
  virtual Result<JsonText> begin_string() { return JsonText::keep; }
  virtual Result<void> text(ByteView /*piece*/) { return {}; }
  virtual Result<void> end_string() { return {}; }
};

// After an error the scanner may only be destroyed. Errors do not depend on how the text was cut.
// Memory: the longest key and 8 bytes for each key of the objects that are open.
class JsonScanner {
 public:
  JsonScanner(const JsonLimits& limits, JsonHandler& handler);  // borrows the handler
  JsonScanner(const JsonScanner&) = delete;
  JsonScanner& operator=(const JsonScanner&) = delete;

  Result<void> feed(ByteView bytes);
  Result<void> finish();

 private:
  enum class State : std::uint8_t {
    value,        // a value must come
    first_value,  // a value or the end of the array
    first_key,    // a key or the end of the object
    next_key,     // a key
    colon,
    after_value,  // a comma or the end of what is open; white space at the top
    in_string,
    in_key,
    in_literal,
    in_number,
  };
  // Texts of keys, or of strings that are diverted.
  class Text final : public ByteSink {
   public:
    explicit Text(JsonScanner& owner) : owner_(owner) {}
    Result<void> write(ByteView piece) override;

   private:
    JsonScanner& owner_;
  };
  struct Open {
    bool is_object;
    std::size_t first_key;  // index in keys_
  };

  Result<void> feed_kept(ByteView& bytes);
  Result<void> step(ByteView& bytes);
  Result<void> take_mark(char c);
  Result<void> begin_value(char c);
  Result<void> begin_string();
  Result<void> open(char c);
  Result<void> close(char c);
  Result<void> take_string(ByteView& bytes);
  Result<void> take_literal(char c);
  Result<void> take_number(ByteView& bytes);
  Result<void> end_number();
  Result<void> end_key();
  Result<void> check_keys(std::size_t first);
  std::unexpected<Error> bad(std::string_view what) const;

  JsonLimits limits_;
  JsonHandler& handler_;
  Text text_;
  State state_ = State::value;
  bool diverting_ = false;
  JsonString string_;
  JsonNumber number_;
  std::string_view literal_;  // what is still to come of it
  std::string key_;
  std::vector<Open> open_;
  std::vector<std::uint64_t> keys_;  // hashes of the keys of open objects
  std::uint64_t at_ = 0;             // bytes consumed
  std::uint64_t kept_ = 0;           // of these, part of the document
  std::uint64_t values_ = 0;
};

}  // namespace kontor
