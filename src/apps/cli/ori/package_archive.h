#pragma once
// Archives as files of this machine: made from a project, and unpacked below a folder.
#include "apps/cli/ori/project.h"
#include "base/digest.h"

#include <map>
#include <string>

namespace kontor::cli::ori {

// Contents by path, as they lie in an archive.
using Files = std::map<std::string, Bytes>;

// The archive of these files with their CHECKSUM: equal files give equal bytes.
Bytes pack(Files files);

// Judges an archive by the rules that the registry has, with the registry's words.
Result<kontor::ori::Manifest> inspect(ByteView archive);

// Writes the files below `folder`, which must exist and be empty, without the one folder that all
// of them may lie in. Inspects first, so that nothing is written of an archive that breaks a rule.
Result<void> unpack(ByteView archive, const std::string& folder);

}  // namespace kontor::cli::ori
