#pragma once
// Stores that are far away answer many questions as quickly as one. Whoever is about to ask several
// of them, each after the answer to the one before, may rehearse it (registry/rehearse.h).

namespace kontor {

// Thread: belongs to the loop of its stores.
class Rehearsals {
 public:
  virtual ~Rehearsals() = default;
  // Until end() its stores answer at once: with what they were told before in this request, else as
  // if nothing were stored. They note what they are asked, and a write is where it stops: it is
  // looked at, never made and never answered.
  virtual void begin() = 0;
  // The next question is asked together with all that was noted, and all the answers are of one
  // state of the store.
  virtual void end() = 0;
};

}  // namespace kontor
