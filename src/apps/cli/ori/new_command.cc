// `ori new` and `ori init`: a package with a manifest and one source file.
#include "adapters/filesystem/files.h"
#include "apps/cli/ori/commands.h"
#include "apps/cli/ori/desk.h"
#include "apps/cli/ori/project_files.h"
#include "formats/ori/names.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <vector>

namespace kontor::cli::ori {
namespace {

constexpr const char* kLanguage = "0.1.0";  // the version of Ori that a new manifest asks for

struct NewArguments {
  std::string name;
  bool library = false;
};

struct File {
  std::string path;
  std::string text;
};

std::vector<File> files_of(const PackageName& name, bool library) {
  const std::string source = library ? "src/lib.ori" : "src/main.ori";
  const std::string manifest = "[project]\nname = \"" + name.full() +
                               "\"\nversion = \"0.1.0\"\ndescription = \"\"\nori = \"" + kLanguage +
                               "\"\n\n[project.entry]\n" + (library ? "lib" : "main") + " = \"" +
                               source + "\"\n\n[dependencies]\n";
  return {{"oripk.toml", manifest},
          {source, library ? "@answer () -> int = 42\n" : "@main () -> void = print(\"Hello\")\n"},
          {".gitignore", "/.ori/\n"}};
}

// Nothing is overwritten: a file that is there is left as it is. True where it was made.
Result<bool> write_new(const std::string& path, const std::string& text) {
  if (fs::open_for_reading(path)) return false;
  if (auto written = write_project_file(path, text); !written) return fail(written);
  return true;
}

Result<Done> make_package(const Desk& desk, const std::string& folder, const PackageName& name,
                          bool library) {
  const std::string below = folder.empty() ? "" : folder + "/";
  if (fs::open_for_reading(desk.path(below + "oripk.toml")))
    return fail(Code::conflict, below + "oripk.toml is there already; this is a package.");
  if (auto made = make_folders(desk.path(below + "src")); !made) return fail(made);
  Done done;
  done.facts = {{"name", name.full()}, {"files", Json::array()}};
  for (const auto& [path, text] : files_of(name, library)) {
    const auto written = write_new(desk.path(below + path), text);
    if (!written) return std::unexpected(written.error());
    if (!*written) continue;
    done.facts["files"].push_back(below + path);
    done.words += "Made " + below + path + "\n";
  }
  return done;
}

Result<Done> run_new(const Desk& desk, const NewArguments& arguments) {
  const auto name = kontor::ori::parse_full_name(arguments.name);
  if (!name) return std::unexpected(name.error());
  const auto made = fs::make_folder(desk.path(name->base));
  if (!made) return std::unexpected(made.error());
  if (!*made) return fail(Code::conflict, "There is a folder " + name->base + " already.");
  return make_package(desk, name->base, *name, arguments.library);
}

Result<Done> run_init(const Desk& desk, const NewArguments& arguments) {
  const auto name = kontor::ori::parse_full_name(arguments.name);
  if (!name) return std::unexpected(name.error());
  return make_package(desk, "", *name, arguments.library);
}

void add(CLI::App& program, CommandContext& context, const char* name, const char* help,
         Result<Done> (*run)(const Desk&, const NewArguments&)) {
  const auto arguments = std::make_shared<NewArguments>();
  auto& command = add_command(program, context, name, help,
                              [arguments, run](Desk& desk) { return run(desk, *arguments); });
  command.add_option("name", arguments->name, "@scope/name of the package")->required();
  command.add_flag("--lib", arguments->library, "A library instead of a program");
}

}  // namespace

void add_new_commands(CLI::App& program, CommandContext& context) {
  add(program, context, "new", "Make a folder with a new package", run_new);
  add(program, context, "init", "Make this folder a package", run_init);
}

}  // namespace kontor::cli::ori
