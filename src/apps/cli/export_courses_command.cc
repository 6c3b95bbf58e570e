// One look at the store, then the files.
#include "apps/cli/export_courses_command.h"

#include "apps/cli/loaded_config.h"
#include "apps/upkeep/course_objects.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <memory>
#include <ostream>

namespace kontor::cli {
namespace {

struct Arguments {
  config::ConfigRequest request;
  std::string folder;
  bool json = false;
};

int run_export(const Arguments& arguments, CommandContext& context) {
  const auto config = load_config(arguments.request, context);
  if (!config) return 1;
  const auto done = upkeep::write_course_objects(config->data_dir, arguments.folder);
  if (!done) {
    print_errors(context.err, {std::string(done.error().message())});
    return 1;
  }
  if (arguments.json) {
    context.out << nlohmann::ordered_json{{"objects", done->objects},
                                          {"bytes", done->bytes},
                                          {"missing", done->missing}}
                << "\n";
    return 0;
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
      "export-courses",
      "Write all courses as the tables and the bucket of a Progy registry; the server may run");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("folder", arguments->folder, "A new or empty folder")->required();
  command->add_flag("--json", arguments->json, "Print the counts as JSON");
  add_config_options(*command, arguments->request);
  command->callback([arguments, &context] { context.status = run_export(*arguments, context); });
}

}  // namespace kontor::cli
