#pragma once
// What every FailureCounter promises, with limits of 3 failures in 60 seconds.
#include "ports/failure_counter.h"
#include "tests/support/test_loop.h"

#include <gtest/gtest.h>

#include <memory>

namespace kontor::test {

class FailureCounterSuite : public testing::TestWithParam<std::unique_ptr<FailureCounter> (*)()> {
 protected:
  FailureCounterSuite() : counter_(GetParam()()) {}
  std::optional<Duration> blocked(const std::string& key, Timestamp now);
  void fail_at(const std::string& key, Timestamp now);

  TestLoop loop_;
  std::unique_ptr<FailureCounter> counter_;
};

}  // namespace kontor::test
