// SHA-1, SHA-256 and SHA-512 against the vectors of FIPS 180-4 and against OpenSSL.
#include "base/sha1.h"
#include "base/sha256.h"
#include "base/sha512.h"

#include <gtest/gtest.h>
#include <openssl/sha.h>

namespace kontor {
namespace {

TEST(Sha, gives_the_published_digests) {
  EXPECT_EQ(sha1("abc").hex(), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(sha1("").hex(), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(sha256("abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha512("abc").hex(),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

std::string sample(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 131 + i / 251);
  return text;
}

template <class Out>
Out openssl(unsigned char* (*hash)(const unsigned char*, std::size_t, unsigned char*),
            const std::string& text) {
  Out out;
  hash(reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.bytes.data());
  return out;
}

// Every length around the block and padding boundaries.
TEST(Sha, agrees_with_openssl_for_every_length_of_three_blocks) {
  for (std::size_t size = 0; size <= 3 * 128 + 1; ++size) {
    const std::string text = sample(size);
    EXPECT_EQ(sha1(text), openssl<Sha1>(SHA1, text)) << size;
    EXPECT_EQ(sha256(text), openssl<Sha256>(SHA256, text)) << size;
    EXPECT_EQ(sha512(text), openssl<Sha512>(SHA512, text)) << size;
  }
}

template <class Hash>
auto in_pieces(std::string_view text, std::size_t piece) {
  Hash hash;
  while (!text.empty()) {
    hash.update(text.substr(0, piece));
    text.remove_prefix(std::min(piece, text.size()));
  }
  return hash.finish();
}

TEST(Sha, does_not_depend_on_how_the_input_is_cut) {
  const std::string text = sample(1000);
  for (const std::size_t piece : {1, 3, 63, 64, 65, 127, 128, 129, 999}) {
    EXPECT_EQ(in_pieces<Sha1Hash>(text, piece), sha1(text)) << piece;
    EXPECT_EQ(in_pieces<Sha256Hash>(text, piece), sha256(text)) << piece;
    EXPECT_EQ(in_pieces<Sha512Hash>(text, piece), sha512(text)) << piece;
  }
}

}  // namespace
}  // namespace kontor
