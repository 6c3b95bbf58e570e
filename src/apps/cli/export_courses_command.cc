// One look at the store, then the files.
#include "apps/cli/export_courses_command.h"

#include "apps/upkeep/course_objects.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace kontor::cli {
namespace {

struct Arguments {
  config::ConfigRequest request;
  std::string folder;
};

int run_export(const Arguments& arguments, CommandContext& context) {
  auto request = arguments.request;
  request.directory = context.directory;
  const auto loaded = config::load_files(request, context.environment);
  if (!loaded) {
    print_errors(context.err, loaded.error());
    return 1;
  }
  const auto done = upkeep::write_course_objects(loaded->config.data_dir, arguments.folder);
  if (!done) {
    print_errors(context.err, {std::string(done.error().message())});
    return 1;
  }
  context.out << "Wrote " << done->objects << " artifacts (" << done->bytes << " bytes) to "
              << arguments.folder << ".\n";
  if (done->missing > 0)
    context.out << done->missing
                << " versions have no bytes any more and are in the tables only.\n";
  return 0;
}

}  // namespace

void add_export_courses_command(CLI::App& program, CommandContext& context) {
  auto* command = program.add_subcommand(
      "export-courses", "Write all courses as the tables and the bucket of a Progy registry");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("folder", arguments->folder, "A new or empty folder")->required();
  add_config_options(*command, arguments->request);
  command->callback([arguments, &context] { context.status = run_export(*arguments, context); });
}

}  // namespace kontor::cli
