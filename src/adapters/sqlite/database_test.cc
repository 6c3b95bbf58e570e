// What only a database file can get wrong: versions of its schema, full disks, broken files, and
// the writer that commits for many.
#include "adapters/sqlite/database.h"

#include "adapters/sqlite/account_store.h"
#include "adapters/sqlite/local_session.h"
#include "adapters/sqlite/migrations.h"
#include "adapters/sqlite/package_store.h"
#include "tests/support/package_builders.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_loop.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <fstream>
#include <mutex>
#include <sys/stat.h>
#include <thread>

namespace kontor::sqlite {
namespace {

using test::first_publish;
using test::key_of;
using test::kNoon;
using test::TempFolder;
using test::TestLoop;

struct World {
  explicit World(WriteQueueOptions options = {}) : options(options) { open(); }
  void open() {
    auto opened = Database::open({path(), kNoon, options});
    if (!opened) FAIL() << opened.error().cause << opened.error().detail;
    database = std::move(*opened);
    session = std::move(*LocalSession::open(*database, loop));
  }
  void close() {
    session.reset();
    database.reset();
  }
  std::string path() const { return folder.path() + "/kontor.db"; }
  template <class T>
  Result<T> write(std::move_only_function<Result<T>(Connection&)> work) {
    return loop.run(database->write<T>(loop, std::move(work)));
  }
  Result<void> script(std::string sql) {
    return write<void>([sql = std::move(sql)](Connection& db) {
      return static_cast<FileConnection&>(db).script(sql);
    });
  }
  UserId add_user(const std::string& name) {
    return loop.run(AccountStore(*session).create_user(test::user_named(name))).value();
  }
  Result<AppliedChange> apply(PackageChange change) {
    return loop.run(PackageStore(*session).apply(std::move(change)));
  }
  bool has_package(const std::string& name) {
    return loop.run(PackageStore(*session).find(key_of(name)))->has_value();
  }

  WriteQueueOptions options;
  TempFolder folder;
  TestLoop loop;
  std::unique_ptr<Database> database;
  std::unique_ptr<LocalSession> session;
};

// Holds the writer in its place until it is let go.
class Barrier {
 public:
  explicit Barrier(World& world)
      : task_(world.database->write<void>(world.loop, [this](Connection&) -> Result<void> {
          entered_ = true;
          const std::scoped_lock wait(gate_);
          return {};
        })) {
    gate_.lock();
    task_.start();
    while (!entered_) std::this_thread::yield();
  }
  void lift() { gate_.unlock(); }

 private:
  std::mutex gate_;
  std::atomic<bool> entered_ = false;
  Task<> task_;
};

TEST(SqliteDatabase, keeps_what_it_has_when_it_is_opened_again) {
  World world;
  const auto ann = world.add_user("ann");
  ASSERT_TRUE(world.apply(first_publish("pkg", ann)));
  world.close();
  world.open();
  EXPECT_TRUE(world.has_package("pkg"));
  EXPECT_EQ(world.loop.run(AccountStore(*world.session).find_user("ann"))->value().id, ann);
}

TEST(SqliteDatabase, syncs_every_commit_and_writes_ahead) {
  World world;
  const auto setting = [&](const char* pragma) {
    return world.write<std::optional<std::int64_t>>(
        [pragma](Connection& db) { return db.number(pragma); });
  };
  EXPECT_EQ(setting("PRAGMA synchronous")->value(), 2);
  EXPECT_EQ(setting("SELECT journal_mode = 'wal' FROM pragma_journal_mode")->value(), 1);
}

// --- migrations -------------------------------------------------------------------------------

Result<void> migrate_file(const std::string& path, const std::vector<Migration>& migrations) {
  auto connection = FileConnection::open(path, {});
  return migrate(**connection, migrations, kNoon);
}

const std::vector<Migration> kTwo = {{1, "0001_a.sql", "CREATE TABLE a (x);"},
                                     {2, "0002_b.sql", "CREATE TABLE b (x);"}};

TEST(SqliteMigrations, are_applied_once_and_in_order) {
  const TempFolder folder;
  const std::string path = folder.path() + "/x.db";
  ASSERT_TRUE(migrate_file(path, {kTwo[0]}));
  ASSERT_TRUE(migrate_file(path, kTwo));
  ASSERT_TRUE(migrate_file(path, kTwo));
  auto connection = *FileConnection::open(path, {});
  EXPECT_EQ(connection->number("SELECT count(*) FROM schema_migrations")->value(), 2);
  EXPECT_EQ(connection->number("SELECT applied FROM schema_migrations WHERE number = 2")->value(),
            kNoon.ms);
  EXPECT_TRUE(connection->run("INSERT INTO b VALUES (1)"));
}

TEST(SqliteMigrations, refuse_a_store_of_a_newer_version) {
  const TempFolder folder;
  const std::string path = folder.path() + "/x.db";
  ASSERT_TRUE(migrate_file(path, kTwo));
  const auto refused = migrate_file(path, {kTwo[0]});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::unavailable);
  EXPECT_NE(refused.error().detail.find("newer version"), std::string::npos);
  EXPECT_NE(refused.error().detail.find("0002_b.sql"), std::string::npos);
}

TEST(SqliteMigrations, refuse_a_store_with_another_history) {
  const TempFolder folder;
  const std::string path = folder.path() + "/x.db";
  ASSERT_TRUE(migrate_file(path, {kTwo[0]}));
  auto changed = kTwo;
  changed[0].text += " -- changed";
  const auto refused = migrate_file(path, changed);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::unavailable);
  auto connection = *FileConnection::open(path, {});
  EXPECT_EQ(connection->number("SELECT count(*) FROM schema_migrations")->value(), 1);
}

TEST(SqliteMigrations, leave_nothing_behind_when_one_fails) {
  const TempFolder folder;
  const std::string path = folder.path() + "/x.db";
  auto broken = kTwo;
  broken[1].text = "CREATE TABLE b (x); CREATE TABLE a (x);";
  EXPECT_FALSE(migrate_file(path, broken));
  EXPECT_TRUE(migrate_file(path, kTwo));
}

TEST(SqliteMigrations, of_this_binary_are_numbered_without_gaps) {
  const auto migrations = built_in_migrations();
  ASSERT_FALSE(migrations.empty());
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    EXPECT_EQ(migrations[i].number, static_cast<std::int64_t>(i) + 1);
    EXPECT_FALSE(migrations[i].text.empty());
  }
}

// --- a store in trouble -------------------------------------------------------------------------

TEST(SqliteDatabase, a_full_disk_refuses_writes_until_there_is_space_again) {
  World world;
  const auto ann = world.add_user("ann");
  ASSERT_TRUE(world.apply(first_publish("before", ann)));
  ASSERT_TRUE(world.script("PRAGMA max_page_count = 1"));  // as many as there are

  auto big = first_publish("big", ann);
  std::get<PutVersion>(big.ops[0]).record.manifest = std::string(1 << 20, 'm');
  const auto refused = world.apply(big);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::storage_full);
  EXPECT_FALSE(world.has_package("big"));
  EXPECT_TRUE(world.has_package("before"));

  ASSERT_TRUE(world.script("PRAGMA max_page_count = 1000000"));
  EXPECT_TRUE(world.apply(big));
  EXPECT_TRUE(world.has_package("big"));
}

TEST(SqliteDatabase, when_one_command_fills_the_disk_the_others_of_its_batch_are_kept) {
  World world;
  const auto ann = world.add_user("ann");
  ASSERT_TRUE(world.apply(first_publish("before", ann)));
  ASSERT_TRUE(world.script("PRAGMA max_page_count = 1"));
  PackageStore store(*world.session);
  Barrier barrier(world);
  auto big = first_publish("big", ann);
  std::get<PutVersion>(big.ops[0]).record.manifest = std::string(1 << 20, 'm');
  std::vector<Task<AppliedChange>> tasks;
  tasks.push_back(store.apply(test::with(test::change_of("before"), SetStar{ann, true})));
  tasks.push_back(store.apply(big));
  tasks.push_back(store.apply(test::with(test::change_of("before"), SetTag{"t", "1.0.0"})));
  for (auto& task : tasks) task.start();
  barrier.lift();
  world.loop.run_until([&] { return tasks[2].done() && tasks[1].done() && tasks[0].done(); });
  EXPECT_TRUE(tasks[0].take());
  EXPECT_EQ(tasks[1].take().error().code, Code::storage_full);
  EXPECT_TRUE(tasks[2].take());
  const auto record = **world.loop.run(store.find(key_of("before")));
  EXPECT_EQ(record.stars.size(), 1u);
  EXPECT_EQ(record.tags.size(), 2u);
}

TEST(SqliteDatabase, a_broken_file_is_an_error_not_a_crash) {
  World world;
  world.close();
  std::ofstream(world.path(), std::ios::binary) << std::string(8192, 'x');
  const auto opened = Database::open({world.path(), kNoon, {}});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::storage_failed);
  EXPECT_NE(opened.error().cause, "");
}

TEST(SqliteDatabase, a_folder_that_is_not_there_is_an_error) {
  const auto opened = Database::open({"/nonexistent/folder/kontor.db", kNoon, {}});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::storage_failed);
}

// --- the writer ---------------------------------------------------------------------------------

TEST(SqliteWriter, commits_commands_that_wait_together) {
  World world;
  ASSERT_TRUE(world.script("CREATE TABLE t (x INTEGER)"));
  int commits = 0;
  ASSERT_TRUE(world.write<void>([&commits](Connection& db) -> Result<void> {
    sqlite3_commit_hook(
        static_cast<FileConnection&>(db).raw(),
        [](void* count) { return ++*static_cast<int*>(count), 0; }, &commits);
    return {};
  }));
  Barrier barrier(world);
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 20; ++i) {
    tasks.push_back(world.database->write<void>(
        world.loop, [i](Connection& db) { return db.run("INSERT INTO t VALUES (?)", i); }));
    tasks.back().start();
  }
  barrier.lift();
  world.loop.run_until([&] { return tasks.back().done(); });
  for (auto& task : tasks) EXPECT_TRUE(task.take());
  EXPECT_LE(commits, 3);  // the barrier's own, and one for all
  EXPECT_EQ(world.session->reader().number("SELECT count(*) FROM t")->value(), 20);
}

TEST(SqliteWriter, a_command_that_fails_half_way_does_not_harm_its_neighbours) {
  World world;
  ASSERT_TRUE(world.script("CREATE TABLE t (x INTEGER)"));
  Barrier barrier(world);
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 5; ++i) {
    tasks.push_back(world.database->write<void>(world.loop, [i](Connection& db) -> Result<void> {
      auto done = db.run("INSERT INTO t VALUES (?)", i);
      return i == 2 ? fail(Code::conflict) : done;
    }));
    tasks.back().start();
  }
  barrier.lift();
  world.loop.run_until([&] { return tasks.back().done(); });
  for (int i = 0; i < 5; ++i) EXPECT_EQ(tasks[i].take().has_value(), i != 2) << i;
  EXPECT_EQ(world.session->reader().number("SELECT count(*) FROM t")->value(), 4);
  EXPECT_EQ(world.session->reader().number("SELECT sum(x) FROM t")->value(), 8);
}

TEST(SqliteWriter, says_unavailable_when_too_many_wait) {
  World world({.max_waiting = 2});
  Barrier barrier(world);
  const auto nothing = [](Connection&) -> Result<void> { return {}; };
  auto one = world.database->write<void>(world.loop, nothing);
  auto two = world.database->write<void>(world.loop, nothing);
  auto three = world.database->write<void>(world.loop, nothing);
  one.start();
  two.start();
  three.start();
  ASSERT_TRUE(three.done());
  EXPECT_EQ(three.take().error().code, Code::unavailable);
  barrier.lift();
  world.loop.run_until([&] { return two.done(); });
  EXPECT_TRUE(one.take());
  EXPECT_TRUE(two.take());
}

TEST(SqliteWriter, finishes_what_waits_before_it_closes) {
  World world;
  const auto ann = world.add_user("ann");
  {
    PackageStore store(*world.session);
    for (int i = 0; i < 30; ++i) {
      auto task = store.apply(first_publish("pkg-" + std::to_string(i), ann));
      task.start();
    }
  }
  world.close();
  world.open();
  for (int i = 0; i < 30; ++i) EXPECT_TRUE(world.has_package("pkg-" + std::to_string(i))) << i;
}

TEST(SqliteWriter, keeps_its_log_near_the_size_it_is_copied_at) {
  World world({.checkpoint_pages = 50});
  const auto ann = world.add_user("ann");
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(world.apply(first_publish("pkg-" + std::to_string(i), ann)));
  struct stat log{};
  ASSERT_EQ(stat((world.path() + "-wal").c_str(), &log), 0);
  EXPECT_LT(log.st_size, 200 * 4096);
}

}  // namespace
}  // namespace kontor::sqlite
