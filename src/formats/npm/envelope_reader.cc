// Streaming reader of the publish document: routes attachment data out of the JSON.
#include "formats/npm/envelope_reader.h"

#include "base/base64_stream.h"
#include "base/json_scanner.h"

#include <algorithm>
#include <utility>

namespace kontor::npm {
namespace {

std::optional<Attachment::Kind> kind_of(ByteView key) {
  if (key.ends_with(".tgz")) return Attachment::Kind::tarball;
  if (key.ends_with(".sigstore")) return Attachment::Kind::bundle;
  return std::nullopt;
}

const Attachment* first_of(const std::vector<Attachment>& all, Attachment::Kind kind) {
  const auto found =
      std::find_if(all.begin(), all.end(), [kind](const Attachment& a) { return a.kind == kind; });
  return found == all.end() ? nullptr : &*found;
}

// The member of an object, or null where there is none.
const Json* member(const Json* object, const std::string& key) {
  if (!object || !object->is_object()) return nullptr;
  const auto found = object->find(key);
  return found == object->end() ? nullptr : &*found;
}

// What the document says about an attachment beside its data.
void read_claims(const Json& document, Attachment& attachment) {
  const Json* claims = member(member(&document, "_attachments"), attachment.key);
  if (const Json* type = member(claims, "content_type"); type && type->is_string())
    attachment.content_type = *type->get_ptr<const std::string*>();
  if (const Json* length = member(claims, "length"); length && length->is_number_unsigned())
    attachment.declared_length = *length->get_ptr<const std::uint64_t*>();
}

}  // namespace

const Attachment* Envelope::tarball() const {
  return first_of(attachments, Attachment::Kind::tarball);
}
const Attachment* Envelope::bundle() const {
  return first_of(attachments, Attachment::Kind::bundle);
}

class EnvelopeReader::Impl final : public JsonHandler {
 public:
  explicit Impl(const EnvelopeLimits& limits) : limits_(limits), scanner_(limits.document, *this) {}

  Result<void> feed(ByteView piece, Bytes& tarball) {
    tarball_ = &tarball;
    auto done = scanner_.feed(piece);
    tarball_ = nullptr;
    return done;
  }

  Result<Envelope> finish() {
    if (auto done = scanner_.finish(); !done) return fail(done);
    auto document = parse_json(document_, limits_.document);
    if (!document) return fail(document);
    if (!document->is_object()) return fail(Code::invalid_json, "The body must be a JSON object.");
    for (Attachment& attachment : attachments_) read_claims(*document, attachment);
    return Envelope{std::move(*document), std::move(attachments_)};
  }

  void raw(ByteView piece) override { document_ += piece; }

  void open() override {
    ++depth_;
    if (depth_ == 2) attachment_key_.clear();  // set by keys only: an array here has none
    if (depth_ == 3) at_data_ = false;
  }

  void close() override { --depth_; }

  void key(ByteView text) override {
    if (depth_ == 1) in_attachments_ = text == "_attachments";
    if (!in_attachments_) return;
    if (depth_ == 2) attachment_key_ = text;
    if (depth_ == 3) at_data_ = text == "data";
  }

  Result<JsonText> begin_string() override {
    if (depth_ != 3 || !in_attachments_ || !at_data_) return JsonText::keep;
    const auto kind = kind_of(attachment_key_);
    if (!kind) return JsonText::keep;
    if (first_of(attachments_, *kind))
      return fail(Code::missing_attachment,
                  *kind == Attachment::Kind::tarball
                      ? "The body carries more than one tarball; publish one version at a time."
                      : "The body carries more than one .sigstore bundle.");
    attachments_.push_back({.key = attachment_key_, .kind = *kind});
    return *kind == Attachment::Kind::tarball ? JsonText::opaque : JsonText::decode;
  }

  Result<void> text(ByteView piece) override {
    Attachment& attachment = attachments_.back();
    return attachment.kind == Attachment::Kind::tarball ? decode(attachment, piece)
                                                        : collect(attachment, piece);
  }

  Result<void> end_string() override {
    if (attachments_.back().kind == Attachment::Kind::tarball && !base64_.finish())
      return not_base64();
    return {};
  }

 private:
  static std::unexpected<Error> not_base64() {
    return fail(Code::bad_request, "The data of the tarball attachment is not valid base64.");
  }

  Result<void> decode(Attachment& attachment, ByteView piece) {
    const std::size_t before = tarball_->size();
    const bool valid = base64_.feed(piece, *tarball_);
    attachment.length += tarball_->size() - before;
    if (attachment.length > limits_.tarball_bytes)
      return fail(Code::too_large, "The tarball is larger than " +
                                       std::to_string(limits_.tarball_bytes) + " bytes.");
    return valid ? Result<void>() : not_base64();
  }

  Result<void> collect(Attachment& attachment, ByteView piece) {
    attachment.length += piece.size();
    if (attachment.length > limits_.bundle_bytes)
      return fail(Code::too_large, "The .sigstore bundle is larger than " +
                                       std::to_string(limits_.bundle_bytes) + " bytes.");
    attachment.text += piece;
    return {};
  }

  EnvelopeLimits limits_;
  JsonScanner scanner_;
  Base64Stream base64_;
  Bytes document_;
  std::vector<Attachment> attachments_;
  Bytes* tarball_ = nullptr;  // of the caller, during feed

  // Where the scanner is.
  std::uint32_t depth_ = 0;
  bool in_attachments_ = false;  // the last key of the top object
  std::string attachment_key_;   // the last key of _attachments
  bool at_data_ = false;         // the last key of an attachment
};

EnvelopeReader::EnvelopeReader(const EnvelopeLimits& limits)
    : impl_(std::make_unique<Impl>(limits)) {}
EnvelopeReader::EnvelopeReader(EnvelopeReader&&) noexcept = default;
EnvelopeReader& EnvelopeReader::operator=(EnvelopeReader&&) noexcept = default;
EnvelopeReader::~EnvelopeReader() = default;

Result<void> EnvelopeReader::feed(ByteView piece, Bytes& tarball) {
  return impl_->feed(piece, tarball);
}

Result<Envelope> EnvelopeReader::finish() {
  return impl_->finish();
}

}  // namespace kontor::npm
