// Plain: one sendmsg of head and body, or head with MSG_MORE and sendfile. TLS: full records, the
// first of them shared by head and body.
#include "adapters/asio/output.h"

#include <algorithm>
#include <unistd.h>

namespace kontor::net {
namespace {

Flush flush_of(Io state) {
  return state == Io::blocked ? Flush::blocked : Flush::failed;
}

iovec piece(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

}  // namespace

void Output::start(std::string_view head, http::Body body) {
  clear();
  head_ = head;
  body_ = std::move(body);
}

void Output::start(std::string_view head, FilePart body) {
  clear();
  head_ = head;
  file_ = std::move(body);
}

void Output::clear() {
  head_ = {};
  body_ = std::monostate{};
  body_sent_ = sent_ = 0;
  file_ = FilePart();
}

std::string_view Output::body_rest() const {
  std::string_view all;
  if (const auto* bytes = std::get_if<Bytes>(&body_))
    all = *bytes;
  else if (const auto* shared = std::get_if<SharedBytes>(&body_))
    all = **shared;
  return all.substr(static_cast<std::size_t>(body_sent_));
}

void Output::consumed(std::size_t bytes) {
  sent_ += bytes;
  const auto of_head = std::min(bytes, head_.size());
  head_.remove_prefix(of_head);
  bytes -= of_head;
  if (file_.file) {
    file_.offset += bytes;
    file_.left -= bytes;
  } else {
    body_sent_ += bytes;
  }
}

void Output::own_head() {
  if (head_.empty() || head_.data() == head_copy_.data() + head_copy_.size() - head_.size()) return;
  head_copy_.assign(head_);
  head_ = head_copy_;
}

Flush Output::flush(Socket& socket, char* record) {
  const Flush result = socket.is_tls() ? flush_tls(socket, record) : flush_plain(socket);
  own_head();
  return result;
}

Flush Output::flush_plain(Socket& socket) {
  for (;;) {
    const auto body = body_rest();
    if (head_.empty() && body.empty()) return file_.left > 0 ? flush_file(socket) : Flush::done;
    const iovec pieces[2] = {piece(head_), piece(body)};
    const auto r =
        socket.write({pieces, body.empty() ? 1u : 2u}, file_.left > 0 ? More::yes : More::no);
    if (r.state != Io::ok) return flush_of(r.state);
    consumed(r.bytes);
  }
}

Flush Output::flush_file(Socket& socket) {
  for (std::size_t turn = 0; file_.left > 0;) {
    if (turn >= kFileTurn) return Flush::yielded;
    const auto size = std::min<std::uint64_t>(file_.left, kFileTurn - turn);
    const auto r =
        socket.send_file(file_.file->get(), file_.offset, static_cast<std::size_t>(size));
    if (r.state != Io::ok) return flush_of(r.state);
    consumed(r.bytes);
    turn += r.bytes;
  }
  return Flush::done;
}

// Copies the next bytes of head and body; the same ones again until they are consumed, as OpenSSL
// demands of a repeated write. False where the file has ended early.
bool Output::fill_record(char* record, std::size_t& size) const {
  size = head_.copy(record, kRecord);
  size += body_rest().copy(record + size, kRecord - size);
  auto left = std::min<std::uint64_t>(file_.left, kRecord - size);
  for (auto offset = file_.offset; left > 0;) {
    const auto n = ::pread(file_.file->get(), record + size, static_cast<std::size_t>(left),
                           static_cast<off_t>(offset));
    if (n <= 0) return false;
    size += static_cast<std::size_t>(n);
    offset += static_cast<std::uint64_t>(n);
    left -= static_cast<std::uint64_t>(n);
  }
  return true;
}

Flush Output::flush_tls(Socket& socket, char* record) {
  for (std::size_t turn = 0;;) {
    const auto body = body_rest();
    if (head_.empty() && body.empty() && file_.left == 0) return Flush::done;
    if (turn >= kFileTurnTls) return Flush::yielded;
    std::size_t size = 0;
    iovec bytes = piece(body.substr(0, kRecord));
    if (!head_.empty() || body.empty()) {
      if (!fill_record(record, size)) return Flush::failed;
      bytes = {record, size};
    }
    const auto r = socket.write({&bytes, 1}, More::no);
    if (r.state != Io::ok) return flush_of(r.state);
    consumed(r.bytes);
    turn += r.bytes;
  }
}

}  // namespace kontor::net
