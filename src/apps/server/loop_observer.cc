// One line a request; the timer runs only while lines wait.
#include "apps/server/loop_observer.h"

#include "http/message.h"

namespace kontor {

void LoopObserver::answered(const net::RequestSummary& s) {
  tally_.request({.family = s.family,
                  .pattern = s.pattern,
                  .method = http::to_string(http::parse_method(s.method)),
                  .status = s.status,
                  .bytes_in = s.bytes_in,
                  .bytes_out = s.bytes_out,
                  .duration_us = s.duration_us});
  if (!log_.enabled(LogLevel::info)) return;
  log_.append_line(lines_, clock_, LogLevel::info, "request",
                   {{"id", s.id},
                    {"method", s.method},
                    {"path", net::log_target(s)},
                    {"status", s.status},
                    {"us", s.duration_us},
                    {"in", s.bytes_in},
                    {"out", s.bytes_out},
                    {"address", s.address},
                    {"user", s.principal},
                    {"protocol", s.protocol},
                    {"complete", s.complete}});
  if (lines_.size() >= kBatch) return flush();
  if (std::exchange(timed_, true)) return;
  loop_.post_after(kPatience, [this] {
    timed_ = false;
    flush();
  });
}

void LoopObserver::refused_connection(std::string_view address) {
  log_.write(LogLevel::warn, "connection_refused", {{"address", address}});
}

void LoopObserver::failed_handshake(std::string_view address, std::string_view reason) {
  log_.write(LogLevel::info, "handshake_failed", {{"address", address}, {"reason", reason}});
}

void LoopObserver::flush() {
  if (lines_.empty()) return;
  log_.write_lines(lines_);
  lines_.clear();
}

}  // namespace kontor
