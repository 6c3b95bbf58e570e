#pragma once
// A session on a D1 database. Reads and writes are functions over a Connection, as on this machine;
// here each is run until all it asks has been fetched, a batch of questions at a time.
//
// A write commits by one batch: guards that fail unless every row it looked at is still the same,
// then its statements. Where a guard fails nothing is stored, and the function decides anew. So two
// writers that would step on each other's toes are told apart by the database, and need no lock.
//
// While one request is answered, what its latest batch told need not be asked again: later reads
// may see the state of that batch. Every further batch and every write takes its place, so that no
// read sees an older state than one before it.
#include "adapters/d1/transcript.h"
#include "adapters/sqlite/session.h"
#include "ports/rehearsals.h"

#include <list>

namespace kontor::d1 {

class Session final : public sqlite::Session, public Rehearsals {
 public:
  Session(Bridge& bridge, Loop& home, Entropy& entropy)
      : sqlite::Session(home, nullptr), bridge_(bridge), entropy_(entropy) {}

  // A request begins: forgets what was told, and remembers from now on. Without it every read and
  // write asks for itself.
  void begin_request();

  void begin() override;
  void end() override;

 protected:
  std::unique_ptr<sqlite::Look> begin_look() override;
  bool submit(std::unique_ptr<sqlite::Command> command) override;

 private:
  class FarLook;

  Task<> fetch(std::vector<Question> asked);
  Task<> perform(std::unique_ptr<sqlite::Command> command);
  // One run of the command to its end: nothing where a guard failed.
  Task<bool> attempt(sqlite::Command& command);
  void note(const Transcript& transcript);  // of a rehearsal

  Bridge& bridge_;
  Entropy& entropy_;
  Guesses guesses_;
  Memory memory_;
  bool remembers_ = false;
  bool rehearsing_ = false;
  bool lacks_ = false;  // the rehearsal asked what was not known
  std::list<Task<>> running_;
};

}  // namespace kontor::d1
