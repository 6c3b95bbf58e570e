#pragma once
// Stand-ins for the world in tests: a clock that is set, bytes that repeat, a hash that hides
// nothing. None of them is fit for a real server.
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/password_hasher.h"
#include "ports/secret_box.h"

#include <string>

namespace kontor::memory {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(Timestamp now = {1'780'000'000'000}) : now_(now) {}
  Timestamp now() const override { return now_; }
  void set(Timestamp now) { now_ = now; }
  void advance(Duration by) { now_ = now_ + by; }

 private:
  Timestamp now_;
};

// The same bytes in every run with the same seed (splitmix64).
class FakeEntropy final : public Entropy {
 public:
  explicit FakeEntropy(std::uint64_t seed = 1) : state_(seed) {}
  Bytes bytes(std::size_t count) override {
    Bytes out(count, '\0');
    for (std::size_t i = 0; i < count; ++i) {
      if (i % 8 == 0) word_ = next();
      out[i] = static_cast<char>(word_ >> (8 * (i % 8)));
    }
    return out;
  }

 private:
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
  std::uint64_t word_ = 0;
};

// Hides nothing from who looks closely: bytes are xored, so that a test that searches a store for
// the secret does not find it. What another host's box has sealed does not open.
class FakeSecretBox final : public SecretBox {
 public:
  explicit FakeSecretBox(std::string host = "host") : host_(std::move(host)) {}
  Bytes seal(std::string_view secret, std::string_view context) override {
    return mark(context) + hide(secret);
  }
  Result<Bytes> open(std::string_view box, std::string_view context) const override {
    const auto begin = mark(context);
    if (!box.starts_with(begin)) return fail(Code::storage_failed, {}, "sealed elsewhere");
    return hide(box.substr(begin.size()));
  }

 private:
  std::string mark(std::string_view context) const {
    return "sealed by " + host_ + " for " + std::string(context) + ": ";
  }
  static Bytes hide(std::string_view bytes) {
    Bytes out(bytes);
    for (char& c : out) c = static_cast<char>(c ^ 0x5A);
    return out;
  }
  std::string host_;
};

// Writes the password down readably. Counts its calls, so that a test can assert that an unknown
// user costs a verification too.
class FakePasswordHasher final : public PasswordHasher {
 public:
  Task<std::string> hash(std::string password) override {
    ++hashed;
    co_return "$fake$" + password;
  }
  Task<bool> verify(std::string phc, std::string password) override {
    ++verified;
    co_return !phc.empty() && phc == "$fake$" + password;
  }
  bool outdated(const std::string& phc) const override { return !phc.starts_with("$fake$"); }

  int hashed = 0;
  int verified = 0;
};

}  // namespace kontor::memory
