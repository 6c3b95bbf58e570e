// The envelope as clients see it.
#include "formats/npm/error_envelope.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace kontor::npm {
namespace {

std::string body_of(const http::Response& response) {
  return std::get<Bytes>(response.body);
}

TEST(ErrorEnvelope, every_code_has_the_same_text_twice_and_its_name_in_a_header) {
  for (const auto& code : catalogue()) {
    const auto response = error_response({code.code, "", "cause stays inside"});
    EXPECT_EQ(response.status, code.status);
    EXPECT_EQ(response.header("kontor-error-code"), code.name);
    EXPECT_EQ(response.header("cache-control"), "no-store");
    const auto body = nlohmann::json::parse(body_of(response), nullptr, false);
    ASSERT_TRUE(body.is_object());
    EXPECT_EQ(body.size(), 2u);
    EXPECT_EQ(body["error"], std::string(code.text));
    EXPECT_EQ(body["message"], std::string(code.text));
    EXPECT_EQ(body_of(response).find("cause stays inside"), std::string::npos);
  }
}

TEST(ErrorEnvelope, one_time_password_errors_challenge_and_say_so_in_the_text) {
  for (const auto code : {Code::otp_required, Code::otp_invalid}) {
    const auto response = error_response({code, "", ""});
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(response.header("www-authenticate"), "OTP");
    EXPECT_NE(body_of(response).find("one-time pass"), std::string::npos);
  }
}

TEST(ErrorEnvelope, only_a_dead_token_gets_a_bearer_challenge) {
  EXPECT_EQ(error_response({Code::invalid_credential, "", ""}).header("www-authenticate"),
            "Bearer");
  for (const auto code : {Code::unauthenticated, Code::invalid_password, Code::forbidden})
    EXPECT_EQ(error_response({code, "", ""}).header("www-authenticate"), "");
}

TEST(ErrorEnvelope, says_how_long_to_wait_where_waiting_helps) {
  EXPECT_EQ(error_response({Code::rate_limited, "", "", 42}).header("retry-after"), "42");
  EXPECT_EQ(error_response({Code::unavailable, "", ""}).header("retry-after"), "5");
  EXPECT_EQ(error_response({Code::not_found, "", ""}).header("retry-after"), "");
}

TEST(ErrorEnvelope, ill_formed_utf8_in_a_detail_still_makes_valid_json) {
  const auto response = error_response({Code::bad_request, "bad \xff byte", ""});
  EXPECT_FALSE(nlohmann::json::parse(body_of(response), nullptr, false).is_discarded());
}

}  // namespace
}  // namespace kontor::npm
