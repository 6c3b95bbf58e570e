// Data goes to standard output, everything else to standard error.
#include "apps/cli/progy/desk.h"

#include "adapters/filesystem/whole_file.h"
#include "apps/cli/log/pin.h"
#include "base/encoding.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <istream>
#include <memory>
#include <ostream>
#include <termios.h>
#include <unistd.h>

namespace kontor::cli::progy {
namespace {

constexpr const char* kDefaultRegistry = "http://127.0.0.1:4873";
constexpr std::size_t kMostConfigBytes = 1u << 20;

std::string without_slashes(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

void print_failure(const Failure& failure, const Options& options, CommandContext& context) {
  context.status = status_of(failure);
  if (!options.json) return print_errors(context.err, {printable(failure.message)});
  Json answer = {{"success", false}, {"error", failure.message}, {"code", failure.name}};
  if (failure.facts.is_object())
    for (const auto& [key, value] : failure.facts.items())
      if (!answer.contains(key)) answer[key] = value;
  context.out << answer.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
}

void print_done(const Done& done, const Options& options, CommandContext& context) {
  context.status = done.status;
  if (!options.json) {
    context.out << done.words;
    return;
  }
  Json answer = {{"success", done.status == kDone}};
  answer.update(done.facts);
  context.out << answer.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
}

}  // namespace

Failure::Failure(Error error)
    : code(error.code), name(upper(info(error.code).name)), message(error.message()) {
  if (error.detail.empty() && !error.cause.empty()) message = std::move(error.cause);
}

int status_of(const Failure& failure) {
  if (failure.code == Code::unavailable) return kNotReached;
  return failure.code == Code::checksum_mismatch ? kNotGenuine : kFailed;
}

std::string text_of(const Json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

Outcome<Desk> Desk::open(CommandContext& context, const Options& options) {
  Desk desk(context, options);
  if (auto read = desk.read_settings(); !read) return std::unexpected(std::move(read.error()));
  return desk;
}

std::string Desk::variable(std::string_view name) const {
  const auto it = context_.environment.find(name);
  return it == context_.environment.end() ? "" : it->second;
}

void Desk::turn_to(const std::string& registry) {
  const bool named = !options_.registry.empty() || !variable("PROGY_API_URL").empty();
  if (named || registry.empty() || registry == settings_.registry) return;
  settings_.registry = registry;
  settings_.token.clear();
  settings_.user.clear();
}

std::string Desk::path(const std::string& name) const {
  if (name.starts_with('/') || context_.directory.empty()) return name;
  return context_.directory + "/" + name;
}

Outcome<Json> Desk::read_file() const {
  const auto path = settings_.home + "/config.json";
  const auto text = fs::read_file(path, kMostConfigBytes);
  if (!text && text.error().code == Code::not_found) return Json::object();
  const auto parsed = text ? parse_json(*text) : Result<Json>(fail(Code::invalid_json));
  if (!parsed || !parsed->is_object())
    return fail(Code::bad_request, path + " cannot be read as JSON; mend or remove it.");
  return *parsed;
}

Outcome<void> Desk::read_settings() {
  const auto user_home = variable("HOME");
  if (user_home.empty())
    return fail(Code::bad_request, "Set HOME: progy keeps its files below it.");
  settings_.home = user_home + "/.progy";
  const auto file = read_file();
  if (!file) return std::unexpected(file.error());
  const auto stored = without_slashes(text_of(*file, "apiUrl"));
  auto& url = settings_.registry;
  url = without_slashes(options_.registry);
  if (url.empty()) url = without_slashes(variable("PROGY_API_URL"));
  if (url.empty()) url = stored;
  if (url.empty()) url = kDefaultRegistry;
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    return fail(Code::bad_request, printable(url) + " is not the URL of a registry.");
  settings_.token = variable("PROGY_TOKEN");
  // A token is for the registry that gave it.
  if (settings_.token.empty() && url == stored) {
    settings_.token = text_of(*file, "token");
    settings_.user = text_of(*file, "username");
  }
  if (const auto it = file->find("legacyCourses"); it != file->end() && it->is_boolean())
    settings_.legacy_courses = it->get<bool>();
  if (const auto it = file->find("cacheLimit"); it != file->end() && it->is_number_unsigned())
    settings_.cache_limit = it->get<std::uint64_t>();
  return {};
}

Outcome<void> Desk::remember_login(const std::string& token, const std::string& user) {
  auto file = read_file();
  if (!file) return std::unexpected(file.error());
  if (token.empty()) {
    file->erase("token");
    file->erase("username");
  } else {
    (*file)["apiUrl"] = settings_.registry;
    (*file)["token"] = token;
    (*file)["username"] = user;
  }
  if (auto made = make_folders(settings_.home); !made) return fail(made);
  if (auto written = replace_file(settings_.home, "config.json", file->dump(2) + "\n"); !written)
    return fail(written);
  return {};
}

void Desk::warn(const std::string& text) {
  print_warnings(context_.err, {printable(text)});
}

void Desk::say(const std::string& line) {
  if (!options_.quiet && !options_.json) show(line);
}

void Desk::show(const std::string& line) {
  context_.err << printable(line) << "\n" << std::flush;
}

bool Desk::is_terminal() const {
  return ::isatty(STDIN_FILENO) && ::isatty(STDERR_FILENO);
}

bool Desk::ask(const std::string& question) {
  if (!is_terminal() || !context_.in) return false;
  context_.err << question << " [y/N] " << std::flush;
  std::string line;
  std::getline(*context_.in, line);
  const auto answer = to_lower_ascii(line);
  return answer == "y" || answer == "yes";
}

std::string Desk::ask_secret(const std::string& question) {
  std::string line;
  if (!context_.in) return line;
  termios shown{};
  const bool hides = is_terminal() && ::tcgetattr(STDIN_FILENO, &shown) == 0;
  if (hides) {
    termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    context_.err << question << ": " << std::flush;
  }
  std::getline(*context_.in, line);
  if (hides) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    context_.err << "\n";
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::unique_ptr<ProgressBar> Desk::progress(const std::string& label) {
  const bool shown = !options_.json && !options_.quiet && can_draw(context_);
  return std::make_unique<ProgressBar>(context_.err, label, shown);
}

CLI::App& add_command(CLI::App& program, CommandContext& context, const std::string& name,
                      const std::string& help, Act act) {
  auto* command = program.add_subcommand(name, help);
  const auto options = std::make_shared<Options>();
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_flag("-q,--quiet", options->quiet, "Say only what went wrong");
  command->add_option("--registry", options->registry,
                      "URL of the registry; else PROGY_API_URL, the one logged in to, or " +
                          std::string(kDefaultRegistry));
  command->add_option("--cafile", options->ca_file, "PEM file of the authority to trust");
  command->callback([&context, options, act = std::move(act)] {
    auto desk = Desk::open(context, *options);
    const auto done = desk ? act(*desk) : Outcome<Done>(std::unexpected(desk.error()));
    if (done)
      print_done(*done, *options, context);
    else
      print_failure(done.error(), *options, context);
  });
  return *command;
}

}  // namespace kontor::cli::progy
