// Leaf and proof in one file.
#include "tlog/entry_proof.h"

#include "tests/support/signed_log.h"

#include <gtest/gtest.h>

namespace kontor::tlog {
namespace {

std::string sample() {
  testing::SignedLog log;
  log.add_many(300);
  log.publish();
  return print_entry_proof({log.leaf(7), log.proof(7)});
}

TEST(EntryProof, prints_what_it_was_parsed_from) {
  const auto text = sample();
  const auto entry = parse_entry_proof(text);
  ASSERT_TRUE(entry) << entry.error().message();
  EXPECT_EQ(entry->leaf, "entry 7\n");
  EXPECT_EQ(entry->proof.index, 7U);
  EXPECT_EQ(print_entry_proof(*entry), text);
}

TEST(EntryProof, other_texts_are_refused) {
  const auto text = sample();
  EXPECT_FALSE(parse_entry_proof(""));
  EXPECT_FALSE(parse_entry_proof(text.substr(8)));
  EXPECT_FALSE(parse_entry_proof(text.substr(0, 40)));
  EXPECT_EQ(parse_entry_proof(std::string(kMaxLeafBytes, 'x') + text).error().code,
            Code::too_large);
}

}  // namespace
}  // namespace kontor::tlog
