// Server and signer over a real socket: what is asked is done, what is no request is refused, and a
// signer that is away is waited for.
#include "adapters/memory/fakes.h"
#include "apps/server/signer/client.h"
#include "apps/server/signer/messages.h"
#include "apps/server/signer/remote_signer.h"
#include "apps/server/signer/service.h"
#include "tests/support/log_tree.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_loop.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

namespace kontor::signer {
namespace {

// Answers so many requests on the first connection, then hangs up.
class Listening {
 public:
  Listening(const std::string& path, signing::KeyRing& keys, int requests)
      : listener_(*listen_at(path, Sharing::owner)), thread_([this, &keys, requests] {
          const auto socket = accept_from(listener_);
          for (int i = 0; i < requests; ++i) {
            const auto request = receive_packet(*socket, Duration{});
            if (*request) (void)send_packet(*socket, answer(keys, **request));
          }
        }) {}
  ~Listening() { thread_.join(); }

 private:
  fs::Fd listener_;
  std::thread thread_;
};

class SignerTest : public testing::Test {
 protected:
  std::unique_ptr<signing::KeyRing> open() {
    return *signing::KeyRing::open(folder.path() + "/keys", "registry.example", entropy);
  }
  Json tell(const std::string& packet) { return *parse(answer(*keys, packet)); }

  test::TempFolder folder;
  memory::FakeEntropy entropy;
  std::unique_ptr<signing::KeyRing> keys = open();
  const std::string path = folder.path() + "/signer.sock";
  test::TestLoop loop;
};

TEST_F(SignerTest, does_over_the_socket_what_the_keys_do) {
  Client client(path, seconds(5));
  RemoteSigner remote(client, nullptr, nullptr);
  signing::LocalSigner local(*keys);
  tlog::testing::LogTree tree(20);
  const Listening listening(path, *keys, 8);
  for (const LogId log : kLogs)
    EXPECT_EQ(*loop.run(remote.log_keys(log)), *loop.run(local.log_keys(log)));
  EXPECT_EQ(*loop.run(remote.release_keys()), *loop.run(local.release_keys()));
  EXPECT_EQ(*loop.run(remote.signed_head(LogId::open)), std::nullopt);
  EXPECT_TRUE(loop.run(remote.sign_checkpoint(LogId::open, tree.head(7), {})));
  EXPECT_EQ(*loop.run(remote.signed_head(LogId::open)), tree.head(7));
  const auto refused = loop.run(remote.sign_checkpoint(LogId::open, tree.head(9), {}));
  EXPECT_EQ(refused.error().code, Code::invalid_proof);
}

TEST_F(SignerTest, signs_and_rotates_over_the_socket) {
  Client client(path, seconds(5));
  RemoteSigner remote(client, nullptr, nullptr);
  const Listening listening(path, *keys, 3);
  const auto made = loop.run(remote.sign_release({"foo", "1.0.0", {}}));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->key_id, keys->releases().keys()[0].id);
  EXPECT_EQ(loop.run(remote.sign_release({"fo o", "1.0.0", {}})).error().code, Code::bad_request);
  const auto fresh = loop.run(remote.rotate_release_key());
  ASSERT_TRUE(fresh);
  EXPECT_EQ(*fresh, keys->releases().keys()[0]);
  EXPECT_EQ(keys->releases().keys().size(), 2u);
}

TEST_F(SignerTest, exchanges_the_keys_of_a_log_over_the_socket) {
  Client client(path, seconds(5));
  RemoteSigner remote(client, nullptr, nullptr);
  const Listening listening(path, *keys, 7);
  const auto old = loop.run(remote.log_keys(LogId::open))->at(0);
  EXPECT_EQ(loop.run(remote.retire_log_keys(LogId::open)).error().code, Code::conflict);
  const auto fresh = loop.run(remote.rotate_log_key(LogId::open));
  ASSERT_TRUE(fresh);
  EXPECT_EQ(*loop.run(remote.log_keys(LogId::open)), (std::vector{*fresh, old}));
  const auto ended = loop.run(remote.retire_log_keys(LogId::open));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->at(0).key, old);
  EXPECT_EQ(*loop.run(remote.retired_log_keys(LogId::open)), *ended);
  EXPECT_EQ(*loop.run(remote.log_keys(LogId::open)), std::vector{*fresh});
}

TEST_F(SignerTest, keys_are_asked_for_once_until_they_may_have_changed) {
  Client client(path, seconds(5));
  RemoteSigner remote(client, nullptr, nullptr);
  const Listening listening(path, *keys, 3);  // each request that is not remembered is one
  const auto before = *loop.run(remote.release_keys());
  EXPECT_EQ(*loop.run(remote.release_keys()), before);
  ASSERT_TRUE(loop.run(remote.rotate_release_key()));
  EXPECT_EQ(loop.run(remote.release_keys())->size(), 2u);
  EXPECT_EQ(loop.run(remote.release_keys())->size(), 2u);
}

TEST_F(SignerTest, an_answer_from_before_a_change_is_not_remembered) {
  Client::Memory memory;
  const auto age = memory.age();
  memory.forget();
  memory.keep("keys", {{"old", true}}, age);
  EXPECT_FALSE(memory.find("keys"));
  memory.keep("keys", {{"new", true}}, memory.age());
  EXPECT_TRUE(memory.find("keys"));
}

TEST_F(SignerTest, refuses_what_is_no_request_and_stays_the_same) {
  const auto head = keys->signed_head(LogId::open);
  for (const std::string packet :
       {"", "x", "[]", "{}", R"({"do":1})", R"({"do":"sign"})", R"({"do":"sign","text":"x"})",
        R"({"do":"log_keys"})", R"({"do":"log_keys","log":"other"})",
        R"({"do":"sign_checkpoint","log":"public"})",
        R"({"do":"sign_checkpoint","log":"public","size":-1,"root":"","proof":[]})",
        R"({"do":"sign_release","name":"foo","version":"1.0.0"})",
        R"({"do":"sign_release","name":"foo","version":"1.0.0","archive":"AAAA"})"})
    EXPECT_EQ(tell(packet)["error"], "bad_request") << packet;
  std::string deep(100, '[');
  EXPECT_EQ(tell(R"({"do":)" + deep)["error"], "bad_request");
  EXPECT_EQ(keys->signed_head(LogId::open), head);
}

TEST_F(SignerTest, a_packet_over_the_bound_is_not_read) {
  const auto listener = *listen_at(path, Sharing::owner);
  const auto near = *connect_to(path), far = *accept_from(listener);
  EXPECT_EQ(send_packet(near, Bytes(kMaxPacket + 1, 'x')).error().code, Code::too_large);
  ASSERT_TRUE(send_packet(near, Bytes(kMaxPacket, 'x')));
  EXPECT_EQ((*receive_packet(far, Duration{}))->size(), kMaxPacket);
}

TEST_F(SignerTest, only_its_owner_may_connect_unless_it_is_shared) {
  using enum std::filesystem::perms;
  const auto mode = [&] { return std::filesystem::status(path).permissions(); };
  auto listener = *listen_at(path, Sharing::owner);
  EXPECT_EQ(mode(), owner_read | owner_write);
  listener = *listen_at(path, Sharing::group);
  EXPECT_EQ(mode(), owner_read | owner_write | group_read | group_write);
}

TEST_F(SignerTest, sockets_may_lie_in_folders_with_long_names) {
  const auto deep = folder.path() + "/" + std::string(120, 'd');
  std::filesystem::create_directory(deep);
  const auto listener = listen_at(deep + "/signer.sock", Sharing::owner);
  ASSERT_TRUE(listener);
  EXPECT_TRUE(connect_to(deep + "/signer.sock"));
}

TEST_F(SignerTest, a_signer_that_comes_back_is_asked_again) {
  Client client(path, seconds(30));
  RemoteSigner remote(client, nullptr, nullptr);
  {
    const Listening first(path, *keys, 1);
    EXPECT_TRUE(loop.run(remote.signed_head(LogId::open)));
  }
  std::optional<Listening> second;
  std::thread later([&] { second.emplace(path, *keys, 1); });
  EXPECT_TRUE(loop.run(remote.signed_head(LogId::open)));
  later.join();
}

TEST_F(SignerTest, what_may_not_be_asked_twice_fails_where_the_answer_is_lost) {
  Client client(path, seconds(30));
  RemoteSigner remote(client, nullptr, nullptr);
  const auto listener = *listen_at(path, Sharing::owner);
  std::thread rude([&] {
    const auto socket = *accept_from(listener);
    (void)receive_packet(socket, Duration{});
  });
  EXPECT_EQ(loop.run(remote.rotate_release_key()).error().code, Code::unavailable);
  rude.join();
}

TEST_F(SignerTest, callers_do_not_wait_for_ever) {
  Client client(path, Duration{1});
  RemoteSigner remote(client, nullptr, nullptr);
  const auto away = loop.run(remote.release_keys());
  EXPECT_EQ(away.error().code, Code::unavailable);
  EXPECT_NE(away.error().message().find("try again"), std::string::npos);
}

}  // namespace
}  // namespace kontor::signer
