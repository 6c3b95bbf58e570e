// Answers at hand are the answers a registry without any memory gives: after every kind of change,
// to every kind of caller, on two loops that share a store.
#include "formats/npm/error_envelope.h"
#include "tests/support/npm_world.h"

#include <gtest/gtest.h>

#include <random>

namespace kontor::test {
namespace {

// A second loop of the same server, or, without memory, the measure for both.
struct OtherLoop {
  OtherLoop(NpmWorld& world, std::uint64_t bytes)
      : documents(bytes),
        answers(bytes, world.entropy),
        credentials(world.entropy),
        registry{world.packages,
                 world.accounts,
                 world.blobs,
                 world.clock,
                 world.entropy,
                 world.passwords,
                 world.secrets,
                 world.failures,
                 world.observer,
                 credentials,
                 documents,
                 answers,
                 downloads,
                 world.registry.advisories,
                 world.processor,
                 world.rates,
                 world.registry.settings},
        service{registry},
        routes("npm", npm::package_routes(), service, npm::error_response),
        gateway(registry, {{&routes, true}}) {}

  DocumentCache documents;
  AnswerCache answers;
  CredentialMemory credentials;
  DownloadTally downloads;
  Registry registry;
  npm::Service service;
  RouteTable<npm::Service> routes;
  Gateway gateway;
};

std::string text_of(const Answer& answer) {
  std::string out = std::to_string(answer.status) + "\n";
  for (const auto& header : answer.headers) out += header.name + ": " + header.value + "\n";
  return out + "\n" + answer.body;
}

class Reuse : public testing::Test {
 protected:
  Reuse() {
    for (const auto* version : {"1.0.0", "1.1.0"}) publish("open", version);
    publish("closed", "1.0.0");
    world.send("POST", "/-/package/closed/access", "alice", {{"access", "restricted"}});
    world.clock.advance(seconds(2));
  }

  void publish(const std::string& name, const std::string& version) {
    world.publish({.manifest = R"({"name":")" + name + R"(","version":")" + version + "\"}"});
  }
  Answer ask(const Ask& request) { return ask_at(world.gateway, request); }
  Answer ask_at(Gateway& gateway, const Ask& request) {
    world.host = &gateway;
    Answer answer = world.ask(request);
    world.host = &world.gateway;
    return answer;
  }
  // How many of the requests made by `work` were answered from memory.
  template <class Work>
  int ready(Work work) {
    const int before = world.ready_answers;
    work();
    return world.ready_answers - before;
  }

  NpmWorld world;
};

TEST_F(Reuse, a_repeated_question_is_answered_from_memory) {
  for (const std::string target : {"/open", "/open/-/open-1.0.0.tgz", "/npm/open"}) {
    const auto first = world.get(target);
    EXPECT_EQ(ready([&] { EXPECT_EQ(text_of(world.get(target)), text_of(first)); }), 1) << target;
    const Ask same{.target = target, .headers = {{"if-none-match", first.header("etag")}}};
    EXPECT_EQ(ready([&] { EXPECT_EQ(ask(same).status, 304); }), 1);
  }
}

TEST_F(Reuse, a_client_that_only_revalidates_is_answered_from_memory_too) {
  const auto etag = world.get("/open").header("etag");
  OtherLoop other(world, 1 << 20);
  const Ask same{.target = "/open", .headers = {{"if-none-match", etag}}};
  const auto first = ask_at(other.gateway, same);
  EXPECT_EQ(first.status, 304);
  EXPECT_EQ(ready([&] { EXPECT_EQ(text_of(ask_at(other.gateway, same)), text_of(first)); }), 1);
  // The whole document is not known from that.
  EXPECT_EQ(ready([&] { EXPECT_EQ(ask_at(other.gateway, {.target = "/open"}).status, 200); }), 0);
}

TEST_F(Reuse, downloads_are_counted_as_ever) {
  for (int i = 0; i < 3; ++i) world.get("/open/-/open-1.0.0.tgz");
  ask({.method = "HEAD", .target = "/open/-/open-1.0.0.tgz"});
  const auto counts = world.downloads.take();
  ASSERT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts[0].count, 3u);
  EXPECT_EQ(counts[0].version, "1.0.0");
}

TEST_F(Reuse, ranges_and_queries_go_the_long_way) {
  world.get("/open/-/open-1.0.0.tgz");
  const Ask range{.target = "/open/-/open-1.0.0.tgz", .headers = {{"range", "bytes=1-2"}}};
  EXPECT_EQ(ready([&] { EXPECT_EQ(ask(range).status, 206); }), 0);
  EXPECT_EQ(ready([&] { world.get("/open/-/open-1.0.0.tgz?a=b"); }), 0);
}

TEST_F(Reuse, a_token_is_judged_at_each_request) {
  const auto bearer = world.login("alice");
  const Ask mine{.target = "/closed", .headers = {{"authorization", bearer}}};
  EXPECT_EQ(ask(mine).status, 200);
  EXPECT_EQ(ready([&] { EXPECT_EQ(ask(mine).status, 200); }), 1);
  EXPECT_EQ(world.get("/closed").status, 404);
  EXPECT_EQ(world.get("/closed", "bob").status, 404);
  world.send("PUT", "/-/package/closed/owners", "alice", {{"user", "bob"}});
  EXPECT_EQ(world.get("/closed", "bob").status, 200);
  const auto alice = world.user("alice").id;
  const auto tokens = *world.run(world.accounts.list_tokens(alice, 0, 10));
  ASSERT_EQ(tokens.tokens.size(), 1u);
  ASSERT_TRUE(*world.run(world.accounts.remove_token(alice, tokens.tokens[0].key)));
  EXPECT_EQ(ask(mine).status, 401);
}

TEST_F(Reuse, an_expired_token_is_refused_without_any_change_of_the_store) {
  const auto token =
      world.add_token("alice", "secret of alice", {.expires = world.clock.now() + days(1)});
  const Ask mine{.target = "/closed", .headers = {{"authorization", "Bearer " + token}}};
  EXPECT_EQ(ask(mine).status, 200);
  EXPECT_EQ(ready([&] { EXPECT_EQ(ask(mine).status, 200); }), 1);
  world.clock.advance(days(2));
  EXPECT_EQ(ask(mine).status, 401);
}

TEST_F(Reuse, other_settings_take_effect_at_once) {
  EXPECT_EQ(world.get("/open").status, 200);
  EXPECT_EQ(world.get("/open").status, 200);
  world.change_settings([](Settings& s) { s.policy.anonymous_read = false; });
  EXPECT_EQ(world.get("/open").status, 401);
}

// --- any order of changes and questions ---------------------------------------------------------

struct Play : Reuse {
  template <class T>
  T one_of(std::vector<T> choices) {
    return choices[random() % choices.size()];
  }
  std::string name() { return one_of<std::string>({"open", "closed", "new"}); }
  std::string user() { return one_of<std::string>({"alice", "bob"}); }

  void change() {
    const std::string package = name(), who = user(), version = "2.0." + std::to_string(count++);
    switch (random() % 9) {
      case 0:
        return publish(package, version);
      case 1:
        world.send("PUT", "/-/package/" + package + "/dist-tags/t", who, "1.0.0");
        return;
      case 2:
        world.send("PUT", "/-/package/" + package + "/owners", who, {{"user", "bob"}});
        return;
      case 3:
        world.send("DELETE", "/-/package/" + package + "/owners/bob", who, nullptr);
        return;
      case 4:
        world.send("POST", "/-/package/" + package + "/access", who,
                   {{"access", one_of<std::string>({"public", "restricted"})}});
        return;
      case 5:
        return change_email();
      case 6:
        return change_settings();
      case 7:
        world.clock.advance(one_of<Duration>({{1}, seconds(1), hours(1)}));
        return;
      default:
        return unpublish(package);
    }
  }
  void change_email() {
    auto row = world.user(user());
    row.email = std::to_string(count++) + "@example.test";
    ASSERT_TRUE(world.run(world.accounts.update_user(row)));
  }
  void change_settings() {
    world.change_settings([&](Settings& s) { s.read.metadata_max_age = random() % 3; });
    second.registry.settings = measure.registry.settings = world.registry.settings;
  }
  void unpublish(const std::string& package) {
    const auto record = *world.run(world.packages.find({FormatId::npm, package}));
    if (!record) return;
    const auto versions = *world.run(world.packages.fragments(record->id, FragmentKind::manifest));
    if (versions.size() < 2) return;
    const auto rev = world.get("/" + package, "alice").json().value("_rev", "0");
    world.send("DELETE",
               "/" + package + "/-/" + package + "-" + versions.back().version + ".tgz/-rev/" + rev,
               "alice", nullptr);
  }

  Ask question() {
    const std::string package = name();
    Ask out{
        .method = one_of<std::string>({"GET", "GET", "GET", "HEAD"}),
        .target = one_of<std::string>({"/" + package, "/npm/" + package, "/" + package + "/latest",
                                       "/" + package + "/-/" + package + "-1.0.0.tgz"})};
    if (random() % 2) out.headers.emplace_back("authorization", world.login(user()));
    if (random() % 2) out.headers.emplace_back("accept-encoding", "gzip");
    if (random() % 2)
      out.headers.emplace_back("accept", "application/vnd.npm.install-v1+json; q=1.0, */*");
    if (!last_etag.empty() && random() % 2) out.headers.emplace_back("if-none-match", last_etag);
    if (random() % 8 == 0) out.headers.emplace_back("origin", "https://page.test");
    if (random() % 8 == 0)
      out.headers.emplace_back("if-modified-since", http_date(world.clock.now()));
    return out;
  }

  std::mt19937 random{20261121};
  int count = 0;
  std::string last_etag;
  OtherLoop second{world, 1 << 20};
  OtherLoop measure{world, 0};
};

TEST_F(Play, two_loops_answer_as_a_registry_without_memory) {
  int same = 0;
  for (int round = 0; round < 4000; ++round) {
    if (random() % 5 == 0) change();
    const Ask request = question();
    const auto expected = ask_at(measure.gateway, request);
    for (int again = 0; again < 2; ++again)
      for (Gateway* gateway : {&world.gateway, &second.gateway})
        ASSERT_EQ(text_of(ask_at(*gateway, request)), text_of(expected))
            << "round " << round << ": " << request.method << " " << request.target;
    if (!expected.header("etag").empty()) last_etag = expected.header("etag");
    same += expected.status == 304;
  }
  EXPECT_GT(world.ready_answers, 1000);
  EXPECT_GT(same, 100);
}

}  // namespace
}  // namespace kontor::test
