// The commands of configuration. CLI11 reports wrong arguments by exceptions, which end here or in
// the program's own parse.
#include "apps/cli/config_command.h"

#include "apps/server/config/print.h"
#include "ports/log_records.h"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>

namespace kontor {
namespace {

struct InitArguments {
  std::string path = "registry.config.json5";
  bool force = false;
};

struct LoadArguments {
  config::ConfigRequest request;
  std::string path;
  bool show_origin = false;
};

int fail(CommandContext& context, const std::string& error) {
  print_errors(context.err, {error});
  return 1;
}

std::string inside(const CommandContext& context, const std::string& path) {
  bool as_it_is = context.directory.empty() || path.starts_with('/');
  return as_it_is ? path : context.directory + "/" + path;
}

int run_init(const InitArguments& arguments, CommandContext& context) {
  auto path = inside(context, arguments.path);
  std::error_code ignored;  // opening the file tells what is wrong
  auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  // "x": fails where the file exists, in one step with making it.
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(path.c_str(), arguments.force ? "we" : "wxe"), &std::fclose);
  if (!file && errno == EEXIST) return fail(context, path + " exists; --force overwrites it");
  if (!file) return fail(context, path + ": " + std::strerror(errno));
  auto text = config::example_file();
  bool written = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size();
  if (std::fclose(file.release()) != 0 || !written)
    return fail(context, path + ": " + std::strerror(errno));
  context.out << "Wrote " << path << ". Uncomment what shall differ, then try it with\n"
              << "  kontor config load " << arguments.path << "\n";
  return 0;
}

// The keys that the logs are verified by, where a server has started on that data directory.
void print_log_keys(CommandContext& context, const Config& config) {
  for (const LogId log : kLogs) {
    const std::string name(to_string(log));
    std::ifstream file(inside(context, config.data_dir) + "/log/" + name + "/vkey");
    std::string key;
    if (std::getline(file, key)) context.out << "// " << name << " log: " << key << "\n";
  }
}

int run_load(const LoadArguments& arguments, CommandContext& context) {
  auto request = arguments.request;
  request.directory = context.directory;
  if (!arguments.path.empty()) request.config_file = arguments.path;
  auto loaded = config::load_files(request, context.environment);
  if (!loaded) {
    print_errors(context.err, loaded.error());
    return 1;
  }
  print_warnings(context.err, loaded->warnings);
  auto origins = arguments.show_origin ? config::Origins::shown : config::Origins::hidden;
  context.out << config::effective_text(*loaded, origins);
  print_log_keys(context, loaded->config);
  return 0;
}

void add_setting_flag(CLI::App& command, config::ConfigRequest& request, const std::string& flag,
                      const std::string& path, const std::string& help) {
  command.add_option_function<std::string>(
      flag,
      [&request, flag, path](const std::string& value) {
        request.settings.push_back({path, value, flag});
      },
      help);
}

}  // namespace

void print_warnings(std::ostream& err, const config::Problems& warnings) {
  for (const auto& warning : warnings) err << "warning: " << warning << "\n";
}

void print_errors(std::ostream& err, const config::Problems& errors) {
  for (const auto& error : errors) err << "error: " << error << "\n";
}

void add_config_options(CLI::App& command, config::ConfigRequest& request) {
  command.add_option("--config", request.config_file, "Configuration file (JSON5)");
  command.add_option("--env-file", request.env_file, "File of variables instead of .env.registry");
  command
      .add_option_function<std::vector<std::string>>(
          "--set",
          [&request](const std::vector<std::string>& texts) {
            for (const auto& text : texts) {
              auto setting = config::parse_setting(text);
              if (!setting) throw CLI::ValidationError(setting.error());
              request.settings.push_back(std::move(*setting));
            }
          },
          "One key=value of the configuration; may be given again")
      ->allow_extra_args(false);
  add_setting_flag(command, request, "--host", "listen.host", "Address to listen on");
  add_setting_flag(command, request, "--port", "listen.port", "Port to listen on");
  add_setting_flag(command, request, "--auth", "auth.type",
                   "Who may come in: token, basic or none");
  add_setting_flag(command, request, "--data-dir", "dataDir", "Folder of everything stored");
  add_setting_flag(command, request, "--public-url", "publicUrl", "URL that clients use");
  command.add_flag_callback(
      "--insecure", [&request] { request.insecure = config::Insecure::allowed; },
      "Accept auth.type none on an address that others reach");
}

void add_config_commands(CLI::App& program, CommandContext& context) {
  auto* config = program.add_subcommand("config", "Make and check configuration files");
  config->require_subcommand(1);

  auto* init = config->add_subcommand("init", "Write an example with every key in comments");
  auto init_arguments = std::make_shared<InitArguments>();
  init->add_option("path", init_arguments->path, "Where to write")->capture_default_str();
  init->add_flag("--force", init_arguments->force, "Overwrite an existing file");
  init->callback(
      [init_arguments, &context] { context.status = run_init(*init_arguments, context); });

  auto* load = config->add_subcommand("load", "Check, and print the values in effect");
  auto load_arguments = std::make_shared<LoadArguments>();
  load->add_option("path", load_arguments->path, "Configuration file instead of the one found");
  load->add_flag("--show-origin", load_arguments->show_origin, "Say where each value comes from");
  add_config_options(*load, load_arguments->request);
  load->callback(
      [load_arguments, &context] { context.status = run_load(*load_arguments, context); });
}

int config_command(std::span<const std::string> arguments, CommandContext& context) {
  CLI::App program{"Kontor, a package registry", "kontor"};
  add_config_commands(program, context);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
  reversed.emplace_back("config");
  try {
    program.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    return program.exit(error, context.out, context.err);
  }
  return context.status;
}

}  // namespace kontor
