#pragma once
// Both ports of signing at once, as one loop has them.
#include "ports/release_signer.h"
#include "ports/signer.h"

namespace kontor::signing {

class Signers : public Signer, public ReleaseSigner {};

}  // namespace kontor::signing
