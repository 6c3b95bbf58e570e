// Prices, the gate, buying, and what administrators do about it, over HTTP with a provider that
// takes any message.
#include "adapters/memory/purchase_store.h"
#include "base/encoding.h"
#include "registry/error_body.h"
#include "registry/purchases/routes.h"
#include "tests/support/account_host.h"
#include "tests/support/package_builders.h"

#include <gmock/gmock.h>

namespace kontor::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// Takes money at once: its messages are "CHECKOUT" of what was begun, or "CHECKOUT back", signed by
// "signed".
class TestProvider final : public PaymentProvider {
 public:
  std::string_view name() const override { return "test"; }
  Task<StartedCheckout> start(Checkout checkout) override {
    begun.push_back(checkout);
    if (fails) co_return fail(Code::unavailable);
    const auto id = "cs_" + std::to_string(begun.size());
    co_return StartedCheckout{id, "https://pay.test/" + id + "?a=1&b=2"};
  }
  std::string_view signature_header() const override { return "test-signature"; }
  Result<std::optional<Payment>> read_message(std::string_view signature, ByteView body,
                                              Timestamp) const override {
    if (signature != "signed") return fail(Code::invalid_signature);
    for (std::size_t i = 0; i < begun.size(); ++i) {
      const auto id = "cs_" + std::to_string(i + 1);
      const Checkout& checkout = begun[i];
      if (body == id || body == id + " back")
        return Payment{id, checkout.user, checkout.package, checkout.price, body != id};
    }
    return std::nullopt;
  }

  std::vector<Checkout> begun;
  bool fails = false;
};

constexpr const char* kCourse = "@diego/rust";
constexpr const char* kPrice = "/billing/prices/@diego/rust";

struct PurchaseRoutes : testing::Test {
  PurchaseRoutes() {
    host.asked = &gateway;
    for (const auto* name : {"diego", "ann", "eve"}) host.add_user(name, "correct horse");
    host.add_user("root", "correct horse", true);
    add_course(kCourse, Visibility::open);
    add_course("@diego/draft", Visibility::restricted);
    EXPECT_EQ(host.put(kPrice, R"({"cents":1000,"currency":"USD"})", as("diego")).status, 200);
  }

  void add_course(const std::string& name, Visibility visibility) {
    auto change = creation_of(name, host.user("diego").id, visibility);
    change.key.format = FormatId::progy;
    EXPECT_TRUE(host.run(host.packages.apply(change)));
  }
  std::string as(const std::string& name) {
    auto& bearer = bearers[name];
    if (bearer.empty()) bearer = host.bearer(name);
    return bearer;
  }
  Principal principal(const std::string& name) {
    return name.empty() ? Principal{} : host.actor(name).principal;
  }
  Result<std::optional<PurchaseDemand>> demand(const std::string& name) {
    const auto package = host.run(host.packages.find({FormatId::progy, kCourse}));
    const auto price = host.run(price_of(service, (*package)->id));
    if (price && !*price) return std::nullopt;
    return host.run(
        find_purchase_demand(service, principal(name), **package, **price, "https://r.test"));
  }
  bool may_have(const std::string& name) {
    const auto asked = demand(name);
    return asked && !*asked;
  }
  Reply buy(const std::string& name, const std::string& course = kCourse) {
    return host.post("/billing/checkout", R"({"package":")" + course + R"("})", as(name));
  }
  Reply tell(const std::string& message, const std::string& signature = "signed") {
    return host.send(
        {http::Method::post, "/billing/webhook", {{"test-signature", signature}}, message});
  }

  AccountHost host;
  memory::PurchaseStore store{host.database};
  TestProvider provider;
  PurchaseService service{host.registry, store, &provider};
  RouteTable<PurchaseService> routes{"purchases", purchase_routes(), service, error_body};
  Gateway gateway{host.registry, {{&routes, false}, {&host.npm_routes, true}}};
  std::map<std::string, std::string> bearers;
};

TEST_F(PurchaseRoutes, the_gate_asks_of_strangers_and_not_of_owners_and_administrators) {
  EXPECT_TRUE(may_have("diego"));
  EXPECT_TRUE(may_have("root"));
  EXPECT_EQ(demand("").error().code, Code::unauthenticated);
  const auto asked = demand("ann");
  ASSERT_TRUE(asked && *asked);
  EXPECT_EQ((*asked)->price, (Price{1000, "usd"}));
  EXPECT_EQ((*asked)->checkout_url, "https://r.test/billing/checkout?package=%40diego%2Frust");
  EXPECT_EQ(host.del(kPrice, as("diego")).status, 200);
  EXPECT_TRUE(may_have("ann"));
  EXPECT_TRUE(may_have(""));
}

TEST_F(PurchaseRoutes, the_demand_is_answered_402_with_price_and_address) {
  const auto asked = demand("ann");
  const auto answer = purchase_required({FormatId::progy, kCourse}, **asked);
  EXPECT_EQ(answer.status, 402);
  const auto body = Json::parse(std::get<Bytes>(answer.body));
  EXPECT_EQ(body["code"], "PURCHASE_REQUIRED");
  EXPECT_EQ(body["price"], (Json{{"cents", 1000}, {"currency", "usd"}}));
  EXPECT_EQ(body["checkoutUrl"], (*asked)->checkout_url);
}

TEST_F(PurchaseRoutes, prices_are_set_by_owners_and_read_by_who_may_read) {
  EXPECT_EQ(host.get(kPrice).json()["price"]["cents"], 1000);
  EXPECT_EQ(host.put(kPrice, R"({"cents":1,"currency":"usd"})", as("ann")).status, 403);
  EXPECT_EQ(host.put(kPrice, R"({"cents":1,"currency":"usd"})").status, 401);
  EXPECT_EQ(host.del(kPrice, as("ann")).status, 403);
  for (const auto* body : {R"({"cents":0,"currency":"usd"})", R"({"cents":1})", "{}",
                           R"({"cents":1.5,"currency":"usd"})", R"({"cents":1,"currency":"$"})"})
    EXPECT_EQ(host.put(kPrice, body, as("diego")).status, 400) << body;
  EXPECT_EQ(host.get(kPrice).json()["price"]["cents"], 1000);
  EXPECT_EQ(host.get("/billing/prices/@diego/draft", as("ann")).status, 404);
  EXPECT_EQ(host.get("/billing/prices/@diego/none").status, 404);
  EXPECT_THAT(host.audited(), Contains("set_price"));
}

TEST_F(PurchaseRoutes, a_purchase_opens_the_gate_when_the_provider_tells_it) {
  const auto begun = buy("ann");
  ASSERT_EQ(begun.status, 200) << begun.body;
  EXPECT_EQ(begun.json()["url"], "https://pay.test/cs_1?a=1&b=2");
  EXPECT_EQ(provider.begun[0].title, kCourse);
  EXPECT_EQ(provider.begun[0].success_url, "http://registry.test:4873/billing/success");
  EXPECT_FALSE(may_have("ann"));
  EXPECT_EQ(tell("cs_1", "forged").status, 403);
  EXPECT_FALSE(may_have("ann"));
  EXPECT_EQ(tell("cs_1").status, 200);
  EXPECT_TRUE(may_have("ann"));
  EXPECT_FALSE(may_have("eve"));
  EXPECT_EQ(tell("cs_1").status, 200);
  EXPECT_EQ(host.database.purchases.size(), 1u);
  EXPECT_EQ(tell("something else").status, 200);
  EXPECT_EQ(buy("ann").status, 409);
}

TEST_F(PurchaseRoutes, a_message_that_comes_again_after_a_revocation_changes_nothing) {
  buy("ann");
  tell("cs_1");
  const auto id = host.database.purchases[0].id;
  EXPECT_EQ(host.del("/-/kontor/v1/purchases/" + id, as("root")).status, 200);
  EXPECT_EQ(host.del("/-/kontor/v1/purchases/" + id, as("root")).status, 404);
  EXPECT_FALSE(may_have("ann"));
  EXPECT_EQ(tell("cs_1").status, 200);
  EXPECT_FALSE(may_have("ann"));
  EXPECT_EQ(buy("ann").status, 200);
  EXPECT_NE(provider.begun[0].attempt, provider.begun[1].attempt);
}

TEST_F(PurchaseRoutes, what_is_paid_back_is_lost_until_it_is_bought_again) {
  buy("ann");
  tell("cs_1");
  EXPECT_TRUE(may_have("ann"));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(tell("cs_1 back").status, 200);
  EXPECT_FALSE(may_have("ann"));
  tell("cs_1");
  EXPECT_FALSE(may_have("ann"));
  buy("ann");
  tell("cs_2");
  tell("cs_1 back");
  EXPECT_TRUE(may_have("ann")) << "another purchase";
}

TEST_F(PurchaseRoutes, a_refund_that_overtakes_its_payment_counts) {
  buy("ann");
  tell("cs_1 back");
  tell("cs_1");
  EXPECT_FALSE(may_have("ann"));
  EXPECT_EQ(host.database.purchases.size(), 1u);
}

TEST_F(PurchaseRoutes, buying_twice_at_once_is_one_attempt_at_the_provider) {
  buy("ann");
  buy("ann");
  EXPECT_EQ(provider.begun[0].attempt, provider.begun[1].attempt);
}

TEST_F(PurchaseRoutes, what_cannot_be_bought_is_refused_with_the_reason) {
  EXPECT_EQ(buy("diego").status, 409);
  EXPECT_EQ(buy("ann", "@diego/none").status, 404);
  EXPECT_EQ(buy("ann", "@diego/draft").status, 404);
  EXPECT_EQ(host.post("/billing/checkout", R"({"package":"@diego/rust"})").status, 401);
  provider.fails = true;
  EXPECT_EQ(buy("ann").status, 503);
  service.payments = nullptr;
  EXPECT_EQ(buy("ann").status, 501);
  EXPECT_EQ(tell("cs_1").status, 404);
  EXPECT_FALSE(may_have("ann"));
}

TEST_F(PurchaseRoutes, administrators_grant_list_and_revoke) {
  const std::string grant = R"({"user":"ann","package":"@diego/rust"})";
  EXPECT_EQ(host.post("/-/kontor/v1/purchases", grant, as("diego")).status, 403);
  const auto granted = host.post("/-/kontor/v1/purchases", grant, as("root"));
  ASSERT_EQ(granted.status, 201) << granted.body;
  EXPECT_TRUE(may_have("ann"));
  EXPECT_EQ(host.post("/-/kontor/v1/purchases", grant, as("root")).status, 409);
  EXPECT_EQ(
      host.post("/-/kontor/v1/purchases", R"({"user":"no","package":"@diego/rust"})", as("root"))
          .status,
      404);
  const auto listed = host.get("/-/kontor/v1/purchases?user=ann", as("root")).json()["purchases"];
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0]["package"], kCourse);
  EXPECT_EQ(listed[0]["provider"], "grant");
  EXPECT_EQ(host.get("/-/kontor/v1/purchases?user=eve", as("root")).json()["purchases"].size(), 0u);
  EXPECT_EQ(host.get("/-/kontor/v1/purchases", as("ann")).status, 403);
  EXPECT_EQ(
      host.del("/-/kontor/v1/purchases/" + granted.json()["id"].get<std::string>(), as("root"))
          .status,
      200);
  EXPECT_FALSE(may_have("ann"));
}

// --- the page ------------------------------------------------------------------------------------

struct CheckoutPages : PurchaseRoutes {
  std::string page = "/billing/checkout?package=%40diego%2Frust";
  std::string form_token() {
    const auto body = host.get(page).body;
    const std::string before = "name=\"form\" value=\"";
    const auto start = body.find(before) + before.size();
    return body.substr(start, body.find('"', start) - start);
  }
  Reply submit(const std::string& fields) {
    return host.post("/billing/checkout/page",
                     "form=" + form_token() + "&package=%40diego%2Frust&" + fields);
  }
};

TEST_F(CheckoutPages, lead_from_a_login_to_the_providers_page) {
  const auto first = host.get(page);
  EXPECT_EQ(first.status, 200);
  EXPECT_THAT(first.body, HasSubstr("10.00 usd"));
  EXPECT_THAT(first.body, HasSubstr("action=\"http://registry.test:4873/billing/checkout/page\""));
  const auto paid = submit("name=ann&password=correct+horse");
  EXPECT_EQ(paid.status, 200);
  EXPECT_THAT(paid.body, HasSubstr("href=\"https://pay.test/cs_1?a=1&amp;b=2\""));
  EXPECT_EQ(provider.begun[0].user, host.user("ann").id);
}

TEST_F(CheckoutPages, say_why_nothing_was_begun) {
  EXPECT_EQ(submit("name=%3Cb%3E&password=wrong").status, 401);
  EXPECT_THAT(submit("name=%3Cb%3E&password=wrong").body, Not(HasSubstr("<b>")));
  EXPECT_EQ(submit("name=diego&password=correct+horse").status, 409);
  EXPECT_EQ(host.post("/billing/checkout/page", "package=%40diego%2Frust&name=ann").status, 403);
  EXPECT_TRUE(provider.begun.empty());
  EXPECT_EQ(host.get("/billing/checkout?package=%40diego%2Fdraft").status, 404);
  EXPECT_EQ(host.get("/billing/checkout").status, 404);
  EXPECT_EQ(host.get("/billing/success").status, 200);
  EXPECT_EQ(host.get("/billing/cancel").status, 200);
}

}  // namespace
}  // namespace kontor::test
