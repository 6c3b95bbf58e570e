#pragma once
// The registry's own failures, remembered by one Durable Object for all isolates (row HLT-02).
#include "apps/edge/host.h"
#include "ports/error_book.h"

namespace kontor::edge {

class FarErrors final : public ErrorBook {
 public:
  explicit FarErrors(Host& host) : host_(host) {}

  // Sent behind the answer.
  void add(std::string_view request_id, const Error& error, Timestamp now) override;
  Task<std::vector<ErrorGroup>> list() override;
  Task<std::optional<ErrorGroup>> find(std::string id) override;
  Task<> clear() override;

 private:
  Host& host_;
};

}  // namespace kontor::edge
