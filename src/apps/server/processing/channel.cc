// SCM_RIGHTS travels with the first byte of a message.
#include "apps/server/processing/channel.h"

#include "apps/server/processing/wire.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

namespace kontor::processing {
namespace {

constexpr std::size_t kHead = 4;

using Control = std::array<char, CMSG_SPACE(sizeof(int))>;

// How many bytes were sent; -1 where the other side is gone.
ssize_t send_some(int socket, ByteView bytes, int descriptor) {
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) Control control{};
  if (descriptor >= 0) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  }
  for (;;) {
    const auto n = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    if (n >= 0 || errno != EINTR) return n;
  }
}

bool send_all(int socket, ByteView bytes, int descriptor) {
  while (!bytes.empty()) {
    const auto n = send_some(socket, bytes, descriptor);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
    descriptor = -1;
  }
  return true;
}

ssize_t receive_some(int socket, char* into, std::size_t size, fs::Fd& descriptor) {
  iovec part{into, size};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) Control control{};
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t n = 0;
  do n = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  while (n < 0 && errno == EINTR);
  const cmsghdr* header = n > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
    int received = -1;
    std::memcpy(&received, CMSG_DATA(header), sizeof received);
    descriptor = fs::Fd(received);
  }
  return n;
}

bool receive_all(int socket, char* into, std::size_t size, fs::Fd& descriptor) {
  while (size > 0) {
    const auto n = receive_some(socket, into, size, descriptor);
    if (n <= 0) return false;
    into += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

bool send_message(int socket, ByteView message, int descriptor) {
  if (message.size() > kMaxMessage) return false;
  Bytes bytes;
  for (std::size_t i = 0; i < kHead; ++i)
    bytes += static_cast<char>(message.size() >> (8 * i) & 0xff);
  bytes += message;
  return send_all(socket, bytes, descriptor);
}

std::optional<Received> receive_message(int socket) {
  Received out;
  std::array<char, kHead> head;
  if (!receive_all(socket, head.data(), head.size(), out.descriptor)) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t i = kHead; i-- > 0;) size = size << 8 | static_cast<unsigned char>(head[i]);
  if (size > kMaxMessage) return std::nullopt;
  out.message.resize(size);
  if (!receive_all(socket, out.message.data(), size, out.descriptor)) return std::nullopt;
  return out;
}

}  // namespace kontor::processing
