#pragma once
// AdvisoryStore on SQLite. Reads run on the caller's thread: about() and find() are point queries,
// list() is bounded by its page, waiting() by its limit.
#include "adapters/sqlite/session.h"
#include "ports/advisory_store.h"

namespace kontor::sqlite {

class AdvisoryStore final : public kontor::AdvisoryStore {
 public:
  explicit AdvisoryStore(Session& session) : session_(session) {}

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
  Session& session_;
};

}  // namespace kontor::sqlite
