// Walks files and folders and hands their tarballs over in portions, so that neither their number
// nor their sizes are held in memory.
#include "apps/cli/import_command.h"

#include "apps/cli/loaded_config.h"
#include "apps/upkeep/importer.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <ostream>
#include <system_error>

namespace kontor::cli {
namespace {

namespace files = std::filesystem;

struct ImportArguments {
  config::ConfigRequest request;
  std::vector<std::string> paths;
  std::string owner;
  std::string access;
  bool json = false;
};

class Import {
 public:
  Import(upkeep::Importer& importer, const ImportArguments& arguments, CommandContext& context)
      : importer_(importer), arguments_(arguments), context_(context) {
    if (!arguments.access.empty())
      access_ = arguments.access == "restricted" ? Visibility::restricted : Visibility::open;
  }

  // A file, or all that ends in .tgz below a folder; "-" stands for paths on standard input.
  void add(const std::string& path) {
    std::error_code error;
    if (path == "-") return add_lines();
    if (!files::is_directory(path, error)) return add_file(path);
    files::recursive_directory_iterator entries(
        path, files::directory_options::skip_permission_denied, error);
    for (const files::recursive_directory_iterator end; !error && entries != end;
         entries.increment(error))
      if (entries->path().extension() == ".tgz" && entries->is_regular_file(error))
        add_file(entries->path().string());
    if (error) refuse(path, error.message());
  }

  int finish() {
    flush();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began_;
    if (arguments_.json)
      context_.out << nlohmann::ordered_json{{"imported", imported_},
                                             {"repeated", repeated_},
                                             {"refused", refused_},
                                             {"seconds", seconds.count()}}
                   << "\n";
    else
      context_.out << "Imported " << imported_ << " versions; " << repeated_
                   << " were there already, " << refused_ << " were refused.\n";
    return refused_ == 0 ? 0 : 1;
  }

 private:
  void add_lines() {
    for (std::string line; std::getline(*context_.in, line);)
      if (!line.empty()) add_file(line);
  }
  void add_file(std::string path) {
    waiting_.push_back(std::move(path));
    if (waiting_.size() == upkeep::Importer::kAtOnce) flush();
  }
  void flush() {
    const auto outcomes = importer_.take(waiting_, access_);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (!outcomes[i])
        refuse(waiting_[i], std::string(outcomes[i].error().message()));
      else
        ++(outcomes[i]->repeated ? repeated_ : imported_);
    }
    waiting_.clear();
  }
  void refuse(const std::string& path, const std::string& why) {
    ++refused_;
    print_errors(context_.err, {path + ": " + why});
  }

  upkeep::Importer& importer_;
  const ImportArguments& arguments_;
  CommandContext& context_;
  std::optional<Visibility> access_;
  std::vector<std::string> waiting_;
  std::uint64_t imported_ = 0, repeated_ = 0, refused_ = 0;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

int run_import(const ImportArguments& arguments, CommandContext& context) {
  const auto config = load_config(arguments.request, context);
  if (!config) return 1;
  auto importer = upkeep::Importer::open(
      *config, arguments.owner.empty() ? config->admin.name : arguments.owner);
  if (!importer) {
    print_errors(context.err, {std::string(importer.error().message())});
    return 1;
  }
  Import work(**importer, arguments, context);
  for (const auto& path : arguments.paths) work.add(path);
  return work.finish();
}

}  // namespace

void add_import_command(CLI::App& program, CommandContext& context) {
  auto* command = program.add_subcommand(
      "import", "Publish many npm tarballs at once; the server must be stopped");
  auto arguments = std::make_shared<ImportArguments>();
  command
      ->add_option("paths", arguments->paths,
                   "Tarballs, folders with tarballs (*.tgz) at any depth, or - for a list of "
                   "paths on standard input")
      ->required();
  command->add_option("--owner", arguments->owner,
                      "The account that publishes them; else the administrator (admin.name)");
  command->add_option("--access", arguments->access, "Who may see packages that are new")
      ->check(CLI::IsMember({"public", "restricted"}));
  command->add_flag("--json", arguments->json, "Print the counts as JSON");
  add_config_options(*command, arguments->request);
  command->callback([arguments, &context] { context.status = run_import(*arguments, context); });
}

}  // namespace kontor::cli
