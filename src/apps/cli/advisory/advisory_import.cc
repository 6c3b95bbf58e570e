// One batch is filled while files are read and the one before it is stored.
#include "apps/cli/advisory/advisory_import.h"

#include "apps/cli/advisory/advisory_sources.h"

#include <future>
#include <ostream>
#include <utility>

namespace kontor::cli {
namespace {

constexpr std::size_t kBatch = 400;              // records
constexpr std::uint64_t kBatchBytes = 8u << 20;  // of files
constexpr std::size_t kMostRefusals = 10'000;    // told one by one

class Importer {
 public:
  explicit Importer(AdvisoryDesk& desk) : desk_(desk) {}

  bool take(FoundAdvisory found) {
    if (!found.record) {
      refuse(std::move(found.source), std::string(found.record.error().message()));
      return true;
    }
    bytes_ += found.bytes;
    sources_.push_back(std::move(found.source));
    records_.push_back(std::move(*found.record));
    return (records_.size() < kBatch && bytes_ < kBatchBytes) || send();
  }

  // Lets the batch go on its way while the next one is read. False after an error.
  bool send() {
    if (!settle()) return false;
    if (records_.empty()) return true;
    under_way_ = std::exchange(sources_, {});
    bytes_ = 0;
    answer_ =
        std::async(std::launch::async, [this, records = std::exchange(records_, {})]() mutable {
          return desk_.put(std::move(records), false);
        });
    return true;
  }

  Result<ImportReport> finish() {
    if (!send() || !settle()) return std::unexpected(*error_);
    return std::move(report_);
  }

 private:
  // Waits for the batch that is under way. False after an error.
  bool settle() {
    if (!answer_.valid()) return !error_;
    const auto answer = answer_.get();
    if (!answer) {
      error_ = answer.error();
      return false;
    }
    const auto results = answer->find("results");
    for (std::size_t i = 0; results != answer->end() && i < results->size(); ++i)
      if (i < under_way_.size()) note(under_way_[i], (*results)[i]);
    return true;
  }
  void note(const std::string& source, const Json& result) {
    const auto outcome = result.value("outcome", std::string("refused"));
    if (outcome == "refused")
      refuse(source, result.value("message", std::string("The registry does not say why.")));
    else
      ++report_.outcomes[outcome];
  }
  void refuse(std::string source, std::string reason) {
    if (report_.refused.size() < kMostRefusals)
      report_.refused.push_back({std::move(source), std::move(reason)});
  }

  AdvisoryDesk& desk_;
  ImportReport report_;
  std::vector<std::string> sources_;
  std::vector<Json> records_;
  std::uint64_t bytes_ = 0;
  std::vector<std::string> under_way_;  // sources of the batch that was sent last
  std::future<Result<Json>> answer_;    // to it; one at a time
  std::optional<Error> error_;
};

}  // namespace

std::uint64_t ImportReport::total() const {
  std::uint64_t count = refused.size();
  for (const auto& [outcome, number] : outcomes) count += number;
  return count;
}

Result<ImportReport> import_path(AdvisoryDesk& desk, const std::string& path) {
  Importer importer(desk);
  auto read =
      read_advisories(path, [&](FoundAdvisory found) { return importer.take(std::move(found)); });
  if (!read) return fail(read);
  return importer.finish();
}

Json to_json(const ImportReport& report) {
  Json refused = Json::array();
  for (const auto& [source, reason] : report.refused)
    refused.push_back({{"source", source}, {"message", reason}});
  return {{"records", report.total()}, {"outcomes", report.outcomes}, {"refused", refused}};
}

void print(std::ostream& out, std::ostream& err, const ImportReport& report) {
  for (const auto& [source, reason] : report.refused)
    err << "refused: " << source << ": " << reason << "\n";
  out << report.total() << " records";
  const char* separator = ": ";
  for (const auto& [outcome, number] : report.outcomes) {
    out << separator << number << " " << outcome;
    separator = ", ";
  }
  if (!report.refused.empty()) out << separator << report.refused.size() << " refused";
  out << ".\n";
}

}  // namespace kontor::cli
