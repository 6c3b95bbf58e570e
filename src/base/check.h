#pragma once
// check(): aborts on a bug. Never for anything that input or the world can cause.
#include <cstdio>
#include <cstdlib>

namespace kontor {

inline void check(bool holds, const char* what) {
  if (holds) return;
#ifndef __wasm__
  std::fputs(what, stderr);
  std::fputc('\n', stderr);
#else
  (void)what;
#endif
  std::abort();
}

}  // namespace kontor
