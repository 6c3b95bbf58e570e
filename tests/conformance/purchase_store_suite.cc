// What every store of prices and purchases promises.
#include "tests/conformance/store_harness.h"

namespace kontor::test {
namespace {

const Price kTen{1000, "usd"};

struct Sold {
  PackageId package;
  UserId buyer;
};

Purchase bought(const Sold& sold, const std::string& reference, Timestamp at = kNoon) {
  Purchase purchase;
  purchase.id = "id-" + reference;
  purchase.user = sold.buyer;
  purchase.package = sold.package;
  purchase.paid = kTen;
  purchase.provider = "stripe";
  purchase.reference = reference;
  purchase.created = at;
  return purchase;
}

Trail trail_named(const std::string& action) {
  AuditEntry entry;
  entry.action = action;
  Trail trail;
  trail.at = kNoon;
  trail.audit.push_back(entry);
  return trail;
}

TEST_P(PackageStoreSuite, a_package_is_free_until_it_has_a_price_and_again_without) {
  const auto id = apply(first_publish("course", ann_)).id;
  EXPECT_FALSE(must(purchases().price(id)));
  must(purchases().set_price(id, kTen));
  EXPECT_EQ(must(purchases().price(id)), kTen);
  must(purchases().set_price(id, Price{5, "eur"}));
  EXPECT_EQ(must(purchases().price(id)), (Price{5, "eur"}));
  must(purchases().set_price(id, std::nullopt));
  EXPECT_FALSE(must(purchases().price(id)));
  EXPECT_EQ(refused(purchases().set_price(PackageId(999), kTen)), Code::not_found);
}

TEST_P(PackageStoreSuite, a_purchase_is_noted_once_whatever_the_provider_repeats) {
  const Sold sold{apply(first_publish("course", ann_)).id, bob_};
  EXPECT_FALSE(must(purchases().has_bought(bob_, sold.package)));
  EXPECT_TRUE(must(purchases().add(bought(sold, "cs_1"), trail_named("purchase"))));
  EXPECT_TRUE(must(purchases().has_bought(bob_, sold.package)));
  EXPECT_FALSE(must(purchases().has_bought(ann_, sold.package)));
  auto again = bought(sold, "cs_1");
  again.id = "another";
  EXPECT_FALSE(must(purchases().add(again, trail_named("purchase"))));
  auto same_id = bought(sold, "cs_2");
  same_id.id = "id-cs_1";
  EXPECT_EQ(refused(purchases().add(same_id)), Code::conflict);
  EXPECT_EQ(must(purchases().list({})).size(), 1u);
  int told = 0;
  for (const auto& row : must(packages().audit(0, 100))) told += row.entry.action == "purchase";
  EXPECT_EQ(told, 1);
}

TEST_P(PackageStoreSuite, what_was_revoked_stays_so_when_the_provider_tells_it_again) {
  const Sold sold{apply(first_publish("course", ann_)).id, bob_};
  must(purchases().add(bought(sold, "cs_1")));
  EXPECT_TRUE(must(purchases().revoke("id-cs_1", kNoon)));
  EXPECT_FALSE(must(purchases().revoke("id-cs_1", kNoon)));
  EXPECT_FALSE(must(purchases().revoke("id-none", kNoon)));
  EXPECT_FALSE(must(purchases().has_bought(bob_, sold.package)));
  auto again = bought(sold, "cs_1");
  again.id = "another";
  EXPECT_FALSE(must(purchases().add(again)));
  EXPECT_FALSE(must(purchases().has_bought(bob_, sold.package)));
  EXPECT_TRUE(must(purchases().add(bought(sold, "cs_2"))));
  EXPECT_TRUE(must(purchases().has_bought(bob_, sold.package)));
}

TEST_P(PackageStoreSuite, purchases_are_listed_newest_first_by_user_and_package) {
  const Sold one{apply(first_publish("one", ann_)).id, bob_};
  const Sold two{apply(first_publish("two", ann_)).id, ann_};
  must(purchases().add(bought(one, "cs_1")));
  must(purchases().add(bought(two, "cs_2", kNoon + seconds(1))));
  must(purchases().add(bought({two.package, bob_}, "cs_3", kNoon + seconds(1))));
  const auto references = [&](PurchaseQuery query) {
    std::vector<std::string> out;
    for (const auto& listed : must(purchases().list(query)))
      out.push_back(listed.purchase.reference);
    return out;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(references({}), (Texts{"cs_3", "cs_2", "cs_1"}));
  EXPECT_EQ(references({.user = bob_, .package = {}, .offset = 0, .limit = 9}),
            (Texts{"cs_3", "cs_1"}));
  EXPECT_EQ(references({.user = {}, .package = two.package, .offset = 1, .limit = 9}),
            (Texts{"cs_2"}));
  EXPECT_EQ(references({.user = bob_, .package = one.package, .offset = 0, .limit = 1}),
            (Texts{"cs_1"}));
  must(accounts().remove_user(bob_));
  const auto listed = must(purchases().list({}));
  EXPECT_EQ(listed[0].user, "");
  EXPECT_EQ(listed[1].user, "ann");
  EXPECT_EQ(listed[1].package, key_of("two"));
  EXPECT_EQ(listed[1].purchase.paid, kTen);
}

}  // namespace
}  // namespace kontor::test
