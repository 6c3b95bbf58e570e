// First confined, then told what to read.
#include "apps/server/processing/worker.h"

#include "apps/server/processing/channel.h"
#include "apps/server/processing/confinement.h"
#include "apps/server/processing/wire.h"
#include "archive/archive_inspector.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <unistd.h>

namespace kontor::processing {
namespace {

constexpr std::size_t kPiece = 64 * 1024;

Result<ArchiveReport> inspect(const fs::Fd& archive, ArchiveRequest request) {
  const auto inspector = make_inspector(std::move(request));
  static std::array<char, kPiece> piece;
  for (;;) {
    const auto n = ::read(archive.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Code::invalid_archive, "The archive cannot be read.");
    if (n == 0) return inspector->finish();
    if (auto done = inspector->feed({piece.data(), static_cast<std::size_t>(n)}); !done)
      return fail(done);
  }
}

}  // namespace

int run_worker() {
  ::close_range(kWorkerSocket + 1, ~0u, 0);
  ::signal(SIGINT, SIG_IGN);  // a terminal sends it to all; the server decides when to end
  const auto confinement = confine_this_process();
  if (!send_message(kWorkerSocket, confinement.text())) return 1;
  while (const auto received = receive_message(kWorkerSocket)) {
    auto request = parse_request(received->message);
    if (!request || !received->descriptor) return 1;
    if (!send_message(kWorkerSocket, print_outcome(inspect(received->descriptor, *request))))
      return 0;
  }
  return 0;
}

}  // namespace kontor::processing
