#pragma once
// Other services asked by libcurl, on worker threads.
#include "ports/http_caller.h"
#include "ports/loop.h"

namespace kontor::curl {

class WorkerHttpCaller final : public HttpCaller {
 public:
  // The workers are stopped before `home` goes.
  WorkerHttpCaller(Workers& workers, Loop& home) : workers_(workers), home_(home) {}

  Task<HttpReply> send(HttpCall call) override;

 private:
  Workers& workers_;
  Loop& home_;
};

}  // namespace kontor::curl
