// The inspectors of archive/, behind the port.
#include "registry/local_processor.h"

#include "archive/archive_inspector.h"

namespace kontor {
namespace {

class LocalCheck final : public ArchiveCheck {
 public:
  explicit LocalCheck(ArchiveRequest request) : inspector_(make_inspector(std::move(request))) {}
  Task<> feed(ByteView piece) override { co_return inspector_->feed(piece); }
  Task<ArchiveReport> finish() override { co_return inspector_->finish(); }

 private:
  std::unique_ptr<ArchiveInspector> inspector_;
};

}  // namespace

std::unique_ptr<ArchiveCheck> LocalProcessor::begin(ArchiveRequest request) {
  return std::make_unique<LocalCheck>(std::move(request));
}

}  // namespace kontor
