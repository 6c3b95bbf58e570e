#pragma once
// A ready head as this server sends it; made once and kept with it.
#include "http/ready.h"

#include <string>

namespace kontor::net {

struct ReadyForm final : http::HostForm {
  bool sendable = false;
  std::string http1;  // append_head_start()
};

// Of the head's own loop.
const ReadyForm& form_of(const http::ReadyHead& head);

}  // namespace kontor::net
