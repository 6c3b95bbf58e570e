#pragma once
// One answer on its way out: a head, and a body in memory or in a file. Bodies are never copied
// (TLS fills records from them); they are held until their last byte is sent.
#include "adapters/asio/owned_fd.h"
#include "adapters/asio/socket.h"
#include "http/message.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::net {

enum class Flush : std::uint8_t {
  done,
  blocked,  // wait for the socket to become writable
  yielded,  // more could be sent, but others shall have their turn
  failed,   // connection broken, or the file is shorter than promised
};

// A file's part as body.
struct FilePart {
  SharedFd file;
  std::uint64_t offset = 0;
  std::uint64_t left = 0;
};

class Output {
 public:
  static constexpr std::size_t kRecord = 16 * 1024;     // payload of one TLS record
  static constexpr std::size_t kFileTurn = 2ull << 20;  // bytes of a file per turn
  static constexpr std::size_t kFileTurnTls = 256 * 1024;

  // `head` is borrowed until the first flush() returns.
  void start(std::string_view head, http::Body body);
  void start(std::string_view head, FilePart body);
  // Sends as much as the socket takes. `record` is scratch of kRecord bytes for TLS.
  Flush flush(Socket& socket, char* record);
  void clear();
  std::uint64_t sent() const { return sent_; }

 private:
  std::string_view body_rest() const;
  Flush flush_plain(Socket& socket);
  Flush flush_tls(Socket& socket, char* record);
  Flush flush_file(Socket& socket);
  bool fill_record(char* record, std::size_t& size) const;
  void consumed(std::size_t bytes);
  void own_head();

  std::string_view head_;  // unsent part
  std::string head_copy_;  // what head_ points to after a partial write
  http::Body body_;
  std::uint64_t body_sent_ = 0;
  FilePart file_;
  std::uint64_t sent_ = 0;
};

}  // namespace kontor::net
