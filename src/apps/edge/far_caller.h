#pragma once
// Other services asked by the worker's fetch.
#include "apps/edge/host.h"
#include "ports/http_caller.h"
#include "ports/witness_caller.h"

namespace kontor::edge {

class FarCaller final : public HttpCaller {
 public:
  explicit FarCaller(Host& host) : host_(host) {}

  Task<HttpReply> send(HttpCall call) override;

 private:
  Host& host_;
};

class FarWitnessCaller final : public WitnessCaller {
 public:
  explicit FarWitnessCaller(Host& host) : host_(host) {}

  Task<WitnessReply> post(std::string url, Bytes body) override;

 private:
  Host& host_;
};

}  // namespace kontor::edge
