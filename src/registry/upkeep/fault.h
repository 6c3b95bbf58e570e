#pragma once
// What a check of a store finds.
#include <string>

namespace kontor {

enum class FaultSort {
  damage,    // something published is lost or wrong: only a backup has it
  stale,     // something derived is wrong: it can be made anew
  leftover,  // bytes that nothing needs; no harm but the space
};

struct Fault {
  FaultSort sort = FaultSort::damage;
  std::string subject;  // "npm:@scope/name@1.0.0", "blob <digest>", "store"
  std::string text;     // a sentence: what is wrong
  std::string remedy;   // a sentence: what mends it
  bool mended = false;  // and has been done
};

}  // namespace kontor
