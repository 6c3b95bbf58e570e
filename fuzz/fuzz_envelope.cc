// The publish document: cuts change nothing; what is accepted is what nlohmann and the one-shot
// base64 decoder read in the whole text.
#include "base/check.h"
#include "base/encoding.h"
#include "formats/npm/envelope_reader.h"

#include "fuzz/pieces.h"

namespace {

using kontor::Bytes;
using kontor::ByteView;
using kontor::Json;
using kontor::npm::Attachment;
using kontor::npm::Envelope;
using kontor::npm::EnvelopeReader;

constexpr kontor::npm::EnvelopeLimits kLimits{
    .document = {.max_bytes = 2000, .max_depth = 8, .max_values = 100, .max_key_bytes = 30},
    .tarball_bytes = 300,
    .bundle_bytes = 100};

struct Answer {
  kontor::Result<Envelope> envelope;
  Bytes tarball;
};

Answer read(ByteView text, std::uint32_t seed) {
  EnvelopeReader reader(kLimits);
  Bytes tarball;
  kontor::Result<void> done;
  kontor::fuzz::in_pieces(text, seed, [&](ByteView piece) {
    const std::size_t before = tarball.size();
    done = reader.feed(piece, tarball);
    kontor::check(tarball.size() - before <= piece.size() + 2, "more output than promised");
    return done.has_value();
  });
  if (!done) return {kontor::fail(done), {}};
  return {reader.finish(), tarball};
}

Answer read_whole(ByteView text) {
  EnvelopeReader reader(kLimits);
  Bytes tarball;
  auto done = reader.feed(text, tarball);
  if (!done) return {kontor::fail(done), {}};
  return {reader.finish(), tarball};
}

// Moves the data out of their document by the path that the reader claims to have seen.
void check_attachment(const Attachment& attachment, const Bytes& tarball, Json& theirs) {
  Json& data = theirs["_attachments"][attachment.key]["data"];
  kontor::check(data.is_string(), "an attachment without data");
  const auto text = data.get<std::string>();
  if (attachment.kind == Attachment::Kind::bundle)
    kontor::check(text == attachment.text, "the bundles differ");
  else
    kontor::check(kontor::from_base64(text) == tarball, "the tarballs differ");
  data = "";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteView text(reinterpret_cast<const char*>(data), size);
  const auto seed = kontor::fuzz::take_seed(text);
  const Answer whole = read_whole(text), cut = read(text, seed);
  kontor::check(whole.envelope.has_value() == cut.envelope.has_value(), "a cut changes the answer");
  if (!whole.envelope) {
    kontor::check(whole.envelope.error() == cut.envelope.error(), "a cut changes the error");
    return 0;
  }
  kontor::check(whole.tarball == cut.tarball, "a cut changes the tarball");
  kontor::check(whole.envelope->document == cut.envelope->document, "a cut changes the document");
  auto theirs = Json::parse(text, nullptr, false);
  kontor::check(theirs.is_object(), "accepted what nlohmann refuses");
  for (const Attachment& attachment : whole.envelope->attachments)
    check_attachment(attachment, whole.tarball, theirs);
  kontor::check(theirs == whole.envelope->document, "the documents differ");
  return 0;
}
