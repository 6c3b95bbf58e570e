// The merge of configuration: no file, .env file or --set may crash it or make it tell a secret,
// and what it prints means the same again.
#include "apps/server/config/load.h"
#include "apps/server/config/print.h"
#include "base/check.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using kontor::config::ConfigInputs;
using kontor::config::Insecure;
using kontor::config::LoadedConfig;
using kontor::config::Origins;
using kontor::config::Problems;
using kontor::config::SourceText;

constexpr std::string_view kSecret = "correct-horse-battery-staple";

void expect_silence(const Problems& texts) {
  for (const auto& text : texts)
    kontor::check(text.find(kSecret) == text.npos, "a secret in a message");
}

void expect_same_again(const LoadedConfig& loaded) {
  auto text = kontor::config::effective_text(loaded, Origins::hidden);
  kontor::check(text.find(kSecret) == text.npos, "a secret in print");
  auto again =
      kontor::config::load({.file = SourceText{"c.json5", text}, .insecure = Insecure::allowed});
  kontor::check(again.has_value(), "the effective configuration does not load");
  auto config = again->config;
  config.admin.password = loaded.config.admin.password;  // printed masked
  config.metrics.token = loaded.config.metrics.token;
  kontor::check(config == loaded.config, "the effective configuration is another one");
}

}  // namespace

// The input is three texts between NUL bytes: file, .env file, --set.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.find(kSecret) != text.npos) return 0;  // then it is no secret
  auto take = [&text] {
    auto end = std::min(text.find('\0'), text.size());
    std::string part(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
  };
  ConfigInputs inputs;
  inputs.file = SourceText{"f.json5", take()};
  inputs.env_file = SourceText{".env", take()};
  if (auto setting = kontor::config::parse_setting(take())) inputs.settings.push_back(*setting);
  inputs.environment = {{"SECRET", std::string(kSecret)},
                        {"KONTOR_METRICS_TOKEN", std::string(kSecret)}};
  inputs.insecure = Insecure::allowed;
  auto loaded = kontor::config::load(inputs);
  if (!loaded) {
    expect_silence(loaded.error());
    return 0;
  }
  expect_silence(loaded->warnings);
  // A file may put ${SECRET} where a value is shown; that is its author's wish.
  if (inputs.file->text.find("SECRET") == inputs.file->text.npos) expect_same_again(*loaded);
  return 0;
}
