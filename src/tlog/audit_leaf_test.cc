// Leaves of the audit log in their one form.
#include "tlog/audit_leaf.h"

#include <gtest/gtest.h>

namespace kontor::tlog {
namespace {

AuditLeaf sample() {
  return {"issue_token", digest_row("salt", std::array<std::string_view, 2>{"ann", "token:1"}),
          1'780'000'000};
}

TEST(AuditLeaf, is_three_lines_of_text) {
  const AuditLeaf leaf = sample();
  EXPECT_EQ(print_audit_leaf(leaf).value(),
            "auditlog/v1 issue_token\nrow " + leaf.row.hex() + "\ntime 1780000000\n");
}

TEST(AuditLeaf, reads_back_what_was_printed) {
  for (const std::string action : {"issue_token", "", "a b\n", "caf\xC3\xA9"}) {
    AuditLeaf leaf = sample();
    leaf.action = action;
    EXPECT_EQ(parse_audit_leaf(print_audit_leaf(leaf).value()).value(), leaf);
  }
}

TEST(AuditLeaf, refuses_every_other_spelling) {
  const Bytes good = print_audit_leaf(sample()).value();
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes cut = good;
    cut.erase(i, 1);
    const auto read = parse_audit_leaf(cut);
    if (read) EXPECT_EQ(print_audit_leaf(*read).value(), cut) << cut;
  }
  EXPECT_FALSE(parse_audit_leaf(""));
  EXPECT_FALSE(parse_audit_leaf(good + "\n"));
  EXPECT_FALSE(parse_audit_leaf("auditlog/v1 %2D" + good.substr(good.find('\n'))));
  Bytes upper = good;
  upper[good.find("row ") + 4] = 'F';
  EXPECT_FALSE(parse_audit_leaf(upper));
}

TEST(AuditLeaf, the_digest_depends_on_salt_and_on_every_border_between_fields) {
  using Fields = std::array<std::string_view, 2>;
  const Sha256 digest = digest_row("salt", Fields{"ab", "c"});
  EXPECT_NE(digest, digest_row("salt", Fields{"a", "bc"}));
  EXPECT_NE(digest, digest_row("salz", Fields{"ab", "c"}));
  EXPECT_NE(digest, digest_row("salta", Fields{"b", "c"}));
}

}  // namespace
}  // namespace kontor::tlog
