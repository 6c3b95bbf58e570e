// Prices as people write them.
#include "domain/price.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

TEST(Price, is_read_and_written_in_whole_cents) {
  for (const auto& [amount, cents] : {std::pair("10", 1000), std::pair("9.99", 999),
                                      std::pair("0.5", 50), std::pair("999999.99", 99'999'999)}) {
    const auto price = parse_price(amount, "USD");
    ASSERT_TRUE(price) << amount;
    EXPECT_EQ(*price, (Price{cents, "usd"}));
  }
  EXPECT_EQ(to_text({1005, "eur"}), "10.05 eur");
  EXPECT_EQ(to_text({50, "eur"}), "0.50 eur");
}

TEST(Price, refuses_what_is_none) {
  for (const auto* amount :
       {"", "0", "0.00", ".5", "1.", "1.234", "-1", "1e3", "1000000", " 1", "1,5"})
    EXPECT_FALSE(parse_price(amount, "usd")) << amount;
  for (const auto* currency : {"", "us", "usdx", "u$d"})
    EXPECT_FALSE(parse_price("1", currency)) << currency;
}

}  // namespace
}  // namespace kontor
