#pragma once
// A server's connections to its signer. A signer that is away for a moment, because it is started
// again, costs its callers that moment and nothing else.
#include "apps/server/signer/packets.h"
#include "base/json.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace kontor::signer {

// What may be asked twice where the answer got lost.
enum class Repeat { harmless, refused };

// Any thread; calls block. Outlives the signers that stand on it.
class Client {
 public:
  // Callers wait at most `patience` for a signer that does not answer.
  Client(std::string path, Duration patience) : path_(std::move(path)), patience_(patience) {}

  // The answer to a request. The signer's own refusals come back as its errors; unavailable where
  // it is away for longer than the patience, or got the request, and cannot be asked twice.
  Result<Json> ask(const Json& request, Repeat repeat);

  // Answers about keys, which change by a rotation only: kept by whoever asked, until forget() or
  // until the signer is another process.
  class Memory {
   public:
    std::optional<Json> find(const std::string& request);
    // To be asked before the signer is, and given back with the answer.
    std::uint64_t age();
    void keep(const std::string& request, const Json& answer, std::uint64_t age);
    void forget();

   private:
    std::mutex mutex_;
    std::uint64_t age_ = 0;
    std::map<std::string, Json> answers_;
  };
  Memory& memory() { return memory_; }

 private:
  struct Attempt {
    Result<Json> answer;
    bool was_sent = false;
  };
  Attempt attempt(const Bytes& packet);
  Result<fs::Fd> connection();
  void keep(fs::Fd connection);
  void drop_idle();

  const std::string path_;
  const Duration patience_;
  Memory memory_;
  std::mutex mutex_;
  std::vector<fs::Fd> idle_;
};

}  // namespace kontor::signer
