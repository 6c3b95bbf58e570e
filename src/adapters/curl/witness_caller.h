#pragma once
// Witnesses asked by libcurl, on worker threads.
#include "ports/loop.h"
#include "ports/witness_caller.h"

#include <memory>

namespace kontor::curl {

class HttpWitnessCaller final : public WitnessCaller {
 public:
  // The workers are stopped before `home` goes.
  HttpWitnessCaller(Workers& workers, Loop& home) : workers_(workers), home_(home) {}

  Task<WitnessReply> post(std::string url, Bytes body) override;

 private:
  Workers& workers_;
  Loop& home_;
};

}  // namespace kontor::curl
