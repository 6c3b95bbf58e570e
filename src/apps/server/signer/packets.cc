// Addresses of local sockets hold 107 bytes; a folder that is open already makes any path short.
#include "apps/server/signer/packets.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace kontor::signer {
namespace {

constexpr int kBacklog = 64;

struct Place {
  fs::Fd folder;
  std::string name;
  sockaddr_un address{};
};

Result<Place> place_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == path.npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  Place place;
  place.name = slash == path.npos ? path : path.substr(slash + 1);
  place.folder = fs::Fd(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!place.folder)
    return fail(Code::unavailable, "There is no folder for the signer's socket " + path + ".");
  place.address.sun_family = AF_UNIX;
  const std::string near = "/proc/self/fd/" + std::to_string(place.folder.get()) + "/" + place.name;
  if (place.name.empty() || near.size() >= sizeof place.address.sun_path)
    return fail(Code::unavailable, "The name of the signer's socket " + path + " is too long.");
  std::memcpy(place.address.sun_path, near.c_str(), near.size() + 1);
  return place;
}

fs::Fd new_socket() {
  return fs::Fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
}

const sockaddr* address_of(const Place& place) {
  return reinterpret_cast<const sockaddr*>(&place.address);
}

}  // namespace

Result<fs::Fd> listen_at(const std::string& path, Sharing sharing) {
  const auto place = place_of(path);
  if (!place) return std::unexpected(place.error());
  fs::Fd socket = new_socket();
  if (!socket) return fs::fail_errno(errno, "socket");
  ::unlinkat(place->folder.get(), place->name.c_str(), 0);
  const auto old_mask = ::umask(sharing == Sharing::group ? 0117 : 0177);
  const bool bound = ::bind(socket.get(), address_of(*place), sizeof place->address) == 0;
  const int error = errno;
  ::umask(old_mask);
  if (!bound) return fs::fail_errno(error, "bind " + path);
  if (::listen(socket.get(), kBacklog) < 0) return fs::fail_errno(errno, "listen " + path);
  return socket;
}

Result<fs::Fd> connect_to(const std::string& path) {
  const auto place = place_of(path);
  if (!place) return std::unexpected(place.error());
  fs::Fd socket = new_socket();
  if (!socket) return fs::fail_errno(errno, "socket");
  if (::connect(socket.get(), address_of(*place), sizeof place->address) < 0)
    return fail(Code::unavailable, {},
                "connect to the signer at " + path + ": " + std::strerror(errno));
  return socket;
}

Result<fs::Fd> accept_from(const fs::Fd& listener) {
  fs::Fd socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!socket) return fs::fail_errno(errno, "accept");
  return socket;
}

Result<void> send_packet(const fs::Fd& socket, ByteView packet) {
  if (packet.size() > kMaxPacket) return fail(Code::too_large, {}, "a packet of the signer");
  for (;;) {
    if (::send(socket.get(), packet.data(), packet.size(), MSG_NOSIGNAL) >= 0) return {};
    if (errno != EINTR)
      return fail(Code::unavailable, {}, std::string("send to the signer: ") + strerror(errno));
  }
}

Result<std::optional<Bytes>> receive_packet(const fs::Fd& socket, Duration timeout) {
  pollfd waiting{socket.get(), POLLIN, 0};
  const int ready = ::poll(&waiting, 1, timeout.ms > 0 ? static_cast<int>(timeout.ms) : -1);
  if (ready == 0) return fail(Code::unavailable, {}, "the signer does not answer");
  Bytes packet(kMaxPacket, '\0');
  const auto size = ::recv(socket.get(), packet.data(), packet.size(), MSG_TRUNC);
  if (size == 0) return std::nullopt;
  if (size < 0)
    return fail(Code::unavailable, {}, std::string("receive from the signer: ") + strerror(errno));
  if (static_cast<std::size_t>(size) > kMaxPacket)
    return fail(Code::too_large, {}, "a packet of the signer");
  packet.resize(static_cast<std::size_t>(size));
  return packet;
}

}  // namespace kontor::signer
