// Requests are collected in one string under the limits of HTTP/1.1 heads; answers are kept so
// that neither headers nor bodies are copied before they are framed.
#include "adapters/asio/http2_stream.h"

#include "adapters/asio/http2_connection.h"
#include "adapters/asio/loop_host.h"
#include "adapters/asio/response_head.h"
#include "base/encoding.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <unistd.h>

namespace kontor::net {

namespace {

// What a client's request has as a rule; growing to it step by step would allocate a dozen times.
constexpr std::size_t kUsualHeaders = 16;
constexpr std::size_t kUsualText = 512;

}  // namespace

Http2Stream::Http2Stream(LoopHost& host, Http2Connection& connection, std::int32_t id)
    : host_(host), connection_(connection), id_(id) {
  text_.reserve(kUsualText);
  slices_.reserve(kUsualHeaders);
  request.headers.reserve(kUsualHeaders);
}

void Http2Stream::add_header(std::string_view name, std::string_view value,
                             const HeadLimits& limits) {
  if (refusal_) return;
  if (slices_.size() >= limits.header_count ||
      text_.size() + name.size() + value.size() > limits.header_bytes) {
    refusal_ = Code::headers_too_large;
    return;
  }
  const auto at = static_cast<std::uint32_t>(text_.size());
  text_.append(name).append(value);
  slices_.push_back(
      {at, at + static_cast<std::uint32_t>(name.size()), static_cast<std::uint32_t>(text_.size())});
}

Result<void> Http2Stream::build(const HeadLimits& limits) {
  const std::string_view text = text_;
  for (const auto& slice : slices_) {
    const auto name = text.substr(slice.name, slice.value - slice.name);
    const auto value = text.substr(slice.value, slice.end - slice.value);
    if (name == ":method")
      request.method_text = value;
    else if (name == ":path")
      path_ = value;
    else if (name == ":authority")
      authority_ = value;
    else if (!name.starts_with(':'))
      request.headers.push_back({name, value});
  }
  request.method = http::parse_method(request.method_text);
  if (refusal_) return fail(*refusal_);
  if (request.method == http::Method::other)
    return fail(Code::not_implemented, "This method is not known.");
  if (path_.size() > limits.uri_bytes) return fail(Code::uri_too_long);
  if (authority_.empty())
    authority_ = request.header("host");
  else if (request.header("host").empty())
    request.headers.push_back({"host", authority_});
  return set_target(path_, request);
}

std::string_view Http2Stream::host() const {
  return authority_;
}

std::optional<std::uint64_t> Http2Stream::declared_length() const {
  const auto value = request.header("content-length");
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  const bool whole = error == std::errc{} && end == value.data() + value.size();
  return whole && !value.empty() ? std::optional(length) : std::nullopt;
}

void Http2Stream::field(std::string_view name, std::string_view value) {
  const auto bytes = [](std::string_view s) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(s.data()));
  };
  fields_.push_back({bytes(name), bytes(value), name.size(), value.size(),
                     NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE});
  head_size_ += name.size() + value.size();
}

std::span<const nghttp2_nv> Http2Stream::keep(http::Response response, FilePart file,
                                              std::string_view date) {
  response_ = std::move(response);
  for (auto& header : response_.headers) header.name = to_lower_ascii(header.name);
  file_ = std::move(file);
  return make_fields(response_, http::body_length(response_.body), date);
}

std::span<const nghttp2_nv> Http2Stream::keep(http::Ready ready, FilePart file,
                                              std::string_view date) {
  ready_head_ = std::move(ready.head);
  response_.body = std::move(ready.body);
  response_.headers = std::move(ready.more);
  file_ = std::move(file);
  make_fields(ready_head_->response, ready_head_->length, date);
  for (const auto& header : response_.headers) field(header.name, header.value);
  return fields_;
}

std::span<const nghttp2_nv> Http2Stream::make_fields(const http::Response& head,
                                                     std::uint64_t length, std::string_view date) {
  status = head.status;
  const bool empty = request.method == http::Method::head || !has_body(status);
  body_length_ = empty ? 0 : length;
  // Status, length and date stand in one string that is complete before views are taken.
  own_fields_ = std::to_string(status) + std::to_string(length);
  own_fields_ += date;
  const std::string_view own = own_fields_;
  const auto date_at = own.size() - date.size();
  fields_.reserve(head.headers.size() + 4);
  field(":status", own.substr(0, 3));
  for (const auto& header : head.headers)
    if (!is_host_header(header.name)) field(header.name, header.value);
  if (has_body(status)) field("content-length", own.substr(3, date_at - 3));
  field("x-request-id", request.id);
  field("date", own.substr(date_at));
  return fields_;
}

std::optional<std::size_t> Http2Stream::fill(std::span<char> out, bool& ended) {
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), body_length_ - body_sent_));
  if (file_.file) {
    std::size_t got = 0;
    while (got < size) {
      const auto n = ::pread(file_.file->get(), out.data() + got, size - got,
                             static_cast<off_t>(file_.offset + body_sent_ + got));
      if (n <= 0) return std::nullopt;
      got += static_cast<std::size_t>(n);
    }
  } else {
    const auto* shared = std::get_if<SharedBytes>(&response_.body);
    const std::string_view all = shared ? **shared : std::get<Bytes>(response_.body);
    std::memcpy(out.data(), all.data() + body_sent_, size);
  }
  body_sent_ += size;
  ended = body_sent_ == body_length_;
  if (!ended) host_.arm(*this, Timeout::write);
  return size;
}

void Http2Stream::body_consumed(std::size_t bytes) {
  connection_.consumed(*this, bytes);
}

void Http2Stream::body_parked() {
  host_.arm(*this, Timeout::body);
}

void Http2Stream::body_resumed() {
  host_.disarm(*this);
}

void Http2Stream::timed_out(Timeout kind) {
  connection_.stream_timed_out(*this, kind);
}

}  // namespace kontor::net
