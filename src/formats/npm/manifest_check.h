#pragma once
// Manifest confusion: installers trust the document, people read the tarball, so both must say the
// same (row NPM-04).
#include "base/error.h"
#include "base/json.h"

#include <string>

namespace kontor::npm {

// `packed` is package/package.json of the tarball, `published` the version object of the envelope,
// `name` and `version` what it is published as. manifest_mismatch names the first field of name,
// version, dependencies of all kinds, scripts and bin that differs, with both values shortened.
// What clients change on the way to the registry is allowed:
//   - name and version trimmed, v and build metadata dropped;
//   - bin as string, array or object, paths spelled differently, or expanded from directories.bin;
//   - scripts that run only before packing left out (pnpm), node_modules/.bin/ cut from scripts,
//     "node-gyp rebuild" and "node server.js" put in where the tarball has no such script.
Result<void> check_manifest(const Json& packed, const Json& published, const std::string& name,
                            const std::string& version);

// Whether installing the package runs something of its own.
bool has_install_script(const Json& packed, bool has_binding_gyp);

}  // namespace kontor::npm
