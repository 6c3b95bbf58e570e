#pragma once
// What a worker process may not do, from its first moment on: no network, no files, no other
// processes, little memory. Row ORI-20.
#include <cstdint>
#include <string>

namespace kontor::processing {

struct Confinement {
  bool limits = false;       // of memory, files, processes
  bool no_network = false;   // a network namespace of its own, with nothing in it
  bool syscalls = false;     // only those an inspection needs; any other ends the process
  std::string text() const;  // "limits, no network, system calls"
};

// Of the whole address space; sanitized builds need more and go without.
inline constexpr std::uint64_t kWorkerMemory = 256ull << 20;

// For the calling process, which has one thread, for ever. What the host does not allow is left
// out.
Confinement confine_this_process();

}  // namespace kontor::processing
