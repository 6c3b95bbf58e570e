// Each subcommand is a few calls at the desk and one way to print what they yield.
#include "apps/cli/advisory/advisory_command.h"

#include "apps/cli/advisory/advisory_export.h"
#include "apps/cli/advisory/advisory_import.h"
#include "apps/cli/advisory/advisory_sources.h"
#include "domain/advisory/osv.h"

#include <CLI/CLI.hpp>

#include <istream>
#include <iterator>
#include <memory>
#include <ostream>

namespace kontor::cli {
namespace {

constexpr int kRefused = 1;
constexpr int kNotDone = 2;

struct AdvisoryArguments {
  DeskOptions desk;
  std::string target;  // path or id
  bool json = false;
  // of `add` without a file, and of `list`
  std::string ecosystem = "npm";
  std::string package;
  std::string introduced = "0";
  std::string fixed;
  std::vector<std::string> versions;
  std::string summary;
  std::string severity;
  std::string id;
  bool malicious = false;
};

using Outcome = Result<int>;  // exit status

// --- add --------------------------------------------------------------------------------------

// A record made of the options.
Result<Json> written(const AdvisoryArguments& arguments) {
  if (arguments.package.empty() || arguments.summary.empty())
    return fail(Code::bad_request, "Name a file, or give --package and --summary.");
  Json affected = {{"package", {{"ecosystem", arguments.ecosystem}, {"name", arguments.package}}}};
  if (arguments.versions.empty()) {
    Json events = Json::array({{{"introduced", arguments.introduced}}});
    if (!arguments.fixed.empty()) events.push_back({{"fixed", arguments.fixed}});
    affected["ranges"] = Json::array({{{"type", "SEMVER"}, {"events", std::move(events)}}});
  } else {
    affected["versions"] = arguments.versions;
  }
  Json record = Json::object();
  if (!arguments.id.empty()) record["id"] = arguments.id;
  record["summary"] = arguments.summary;
  record["affected"] = Json::array({std::move(affected)});
  Json specific = Json::object();
  if (!arguments.severity.empty()) {
    if (!parse_severity(arguments.severity))
      return fail(Code::bad_request, "--severity is low, moderate, high or critical.");
    specific["severity"] = arguments.severity;
  }
  if (arguments.malicious) specific["cwe_ids"] = Json::array({"CWE-506"});
  if (!specific.empty()) record["database_specific"] = std::move(specific);
  return record;
}

Result<Json> record_to_add(const AdvisoryArguments& arguments, CommandContext& context) {
  if (arguments.target.empty()) return written(arguments);
  if (arguments.target == "-") {
    if (!context.in) return fail(Code::bad_request, "There is nothing on standard input.");
    return read_advisory(std::string(std::istreambuf_iterator<char>(*context.in), {}));
  }
  Result<Json> record = fail(Code::not_found, arguments.target + " holds no record.");
  auto read = read_advisories(arguments.target, [&](FoundAdvisory found) {
    record = std::move(found.record);
    return false;
  });
  if (!read) return fail(read);
  return record;
}

Outcome add(AdvisoryDesk& desk, const AdvisoryArguments& arguments, CommandContext& context) {
  auto record = record_to_add(arguments, context);
  if (!record) return fail(record);
  std::vector<Json> records;
  records.push_back(std::move(*record));
  const auto answer = desk.put(std::move(records), true);
  if (!answer) return std::unexpected(answer.error());
  const auto results = answer->find("results");
  if (results == answer->end() || !results->is_array() || results->size() != 1)
    return fail(Code::unavailable, "The registry's answer says nothing about the record.");
  const Json& result = (*results)[0];
  const auto outcome = result.value("outcome", std::string());
  if (outcome == "refused") {
    print_errors(context.err, {result.value("message", std::string("refused"))});
    return kRefused;
  }
  if (arguments.json)
    context.out << result.dump(2) << "\n";
  else
    context.out << result.value("id", std::string()) << " " << outcome << ".\n";
  return 0;
}

// --- import and export ------------------------------------------------------------------------

Outcome import(AdvisoryDesk& desk, const AdvisoryArguments& arguments, CommandContext& context) {
  const auto report = import_path(desk, arguments.target);
  if (!report) return std::unexpected(report.error());
  if (arguments.json)
    context.out << to_json(*report).dump(2) << "\n";
  else
    print(context.out, context.err, *report);
  return report->refused.empty() ? 0 : kRefused;
}

Outcome export_all(AdvisoryDesk& desk, const AdvisoryArguments& arguments,
                   CommandContext& context) {
  const auto& target = arguments.target;
  const bool zipped = target.ends_with(".zip");
  const auto count = target.empty() ? export_lines(desk, context.out)
                     : zipped       ? export_zip(desk, target)
                                    : export_folder(desk, target);
  if (!count) return std::unexpected(count.error());
  if (target.empty()) return 0;
  if (arguments.json)
    context.out << Json{{zipped ? "file" : "folder", target}, {"records", *count}}.dump(2) << "\n";
  else
    context.out << "Wrote " << *count << " records to " << target << ".\n";
  return 0;
}

// --- list and withdraw ------------------------------------------------------------------------

Outcome list(AdvisoryDesk& desk, const AdvisoryArguments& arguments, CommandContext& context) {
  Json all = Json::array();
  if (!arguments.package.empty()) {
    const auto answer = desk.about(arguments.ecosystem, arguments.package);
    if (!answer) return std::unexpected(answer.error());
    if (const auto found = answer->find("advisories"); found != answer->end()) all = *found;
  } else {
    const auto done = each_advisory(desk, [&](Json record) {
      all.push_back(std::move(record));
      return Result<void>();
    });
    if (!done) return std::unexpected(done.error());
  }
  if (arguments.json) {
    context.out << all.dump(2) << "\n";
    return 0;
  }
  for (auto& record : all) {
    const auto advisory = parse_osv(std::move(record));
    if (!advisory) return std::unexpected(advisory.error());
    print_line(context.out, *advisory);
  }
  return 0;
}

Outcome withdraw(AdvisoryDesk& desk, const AdvisoryArguments& arguments, CommandContext& context) {
  const auto record = desk.patch(arguments.target, {{"withdrawn", true}});
  if (!record) return std::unexpected(record.error());
  if (arguments.json)
    context.out << record->dump(2) << "\n";
  else
    context.out << "Withdrew " << arguments.target << ".\n";
  return 0;
}

// --- the table --------------------------------------------------------------------------------

using Act = Outcome (*)(AdvisoryDesk&, const AdvisoryArguments&, CommandContext&);

CLI::App* add_act(CLI::App& group, CommandContext& context,
                  const std::shared_ptr<AdvisoryArguments>& arguments, const char* name,
                  const char* help, Act act) {
  auto* command = group.add_subcommand(name, help);
  add_desk_options(*command, arguments->desk);
  command->add_flag("--json", arguments->json, "Print JSON");
  command->callback([&context, arguments, act] {
    auto desk = open_desk(arguments->desk, context);
    const auto status = desk ? act(**desk, *arguments, context) : fail(desk);
    if (!status) print_errors(context.err, {std::string(status.error().message())});
    context.status = status.value_or(kNotDone);
  });
  return command;
}

void add_package_options(CLI::App& command, AdvisoryArguments& arguments) {
  command.add_option("--package", arguments.package, "Name of the affected package");
  command.add_option("--ecosystem", arguments.ecosystem, "Its ecosystem: npm, Ori, ...")
      ->capture_default_str();
}

void add_writing_options(CLI::App& command, AdvisoryArguments& arguments) {
  add_package_options(command, arguments);
  command.add_option("--summary", arguments.summary, "What is wrong, in one line");
  command.add_option("--introduced", arguments.introduced, "First affected version; 0 means all")
      ->capture_default_str();
  command.add_option("--fixed", arguments.fixed, "First version that is not affected any more");
  command.add_option("--version", arguments.versions, "One affected version, instead of a range");
  command.add_option("--severity", arguments.severity, "low, moderate, high or critical");
  command.add_option("--id", arguments.id, "Id; else one is made");
  command.add_flag("--malicious", arguments.malicious, "The package itself is the attack");
}

}  // namespace

void add_advisory_commands(CLI::App& program, CommandContext& context) {
  auto* group = program.add_subcommand("advisory", "Known vulnerable and malicious packages");
  group->require_subcommand(1);
  const auto arguments = std::make_shared<AdvisoryArguments>();

  auto* one = add_act(*group, context, arguments, "add", "Take in one record, or write one", add);
  one->add_option("file", arguments->target, "OSV or CVE JSON; - reads standard input");
  add_writing_options(*one, *arguments);

  auto* many = add_act(*group, context, arguments, "import", "Take in many records", import);
  many->add_option("path", arguments->target,
                   "A file, a folder of .json files, or a .zip of them; OSV or CVE JSON 5")
      ->required();

  auto* out = add_act(*group, context, arguments, "export", "Write all records out", export_all);
  out->add_option("path", arguments->target,
                  "A folder for one file each, or a .zip of them; else JSON lines");

  auto* shown = add_act(*group, context, arguments, "list", "List what is known", list);
  add_package_options(*shown, *arguments);

  auto* gone = add_act(*group, context, arguments, "withdraw", "Withdraw a record", withdraw);
  gone->add_option("id", arguments->target, "Its id or an alias")->required();
}

}  // namespace kontor::cli
