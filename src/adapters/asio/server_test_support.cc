// The scripted handler and the raw client.
#include "adapters/asio/server_test_support.h"

#include "base/encoding.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <thread>

namespace kontor::net {
namespace {

std::uint64_t number_after(std::string_view text, std::string_view prefix) {
  std::uint64_t n = 0;
  text.remove_prefix(prefix.size());
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

http::Response text(std::string body) {
  return http::text_response(200, std::move(body));
}

http::Response blob(std::uint8_t first, std::uint64_t offset, std::uint64_t length) {
  http::Response r;
  http::BlobBody body{.offset = offset, .length = length};
  body.digest.bytes[0] = first;
  r.body = body;
  return r;
}

// Resumes on the loop, by way of its queue; not at all where the task was destroyed meanwhile.
struct Hop {
  AsioLoop& loop;
  std::shared_ptr<std::coroutine_handle<>> parked = std::make_shared<std::coroutine_handle<>>();
  explicit Hop(AsioLoop& l) : loop(l) {}
  Hop(const Hop&) = delete;
  ~Hop() { *parked = {}; }
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    *parked = h;
    loop.post([parked = parked] {
      if (*parked) parked->resume();
    });
  }
  void await_resume() const {}
};

}  // namespace

std::string test_bytes(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  return out;
}

// Requests outlive the tasks of their handlers (handler.h).
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
Task<http::Response> ScriptedHandler::handle(const http::Request& request, RequestLog& log) {
  ++calls;
  log.family = "test";
  log.pattern = request.path.starts_with("/secret/") ? "/secret/:token" : "/:name";
  log.principal = std::string(request.header("x-user"));
  auto response = co_await whole(answer(request));
  if (!response) {
    const std::lock_guard lock(mutex_);
    last_error_ = info(response.error().code).name;
    ++failed_bodies;
  }
  co_return response;
}

std::optional<http::Ready> ScriptedHandler::ready(const http::Request& request, RequestLog&) {
  constexpr std::string_view kPrefix = "/ready/";
  if (!request.path.starts_with(kPrefix)) return std::nullopt;
  const auto size = number_after(request.path, kPrefix);
  auto& ready = ready_[size];
  if (!ready.head) {
    auto head = std::make_shared<http::ReadyHead>();
    head->length = size;
    ready = {std::move(head), share(test_bytes(static_cast<std::size_t>(size)))};
  }
  return ready;
}

std::string ScriptedHandler::last_error() {
  const std::lock_guard lock(mutex_);
  return last_error_;
}

Task<http::Response> ScriptedHandler::answer(const http::Request& request) {
  const auto path = request.path;
  if (path == "/echo") {
    const auto body = co_await http::read_all(request.body, 64 << 20);
    co_return text(body);
  }
  if (path == "/count") co_return co_await count(request);
  if (path == "/slow") co_return co_await slowly(request);
  if (path == "/gate") {
    Gate::Wait wait(gate);
    co_await wait;
    co_return text("opened");
  }
  if (path == "/hop") {
    Hop hop(loop_);
    co_await hop;
    co_return text("hopped");
  }
  if (path == "/early") co_return fail(Code::unauthenticated);
  if (path == "/where")
    co_return text(std::string(request.address) + " " + std::string(request.base_url) + " " +
                   std::string(request.id));
  if (path == "/headers") {
    std::string out;
    for (const auto& h : request.headers)
      out.append(h.name).append("=").append(h.value).append(";");
    co_return text(out);
  }
  if (path == "/injected") co_return text("x").set("x-evil", "a\r\nset-cookie: b");
  if (path == "/framing")
    co_return text("abc").set("content-length", "1").set("connection", "upgrade");
  if (path == "/304") co_return http::Response{.status = 304}.set("etag", "\"e\"");
  if (path == "/204") co_return http::Response{.status = 204};
  if (path == "/blob") co_return blob(1, 0, 5'000'000);
  if (path == "/range") co_return blob(1, 1'000, 300'000);
  if (path == "/missing-blob") co_return blob(2, 0, 10);
  if (path == "/short-blob") co_return blob(1, 4'999'990, 100);
  if (path.starts_with("/shared/")) {
    http::Response r;
    r.body = share(test_bytes(static_cast<std::size_t>(number_after(path, "/shared/"))));
    co_return r;
  }
  co_return text("path=" + std::string(path) + " query=" + std::string(request.query));
}

Task<http::Response> ScriptedHandler::count(const http::Request& request) {
  std::uint64_t bytes = 0;
  while (request.body) {
    const ByteView piece = co_await request.body->read();
    if (piece.empty()) break;
    bytes += piece.size();
    consumed = bytes;
  }
  co_return text(std::to_string(bytes));
}

// Waits at the gate before each piece.
Task<http::Response> ScriptedHandler::slowly(const http::Request& request) {
  std::uint64_t bytes = 0;
  for (;;) {
    {
      Gate::Wait wait(gate);
      co_await wait;
    }
    const ByteView piece = co_await request.body->read();
    if (piece.empty()) break;
    bytes += piece.size();
    consumed = bytes;
  }
  co_return text(std::to_string(bytes));
}

// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)

TestBlobs::TestBlobs(std::size_t size) {
  OwnedFd fd(::memfd_create("blob", MFD_CLOEXEC));
  const auto bytes = test_bytes(size);
  EXPECT_EQ(::write(fd.get(), bytes.data(), size), static_cast<ssize_t>(size));
  file_ = std::make_shared<const OwnedFd>(std::move(fd));
}

Result<SharedFd> TestBlobs::open(const Sha256& digest) {
  if (digest.bytes[0] != 1) return fail(Code::not_found);
  return file_;
}

void RecordingObserver::answered(const RequestSummary& s) {
  const std::lock_guard lock(mutex_);
  records_.push_back({std::string(s.method), log_target(s), std::string(s.id),
                      std::string(s.address), std::string(s.family), std::string(s.pattern),
                      std::string(s.principal), std::string(s.protocol), std::string(s.error),
                      s.status, s.complete, s.bytes_in, s.bytes_out});
  told_.notify_all();
}

std::vector<RecordingObserver::Record> RecordingObserver::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  told_.wait_for(lock, std::chrono::seconds(10), [&] { return records_.size() >= count; });
  return records_;
}

std::string Reply::header(std::string_view name) const {
  std::string_view rest = head;
  while (!rest.empty()) {
    const auto end = std::min(rest.find("\r\n"), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 2, rest.size()));
    const auto colon = line.find(": ");
    if (colon != line.npos && line.substr(0, colon) == name)
      return std::string(line.substr(colon + 2));
  }
  return {};
}

RawClient::RawClient(std::uint16_t port, int receive_buffer)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0)
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  const timeval limit{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const int on = 1;
  ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string RawClient::read_some() {
  std::string out(65536, '\0');
  const auto n = ::recv(fd_.get(), out.data(), out.size(), 0);
  out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return out;
}

std::optional<Reply> RawClient::read_reply(bool head_only) {
  std::size_t end = 0;
  while ((end = pending_.find("\r\n\r\n")) == pending_.npos) {
    const auto more = read_some();
    if (more.empty()) return std::nullopt;
    pending_ += more;
  }
  Reply reply;
  reply.head = pending_.substr(0, end + 2);
  pending_.erase(0, end + 4);
  reply.status = static_cast<int>(number_after(reply.head, "HTTP/1.1 "));
  const auto length = reply.header("content-length");
  if (head_only || length.empty()) return reply;
  const auto size = static_cast<std::size_t>(number_after(length, ""));
  while (pending_.size() < size) {
    const auto more = read_some();
    if (more.empty()) return std::nullopt;
    pending_ += more;
  }
  reply.body = pending_.substr(0, size);
  pending_.erase(0, size);
  pending_.shrink_to_fit();  // tests measure memory
  return reply;
}

std::string RawClient::read_all() {
  std::string out = std::exchange(pending_, {});
  for (auto more = read_some(); !more.empty(); more = read_some()) out += more;
  return out;
}

bool RawClient::closed_by_server() {
  char c = 0;
  const auto n = ::recv(fd_.get(), &c, 1, 0);
  return n == 0 || (n < 0 && errno == ECONNRESET);
}

void RawClient::end_sending() {
  ::shutdown(fd_.get(), SHUT_WR);
}

void RawClient::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  fd_.reset();
}

TestServer::TestServer(ServerSettings settings, int count, std::optional<TlsOptions> tls) {
  std::vector<ServerPart> parts;
  for (int i = 0; i < count; ++i) {
    auto& loop = loops.emplace_back();
    parts.push_back({loop, handlers.emplace_back(loop), blobs, observer});
  }
  ServerOptions options;
  options.settings = std::move(settings);
  options.tls = std::move(tls);
  auto created = Server::create(std::move(options), std::move(parts));
  EXPECT_TRUE(created);
  server = std::move(*created);
  for (auto& loop : loops) loop.start();
  server->start();
}

TestServer::~TestServer() {
  server.reset();
  for (auto& loop : loops) loop.stop();
}

bool TestServer::open_gates() {
  for (std::size_t i = 0; i < loops.size(); ++i) loops[i].call([&] { handlers[i].gate.open(); });
  return false;
}

bool TestServer::eventually(const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace kontor::net
