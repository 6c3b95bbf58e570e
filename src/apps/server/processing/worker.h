#pragma once
// The worker's side: a process that inspects archives, one after the other, and can do nothing
// else.

namespace kontor::processing {

// The socket that a worker finds open when it starts, and the argument that makes the program one.
inline constexpr int kWorkerSocket = 3;
inline constexpr const char* kWorkerArgument = "--archive-processor";

// Until the other side of the socket is gone. Yields the status of the process.
int run_worker();

}  // namespace kontor::processing
