// Text is for people, so it stops after a screenful of each sort; JSON lists everything.
#include "apps/cli/fsck_report.h"

#include "apps/cli/fsck_command.h"

#include <nlohmann/json.hpp>

#include <ostream>

namespace kontor::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kShown = 25;           // of each sort
constexpr std::uint64_t kProgressStep = 1000;  // packages

const char* name_of(FaultSort sort) {
  switch (sort) {
    case FaultSort::damage:
      return "damage";
    case FaultSort::stale:
      return "stale";
    case FaultSort::leftover:
      return "leftover";
  }
  return "";
}

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void print_text(std::ostream& out, const FsckSummary& s) {
  out << "Checked " << s.packages << " packages, " << s.versions << " versions, " << s.bytes
      << " bytes of archives, " << s.blobs << " blobs.\n";
  if (s.orphans > 0)
    out << s.orphans << " orphans hold " << s.orphan_bytes << " bytes; kontor gc removes them.\n";
  if (s.leftovers > 0)
    out << s.leftovers << " unfinished uploads hold " << s.leftover_bytes << " bytes.\n";
  if (s.mended > 0) out << s.mended << " derived things were made anew.\n";
  if (s.stale > 0)
    out << s.stale << " derived things are wrong; kontor fsck --repair makes them anew.\n";
  if (s.damaged > 0)
    out << s.damaged << " faults cannot be mended here: restore what they name from a backup.\n";
  if (s.stale + s.damaged == 0) out << "Nothing is wrong.\n";
}

}  // namespace

void FsckReport::found(const Fault& fault) {
  if (form_ == Form::json) {
    out_ << line_of({{"fault", name_of(fault.sort)},
                     {"subject", fault.subject},
                     {"text", fault.text},
                     {"remedy", fault.remedy},
                     {"mended", fault.mended}});
    return;
  }
  const auto count = ++counts_[static_cast<std::size_t>(fault.sort)];
  if (count <= kShown)
    out_ << name_of(fault.sort) << ": " << fault.subject << ": " << fault.text << " "
         << (fault.mended ? "Made anew." : fault.remedy) << "\n";
  else if (count == kShown + 1)
    out_ << name_of(fault.sort) << ": more are only counted; --json lists them all\n";
}

void FsckReport::progress(std::string_view step, std::uint64_t done) {
  if (step == "packages" && done % kProgressStep != 0) return;
  err_ << "checked " << done << " " << step << "\n";
}

void FsckReport::finish(const FsckSummary& s) {
  if (form_ == Form::text) return print_text(out_, s);
  out_ << line_of({{"summary",
                    {{"packages", s.packages},
                     {"versions", s.versions},
                     {"bytes", s.bytes},
                     {"blobs", s.blobs},
                     {"damaged", s.damaged},
                     {"stale", s.stale},
                     {"mended", s.mended},
                     {"orphans", s.orphans},
                     {"orphan_bytes", s.orphan_bytes},
                     {"leftovers", s.leftovers},
                     {"leftover_bytes", s.leftover_bytes}}}});
}

int status_of(const FsckSummary& summary) {
  return summary.damaged > 0 ? kDamaged : summary.stale > 0 ? kStale : kSound;
}

}  // namespace kontor::cli
