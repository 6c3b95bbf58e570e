// `progy list`, `progy search` and `progy info`. Row PRG-08.
#include "apps/cli/progy/commands.h"
#include "apps/cli/progy/registry_api.h"
#include "base/encoding.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace kontor::cli::progy {
namespace {

constexpr int kMostPages = 1000;

struct Arguments {
  std::string query;
  bool mine = false;
};

void add_line(Done& done, const Json& course) {
  const auto version = text_of(course, "latestVersion");
  done.words += printable(text_of(course, "name")) + (version.empty() ? "" : " v" + version);
  if (const auto it = course.find("isPublic"); it != course.end() && *it == false)
    done.words += "  private";
  const auto description = text_of(course, "description");
  done.words += (description.empty() ? "" : "  " + printable(description)) + "\n";
}

std::string joined_lines(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

// All pages of the marketplace, or those of a query.
Outcome<Json> all_courses(RegistryApi& api, const std::string& query) {
  Json courses = Json::array();
  for (int page = 1; page <= kMostPages; ++page) {
    const auto answer =
        api.call("GET", "/registry?page=" + std::to_string(page) +
                            (query.empty() ? "" : "&query=" + percent_encode(query)));
    if (!answer) return std::unexpected(answer.error());
    const auto listed = answer->is_object() ? answer->find("courses") : answer->end();
    if (!answer->is_object() || listed == answer->end() || !listed->is_array())
      return fail(Code::unavailable, api.url() + " answered no list of courses; is that a Kontor?");
    for (const auto& course : *listed)
      if (course.is_object()) courses.push_back(course);
    const auto total = answer->find("total");
    const bool last = listed->empty() || total == answer->end() || !total->is_number_unsigned() ||
                      courses.size() >= total->get<std::size_t>();
    if (last) break;
  }
  return courses;
}

Done printed(const Json& courses, const std::string& none) {
  Done done{{{"courses", courses}}, "", kDone};
  for (auto course : courses) {
    if (course.contains("description"))
      course["description"] = joined_lines(text_of(course, "description"));
    add_line(done, course);
  }
  if (courses.empty()) done.words = none + "\n";
  return done;
}

Outcome<Done> list(Desk& desk, const Arguments& arguments) {
  RegistryApi api(desk);
  if (!arguments.mine) {
    const auto courses = all_courses(api, "");
    if (!courses) return std::unexpected(courses.error());
    return printed(*courses, "The registry has no public course.");
  }
  const auto answer = api.call("GET", "/registry/my-packages");
  if (!answer) return std::unexpected(answer.error());
  Json courses = Json::array();
  if (const auto it = answer->find("packages"); it != answer->end() && it->is_array())
    for (const auto& course : *it)
      if (course.is_object()) courses.push_back(course);
  return printed(courses, "You have published no course.");
}

Outcome<Done> search(Desk& desk, const Arguments& arguments) {
  RegistryApi api(desk);
  const auto courses = all_courses(api, arguments.query);
  if (!courses) return std::unexpected(courses.error());
  return printed(*courses, "No course matches \"" + printable(arguments.query) + "\".");
}

Outcome<Done> info(Desk& desk, const Arguments& arguments) {
  const auto spec = parse_spec(arguments.query);
  if (!spec) return std::unexpected(spec.error());
  RegistryApi api(desk);
  const auto answer = api.resolve(*spec);
  if (!answer) return std::unexpected(answer.error());
  const auto release = RegistryApi::release_in(*answer, *spec);
  if (!release) return std::unexpected(release.error());
  Done done{*answer, "", kDone};
  const auto line = [&done](std::string label, const std::string& text) {
    label.resize(13, ' ');
    if (!text.empty()) done.words += "  " + label + printable(text) + "\n";
  };
  done.words = release->name.full() + " v" + release->version + "\n";
  line("description", text_of(*answer, "description"));
  line("size", human_bytes(release->size));
  line("sha256", release->checksum.hex());
  line("advisories", advisory_words(*answer));
  line("changelog", text_of(*answer, "changelog"));
  std::string versions;
  if (const auto it = answer->find("versions"); it != answer->end() && it->is_array())
    for (const auto& version : *it)
      if (version.is_string())
        versions += (versions.empty() ? "" : ", ") + version.get<std::string>();
  line("versions", versions);
  line("start with", "progy init " + release->name.full());
  return done;
}

}  // namespace

void add_catalog_commands(CLI::App& program, CommandContext& context) {
  const auto add = [&](const char* name, const char* help,
                       Outcome<Done> (*act)(Desk&, const Arguments&)) {
    const auto arguments = std::make_shared<Arguments>();
    auto& command = add_command(program, context, name, help,
                                [arguments, act](Desk& desk) { return act(desk, *arguments); });
    return std::pair<CLI::App&, Arguments&>(command, *arguments);
  };
  auto [list_app, list_arguments] = add("list", "All public courses, or yours", list);
  list_app.add_flag("--mine", list_arguments.mine, "Those that you have published");
  auto [search_app, search_arguments] = add("search", "Courses by words", search);
  search_app.add_option("query", search_arguments.query, "Words to look for")->required();
  auto [info_app, info_arguments] = add("info", "What the registry says of a course", info);
  info_app.add_option("course", info_arguments.query, "@user/course[@version]")->required();
}

}  // namespace kontor::cli::progy
