#pragma once
// Batches as messages; worker/d1.mjs is the other end.
#include "adapters/d1/bridge.h"
#include "base/error.h"

namespace kontor::edge {

Bytes print_batch(const std::vector<d1::Statement>& statements);
std::vector<d1::Rows> read_rows(ByteView message);

// What D1 said in words, as an error of the catalogue.
Error d1_error(std::string cause);

}  // namespace kontor::edge
