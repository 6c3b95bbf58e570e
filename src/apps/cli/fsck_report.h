#pragma once
// How the findings of a check are printed: sentences, or one JSON object a line.
#include "registry/upkeep/fsck.h"

#include <array>
#include <iosfwd>

namespace kontor::cli {

class FsckReport final : public FsckObserver {
 public:
  enum class Form { text, json };
  // Findings go to `out`, progress to `err`.
  FsckReport(std::ostream& out, std::ostream& err, Form form) : out_(out), err_(err), form_(form) {}

  void found(const Fault& fault) override;
  void progress(std::string_view step, std::uint64_t done) override;
  void finish(const FsckSummary& summary);

 private:
  std::ostream& out_;
  std::ostream& err_;
  const Form form_;
  std::array<std::uint64_t, 3> counts_{};  // by sort
};

// The exit status that says it (fsck_command.h).
int status_of(const FsckSummary& summary);

}  // namespace kontor::cli
