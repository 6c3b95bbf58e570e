#pragma once
// All ports of signing at once, as one loop has them.
#include "ports/log_key_keeper.h"
#include "ports/release_signer.h"
#include "ports/signer.h"

namespace kontor::signing {

class Signers : public Signer, public LogKeyKeeper, public ReleaseSigner {};

}  // namespace kontor::signing
