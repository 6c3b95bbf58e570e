// Command line, manifest, environment and stored logins, in an order that registries.h states.
#include "apps/cli/ori/registries.h"

#include "apps/cli/log/pin.h"
#include "apps/cli/ori/project_files.h"
#include "base/json.h"

#include <algorithm>
#include <optional>

namespace kontor::cli::ori {
namespace {

constexpr const char* kLocal = "http://127.0.0.1:4873";
constexpr const char* kCredentials = "credentials.json";

bool is_url(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

std::string without_slashes(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

// {"default": url, "registries": {url: {"token": text}}}; empty where nothing is stored.
Result<Json> stored_logins(const Desk& desk) {
  const auto home = home_of(desk);
  if (!home) return std::unexpected(home.error());
  const std::string path = *home + "/" + kCredentials;
  const auto text = read_project_file(path, 1u << 20);
  if (!text && text.error().code == Code::not_found) return Json::object();
  if (!text) return std::unexpected(text.error());
  auto json = parse_json(*text);
  if (!json || !json->is_object())
    return fail(Code::bad_request, path + " is damaged; remove it and log in again.");
  return json;
}

std::string variable_name(std::string name) {
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!kept) c = '_';
  }
  return "ORI_REGISTRY_" + name + "_TOKEN";
}

class Finder {
 public:
  Finder(const Desk& desk, const Project* project, const Json& logins)
      : desk_(desk), project_(project), logins_(logins) {}

  Result<Place> run(const std::string& scope, Use use) const {
    if (!desk_.options().registry.empty()) return spelt(desk_.options().registry, true);
    if (use == Use::publish && project_)
      if (const auto text = text_at(project_->tree, {"publish", "registry"}); !text.empty())
        return spelt(text, false);
    if (auto place = entry(scope)) return *std::move(place);
    if (const auto url = desk_.variable("ORI_REGISTRY"); !url.empty()) return spelt(url, true);
    if (auto place = entry("default")) return *std::move(place);
    const auto last = text_at(logins_, {"default"});
    return place_of(last.empty() ? kLocal : last, desk_.variable("ORI_REGISTRY_TOKEN"));
  }

 private:
  // An entry's name or a URL. `own`: the user wrote it, not the manifest.
  Result<Place> spelt(const std::string& text, bool own) const {
    if (is_url(text)) return place_of(text, own ? desk_.variable("ORI_REGISTRY_TOKEN") : "");
    if (auto place = entry(text)) return *std::move(place);
    return fail(Code::bad_request, text + " is neither a URL nor an entry of [registries].");
  }

  std::optional<Place> entry(const std::string& name) const {
    if (!project_) return std::nullopt;
    const auto url = text_at(project_->tree, {"registries", name, "url"});
    if (!is_url(url)) return std::nullopt;
    auto place = place_of(url, desk_.variable(variable_name(name)));
    place.logged = text_at(project_->tree, {"registries", name, "log"}) != "none";
    return place;
  }

  Place place_of(const std::string& url, std::string token) const {
    Place place{without_slashes(url), std::move(token)};
    if (place.token.empty()) place.token = text_at(logins_, {"registries", place.url, "token"});
    return place;
  }

  const Desk& desk_;
  const Project* project_;
  const Json& logins_;
};

}  // namespace

Result<std::string> home_of(const Desk& desk) {
  if (auto own = desk.variable("ORI_HOME"); !own.empty()) return own;
  const auto home = desk.variable("HOME");
  if (home.empty())
    return fail(Code::bad_request, "Set HOME or ORI_HOME: logins and archives are kept below it.");
  return home + "/.ori";
}

Result<Place> find_place(const Desk& desk, const Project* project, const std::string& scope,
                         Use use) {
  const auto logins = stored_logins(desk);
  if (!logins) return std::unexpected(logins.error());
  return Finder(desk, project, *logins).run(scope, use);
}

Result<void> store_token(const Desk& desk, const std::string& url, const std::string& token) {
  auto logins = stored_logins(desk);
  if (!logins) return fail(logins);
  const auto home = home_of(desk);
  if (!home) return std::unexpected(home.error());
  (*logins)["default"] = url;
  (*logins)["registries"][url] = {{"token", token}};
  if (auto made = cli::make_folders(*home); !made) return made;
  return replace_file(*home, kCredentials, logins->dump(2) + "\n");
}

}  // namespace kontor::cli::ori
