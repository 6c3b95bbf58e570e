#pragma once
// Bodies of middle size that are sent again and again, as files in memory: sendfile(2) gives a
// socket the pages themselves, where sendmsg(2) copies them. Smaller bodies cost less to copy than
// to send by a second call, larger ones do not fit a socket's buffer anyway.
#include "adapters/asio/owned_fd.h"
#include "base/bytes.h"

#include <cstdint>
#include <memory>
#include <unordered_map>

namespace kontor::net {

// One a loop.
class HotBodies {
 public:
  static constexpr std::size_t kSmallest = 24 * 1024;
  static constexpr std::size_t kLargest = 512 * 1024;
  static constexpr std::size_t kBudget = 8ull << 20;  // bytes in files
  static constexpr std::size_t kMost = 256;           // bodies that are counted or in files
  static constexpr std::uint32_t kUses = 4;           // before a body gets a file

  // A file of the same bytes; null where the body is not hot, or no file can be had. To be asked
  // once each time the body is sent.
  SharedFd file_of(const SharedBytes& body);
  std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::weak_ptr<const Bytes> body;
    SharedFd file;         // null: counted only
    std::size_t size = 0;  // of the file
    std::uint32_t uses = 0;
    std::uint64_t used = 0;  // the turn of the last use
  };
  using Entries = std::unordered_map<const Bytes*, Entry>;

  Entry& entry_of(const SharedBytes& body);
  void make_room(std::size_t bytes);
  Entries::iterator forget(Entries::iterator entry);

  Entries entries_;  // by the address of the body, which is another's once it has gone
  std::size_t bytes_ = 0;
  std::uint64_t turn_ = 0;
};

}  // namespace kontor::net
