// `ori yank`, `ori unyank` and `ori deprecate`: what owners say of a version of this package.
#include "apps/cli/ori/commands.h"
#include "apps/cli/ori/registry.h"
#include "base/encoding.h"
#include "formats/ori/names.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace kontor::cli::ori {
namespace {

struct Arguments {
  std::string version;
  std::string message;
};

Result<Done> change(Desk& desk, const Arguments& arguments, const std::string& verb,
                    const std::string& words) {
  if (auto version = kontor::ori::parse_strict_version(arguments.version); !version)
    return fail(version);
  const auto project = open_project(desk);
  if (!project) return std::unexpected(project.error());
  const auto& name = project->manifest.name;
  auto place = find_place(desk, &*project, name.scope, Use::publish);
  if (!place) return fail(place);
  Registry registry(*std::move(place), desk.options().ca_file);
  const Json body = verb == "deprecate" ? Json{{"message", arguments.message}} : Json::object();
  const auto answer = registry.call(
      "POST", package_path(name.full()) + "/" + percent_encode(arguments.version) + "/" + verb,
      body);
  if (!answer) return std::unexpected(answer.error());
  return Done{.facts = *answer,
              .words = name.full() + "@" + arguments.version + " " + words + "\n"};
}

CLI::App& add(CLI::App& program, CommandContext& context,
              const std::shared_ptr<Arguments>& arguments, const std::string& verb,
              const char* help, std::string words) {
  auto& command = add_command(program, context, verb, help, [=](Desk& desk) {
    const bool back = verb == "deprecate" && arguments->message.empty();
    return change(desk, *arguments, verb, back ? "is deprecated no more." : words);
  });
  command.add_option("version", arguments->version, "A version of this package")->required();
  return command;
}

}  // namespace

void add_standing_commands(CLI::App& program, CommandContext& context) {
  const auto arguments = std::make_shared<Arguments>();
  add(program, context, arguments, "yank", "Keep new projects from using a version of this package",
      "is yanked: who has it keeps it, and nobody new gets it.");
  add(program, context, arguments, "unyank", "Take a yank back", "can be used again.");
  auto& deprecating = add(program, context, arguments, "deprecate",
                          "Warn whoever uses a version of this package", "is deprecated.");
  deprecating.add_option("message", arguments->message, "What to do instead; \"\" takes it back")
      ->required();
}

}  // namespace kontor::cli::ori
