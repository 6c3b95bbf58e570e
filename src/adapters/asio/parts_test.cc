// The small parts of the server on their own: timers, counters, heads, ids, log targets, buffers.
#include "adapters/asio/address_counter.h"
#include "adapters/asio/blob_files.h"
#include "adapters/asio/buffer_pool.h"
#include "adapters/asio/request_id.h"
#include "adapters/asio/response_head.h"
#include "adapters/asio/server_observer.h"
#include "adapters/asio/timers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor::net {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CountingOpener final : public BlobOpener {
 public:
  Result<SharedFd> open(const Sha256& digest) override {
    ++opened;
    if (digest.bytes[0] == 0xff) return fail(Code::not_found);
    return std::make_shared<const OwnedFd>();
  }
  int opened = 0;
};

Sha256 digest_of(int n) {
  Sha256 d;
  d.bytes[1] = static_cast<std::uint8_t>(n & 255);
  d.bytes[2] = static_cast<std::uint8_t>(n >> 8);
  return d;
}

TEST(BlobFiles, opens_each_file_once_for_a_while_and_never_too_many) {
  CountingOpener opener;
  BlobFiles files(opener);
  EXPECT_EQ(files.open(digest_of(1), 0)->get(), files.open(digest_of(1), 4'999)->get());
  EXPECT_EQ(opener.opened, 1);
  files.expire(4'999);
  EXPECT_EQ(files.size(), 1u);
  files.expire(5'000);
  EXPECT_EQ(files.size(), 0u);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(files.open(digest_of(i), 6'000));
    EXPECT_LE(files.size(), BlobFiles::kMost);
  }
  Sha256 missing;
  missing.bytes[0] = 0xff;
  EXPECT_FALSE(files.open(missing, 6'000));
  EXPECT_FALSE(files.open(missing, 6'000));
  EXPECT_EQ(opener.opened, 1 + 1000 + 2);
}

struct Entry final : TimerEntry {
  Entry(std::vector<int>& list, int n) : fired(list), number(n) {}
  void timed_out(Timeout) override {
    fired.push_back(number);
    if (again) timers->arm(*this, Timeout::body, now);
    delete victim;
  }
  std::vector<int>& fired;
  int number;
  Timers* timers = nullptr;
  bool again = false;
  std::int64_t now = 0;
  Entry* victim = nullptr;
};

class TimersTest : public ::testing::Test {
 protected:
  TimersTest() {
    for (const auto kind :
         {Timeout::handshake, Timeout::header, Timeout::idle, Timeout::write, Timeout::linger})
      timers.set_duration(kind, {100});
    timers.set_duration(Timeout::body, {50});
  }
  Timers timers;
  std::vector<int> fired;
};

TEST_F(TimersTest, fire_once_when_due_and_not_before) {
  Entry a(fired, 1), b(fired, 2);
  timers.arm(a, Timeout::idle, 0);
  timers.arm(b, Timeout::body, 20);
  timers.expire(69);
  EXPECT_THAT(fired, IsEmpty());
  timers.expire(70);
  EXPECT_THAT(fired, ElementsAre(2));
  timers.expire(100);
  timers.expire(1000);
  EXPECT_THAT(fired, ElementsAre(2, 1));
}

TEST_F(TimersTest, arming_again_replaces_and_disarming_forgets) {
  Entry a(fired, 1), b(fired, 2);
  timers.arm(a, Timeout::idle, 0);
  timers.arm(a, Timeout::idle, 60);
  timers.arm(b, Timeout::idle, 0);
  timers.disarm(b);
  timers.expire(150);
  EXPECT_THAT(fired, IsEmpty());
  timers.expire(160);
  EXPECT_THAT(fired, ElementsAre(1));
}

TEST_F(TimersTest, an_entry_may_arm_itself_and_destroy_others_while_it_fires) {
  Entry a(fired, 1);
  auto* b = new Entry(fired, 2);
  timers.arm(a, Timeout::idle, 0);
  timers.arm(*b, Timeout::idle, 0);
  a.timers = &timers;
  a.again = true;
  a.now = 100;
  a.victim = b;
  timers.expire(100);
  EXPECT_THAT(fired, ElementsAre(1));
  a.again = false;
  a.victim = nullptr;
  timers.expire(150);
  EXPECT_THAT(fired, ElementsAre(1, 1));
}

IpAddress ip(std::string_view text) {
  return *IpAddress::parse(text);
}

TEST(AddressCounter, caps_each_address_and_ipv6_by_network) {
  AddressCounter counter;
  const AddressCounter::Caps caps{.total = 100, .per_address = 2};
  EXPECT_TRUE(counter.enter(ip("192.0.2.1"), caps));
  EXPECT_TRUE(counter.enter(ip("192.0.2.1"), caps));
  EXPECT_FALSE(counter.enter(ip("192.0.2.1"), caps));
  EXPECT_TRUE(counter.enter(ip("192.0.2.2"), caps));
  EXPECT_TRUE(counter.enter(ip("2001:db8::1"), caps));
  EXPECT_TRUE(counter.enter(ip("2001:db8::ffff:1"), caps));
  EXPECT_FALSE(counter.enter(ip("2001:db8:0:0:1::"), caps));
  EXPECT_TRUE(counter.enter(ip("2001:db8:0:1::1"), caps));
  EXPECT_EQ(counter.open(), 6u);
  counter.leave(ip("192.0.2.1"));
  EXPECT_TRUE(counter.enter(ip("192.0.2.1"), caps));
}

TEST(AddressCounter, caps_the_total_and_exempts_proxies_from_the_rest) {
  AddressCounter counter;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(counter.enter(ip("192.0.2.1"), {.total = 3}));
  EXPECT_FALSE(counter.enter(ip("192.0.2.1"), {.total = 3}));
  EXPECT_FALSE(counter.wait_for_none({1}));
  for (int i = 0; i < 3; ++i) counter.leave(ip("192.0.2.1"));
  EXPECT_TRUE(counter.wait_for_none({0}));
}

TEST(ResponseHead, leaves_framing_to_the_server) {
  http::Response r = http::text_response(200, "abc");
  for (const auto name : {"content-length", "connection", "transfer-encoding", "date", "keep-alive",
                          "x-request-id", "upgrade", "trailer", "proxy-connection"})
    r.set(name, "evil");
  r.set("etag", "\"e\"");
  std::string out;
  append_head_start(out, r, 3);
  append_head_end(out, {.date = "now", .id = "id", .close = true});
  EXPECT_EQ(out,
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\netag: \"e\"\r\n"
            "content-length: 3\r\nx-request-id: id\r\ndate: now\r\nconnection: close\r\n\r\n");
}

TEST(ResponseHead, knows_what_must_not_be_sent) {
  const auto sendable = [](std::string name, std::string value, std::uint16_t status = 200) {
    http::Response r{.status = status};
    r.headers.push_back({std::move(name), std::move(value)});
    return is_sendable(r);
  };
  EXPECT_TRUE(sendable("x-a", "b \t\xc3\xa4"));
  for (const std::string value : {"a\r", "\na", "a\r\nb: c"}) EXPECT_FALSE(sendable("x", value));
  EXPECT_FALSE(sendable("x", std::string("a\0b", 3)));
  for (const std::string name : {"", "a b", "a:", "a\r\n", "\xc3\xa4"})
    EXPECT_FALSE(sendable(name, "x"));
  for (const int status : {0, 101, 199, 600})
    EXPECT_FALSE(sendable("x", "y", static_cast<std::uint16_t>(status)));
}

TEST(ResponseHead, error_bodies_are_json_whatever_the_text) {
  const auto r = error_response({Code::bad_request, "a \"quote\" \\ and\nline", {}});
  EXPECT_EQ(std::get<Bytes>(r.body),
            R"({"error":"a \"quote\" \\ and line","message":"a \"quote\" \\ and line"})");
  EXPECT_EQ(error_response({Code::unavailable, {}, {}}).header("retry-after"), "5");
}

TEST(RequestId, is_fresh_each_time_and_foreign_ones_are_checked) {
  RequestIds ids;
  char a[16], b[16];
  EXPECT_NE(ids.next(a), ids.next(b));
  EXPECT_TRUE(is_acceptable_id(ids.next(a)));
  EXPECT_TRUE(is_acceptable_id("A-b_c.4567"));
  for (const auto id : {"", "1234567", "12345678 ", "12345678\r", "12345678\""})
    EXPECT_FALSE(is_acceptable_id(id));
  EXPECT_FALSE(is_acceptable_id(std::string(65, 'a')));
}

TEST(LogTarget, shows_names_but_no_credentials) {
  const auto target = [](std::string_view path, std::string_view pattern) {
    return log_target({.path = path, .pattern = pattern});
  };
  EXPECT_EQ(target("/@s/n", "/:pkg"), "/@s/n");
  EXPECT_EQ(target("/p/-/p-1.tgz", "/:pkg/-/:file"), "/p/-/p-1.tgz");
  EXPECT_EQ(target("/-/user/token/npm_x", "/-/user/token/:token"), "/-/user/token/:token");
  EXPECT_EQ(target("/-/v1/done/abcdef", "/-/v1/done/:session"), "/-/v1/done/:session");
  EXPECT_EQ(target("/npm/-/user/token/npm_secret", ""), "/npm/-/user/token/***");
  EXPECT_EQ(target("/x/" + std::string(80, 'f') + "/y", ""), "/x/***/y");
  const std::string token(36, 'x');
  EXPECT_EQ(target("/npm_" + token, "/:pkg"), "/npm_***");
  EXPECT_EQ(target("/a/-/..%2fnpm_" + token + ".tgz", "/:pkg/-/:file"), "/a/-/..%2fnpm_***.tgz");
  EXPECT_EQ(target("/npm_package/npm_1.0", "/:pkg/:version"), "/npm_package/npm_1.0");
  std::string deep;
  for (int i = 0; i < 300; ++i) deep += "/a";
  EXPECT_EQ(target(deep, "").size(), 256u);
}

TEST(Buffer, keeps_unread_bytes_when_it_grows_and_forgets_them_when_released) {
  BufferPool pool;
  Buffer buffer;
  buffer.acquire(pool, Buffer::kSmall);
  std::ranges::copy(std::string_view("abcdef"), buffer.tail().begin());
  buffer.grew(6);
  buffer.drop(2);
  buffer.acquire(pool, Buffer::kLarge);
  EXPECT_EQ(buffer.view(), "cdef");
  EXPECT_EQ(buffer.tail().size(), Buffer::kLarge - 4);
  buffer.release();
  EXPECT_FALSE(buffer.held());
  EXPECT_EQ(buffer.size(), 0u);
}

}  // namespace
}  // namespace kontor::net
