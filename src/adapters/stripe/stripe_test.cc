// Checkout sessions as Stripe takes them, and its signed messages.
#include "adapters/stripe/payments.h"
#include "adapters/stripe/signature.h"
#include "base/hmac.h"
#include "tests/support/fake_http_caller.h"
#include "tests/support/test_loop.h"

#include <gmock/gmock.h>

namespace kontor::stripe {
namespace {

using test::FakeHttpCaller;
using testing::HasSubstr;

constexpr std::string_view kSecret = "whsec_test";
constexpr Timestamp kSigned{1'700'000'000'000};
// Signed by another implementation of HMAC.
constexpr std::string_view kBody =
    R"({"id":"evt_1","type":"checkout.session.completed","data":{"object":{"id":"cs_1",)"
    R"("payment_status":"paid","amount_total":1000,"currency":"usd",)"
    R"("metadata":{"kontor_user":"7","kontor_package":"9"}}}})";
constexpr std::string_view kSignature =
    "b995487bf9dc6f86aa3ebdba6a48f4d2e31ed11612dc475299276f898a779f80";

std::string header_of(std::string_view signature) {
  return "t=1700000000,v1=" + std::string(signature);
}

std::string signed_header(std::string_view body) {
  return header_of(hmac_sha256(kSecret, "1700000000." + std::string(body)).hex());
}

Code refusal(std::string_view header, std::string_view body = kBody, Timestamp now = kSigned,
             std::string_view secret = kSecret) {
  const auto verified = verify_signature(header, body, secret, now);
  return verified ? Code::internal : verified.error().code;
}

TEST(StripeSignature, is_taken_where_one_of_its_schemes_fits_in_time) {
  EXPECT_TRUE(verify_signature(header_of(kSignature), kBody, kSecret, kSigned));
  const auto rolled =
      "t=1700000000,v1=" + std::string(64, '0') + ",v0=abc,v1=" + std::string(kSignature);
  EXPECT_TRUE(verify_signature(rolled, kBody, kSecret, kSigned));
  for (const auto off : {kTolerance.ms, -kTolerance.ms})
    EXPECT_TRUE(verify_signature(header_of(kSignature), kBody, kSecret, {kSigned.ms + off}));
}

TEST(StripeSignature, is_refused_where_anything_differs) {
  const auto good = header_of(kSignature);
  EXPECT_EQ(refusal(good, std::string(kBody) + " "), Code::invalid_signature);
  EXPECT_EQ(refusal(good, kBody, kSigned, "whsec_other"), Code::invalid_signature);
  EXPECT_EQ(refusal(good, kBody, kSigned, ""), Code::invalid_signature);
  EXPECT_EQ(refusal(good, kBody, {kSigned.ms + kTolerance.ms + 1}), Code::invalid_signature);
  EXPECT_EQ(refusal(good, kBody, {kSigned.ms - kTolerance.ms - 1}), Code::invalid_signature);
  for (const auto& header :
       {std::string(), std::string("t=1700000000"), "v1=" + std::string(kSignature),
        "t=1700000001,v1=" + std::string(kSignature), "t=x,v1=" + std::string(kSignature),
        "t=1700000000,v0=" + std::string(kSignature), header_of(kSignature.substr(1)),
        "t=99999999999999999999,v1=" + std::string(kSignature), std::string(5000, 't')})
    EXPECT_EQ(refusal(header), Code::invalid_signature) << header;
}

struct StripePayments : testing::Test {
  FakeHttpCaller caller;
  Payments payments{caller, {"https://api.stripe.test", "sk_test_1", std::string(kSecret)}};
  test::TestLoop loop;

  Checkout checkout() {
    return {UserId(7),
            PackageId(9),
            "@diego/rust & more",
            {1000, "usd"},
            "https://r.test/billing/success",
            "https://r.test/billing/cancel",
            "first"};
  }
  std::optional<Payment> read(const std::string& body) {
    auto read = payments.read_message(signed_header(body), body, kSigned);
    EXPECT_TRUE(read) << read.error().message();
    return read ? *read : std::nullopt;
  }
};

TEST_F(StripePayments, a_checkout_is_a_form_with_the_key_in_a_header_only) {
  caller.replies = {{200, R"({"id":"cs_1","url":"https://checkout.stripe.test/c/cs_1"})"}};
  const auto started = loop.run(payments.start(checkout()));
  ASSERT_TRUE(started);
  EXPECT_EQ(started->reference, "cs_1");
  EXPECT_EQ(started->url, "https://checkout.stripe.test/c/cs_1");
  const auto& call = caller.calls.at(0);
  EXPECT_EQ(call.method, "POST");
  EXPECT_EQ(call.url, "https://api.stripe.test/v1/checkout/sessions");
  EXPECT_EQ(caller.header(0, "authorization"), "Bearer sk_test_1");
  EXPECT_THAT(call.body, testing::Not(HasSubstr("sk_test_1")));
  for (const auto* part :
       {"mode=payment", "unit_amount%5D=1000", "currency%5D=usd", "%5Bquantity%5D=1",
        "name%5D=%40diego%2Frust%20%26%20more", "metadata%5Bkontor_user%5D=7",
        "metadata%5Bkontor_package%5D=9", "payment_intent_data%5Bmetadata%5D%5Bkontor_user%5D=7",
        "success_url=https%3A%2F%2Fr.test%2Fbilling%2Fsuccess"})
    EXPECT_THAT(call.body, HasSubstr(part));
}

TEST_F(StripePayments, the_same_attempt_has_the_same_idempotency_key) {
  for (int i = 0; i < 3; ++i)
    caller.replies.push_back({200, R"({"id":"cs_1","url":"https://checkout.stripe.test/c"})"});
  loop.run(payments.start(checkout()));
  loop.run(payments.start(checkout()));
  auto later = checkout();
  later.attempt = "second";
  loop.run(payments.start(later));
  EXPECT_EQ(caller.header(0, "idempotency-key"), caller.header(1, "idempotency-key"));
  EXPECT_NE(caller.header(0, "idempotency-key"), caller.header(2, "idempotency-key"));
}

TEST_F(StripePayments, an_answer_that_is_no_session_is_a_failure_of_stripe) {
  for (const HttpReply& reply :
       {HttpReply{401, R"({"error":{}})"}, HttpReply{200, "[]"}, HttpReply{200, "{}"},
        HttpReply{200, R"({"id":"cs_1","url":"javascript:1"})"}, HttpReply{500, ""}}) {
    caller.replies = {reply};
    const auto started = loop.run(payments.start(checkout()));
    ASSERT_FALSE(started) << reply.body;
    EXPECT_EQ(started.error().code, Code::unavailable);
  }
}

TEST_F(StripePayments, a_paid_session_tells_whose_purchase_it_is) {
  const auto payment = read(std::string(kBody));
  ASSERT_TRUE(payment);
  EXPECT_EQ(payment->reference, "cs_1");
  EXPECT_EQ(payment->user, UserId(7));
  EXPECT_EQ(payment->package, PackageId(9));
  EXPECT_EQ(payment->paid, (Price{1000, "usd"}));
}

TEST_F(StripePayments, a_refund_names_the_payment_that_it_pays_back) {
  const std::string session =
      R"({"type":"checkout.session.completed","data":{"object":{"id":"cs_1",)"
      R"("payment_intent":"pi_1","payment_status":"paid","amount_total":1000,"currency":"usd",)"
      R"("metadata":{"kontor_user":"7","kontor_package":"9"}}}})";
  std::string charge =
      R"({"type":"charge.refunded","data":{"object":{"id":"ch_1","payment_intent":"pi_1",)"
      R"("refunded":true,"amount":1000,"amount_refunded":1000,"currency":"usd",)"
      R"("metadata":{"kontor_user":"7","kontor_package":"9"}}}})";
  const auto payment = read(session), refund = read(charge);
  ASSERT_TRUE(payment && refund);
  EXPECT_EQ(payment->reference, "pi_1");
  EXPECT_FALSE(payment->refunded);
  EXPECT_EQ(refund->reference, payment->reference);
  EXPECT_EQ(refund->user, UserId(7));
  EXPECT_EQ(refund->package, PackageId(9));
  EXPECT_TRUE(refund->refunded);
  charge.replace(charge.find("true"), 4, "false");
  EXPECT_FALSE(read(charge)) << "a part of it";
}

TEST_F(StripePayments, what_is_not_paid_or_not_ours_tells_nothing) {
  const auto with = [](std::string from, std::string to) {
    std::string body(kBody);
    return body.replace(body.find(from), from.size(), to);
  };
  EXPECT_FALSE(read(with("\"paid\"", "\"unpaid\"")));
  EXPECT_FALSE(read(with("completed", "expired")));
  EXPECT_FALSE(read(with("kontor_user", "other_user")));
  EXPECT_FALSE(read(with("\"7\"", "\"7x\"")));
  EXPECT_FALSE(read(with("1000", "-1")));
  EXPECT_FALSE(read(with("\"data\"", "\"date\"")));
  EXPECT_TRUE(read(with("completed", "async_payment_succeeded")));
  EXPECT_EQ(payments.read_message(signed_header("{"), "{", kSigned).error().code,
            Code::invalid_json);
  EXPECT_EQ(payments.read_message("", kBody, kSigned).error().code, Code::invalid_signature);
}

}  // namespace
}  // namespace kontor::stripe
