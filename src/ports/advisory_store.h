#pragma once
// The advisories of the registry: whole records by id, and what they say of a package by its name.
// Rows ADV-01 to ADV-03.
#include "base/bytes.h"
#include "base/task.h"
#include "base/time.h"
#include "domain/ids.h"
#include "ports/audit_row.h"
#include "ports/log_records.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kontor {

// Names the packages of one ecosystem as OSV spells it.
struct AdvisorySubject {
  std::string ecosystem;
  std::string name;
  auto operator<=>(const AdvisorySubject&) const = default;
};

// What an advisory says of one package. `text` is the core's own form; stores do not read it.
struct SubjectText {
  AdvisorySubject subject;
  std::optional<FormatId> format;  // of the packages here that it may be about
  Bytes text;
};

struct AdvisoryRecord {
  std::string id;
  Timestamp modified;
  std::optional<Timestamp> withdrawn;
  std::vector<std::string> aliases;
  Bytes document;                     // canonical JSON
  Sha256 digest;                      // of the document; goes into the log
  std::vector<SubjectText> subjects;  // none where it is withdrawn
  bool is_new = false;                // no record may have this id yet, else conflict
};

enum class AdvisoryOutcome : std::uint8_t {
  added,
  changed,
  unchanged,  // the same document is stored
  outdated,   // the stored one was modified later
};

// All of it or nothing. A record whose outcome is added or changed leaves one leaf in the public
// log; packages that are here and that it names, or named before, wait for a scan.
struct AdvisoryBatch {
  Timestamp at;
  std::vector<AdvisoryRecord> records;  // at most 1,000, else too_large; each id once
  bool replace = false;                 // also what was modified later
  LogAuthor by;
  std::vector<AuditEntry> audit;  // stored only if a record was added or changed
};

struct AdvisoriesAbout {
  std::uint64_t mark = 0;  // changes with every advisory about the subject; 0: there never was one
  std::vector<Bytes> texts;  // in order of ids
};

struct AdvisoryQuery {
  std::optional<AdvisorySubject> subject;  // nothing: all, withdrawn ones included
  std::optional<Timestamp> since;          // modified at that time or later
  std::string after;                       // ids greater than this
  std::uint32_t limit = 100;               // at most 1,000
};

// Thread: one instance belongs to one loop; all instances of one store see each other's batches as
// soon as put() has yielded.
class AdvisoryStore {
 public:
  virtual ~AdvisoryStore() = default;

  // Outcomes in the order of the records, durable when it yields. conflict where the author is
  // gone.
  virtual Task<std::vector<AdvisoryOutcome>> put(AdvisoryBatch batch) = 0;

  // By id, else by alias.
  virtual Task<std::optional<AdvisoryRecord>> find(std::string id) = 0;  // without subjects
  // A point query.
  virtual Task<AdvisoriesAbout> about(AdvisorySubject subject) = 0;
  // What is known of many packages of one ecosystem, by name and in order of ids; names of which
  // nothing is known are left out. One query for each 1,000 names.
  virtual Task<std::map<std::string, std::vector<Bytes>>> about_each(
      std::string ecosystem, std::vector<std::string> names) = 0;
  // In order of ids, without subjects.
  virtual Task<std::vector<AdvisoryRecord>> list(AdvisoryQuery query) = 0;
  // The highest number N of ids "<prefix>-<year>-<N>" with digits only; 0 where there is none.
  virtual Task<std::uint64_t> last_number(std::string prefix, std::uint32_t year) = 0;

  // --- scans that are due -----------------------------------------------------------------------
  // Packages that wait for a scan, `limit` at most. They wait until forgotten.
  virtual Task<std::vector<PackageKey>> waiting(std::uint32_t limit) = 0;
  // Forgets a package, unless advisories about it changed since `mark` was read.
  virtual Task<> scanned(PackageKey key, AdvisorySubject subject, std::uint64_t mark) = 0;
  // Lets every package wait that an advisory is about, unless that was done under these rules
  // already. True where it was done now.
  virtual Task<bool> apply_rules(std::string rules) = 0;
};

}  // namespace kontor
