// What stores that several loops share promise: commits of one are seen by all, and of those that
// contradict each other one wins.
#include "base/sha256.h"
#include "tests/conformance/store_harness.h"

#include <gmock/gmock.h>

#include <atomic>

namespace kontor::test {
namespace {

constexpr int kLoops = 4;

// Runs `work(index, loop, stores)` on as many threads, each with a loop and stores of its own.
template <class Work>
void on_loops(StoreHarness& harness, Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kLoops; ++i)
    threads.emplace_back([&harness, &work, i] {
      TestLoop loop;
      Stores stores = harness.open(loop);
      work(i, loop, stores);
    });
  for (auto& thread : threads) thread.join();
}

TEST_P(ConcurrentStoreSuite, of_many_publishes_of_one_version_exactly_one_wins) {
  apply(first_publish("pkg", ann_));
  std::atomic<int> won = 0, winner = -1;
  on_loops(*harness_, [&](int index, TestLoop& loop, Stores& stores) {
    std::vector<Task<AppliedChange>> tasks;
    for (int i = 0; i < 50; ++i) {
      auto record = version_record("2.0.0");
      record.readme = "publish " + std::to_string(index * 50 + i);
      tasks.push_back(stores.packages->apply(with(change_of("pkg"), PutVersion{record})));
    }
    int place = 0;
    for (auto& result : loop.run_all(std::move(tasks))) {
      if (result)
        ++won, winner = index * 50 + place;
      else
        EXPECT_EQ(result.error().code, Code::version_exists);
      ++place;
    }
  });
  EXPECT_EQ(won, 1);
  EXPECT_EQ(must(packages().find_version(load("pkg").id, "2.0.0"))->readme,
            "publish " + std::to_string(winner));
}

TEST_P(ConcurrentStoreSuite, different_versions_of_one_package_are_all_there) {
  const auto first = apply(first_publish("pkg", ann_, "0.0.0"));
  on_loops(*harness_, [&](int index, TestLoop& loop, Stores& stores) {
    std::vector<Task<AppliedChange>> tasks;
    for (int i = 0; i < 50; ++i) {
      const std::string number = std::to_string(index + 1) + "." + std::to_string(i) + ".0";
      auto change = with(change_of("pkg"), PutVersion{version_record(number)},
                         SetTag{"latest", number}, PutSearchEntry{search_entry(number, "text")});
      change.audit.push_back({"ann", "", "", "publish", number, "", ""});
      tasks.push_back(stores.packages->apply(std::move(change)));
    }
    for (auto& result : loop.run_all(std::move(tasks))) EXPECT_TRUE(result);
  });
  const auto record = load("pkg");
  EXPECT_EQ(record.revision, first.revision + kLoops * 50);
  const auto versions = versions_of(first.id);
  EXPECT_EQ(std::set(versions.begin(), versions.end()).size(), kLoops * 50u + 1);
  EXPECT_EQ(record.tags.at("latest"), versions.back());
  EXPECT_EQ(must(packages().audit(0, 1000)).size(), kLoops * 50u);
}

TEST_P(ConcurrentStoreSuite, a_commit_is_seen_by_every_loop_as_soon_as_it_is_answered) {
  apply(first_publish("pkg", ann_));
  on_loops(*harness_, [&](int index, TestLoop& loop, Stores& stores) {
    TestLoop other_loop;
    const Stores other = harness_->open(other_loop);
    for (int i = 0; i < 20; ++i) {
      const std::string name = "p" + std::to_string(index) + "-" + std::to_string(i);
      const auto applied = loop.run(stores.packages->apply(first_publish(name, ann_)));
      ASSERT_TRUE(applied);
      const auto seen = other_loop.run(other.packages->find(key_of(name)));
      ASSERT_TRUE(seen && *seen) << name;
      EXPECT_EQ((*seen)->id, applied->id);
      SearchQuery query;
      query.words = {name};
      EXPECT_EQ(other_loop.run(other.packages->search(query))->hits.at(0).name, name);
    }
  });
}

TEST_P(ConcurrentStoreSuite, of_changes_on_one_revision_exactly_one_wins) {
  const auto first = apply(first_publish("pkg", ann_));
  std::atomic<int> won = 0;
  on_loops(*harness_, [&](int index, TestLoop& loop, Stores& stores) {
    auto change = with(change_of("pkg"), SetTag{"t" + std::to_string(index), "1.0.0"});
    change.if_revision = first.revision;
    const auto result = loop.run(stores.packages->apply(change));
    if (result)
      ++won;
    else
      EXPECT_EQ(result.error().code, Code::conflict);
  });
  EXPECT_EQ(won, 1);
  EXPECT_EQ(load("pkg").tags.size(), 2u);
}

TEST_P(ConcurrentStoreSuite, a_package_is_created_once_a_name_registered_once_a_login_taken_once) {
  WebLogin login{sha256("id"), sha256("page"), "192.0.2.1", kNoon + minutes(5), std::nullopt};
  ASSERT_FALSE(must(accounts().put_web_login(login, {.per_client = 1, .in_all = 1}, kNoon)));
  ASSERT_TRUE(must(accounts().approve_web_login(login.page, ann_, kNoon)));
  std::atomic<int> created = 0, registered = 0, taken = 0;
  on_loops(*harness_, [&](int, TestLoop& loop, Stores& stores) {
    if (loop.run(stores.packages->apply(first_publish("pkg", ann_)))) ++created;
    if (loop.run(stores.accounts->create_user(user_named("cid")))) ++registered;
    const auto mine = loop.run(stores.accounts->take_web_login(login.id));
    if (mine && *mine) ++taken;
  });
  EXPECT_EQ(created, 1);
  EXPECT_EQ(registered, 1);
  EXPECT_EQ(taken, 1);
}

TEST_P(ConcurrentStoreSuite, reads_see_whole_changes_while_others_write) {
  apply(first_publish("pkg", ann_, "0.0.0"));
  std::atomic<bool> done = false;
  std::thread reader([&] {
    TestLoop loop;
    const Stores stores = harness_->open(loop);
    while (!done) {
      const auto record = loop.run(stores.packages->find(key_of("pkg")));
      ASSERT_TRUE(record && *record);
      // Each change moves both tags to its version.
      EXPECT_EQ(
          (*record)->tags.size() == 1 || (*record)->tags.at("latest") == (*record)->tags.at("next"),
          true);
    }
  });
  for (int i = 1; i <= 100; ++i) {
    const std::string number = std::to_string(i) + ".0.0";
    apply(with(change_of("pkg"), PutVersion{version_record(number)}, SetTag{"latest", number},
               SetTag{"next", number}));
  }
  done = true;
  reader.join();
  EXPECT_EQ(load("pkg").tags.at("next"), "100.0.0");
}

TEST_P(ConcurrentStoreSuite, what_was_read_under_a_stamp_is_so_while_the_stamp_stays) {
  apply(first_publish("pkg", ann_, "0.0.0"));
  std::atomic<std::uint64_t> answered = load("pkg").revision;
  std::atomic<bool> done = false;
  std::thread reader([&] {
    TestLoop loop;
    const Stores stores = harness_->open(loop);
    const auto place = stores.packages->stamp_place(key_of("pkg"));
    std::optional<std::uint64_t> kept;
    std::uint64_t revision = 0, newest = 0;
    while (!done) {
      const auto known = answered.load();
      const auto stamp = stores.packages->stamp(place);
      if (!stamp || stamp != kept) {
        revision = (*loop.run(stores.packages->find(key_of("pkg"))))->revision;
        kept = stamp;
      }
      // Never behind an answer that was given before, nor behind what was seen before.
      EXPECT_GE(revision, std::max(known, newest));
      newest = revision;
    }
  });
  for (int i = 1; i <= 200; ++i)
    answered = apply(with(change_of("pkg"), SetTag{"t" + std::to_string(i), "0.0.0"})).revision;
  done = true;
  reader.join();
}

TEST_P(ConcurrentStoreSuite, counts_of_all_loops_add_up) {
  apply(first_publish("pkg", ann_));
  on_loops(*harness_, [&](int, TestLoop& loop, Stores& stores) {
    for (int i = 0; i < 25; ++i)
      EXPECT_TRUE(
          loop.run(stores.packages->add_downloads({{key_of("pkg"), "1.0.0", Day{20'000}, 2}})));
  });
  const auto days = must(packages().downloads(key_of("pkg"), Day{0}, Day{30'000}));
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].count, kLoops * 50u);
}

TEST_P(ConcurrentStoreSuite, a_caller_may_go_while_its_change_is_under_way) {
  for (int i = 0; i < 50; ++i) {
    auto task = packages().apply(first_publish("pkg-" + std::to_string(i), ann_));
    task.start();
  }
  apply(first_publish("last", ann_));
  loop_.run_ready();
  EXPECT_TRUE(must(packages().find(key_of("pkg-49"))));
}

}  // namespace
}  // namespace kontor::test
