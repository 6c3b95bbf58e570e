#pragma once
// Somebody who takes money for a package (row PRG-09).
#include "base/bytes.h"
#include "base/task.h"
#include "base/time.h"
#include "domain/ids.h"
#include "domain/price.h"

#include <optional>
#include <string>
#include <string_view>

namespace kontor {

struct Checkout {
  UserId user;
  PackageId package;
  std::string title;  // what the buyer reads
  Price price;
  std::string success_url;  // where the browser goes afterwards
  std::string cancel_url;
  std::string attempt;  // the same checkout of the same attempt is begun once, however often asked
};

struct StartedCheckout {
  std::string reference;
  std::string url;  // where the buyer pays
};

// That a checkout was paid, or that all of it was paid back.
struct Payment {
  std::string reference;  // of the payment; a refund has that of what it pays back
  UserId user;
  PackageId package;
  Price paid;
  bool refunded = false;
};

// Thread: one instance belongs to one loop.
class PaymentProvider {
 public:
  virtual ~PaymentProvider() = default;
  virtual std::string_view name() const = 0;  // as it is stored with purchases

  // unavailable where the provider does not begin one.
  virtual Task<StartedCheckout> start(Checkout checkout) = 0;

  // Header of the provider's messages that holds their signature; lower case.
  virtual std::string_view signature_header() const = 0;
  // What a message tells; nothing where it is about something else. invalid_signature where it is
  // not the provider's or too old, invalid_json where it cannot be read. A message may come more
  // than once.
  virtual Result<std::optional<Payment>> read_message(std::string_view signature, ByteView body,
                                                      Timestamp now) const = 0;
};

}  // namespace kontor
