#pragma once
// Local sockets that carry whole packets, each at most kMaxPacket bytes: a longer one is refused by
// either side before a byte of it is looked at. Calls block.
#include "adapters/filesystem/files.h"
#include "base/bytes.h"
#include "base/time.h"

#include <optional>
#include <string>

namespace kontor::signer {

inline constexpr std::size_t kMaxPacket = 64 * 1024;

// Who may connect to a socket: its owner, or the group of its folder, too.
enum class Sharing { owner, group };

// Binds and listens; what a dead server left there is replaced. Paths may be as long as the
// system's. storage_failed with the path where that does not work.
Result<fs::Fd> listen_at(const std::string& path, Sharing sharing);
// unavailable where nobody listens there.
Result<fs::Fd> connect_to(const std::string& path);
Result<fs::Fd> accept_from(const fs::Fd& listener);

Result<void> send_packet(const fs::Fd& socket, ByteView packet);
// Nothing where the other side has closed. unavailable where nothing comes in time (0: waits for
// ever), too_large where the packet is.
Result<std::optional<Bytes>> receive_packet(const fs::Fd& socket, Duration timeout);

}  // namespace kontor::signer
