// One function per phase, driven by run() until nothing can be done without the peer, the handler
// or a timer. An ordinary request passes through all of them without suspending.
#include "adapters/asio/http1_connection.h"

#include "adapters/asio/lingering.h"
#include "adapters/asio/loop_host.h"
#include "adapters/asio/ready_form.h"
#include "adapters/asio/response_head.h"

namespace kontor::net {
namespace {

constexpr int kStepsPerTurn = 192;       // about 64 pipelined requests
constexpr std::uint8_t kBlankLines = 8;  // before a request line

}  // namespace

Http1Connection::Http1Connection(LoopHost& host, Socket socket, const PeerName& peer)
    : Connection(host, std::move(socket), peer) {
  host_.arm(*this, Timeout::header);
  head_timed_ = true;
}

void Http1Connection::run() {
  if (running_) return;
  running_ = true;
  Next next = Next::step;
  for (int steps = 0; next == Next::step; ++steps) {
    if (steps >= kStepsPerTurn) {
      host_.schedule(*this);
      break;
    }
    next = step();
  }
  running_ = false;
  if (next != Next::close) return;
  if (exchange_ && phase_ == Phase::writing) tell(/*complete=*/false);
  host_.retire(*this);
}

Http1Connection::Next Http1Connection::step() {
  switch (phase_) {
    case Phase::head:
      return read_head();
    case Phase::handling:
      return handle();
    case Phase::writing:
      return write();
    case Phase::discarding:
      return discard();
  }
  return Next::close;
}

Http1Exchange& Http1Connection::exchange() {
  if (!exchange_) {
    exchange_ = host_.take_exchange();
    exchange_->started_us = LoopHost::now_us();
  }
  return *exchange_;
}

// RFC 9112 section 2.2: some empty lines before a request line are ignored. False where more
// bytes are needed, or where there are too many of them.
bool Http1Connection::skip_blank_lines() {
  while (in_.view().starts_with("\r\n") && blank_lines_ < kBlankLines) {
    in_.drop(2);
    ++blank_lines_;
  }
  return in_.size() > 0 && in_.view() != "\r";
}

void Http1Connection::make_room() {
  if (!in_.held()) return in_.acquire(host_.buffers(), Buffer::kSmall);
  if (!in_.tail().empty()) return;
  if (in_.size() < in_.capacity()) return in_.move_to_front();
  in_.acquire(host_.buffers(), Buffer::kLarge);
}

Http1Connection::Next Http1Connection::read_head() {
  for (;;) {
    if (in_.size() > 0 && skip_blank_lines()) {
      const auto size = scanner_.scan(in_.view(), host_.limits().head);
      if (!size) return refuse(size.error());
      if (*size > 0) return begin(*size);
    }
    if (!socket_.readable()) return wait_for_head();
    make_room();
    const auto r = socket_.read(in_.tail());
    if (r.state == Io::blocked) return wait_for_head();
    if (r.state != Io::ok) return Next::close;
    in_.grew(r.bytes);
  }
}

Http1Connection::Next Http1Connection::wait_for_head() {
  if (in_.size() > 0) {
    if (!std::exchange(head_timed_, true)) host_.arm(*this, Timeout::header);
    return Next::wait;
  }
  in_.release();
  if (!served_) return Next::wait;
  if (host_.draining()) return Next::close;
  host_.arm(*this, Timeout::idle);
  return Next::wait;
}

Http1Connection::Next Http1Connection::begin(std::size_t head_size) {
  auto& ex = exchange();
  host_.disarm(*this);
  const auto parsed = parse_head(in_.view().substr(0, head_size), ex.request, ex.head);
  in_.drop(head_size);
  if (!parsed) return refuse(parsed.error());
  if (const auto ok = host_.admit(ex, ex.head.host, *this, socket_); !ok) return refuse(ok.error());
  if (const auto max = host_.limits().body_bytes; ex.head.content_length > max)
    return refuse(body_too_large(max));
  ex.body.start(*this, socket_, in_, ex.head);
  if (ex.head.framing != BodyFraming::none) ex.request.body = &ex.body;
  if (!ex.request.body && answer_ready()) return Next::step;
  phase_ = Phase::handling;
  ex.task.emplace(host_.handler().handle(ex.request, ex.log));
  ex.task->start(
      [](void* self) {
        auto& connection = *static_cast<Http1Connection*>(self);
        if (!connection.running_) connection.host_.schedule(connection);
      },
      this);
  return Next::step;
}

// Answers what cannot be handled; the connection ends, because nobody knows where the next request
// would begin.
Http1Connection::Next Http1Connection::refuse(Error error) {
  auto& ex = exchange();
  host_.disarm(*this);
  ex.error = info(error.code).name;
  ex.head.framing = BodyFraming::none;
  ex.head.keep_alive = false;
  ex.body.start(*this, socket_, in_, ex.head);
  if (ex.request.id.empty()) host_.name(ex);
  refused_ = true;
  answer(error_response(error));
  return Next::step;
}

Http1Connection::Next Http1Connection::handle() {
  auto& ex = *exchange_;
  if (!ex.task->done()) ex.body.resume_if_ready();
  if (!ex.task->done()) return Next::wait;
  auto result = ex.task->take();
  ex.task.reset();
  answer(result ? std::move(*result) : error_response(result.error()));
  return Next::step;
}

void Http1Connection::answer(http::Response response) {
  auto& ex = *exchange_;
  if (!is_sendable(response)) response = error_response({});
  FilePart file;
  if (const auto* blob = std::get_if<http::BlobBody>(&response.body);
      blob && !is_head_only(response.status)) {
    auto opened = host_.open_blob(blob->digest);
    if (opened)
      file = {std::move(*opened), blob->offset, blob->length};
    else
      response = error_response(opened.error());
  }
  const bool body_over = ex.body.finished() || ex.body.is_rest_small();
  close_ = !ex.head.keep_alive || !body_over || host_.draining() ||
           response.header("connection") == "close";
  auto& head = host_.head_scratch();
  head.clear();
  append_head_start(head, response, http::body_length(response.body));
  send(response.status, std::move(response.body), std::move(file));
}

// Sends what the handler has at hand; false where it has to be called.
bool Http1Connection::answer_ready() {
  auto& ex = *exchange_;
  auto ready = host_.handler().ready(ex.request, ex.log);
  if (!ready) return false;
  const ReadyForm& form = form_of(*ready->head);
  const auto status = ready->head->response.status;
  FilePart file;
  if (const auto* blob = std::get_if<http::BlobBody>(&ready->body); blob && !is_head_only(status)) {
    auto opened = host_.open_blob(blob->digest);
    if (!opened) return false;
    file = {std::move(*opened), blob->offset, blob->length};
  } else if (const auto* bytes = std::get_if<SharedBytes>(&ready->body);
             bytes && !socket_.is_tls() && !is_head_only(status)) {
    if (auto hot = host_.hot_bodies().file_of(*bytes)) file = {std::move(hot), 0, (*bytes)->size()};
  }
  if (!form.sendable) return false;
  close_ = !ex.head.keep_alive || host_.draining();
  auto& head = host_.head_scratch();
  head.assign(form.http1);
  for (const auto& header : ready->more)
    head.append(header.name).append(": ").append(header.value).append("\r\n");
  send(status, std::move(ready->body), std::move(file));
  return true;
}

bool Http1Connection::is_head_only(std::uint16_t status) const {
  return exchange_->request.method == http::Method::head || !has_body(status);
}

// Sends the head that stands in the scratch but for its end, and one of the two bodies.
void Http1Connection::send(std::uint16_t status, http::Body body, FilePart file) {
  auto& ex = *exchange_;
  ex.status = status;
  ex.bytes_in = ex.body.received();
  auto& head = host_.head_scratch();
  append_head_end(head, {host_.date(), ex.request.id, close_});
  if (is_head_only(status))
    ex.out.start(head, http::Body());
  else if (file.file)
    ex.out.start(head, std::move(file));
  else
    ex.out.start(head, std::move(body));
  write_mark_ = ~0ull;
  phase_ = Phase::writing;
}

Http1Connection::Next Http1Connection::write() {
  auto& out = exchange_->out;
  switch (out.flush(socket_, host_.record_scratch())) {
    case Flush::done:
      return written();
    case Flush::failed:
      return Next::close;
    case Flush::yielded:
      host_.schedule(*this);
      return Next::wait;
    case Flush::blocked:
      break;
  }
  if (std::exchange(write_mark_, out.sent()) != out.sent()) host_.arm(*this, Timeout::write);
  return Next::wait;
}

void Http1Connection::tell(bool complete) {
  const auto& ex = *exchange_;
  host_.answered(ex, peer(), {ex.head.http_1_0 ? "http/1.0" : "http/1.1", ex.out.sent(), complete});
}

Http1Connection::Next Http1Connection::written() {
  tell(/*complete=*/true);
  if (write_mark_ != ~0ull) host_.disarm(*this);
  if (close_) {
    const bool more_may_come = refused_ || in_.size() > 0 || !exchange_->body.finished();
    end_exchange();  // it has been told
    return more_may_come ? linger() : Next::close;
  }
  if (!exchange_->body.finished()) {
    phase_ = Phase::discarding;
    return Next::step;
  }
  end_exchange();
  return Next::step;
}

void Http1Connection::end_exchange() {
  exchange_->body.end();
  host_.give_exchange(std::move(exchange_));
  scanner_.reset();
  blank_lines_ = 0;
  served_ = true;
  head_timed_ = false;
  phase_ = Phase::head;
}

Http1Connection::Next Http1Connection::discard() {
  switch (exchange_->body.discard()) {
    case Http1Body::Discard::failed:
      return Next::close;
    case Http1Body::Discard::blocked:
      host_.arm(*this, Timeout::body);
      return Next::wait;
    case Http1Body::Discard::done:
      break;
  }
  host_.disarm(*this);
  end_exchange();
  return Next::step;
}

Http1Connection::Next Http1Connection::linger() {
  host_.replace(*this, std::make_unique<Lingering>(host_, std::move(socket_), peer()));
  return Next::wait;
}

void Http1Connection::drain() {
  if (phase_ != Phase::head || in_.size() > 0 || socket_.readable()) return;
  if (served_) return host_.retire(*this);
  host_.arm(*this, Timeout::linger);  // its first request may be on the way
}

void Http1Connection::timed_out(Timeout kind) {
  switch (kind) {
    case Timeout::header:
      if (in_.size() == 0) return host_.retire(*this);
      refuse({Code::request_timeout, {}, {}});
      return run();
    case Timeout::body:
      if (phase_ != Phase::handling) return host_.retire(*this);
      exchange_->body.fail({Code::request_timeout, {}, {}});
      return run();
    case Timeout::write:
      tell(/*complete=*/false);
      break;
    default:
      break;
  }
  host_.retire(*this);
}

}  // namespace kontor::net
