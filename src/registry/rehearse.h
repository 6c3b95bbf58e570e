#pragma once
// Asks stores that are far away everything at once.
#include "base/task.h"
#include "ports/rehearsals.h"
#include "registry/registry.h"

namespace kontor {

// Runs the task that `make` yields once for nothing, where the stores are far away, so that they
// fetch together what it will ask when it is run in earnest. It may ask stores and compute; its
// last act may be a write. It is destroyed wherever it has come to.
template <class Make>
void rehearse(Registry& registry, Make make) {
  if (!registry.rehearsals) return;
  registry.rehearsals->begin();
  auto task = make();
  task.start();
  registry.rehearsals->end();
}

}  // namespace kontor
