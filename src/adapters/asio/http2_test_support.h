#pragma once
// An HTTP/2 client that is told which frames to send, so that it can misbehave.
#include "adapters/asio/tls_test_support.h"

#include <nghttp2/nghttp2.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor::net {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct H2Frame {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;
  std::string payload;
  std::uint32_t number(std::size_t at) const;  // big endian, 32 bits
};

struct H2Reply {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
  bool complete = false;    // END_STREAM was seen
  std::int64_t reset = -1;  // error of RST_STREAM
};

class H2Client {
 public:
  explicit H2Client(std::uint16_t port);  // connects, sends preface and empty SETTINGS
  ~H2Client();

  void send_frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                  std::string_view payload);
  // HEADERS of a request, ended unless a body follows.
  void request(std::uint32_t stream, std::string_view method, std::string_view path,
               const HeaderList& extra = {}, bool ends = true);
  void data(std::uint32_t stream, std::string_view bytes, bool ends);
  void reset(std::uint32_t stream);
  void open_window(std::uint32_t stream, std::uint32_t bytes);

  // The next frame; nothing at the end of the connection.
  std::optional<H2Frame> read_frame();
  // Reads until the stream has ended or was reset, or the connection is over. Acknowledges
  // SETTINGS and opens windows on the way, unless told not to.
  H2Reply finish(std::uint32_t stream);
  // Error of the GOAWAY that ends the connection; -1 where none came.
  std::int64_t read_goaway();

  static std::string encode(const HeaderList& headers);
  std::map<std::uint32_t, std::uint64_t> granted;  // by WINDOW_UPDATE, per stream
  bool opens_windows = true;
  TlsClient tls;

 private:
  void take(const H2Frame& frame);
  nghttp2_hd_inflater* inflater_ = nullptr;
  std::map<std::uint32_t, H2Reply> replies_;
};

}  // namespace kontor::net
