// Versions in the order they were published, then the downloads.
#include "apps/cli/import_courses_command.h"

#include "apps/cli/loaded_config.h"
#include "apps/upkeep/course_importer.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <memory>
#include <ostream>

namespace kontor::cli {
namespace {

struct Arguments {
  config::ConfigRequest request;
  std::string source;
  std::string artifacts;
  std::string owner;
  bool json = false;
};

struct Counts {
  std::uint64_t imported = 0, repeated = 0, refused = 0;
};

int tell(const Counts& counts, std::size_t downloads, const Arguments& arguments,
         CommandContext& context) {
  if (arguments.json)
    context.out << nlohmann::ordered_json{{"imported", counts.imported},
                                          {"repeated", counts.repeated},
                                          {"refused", counts.refused},
                                          {"downloads", downloads}}
                << "\n";
  else
    context.out << "Imported " << counts.imported << " versions of courses and " << downloads
                << " downloads; " << counts.repeated << " versions were there already, "
                << counts.refused << " were refused.\n";
  return counts.refused == 0 ? 0 : 1;
}

int refuse(CommandContext& context, const Error& error) {
  print_errors(context.err, {std::string(error.message())});
  return 1;
}

int run_import(const Arguments& arguments, CommandContext& context) {
  const auto config = load_config(arguments.request, context);
  if (!config) return 1;
  const auto exported = upkeep::read_course_export(arguments.source);
  if (!exported) return refuse(context, exported.error());
  auto importer = upkeep::Importer::open(
      *config, arguments.owner.empty() ? config->admin.name : arguments.owner);
  if (!importer) return refuse(context, importer.error());
  upkeep::CourseImporter courses(**importer, arguments.artifacts);
  Counts counts;
  for (const auto& version : exported->versions) {
    const auto outcome = courses.take(version);
    if (outcome) {
      ++(outcome->repeated ? counts.repeated : counts.imported);
      continue;
    }
    ++counts.refused;
    print_errors(context.err, {version.name + " " + version.version + ": " +
                               std::string(outcome.error().message())});
  }
  // Counted once: a second run of the same import finds every version there.
  const bool first = counts.imported > 0;
  if (first)
    if (const auto done = courses.take(exported->downloads); !done)
      return refuse(context, done.error());
  return tell(counts, first ? exported->downloads.size() : 0, arguments, context);
}

}  // namespace

void add_import_courses_command(CLI::App& program, CommandContext& context) {
  auto* command = program.add_subcommand(
      "import-courses",
      "Take over the courses of another Progy registry; the server must be stopped");
  auto arguments = std::make_shared<Arguments>();
  command
      ->add_option("export", arguments->source,
                   "Its database: a SQLite file, or the SQL that `wrangler d1 export` writes")
      ->required();
  command
      ->add_option("--artifacts", arguments->artifacts,
                   "Folder with the objects of its bucket under their keys")
      ->required();
  command->add_option("--owner", arguments->owner,
                      "The account that publishes courses whose author has none here; else the "
                      "administrator (admin.name)");
  command->add_flag("--json", arguments->json, "Print the counts as JSON");
  add_config_options(*command, arguments->request);
  command->callback([arguments, &context] { context.status = run_import(*arguments, context); });
}

}  // namespace kontor::cli
