// docs/configuration.md: the prose, and one table for each section of keys.
#include "apps/server/config/print.h"
#include "apps/server/config/render.h"

#include <limits>

namespace kontor::config {
namespace {

constexpr std::string_view kHead = R"(# Configuration

This page is generated from the table of keys in `src/apps/server/config/keys.cc`.

## Sources

A value is taken from the first of these that has it:

1. flags: `--set auth.anonymousRead=false`, and flags of their own such as `--port`
2. environment variables, such as `KONTOR_AUTH_ANONYMOUS_READ=false`
3. `.env.registry` in the working directory, or the file that `--env-file` names
4. the configuration file
5. the default

An empty environment variable counts as not set. `kontor config load --show-origin` prints the
values in effect and where each comes from, with secrets masked.

## The configuration file

`--config` names it. Otherwise it is the file that the variable `REGISTRY_CONFIG_PATH` names, or the
first that exists of

- `./registry.config.json5`
- `./registry.config.json`
- `./config/registry.config.json5`
- `./config/registry.config.json`

The syntax is [JSON5](https://json5.org): JSON with comments, trailing commas, names without
quotes. In a file whose name ends in `.jsonl` each line is a whole configuration, and the last one
counts. `kontor config init` writes an example with every key.

A file that cannot be read, is not JSON5, or holds a value of the wrong type stops the start; the
message names line and column. An unknown key is a warning.

A string may refer to a variable of the environment or of `.env.registry`: `"${DATA_ROOT}/kontor"`.
A string with a reference may stand where a number is wanted. `$${` is a plain `${`.

## Values

- **Durations** are numbers of milliseconds, or strings with a unit: `"250ms"`, `"30s"`, `"5m"`,
  `"1h"`, `"7d"`, `"2w"`.
- **Sizes** are numbers of bytes, or strings with a unit: `"64KiB"`, `"200MiB"`, `"1GiB"`, `"1TiB"`
  in powers of 1024, and `"1KB"`, `"1MB"`, `"1GB"`, `"1TB"` in powers of 1000.
- **Lists** in variables and flags are separated by commas, or written as in the file.
- **true and false** in variables and flags may also be `1` and `0`, `yes` and `no`, `on` and `off`.

## Reload

On SIGHUP the server reads all sources again. Keys marked *reload* take effect at once, without
dropping a connection; a change of any other key is logged and waits for a restart. A configuration
that is broken changes nothing.

)";

std::string code(std::string_view text) {
  return "`" + std::string(text) + "`";
}

std::string range(const Key& key, std::string (*show)(std::int64_t)) {
  if (key.max == std::numeric_limits<std::int64_t>::max()) return ", " + show(key.min) + " or more";
  return ", " + show(key.min) + " to " + show(key.max);
}

std::string takes(const Key& key, const Slot& slot) {
  auto text = type_name(slot);
  if (auto* choice = std::get_if<ChoiceSlot>(&slot)) {
    text.clear();
    for (auto name : choice->names) text += (text.empty() ? "" : ", ") + code(name);
  } else if (std::holds_alternative<std::int64_t*>(slot)) {
    text += range(key, [](std::int64_t n) { return std::to_string(n); });
  } else if (std::holds_alternative<std::uint64_t*>(slot)) {
    text += range(key, [](std::int64_t n) { return render_size(static_cast<std::uint64_t>(n)); });
  } else if (std::holds_alternative<Duration*>(slot)) {
    text += range(key, [](std::int64_t n) { return render_duration({n}); });
  }
  if (key.visibility == Visibility::secret) text += "; secret";
  return text;
}

std::string row(const Key& key) {
  Config defaults;
  auto names = code(key.path) + "<br>" + code(environment_name(key.path));
  for (auto name : key.environment)
    if (!name.empty()) names += "<br>" + code(name);
  std::string doc(key.doc);
  if (!key.file_alias.empty()) doc += " Also " + code(key.file_alias) + ".";
  auto apply = key.apply == Apply::reload ? "reload" : "restart";
  return "| " + names + " | " + takes(key, key.slot(defaults)) + " | " +
         code(render(defaults, key)) + " | " + apply + " | " + doc + " |\n";
}

}  // namespace

std::string configuration_markdown() {
  std::string out(kHead);
  std::string section;
  out += "## Keys\n";
  for (const auto& key : keys()) {
    auto dot = key.path.find('.');
    std::string own(dot == key.path.npos ? "" : key.path.substr(0, dot));
    if (own != section || &key == keys().data()) {
      section = own;
      out += "\n### " + (own.empty() ? std::string("General") : own) + "\n\n";
      out += "| key, variables | takes | default | applies on | meaning |\n|---|---|---|---|---|\n";
    }
    out += row(key);
  }
  out += "\n## Keys of other registries' files without effect\n\n";
  for (const auto& unused : unused_keys())
    out += "- " + code(unused.path) + ": " + std::string(unused.reason) + "\n";
  return out;
}

}  // namespace kontor::config
