#pragma once
// What the worker around the module does for it, each call a coroutine. The worker only moves
// bytes: what they mean is decided here.
#include "apps/edge/wire.h"
#include "base/task.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "ports/loop.h"

#include <deque>
#include <unordered_map>

namespace kontor::edge {

// worker/instance.mjs has the same table.
enum class Call : std::uint32_t {
  d1_batch = 1,
  body_read = 2,
  blob_open = 3,
  blob_append = 4,
  blob_seal = 5,
  blob_commit = 6,
  blob_drop = 7,
  object_head = 8,
  object_read = 9,
  object_create = 10,
  object_replace = 11,
  object_drop = 12,
  note_read = 13,
  note_write = 14,
  failures = 15,
  release_key = 16,
  release_sign = 17,
  object_move = 18,
  object_erase = 19,
  fetch = 20,
  object_exchange = 21,
  sequence = 22,
  record_read = 23,
  record_write = 24,
  counts = 25,
  object_list = 26,
  probe = 27,
  rates = 28,
  errors = 29,
  health = 30,
  object_name = 31,
  object_unname = 32,
};

// What a call failed with, in the worker's words; the caller makes an error of the catalogue of it.
using HostAnswer = std::expected<Bytes, std::string>;

class Host final : public Loop {
 public:
  // Yields the answer, or an Error whose cause is what the worker said and whose code is `failure`.
  Task<Bytes> call(Call what, Bytes message, Code failure = Code::storage_failed);
  // Nobody waits for it.
  void tell(Call what, Bytes message);

  // The worker's answer to the call of that number. Late ones are dropped.
  void answer(std::uint32_t number, HostAnswer result);

  void post(Work work) override { posted_.push_back(std::move(work)); }
  // Does what was posted; after every entry into the module.
  void run_posted();

 private:
  struct Waiting {
    std::coroutine_handle<> handle;
    std::optional<HostAnswer> answer;
  };
  class Answered;

  std::uint32_t latest_ = 0;
  std::unordered_map<std::uint32_t, Waiting*> waiting_;
  std::deque<Work> posted_;
};

class HostClock final : public Clock {
 public:
  Timestamp now() const override;
};

class HostEntropy final : public Entropy {
 public:
  Bytes bytes(std::size_t count) override;
};

// One line of JSON for the worker's console.
void write_log(ByteView line);

}  // namespace kontor::edge
