// Streaming base64: any cut gives the answer of the one-shot decoder.
#include "base/base64_stream.h"
#include "base/check.h"
#include "base/encoding.h"

#include "fuzz/pieces.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  kontor::ByteView text(reinterpret_cast<const char*>(data), size);
  const auto seed = kontor::fuzz::take_seed(text);
  kontor::Base64Stream stream;
  std::string out;
  kontor::fuzz::in_pieces(text, seed, [&](kontor::ByteView piece) {
    const std::size_t before = out.size();
    const bool fine = stream.feed(piece, out);
    kontor::check(out.size() - before <= piece.size() + 2, "more output than promised");
    return fine;
  });
  const auto whole = kontor::from_base64(text);
  const bool accepted = stream.finish();
  kontor::check(accepted == whole.has_value(), "the decoders disagree");
  if (accepted) kontor::check(out == *whole, "the decoders differ");
  return 0;
}
