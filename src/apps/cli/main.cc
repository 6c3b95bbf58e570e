// The `kontor` command line.
#include <CLI/CLI.hpp>

int main(int count, char** arguments) {
  CLI::App app{"Kontor, a package registry", "kontor"};
  app.set_version_flag("--version", "kontor " KONTOR_VERSION);
  app.require_subcommand(0, 1);
  CLI11_PARSE(app, count, arguments);
  return 0;
}
