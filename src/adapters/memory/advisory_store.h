#pragma once
// AdvisoryStore over the rows of a memory::Database.
#include "adapters/memory/database.h"

namespace kontor::memory {

class AdvisoryStore final : public kontor::AdvisoryStore {
 public:
  explicit AdvisoryStore(Database& database) : database_(database) {}

  Task<std::vector<AdvisoryOutcome>> put(AdvisoryBatch batch) override;
  Task<std::optional<AdvisoryRecord>> find(std::string id) override;
  Task<AdvisoriesAbout> about(AdvisorySubject subject) override;
  Task<std::map<std::string, std::vector<Bytes>>> about_each(
      std::string ecosystem, std::vector<std::string> names) override;
  Task<std::vector<AdvisoryRecord>> list(AdvisoryQuery query) override;
  Task<std::uint64_t> last_number(std::string prefix, std::uint32_t year) override;
  Task<std::vector<PackageKey>> waiting(std::uint32_t limit) override;
  Task<> scanned(PackageKey key, AdvisorySubject subject, std::uint64_t mark) override;
  Task<bool> apply_rules(std::string rules) override;

 private:
  Result<AdvisoryOutcome> outcome_of(const AdvisoryRecord& record, bool replace) const;
  void touch_subjects(const AdvisoryRecord& record);

  Database& database_;
};

}  // namespace kontor::memory
