// Renders a folder, looks whether all is there that wrangler needs, and has wrangler deploy it.
#include "apps/cli/deploy/deploy_command.h"

#include "apps/cli/deploy/deploy_check.h"
#include "apps/cli/deploy/wrangler_config.h"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <ostream>

namespace kontor::cli {
namespace {

namespace fs = std::filesystem;

struct DeployArguments {
  std::string environment = "production";
  Deployment deployment;
  std::string worker;    // folder with the module and its scripts
  std::string output;    // folder to render
  std::string wrangler;  // the program
  std::string settings_file;
  bool dry_run = false;
};

// In the shell's single quotes.
std::string shell_word(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

int run(const std::string& command) {
  return std::system(command.c_str());
}

// Where an installation keeps the worker: beside its binaries.
std::string installed_worker() {
  std::error_code error;
  const auto binary = fs::read_symlink("/proc/self/exe", error);
  return (binary.parent_path().parent_path() / "share/kontor/edge").string();
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(Code::not_found, "The file " + path + " cannot be read.");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// The scripts and the module, copied, and wrangler.json beside them.
Result<std::vector<std::string>> render(const DeployArguments& a) {
  std::error_code error;
  if (!fs::exists(fs::path(a.worker) / "kontor.wasm", error))
    return fail(Code::not_found, "There is no kontor.wasm in " + a.worker +
                                     "; name the folder of the worker with --worker.");
  fs::create_directories(a.output, error);
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(a.worker, error)) {
    const auto ending = entry.path().extension();
    if (ending != ".mjs" && ending != ".wasm") continue;
    const auto to = fs::path(a.output) / entry.path().filename();
    fs::copy_file(entry.path(), to, fs::copy_options::overwrite_existing, error);
    if (error) return fail(Code::storage_failed, to.string() + " cannot be written.");
    files.push_back(to.string());
  }
  const auto config = (fs::path(a.output) / "wrangler.json").string();
  std::ofstream(config, std::ios::binary) << wrangler_config(a.deployment);
  files.push_back(config);
  std::ranges::sort(files);
  return files;
}

// What is missing, each with the command that mends it.
std::vector<std::string> missing(const DeployArguments& a, const std::string& config) {
  if (run(shell_word(a.wrangler) + " --version >/dev/null 2>&1") != 0)
    return {"wrangler is not there; install it with: npm install --global wrangler"};
  if (a.dry_run) return {};
  if (run(shell_word(a.wrangler) + " whoami >/dev/null 2>&1") != 0)
    return {"wrangler is not logged in; run: wrangler login, or set CLOUDFLARE_API_TOKEN"};
  const auto listed = shell_word(a.wrangler) + " secret list --config " + shell_word(config) +
                      " 2>/dev/null | grep -q AUTH_SECRET";
  if (a.deployment.origin.empty() && run(listed) != 0)
    return {
        "the secret AUTH_SECRET is not set; run: openssl rand -hex 32 | wrangler secret put "
        "AUTH_SECRET --config " +
        config};
  return {};
}

Result<void> deploy(DeployArguments& a, CommandContext& context) {
  a.deployment.staging = a.environment == "staging";
  if (a.worker.empty()) a.worker = installed_worker();
  if (a.output.empty()) a.output = worker_name(a.deployment) + "-deployment";
  if (!a.settings_file.empty()) {
    auto text = read_file(a.settings_file);
    if (!text) return fail(text);
    a.deployment.settings = std::move(*text);
  }
  const auto files = render(a);
  if (!files) return std::unexpected(files.error());
  const auto config = files->back().ends_with("wrangler.json")
                          ? files->back()
                          : (fs::path(a.output) / "wrangler.json").string();
  const std::string command = shell_word(a.wrangler) + " deploy --config " + shell_word(config);
  if (a.dry_run) {
    for (const auto& file : *files) context.out << file << "\n";
    context.out << wrangler_config(a.deployment) << "$ " << command << "\n";
  }
  if (const auto lacks = missing(a, config); !lacks.empty()) {
    for (const auto& text : lacks) context.err << "error: " << text << "\n";
    return fail(Code::unavailable, "Nothing was deployed.");
  }
  context.out.flush();
  if (run(command + (a.dry_run ? " --dry-run" : "")) != 0)
    return fail(Code::unavailable, "wrangler could not deploy.");
  return {};
}

void report(const Result<void>& done, CommandContext& context) {
  if (done) return;
  context.err << "error: " << done.error().message() << "\n";
  context.status = 1;
}

void add_cdn(CLI::App& deploy_app, const std::string& name, const std::string& environment,
             CommandContext& context) {
  auto a = std::make_shared<DeployArguments>();
  a->environment = environment;
  auto* command = deploy_app.add_subcommand(name, "Put the registry on Cloudflare");
  if (name == "cdn")
    command->add_option("--env", a->environment, "production or staging")
        ->check(CLI::IsMember({"production", "staging"}));
  command->add_option("--name", a->deployment.name, "Name of the worker");
  command->add_option("--public-url", a->deployment.public_url, "URL clients reach it under");
  command->add_option("--origin", a->deployment.origin,
                      "Only a cache in front of the server at this URL");
  command->add_option("--database-id", a->deployment.database_id, "Id of the D1 database");
  command->add_option("--kv-id", a->deployment.kv_id, "Id of the KV namespace");
  command->add_option("--config", a->settings_file, "Configuration file of the registry");
  command->add_option("--worker", a->worker, "Folder with the worker");
  command->add_option("--output", a->output, "Folder to render");
  a->wrangler = "wrangler";
  command->add_option("--wrangler", a->wrangler, "The wrangler to run");
  command->add_flag("--dry-run", a->dry_run, "Show files and commands, deploy nothing");
  command->callback([a, &context] { report(deploy(*a, context), context); });
}

void add_check(CLI::App& deploy_app, CommandContext& context) {
  auto url = std::make_shared<std::string>();
  auto* command = deploy_app.add_subcommand("check", "Ask a deployment whether it works");
  command->add_option("url", *url, "Its URL")->required();
  command->callback([url, &context] { report(check_deployment(*url, context.out), context); });
}

void add_to(CLI::App& parent, CommandContext& context) {
  auto* command = parent.add_subcommand("deploy", "Cloudflare deployments");
  command->require_subcommand(1);
  add_cdn(*command, "cdn", "production", context);
  add_cdn(*command, "staging", "staging", context);
  add_check(*command, context);
}

}  // namespace

void add_deploy_commands(CLI::App& program, CLI::App& registry, CommandContext& context) {
  add_to(program, context);
  add_to(registry, context);
}

}  // namespace kontor::cli
