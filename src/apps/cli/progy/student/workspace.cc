// The file is committed with the course, so that another clone can be updated too.
#include "apps/cli/progy/student/workspace.h"

#include "adapters/filesystem/whole_file.h"
#include "apps/cli/log/pin.h"

#include <cerrno>
#include <cstring>
#include <sys/stat.h>

namespace kontor::cli::progy {
namespace {

constexpr std::size_t kMostBytes = 64 * 1024;

Outcome<void> write_file(const std::string& folder, const std::string& name,
                         const std::string& text) {
  if (auto written = replace_file(folder, name, text); !written) return fail(written);
  ::chmod((folder + "/" + name).c_str(), 0644);
  return {};
}

}  // namespace

Outcome<Workspace> read_workspace(const std::string& folder) {
  const auto path = folder + "/" + kWorkspaceFile;
  const auto text = fs::read_file(path, kMostBytes);
  if (!text && text.error().code == Code::not_found)
    return fail(Code::not_found,
                "There is no " + path + ": only a folder that progy init made can be updated.");
  const auto document = text ? parse_json(*text) : Result<Json>(fail(Code::invalid_json));
  if (!document || !document->is_object())
    return fail(Code::bad_request, path + " cannot be read as JSON.");
  auto release = RegistryApi::release_in(*document, {});
  if (!release)
    return fail(Code::bad_request, path + " does not say name, version, checksum and sizeBytes.");
  return Workspace{text_of(*document, "registry"), *std::move(release)};
}

Outcome<void> write_workspace(const std::string& folder, const Workspace& workspace) {
  const auto own = folder + "/.progy";
  if (::mkdir(own.c_str(), 0777) != 0 && errno != EEXIST)
    return fail(Code::bad_request, own + ": " + std::strerror(errno) + ".");
  const auto& [name, version, checksum, size] = workspace.release;
  const Json document = {{"registry", workspace.registry},
                         {"name", name.full()},
                         {"version", version},
                         {"checksum", checksum.hex()},
                         {"sizeBytes", size}};
  if (auto written = write_file(own, ".gitignore", "update/\n*.new\n"); !written) return written;
  return write_file(own, "registry.json", document.dump(2) + "\n");
}

}  // namespace kontor::cli::progy
