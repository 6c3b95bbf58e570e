// What goes wrong inside a database file is found, and what is derived is mended.
#include "adapters/sqlite/store_audit.h"

#include "adapters/sqlite/account_store.h"
#include "adapters/sqlite/local_session.h"
#include "adapters/sqlite/package_store.h"
#include "tests/support/package_builders.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace kontor::sqlite {
namespace {

using test::first_publish;
using test::kNoon;

class SqliteAudit : public testing::Test {
 protected:
  SqliteAudit() {
    open(*Database::open({path(), kNoon, {}}));
    const auto ann =
        loop_.run(AccountStore(*session_).create_user(test::user_named("ann"))).value();
    for (const char* name : {"alpha", "beta"})
      EXPECT_TRUE(loop_.run(PackageStore(*session_).apply(first_publish(name, ann))));
  }
  std::string path() const { return folder_.path() + "/kontor.db"; }
  void open(std::unique_ptr<Database> database) {
    session_.reset();
    database_ = std::move(database);
    session_ = std::move(*LocalSession::open(*database_, loop_));
  }
  void script(std::string sql) {
    auto done = loop_.run(database_->write<void>(loop_, [sql = std::move(sql)](Connection& db) {
      return static_cast<FileConnection&>(db).script(sql);
    }));
    ASSERT_TRUE(done) << done.error().cause;
  }
  std::vector<StoreFault> faults() {
    auto found = loop_.run(StoreAudit(*session_).check());
    EXPECT_TRUE(found);
    return found.value_or(std::vector<StoreFault>());
  }
  // The one kind of fault there is, and how often.
  void expect_faults(bool derived, std::size_t count, const std::string& part) {
    const auto found = faults();
    EXPECT_EQ(found.size(), count) << part;
    for (const auto& fault : found) {
      EXPECT_EQ(fault.derived, derived) << fault.text;
      EXPECT_NE(fault.text.find(part), std::string::npos) << fault.text;
    }
  }
  void expect_rebuild_mends() {
    ASSERT_TRUE(loop_.run(StoreAudit(*session_).rebuild_derived()));
    for (const auto& fault : faults()) ADD_FAILURE() << fault.text;
  }
  std::size_t hits(const std::string& word) {
    SearchQuery query;
    query.words = {word};
    return loop_.run(PackageStore(*session_).search(query))->hits.size();
  }

  test::TempFolder folder_;
  test::TestLoop loop_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<LocalSession> session_;
};

TEST_F(SqliteAudit, a_stale_row_of_the_search_index_is_found_and_mended) {
  script("UPDATE search_names SET name = 'other' WHERE name = 'alpha'");
  expect_faults(true, 1, "stale for alpha");
  expect_rebuild_mends();
  EXPECT_EQ(hits("alpha"), 1u);
}

TEST_F(SqliteAudit, a_missing_row_of_the_search_index_is_found_and_mended) {
  script("DELETE FROM search_names; DELETE FROM search_texts WHERE rowid > 0");
  expect_faults(true, 2, "stale for");
  expect_rebuild_mends();
  EXPECT_EQ(hits("beta"), 1u);
}

TEST_F(SqliteAudit, a_row_of_the_search_index_too_many_is_found_and_mended) {
  script("INSERT INTO search_names (rowid, name, facets) VALUES (7, 'ghost', '')");
  expect_faults(true, 1, "row 7");
  expect_rebuild_mends();
}

TEST_F(SqliteAudit, a_broken_full_text_index_is_found_and_mended) {
  script("DELETE FROM search_names_data WHERE id > 10");
  const auto found = faults();
  ASSERT_FALSE(found.empty());
  EXPECT_TRUE(std::ranges::all_of(found, &StoreFault::derived));
  expect_rebuild_mends();
  EXPECT_EQ(hits("alpha"), 1u);
}

TEST_F(SqliteAudit, sums_of_downloads_are_checked_and_mended) {
  PackageStore packages(*session_);
  const PackageKey alpha{FormatId::npm, "alpha"};
  ASSERT_TRUE(loop_.run(packages.add_downloads(
      {{alpha, "1.0.0", {100}, 3}, {alpha, "1.0.1", {100}, 4}, {alpha, "1.0.0", {101}, 5}})));
  EXPECT_TRUE(faults().empty());
  script("UPDATE package_downloads SET count = 8 WHERE day = 100");
  expect_faults(true, 1, "downloads of alpha on day 100");
  expect_rebuild_mends();
  script("DELETE FROM package_downloads; UPDATE packages SET downloads = 11 WHERE name = 'alpha'");
  expect_faults(true, 1, "downloads of alpha of all time");
  expect_rebuild_mends();
  const auto days = loop_.run(packages.downloads(alpha, {100}, {101}));
  ASSERT_EQ(days->size(), 2u);
  EXPECT_EQ((*days)[0].count, 7u);
  EXPECT_EQ((*days)[1].count, 5u);
}

TEST_F(SqliteAudit, rows_without_their_kin_are_damage) {
  script("DELETE FROM manifests WHERE id = (SELECT min(id) FROM versions)");
  expect_faults(false, 1, "alpha@1.0.0 has no manifest");
  ASSERT_TRUE(loop_.run(StoreAudit(*session_).rebuild_derived()));
  expect_faults(false, 1, "alpha@1.0.0 has no manifest");
}

TEST_F(SqliteAudit, a_tag_that_leads_nowhere_is_damage) {
  script("UPDATE tags SET version = '9.9.9' WHERE package = (SELECT min(id) FROM packages)");
  expect_faults(false, 1, "The tag latest of alpha names 9.9.9");
}

TEST_F(SqliteAudit, a_broken_page_is_damage_and_no_crash) {
  session_.reset();
  database_.reset();
  std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary | std::ios::ate);
  const auto size = file.tellp();
  for (std::streamoff at = 5 * 4096; at < size; at += 4096) {
    file.seekp(at);
    file << std::string(64, '\xff');
  }
  file.close();
  auto opened = Database::open_existing(path(), Database::Access::read_only);
  if (!opened) return;  // also an answer
  open(std::move(*opened));
  const auto found = faults();
  ASSERT_FALSE(found.empty());
  EXPECT_FALSE(found[0].derived);
}

TEST_F(SqliteAudit, a_store_open_for_reading_is_checked_beside_its_writer_and_never_written) {
  auto reader = Database::open_existing(path(), Database::Access::read_only);
  ASSERT_TRUE(reader);
  auto session = *LocalSession::open(**reader, loop_);
  StoreAudit audit(*session);
  EXPECT_TRUE(loop_.run(audit.check())->empty());
  EXPECT_EQ(loop_.run(audit.unreferenced({Sha256{}}))->size(), 1u);
  EXPECT_EQ(loop_.run(audit.rebuild_derived()).error().code, Code::unavailable);
}

TEST_F(SqliteAudit, an_existing_store_is_neither_made_nor_migrated) {
  const auto absent =
      Database::open_existing(folder_.path() + "/no.db", Database::Access::read_only);
  EXPECT_EQ(absent.error().code, Code::not_found);
  script(
      "DELETE FROM schema_migrations WHERE number = (SELECT max(number) FROM schema_migrations)");
  const auto older = Database::open_existing(path(), Database::Access::read_write);
  ASSERT_FALSE(older);
  EXPECT_NE(older.error().detail.find("older version"), std::string::npos);
}

}  // namespace
}  // namespace kontor::sqlite
