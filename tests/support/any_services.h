#pragma once
// Other services that do whatever they are asked, for tests that are about something else.
#include "ports/git_host.h"
#include "ports/payment_provider.h"

namespace kontor::test {

struct AnyProvider final : PaymentProvider {
  std::string_view name() const override { return "any"; }
  Task<StartedCheckout> start(Checkout) override {
    co_return StartedCheckout{"cs_1", "https://pay.test/cs_1"};
  }
  std::string_view signature_header() const override { return "any-signature"; }
  Result<std::optional<Payment>> read_message(std::string_view, ByteView,
                                              Timestamp) const override {
    return fail(Code::invalid_signature);
  }
};
struct AnyGitHost final : GitHost {
  Task<std::string> login_of(std::string) override { co_return "somebody"; }
  Task<GitRepository> ensure_repository(std::string, std::string, std::string name) override {
    co_return GitRepository{"https://git.test/" + name + ".git", "https://git.test/" + name, true};
  }
};

}  // namespace kontor::test
