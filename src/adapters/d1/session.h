#pragma once
// A session on a D1 database. Reads and writes are functions over a Connection, as on this machine;
// here each is run until all it asks has been fetched, a batch of questions at a time.
//
// A write commits by one batch: guards that fail unless every row it looked at is still the same,
// then its statements. Where a guard fails nothing is stored, and the function decides anew. So two
// writers that would step on each other's toes are told apart by the database, and need no lock.
#include "adapters/d1/transcript.h"
#include "adapters/sqlite/session.h"

#include <list>

namespace kontor::d1 {

class Session final : public sqlite::Session {
 public:
  Session(Bridge& bridge, Loop& home, Entropy& entropy)
      : sqlite::Session(home, nullptr), bridge_(bridge), entropy_(entropy) {}

 protected:
  std::unique_ptr<sqlite::Look> begin_look() override;
  bool submit(std::unique_ptr<sqlite::Command> command) override;

 private:
  Task<> perform(std::unique_ptr<sqlite::Command> command);
  // One run of the command to its end: nothing where a guard failed.
  Task<bool> attempt(sqlite::Command& command);

  Bridge& bridge_;
  Entropy& entropy_;
  Guesses guesses_;
  std::list<Task<>> running_;
};

}  // namespace kontor::d1
