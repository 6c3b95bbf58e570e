// Bookkeeping of one loop's connections. Connections are destroyed only from flush(), which runs
// as posted work, so that no event of the current turn can meet a dead one.
#include "adapters/asio/loop_host.h"

#include "adapters/asio/http1_connection.h"
#include "adapters/asio/listener.h"
#include "adapters/asio/output.h"
#include "adapters/asio/response_head.h"
#include "adapters/asio/tls_context.h"
#include "adapters/asio/tls_handshake.h"
#include "base/time.h"

#include <algorithm>
#include <ctime>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace kontor::net {
namespace {

constexpr std::size_t kKeptExchanges = 256;
constexpr std::int64_t kLongestTickMs = 500;

timespec read_clock(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return t;
}

}  // namespace

LoopHost::LoopHost(AsioLoop& loop, Handler& handler, BlobOpener& blobs, ServerObserver& observer,
                   ServerShared& shared, std::shared_ptr<const ServerSettings> settings)
    : loop_(loop),
      handler_(handler),
      blobs_(blobs),
      observer_(observer),
      shared_(shared),
      record_scratch_(std::make_unique_for_overwrite<char[]>(Output::kRecord)),
      read_scratch_(std::make_unique_for_overwrite<char[]>(Buffer::kSmall)) {
  apply(std::move(settings));
}

LoopHost::~LoopHost() {
  cut();
}

std::int64_t LoopHost::now_ms() {
  const auto t = read_clock(CLOCK_MONOTONIC_COARSE);
  return t.tv_sec * 1000 + t.tv_nsec / 1'000'000;
}

std::uint64_t LoopHost::now_us() {
  const auto t = read_clock(CLOCK_MONOTONIC);
  return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000 +
         static_cast<std::uint64_t>(t.tv_nsec) / 1000;
}

std::string_view LoopHost::date() {
  const auto t = read_clock(CLOCK_REALTIME_COARSE);
  if (t.tv_sec != date_second_) {
    date_second_ = t.tv_sec;
    date_size_ = http_date({t.tv_sec * 1000}).copy(date_.data(), date_.size());
  }
  return {date_.data(), date_size_};
}

void LoopHost::apply(std::shared_ptr<const ServerSettings> settings) {
  auto held = std::make_shared<ServerSettings>(*settings);
  auto& l = held->limits;
  l.head.header_bytes = std::min(l.head.header_bytes, Buffer::kLarge);
  settings_ = std::move(held);
  timers_.set_duration(Timeout::handshake, l.handshake_timeout);
  timers_.set_duration(Timeout::header, l.header_timeout);
  timers_.set_duration(Timeout::body, l.body_timeout);
  timers_.set_duration(Timeout::idle, l.idle_timeout);
  timers_.set_duration(Timeout::write, l.write_timeout);
  timers_.set_duration(Timeout::linger, l.linger_timeout);
}

void LoopHost::use_tls(std::shared_ptr<TlsContext> context) {
  tls_ = std::move(context);
}

void LoopHost::listen(OwnedFd socket) {
  listener_ = std::make_unique<Listener>(*this, loop_.reactor(), std::move(socket));
  tick();
}

void LoopHost::tick() {
  if (listener_) listener_->retry();
  timers_.expire(now_ms());
  blobs_.expire(now_ms());
  const auto period = std::clamp<std::int64_t>(timers_.shortest().ms / 4, 5, kLongestTickMs);
  loop_.post_after({period}, [this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) tick();
  });
}

void LoopHost::accepted(OwnedFd socket, const PeerName& peer) {
  const auto& limits = settings_->limits;
  const bool proxy = contains(settings_->proxies.trusted, peer.address);
  if (!shared_.connections.enter(peer.address,
                                 {limits.connections, proxy ? 0 : limits.connections_per_address}))
    return refuse(std::move(socket), peer);
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (!tls_)
    return adopt(
        std::make_unique<Http1Connection>(*this, Socket(std::move(socket), nullptr), peer));
  ssl_st* tls = tls_->accept(socket.get());
  if (!tls) return shared_.connections.leave(peer.address);
  adopt(std::make_unique<TlsHandshake>(*this, Socket(std::move(socket), tls), peer));
}

// Says why and closes; a client that has sent its request already may see a reset instead, which
// is the price of not keeping state for whom there is no room.
void LoopHost::refuse(OwnedFd socket, const PeerName& peer) {
  observer_.refused_connection(peer.view());
  if (tls_) return;
  const auto response = error_response({Code::too_many_connections, {}, {}});
  std::array<char, 16> id;
  std::string out;
  append_head_start(out, response, http::body_length(response.body));
  append_head_end(out, {date(), ids_.next(id), /*close=*/true});
  out += std::get<Bytes>(response.body);
  ::send(socket.get(), out.data(), out.size(), MSG_NOSIGNAL);
  ::shutdown(socket.get(), SHUT_WR);
  ::recv(socket.get(), record_scratch_.get(), Output::kRecord, 0);
}

void LoopHost::adopt(std::unique_ptr<Connection> connection) {
  Connection* c = connection.release();
  c->next_ = connections_;
  if (connections_) connections_->previous_ = c;
  connections_ = c;
  if (!loop_.reactor().add(c->socket_.fd(), *c, Trigger::edge)) retire(*c);
}

void LoopHost::unlink(Connection& c) {
  (c.previous_ ? c.previous_->next_ : connections_) = c.next_;
  if (c.next_) c.next_->previous_ = c.previous_;
  c.previous_ = c.next_ = nullptr;
}

void LoopHost::retire(Connection& connection) {
  if (connection.retired_) return;
  connection.retired_ = true;
  disarm(connection);
  unlink(connection);
  if (connection.socket_.fd() >= 0) {
    loop_.reactor().remove(connection.socket_.fd());
    shared_.connections.leave(connection.peer().address);
  }
  retired_.emplace_back(&connection);
  request_flush();
}

void LoopHost::replace(Connection& connection, std::unique_ptr<Connection> successor) {
  Connection* c = successor.release();
  c->next_ = connections_;
  if (connections_) connections_->previous_ = c;
  connections_ = c;
  loop_.reactor().change(c->socket_.fd(), *c);
  retire(connection);
  schedule(*c);  // what was readable before may be, without another event
}

void LoopHost::schedule(Connection& connection) {
  if (connection.scheduled_ || connection.retired_) return;
  connection.scheduled_ = true;
  scheduled_.push_back(&connection);
  request_flush();
}

void LoopHost::request_flush() {
  if (std::exchange(flush_requested_, true)) return;
  loop_.post([this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) flush();
  });
}

void LoopHost::flush() {
  flush_requested_ = false;
  for (Connection* c : std::exchange(scheduled_, {})) {
    c->scheduled_ = false;
    if (!c->retired_) c->run();
  }
  // One that was scheduled meanwhile is kept for the next flush, which looks at it once more.
  std::erase_if(retired_, [](const auto& c) { return !c->scheduled_; });
}

template <class Visit>
void LoopHost::for_each_connection(Visit visit) {
  for (Connection* c = connections_; c;) {
    Connection* next = c->next_;  // visit() may retire c, but nobody else
    visit(*c);
    c = next;
  }
}

void LoopHost::drain() {
  if (draining_) return;
  if (listener_) listener_->accept_all();
  listener_.reset();
  draining_ = true;
  for_each_connection([](Connection& c) { c.drain(); });
}

void LoopHost::cut() {
  listener_.reset();
  draining_ = true;
  alive_ = std::make_shared<bool>(true);  // ticks and flushes under way find nothing
  for_each_connection([this](Connection& c) { retire(c); });
  scheduled_.clear();
  retired_.clear();
  flush_requested_ = false;
}

std::unique_ptr<Http1Exchange> LoopHost::take_exchange() {
  if (exchanges_.empty()) return std::make_unique<Http1Exchange>(*this);
  auto exchange = std::move(exchanges_.back());
  exchanges_.pop_back();
  return exchange;
}

void LoopHost::give_exchange(std::unique_ptr<Http1Exchange> exchange) {
  exchange->reset();
  if (exchanges_.size() < kKeptExchanges) exchanges_.push_back(std::move(exchange));
}

void LoopHost::name(Exchange& exchange) {
  exchange.request.id = ids_.next(exchange.id);
}

Result<void> LoopHost::admit(Exchange& exchange, std::string_view host,
                             const Connection& connection, const Socket& socket) {
  auto& request = exchange.request;
  name(exchange);
  const PeerName& peer = connection.peer();
  std::string local;
  if (host.empty()) local = local_host(socket.fd());
  auto ok = http::resolve_origin(request, host, {peer.address, peer.view(), local, socket.is_tls()},
                                 settings_->proxies, exchange.origin);
  if (!ok) return fail(ok);
  request.address = exchange.origin.address;
  request.base_url = exchange.origin.base_url;
  if (!exchange.origin.trusted_peer) return {};
  if (const auto id = request.header("x-request-id"); is_acceptable_id(id))
    request.id = {exchange.id.data(), id.copy(exchange.id.data(), exchange.id.size())};
  return {};
}

void LoopHost::handshake_failed(const PeerName& peer, std::string_view reason) {
  observer_.failed_handshake(peer.view(), reason);
}

void LoopHost::answered(const Exchange& exchange, const PeerName& peer, Sent sent) {
  const auto& request = exchange.request;
  observer_.answered({
      .method = request.method_text,
      .path = request.path,
      .id = request.id,
      .address = request.address.empty() ? peer.view() : request.address,
      .family = exchange.log.family,
      .pattern = exchange.log.pattern,
      .principal = exchange.log.principal,
      .protocol = sent.protocol,
      .error = exchange.error,
      .status = exchange.status,
      .complete = sent.complete,
      .bytes_in = exchange.bytes_in,
      .bytes_out = sent.bytes,
      .duration_us = now_us() - exchange.started_us,
  });
}

}  // namespace kontor::net
