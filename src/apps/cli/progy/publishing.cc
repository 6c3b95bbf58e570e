// The artifact is read from the disk while it is sent.
#include "apps/cli/progy/publishing.h"

#include "apps/cli/progy/artifact.h"
#include "apps/cli/progy/multipart_file.h"

#include <sys/stat.h>

namespace kontor::cli::progy {

Outcome<Artifact> open_artifact(const std::string& path) {
  if (!path.ends_with(".progy")) return fail(Code::bad_request, path + " does not end in .progy.");
  auto contents = read_artifact(path);
  if (!contents) return std::unexpected(std::move(contents.error()));
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return fail(Code::bad_request, path + " cannot be read.");
  return Artifact{path, std::move(contents->course), static_cast<std::uint64_t>(status.st_size)};
}

Outcome<Json> publish_artifact(Desk& desk, RegistryApi& api, const Artifact& artifact,
                               const PublishWish& wish) {
  const auto& course = artifact.course;
  Json metadata = {{"name", course.name.full()},
                   {"version", course.version},
                   {"description", course.description},
                   {"private", course.is_private}};
  if (!wish.changelog.empty()) metadata["changelog"] = wish.changelog;
  if (wish.force) metadata["force"] = true;
  desk.say("Publishing " + course.name.full() + " v" + course.version + " (" +
           human_bytes(artifact.size) + ") ...");
  auto bar = desk.progress("Uploading");
  const auto body = MultipartFile::open(
      {{"metadata", metadata.dump(-1, ' ', false, Json::error_handler_t::replace)}}, artifact.path,
      [&](std::uint64_t sent, std::uint64_t total) { bar->update(sent, total); });
  if (!body) return std::unexpected(body.error());
  return api.upload("/registry/publish", (*body)->content_type(), **body);
}

}  // namespace kontor::cli::progy
