#pragma once
// Messages over a socket pair: a length, then the bytes; a request brings a descriptor along.
#include "adapters/filesystem/files.h"
#include "base/bytes.h"

#include <optional>

namespace kontor::processing {

// False where the other side is gone. Blocks.
bool send_message(int socket, ByteView message, int descriptor = -1);

struct Received {
  Bytes message;
  fs::Fd descriptor;  // empty where none came
};
// Nothing where the other side is gone or sends what is no message. Blocks.
std::optional<Received> receive_message(int socket);

}  // namespace kontor::processing
