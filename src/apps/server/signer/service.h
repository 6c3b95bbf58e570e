#pragma once
// The signer's half of the conversation.
#include "apps/server/signing/key_ring.h"
#include "base/bytes.h"

namespace kontor::signer {

// The packet that answers another one, whatever is in it. Any thread.
Bytes answer(signing::KeyRing& keys, ByteView request);

}  // namespace kontor::signer
