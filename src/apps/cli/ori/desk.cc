// Words go to standard output, warnings and errors to the other one.
#include "apps/cli/ori/desk.h"

#include "apps/cli/printable.h"
#include "apps/cli/progress_bar.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <ostream>

namespace kontor::cli::ori {
namespace {

std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void end_well(Desk& desk, const Done& done) {
  auto& context = desk.context();
  context.status = done.status;
  if (!desk.options().json) {
    context.out << printable(done.words);
    return;
  }
  Json all = {{"ok", done.status == kDone}};
  all.update(done.facts);
  all["warnings"] = desk.warnings();
  context.out << dumped(all);
}

void end_ill(Desk& desk, const Error& error, int status) {
  auto& context = desk.context();
  context.status = status;
  if (!desk.options().json) {
    print_errors(context.err, {printable(std::string(error.message()) +
                                         (error.cause.empty() ? "" : " (" + error.cause + ")"))});
    return;
  }
  context.out << dumped({{"ok", false},
                         {"error", {{"code", info(error.code).name}, {"message", error.message()}}},
                         {"warnings", desk.warnings()}});
}

}  // namespace

int status_of(const Error& error) {
  switch (error.code) {
    case Code::unavailable:
      return kNotReached;
    case Code::checksum_mismatch:
    case Code::invalid_proof:
    case Code::invalid_signature:
      return kNotGenuine;
    default:
      return kRefused;
  }
}

std::string Desk::path(const std::string& name) const {
  if (name.starts_with('/') || context_.directory.empty()) return name;
  return name.empty() ? context_.directory : context_.directory + "/" + name;
}

std::string Desk::variable(std::string_view name) const {
  const auto it = context_.environment.find(name);
  return it == context_.environment.end() ? "" : it->second;
}

void Desk::warn(std::string text) {
  if (std::ranges::find(warnings_, text) != warnings_.end()) return;
  print_warnings(context_.err, {printable(text)});
  warnings_.push_back(std::move(text));
}

void Desk::say(const std::string& line) {
  if (!options_.json && !options_.quiet) context_.err << printable(line) << "\n";
}

bool Desk::draws_progress() const {
  return !options_.json && !options_.quiet && can_draw(context_);
}

CLI::App& add_command(CLI::App& program, CommandContext& context, const std::string& name,
                      const std::string& help, Act act, int failed) {
  auto* command = program.add_subcommand(name, help);
  const auto options = std::make_shared<Options>();
  command->add_flag("--json", options->json, "Print JSON");
  command->add_flag("--quiet,-q", options->quiet, "Print the result, warnings and errors alone");
  command->add_option("--registry", options->registry,
                      "URL of the registry, or its name in [registries]");
  command->add_option("--cafile", options->ca_file, "PEM file of the authority to trust");
  command->callback([options, act = std::move(act), failed, &context] {
    Desk desk(context, *options);
    const auto done = act(desk);
    if (done)
      end_well(desk, *done);
    else
      end_ill(desk, done.error(), failed != 0 ? failed : status_of(done.error()));
  });
  return *command;
}

}  // namespace kontor::cli::ori
