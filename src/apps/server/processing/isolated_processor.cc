// The archive is spooled while it arrives and inspected when it is whole, so that a slow client
// keeps no worker.
#include "apps/server/processing/isolated_processor.h"

#include "apps/server/processing/spool.h"
#include "ports/run_on.h"

namespace kontor::processing {
namespace {

class IsolatedCheck final : public ArchiveCheck {
 public:
  IsolatedCheck(WorkerPool& pool, Loop& home, ArchiveRequest request)
      : pool_(pool), home_(home), request_(std::move(request)), spool_(pool.folder()) {}

  Task<> feed(ByteView piece) override {
    const auto most = request_.limits.packed_bytes;
    if (spool_.size() + piece.size() > most)
      co_return fail(Code::too_large,
                     "The archive has more than " + std::to_string(most) + " bytes.");
    co_return spool_.append(piece);
  }

  Task<ArchiveReport> finish() override {
    auto archive = co_await spool_.finish();
    auto shared = std::make_shared<const fs::Fd>(std::move(archive));
    co_return co_await run_on<ArchiveReport>(
        pool_.threads(), home_,
        [&pool = pool_, shared, request = request_] { return pool.inspect(*shared, request); });
  }

 private:
  WorkerPool& pool_;
  Loop& home_;
  ArchiveRequest request_;
  Spool spool_;
};

}  // namespace

std::unique_ptr<ArchiveCheck> IsolatedProcessor::begin(ArchiveRequest request) {
  return std::make_unique<IsolatedCheck>(pool_, home_, std::move(request));
}

}  // namespace kontor::processing
