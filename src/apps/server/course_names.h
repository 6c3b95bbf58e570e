#pragma once
// The names of Progy's artifacts in the store of files, made anew from the rows when a server
// starts: after a crash between the two, a restore, an import, an update. Rows STO-08, D-07.
#include "adapters/filesystem/blob_layout.h"

#include <string>

namespace kontor {

// `database` is open in this process, and nobody changes courses.
Result<void> name_courses(const std::string& database, const fs::BlobLayout& layout);

}  // namespace kontor
