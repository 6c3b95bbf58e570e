// The inspector of archive/, behind the port.
#include "registry/local_processor.h"

#include "archive/tarball_inspector.h"

namespace kontor {
namespace {

class LocalCheck final : public ArchiveCheck {
 public:
  explicit LocalCheck(ArchiveRequest request) : inspector_(std::move(request)) {}
  Task<> feed(ByteView piece) override { co_return inspector_.feed(piece); }
  Task<TarballReport> finish() override { co_return inspector_.finish(); }

 private:
  TarballInspector inspector_;
};

}  // namespace

std::unique_ptr<ArchiveCheck> LocalProcessor::begin(ArchiveRequest request) {
  return std::make_unique<LocalCheck>(std::move(request));
}

}  // namespace kontor
