#pragma once
// `kontor signer`: the process that holds the signing keys. It reads no configuration and knows no
// stores; all it does is in apps/server/signer/service.h.
#include <string>

namespace kontor::signer {

struct Options {
  std::string keys;     // folder
  std::string socket;   // path
  std::string origin;   // host in the names of new log keys
  bool shared = false;  // the group of the socket's folder may connect, too
  // A server started it: it tells on standard output, in one line, that it is "ready" or what is
  // wrong, and ends when standard input does, which is when the server has ended. Signals that ask
  // it to end are for the server.
  bool supervised = false;
};

// Returns the exit status; 1 where it could not start. One process at a time uses a folder of keys.
int run(const Options& options);

}  // namespace kontor::signer
