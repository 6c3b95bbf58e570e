#pragma once
// Answers that are sent again and again: a head that is made once, and a body.
#include "http/message.h"

#include <memory>
#include <vector>

namespace kontor::http {

// What a host makes of a head in order to send it without writing it anew each time.
class HostForm {
 public:
  virtual ~HostForm() = default;
};

// Status and headers of an answer, final but for what the host adds to each one.
struct ReadyHead {
  Response response;         // without body
  std::uint64_t length = 0;  // of the body that belongs to it
  // Belongs to the host that sends the head; one loop only.
  mutable std::unique_ptr<HostForm> form;
};

struct Ready {
  std::shared_ptr<const ReadyHead> head;
  Body body;                 // shared bytes, a blob, or none
  std::vector<Header> more;  // of this answer alone, and sendable; names in lower case
};

}  // namespace kontor::http
