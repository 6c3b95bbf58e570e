// `progy pack`. Row PGC-02.
#include "apps/cli/progy/commands.h"
#include "apps/cli/progy/pack/pack.h"

#include <CLI/CLI.hpp>

namespace kontor::cli::progy {
namespace {

struct Arguments {
  std::string folder = ".";
  std::string output;
};

Outcome<Done> pack(Desk& desk, const Arguments& arguments) {
  const auto folder = open_course_folder(desk, desk.path(arguments.folder));
  if (!folder) return std::unexpected(folder.error());
  const auto path = arguments.output.empty() ? folder->artifact() : desk.path(arguments.output);
  const auto packed = pack_course(desk, *folder, path);
  if (!packed) return std::unexpected(packed.error());
  const auto count = folder->files.files.size();
  const auto& course = folder->course;
  return Done{{{"name", course.name.full()},
               {"version", course.version},
               {"file", packed->path},
               {"files", count},
               {"sizeBytes", packed->size},
               {"checksum", packed->checksum.hex()}},
              "Packed " + course.name.full() + " v" + course.version + " into " + packed->path +
                  "\n  files   " + std::to_string(count) + "\n  size    " +
                  human_bytes(packed->size) + "\n  sha256  " + packed->checksum.hex() + "\n"};
}

}  // namespace

void add_pack_command(CLI::App& program, CommandContext& context) {
  const auto arguments = std::make_shared<Arguments>();
  auto& command = add_command(program, context, "pack", "Make the artifact of a course",
                              [arguments](Desk& desk) { return pack(desk, *arguments); });
  command.add_option("dir", arguments->folder, "Folder of the course; else the working folder");
  command.add_option("-o,--output", arguments->output, "The artifact; else <dir>/<slug>.progy");
}

}  // namespace kontor::cli::progy
