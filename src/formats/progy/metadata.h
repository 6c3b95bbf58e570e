#pragma once
// What a publisher says of a version beside the artifact: the part `metadata`. Row PRG-01.
#include "formats/progy/records.h"

namespace kontor::progy {

// {"name", "version", "description"?, "private"?, "changelog"?,
// "force"?}; others are skipped. In this order:
// invalid_json where it is no such object or a text is too long, invalid_name, invalid_version.
Result<Metadata> read_metadata(ByteView text);

}  // namespace kontor::progy
