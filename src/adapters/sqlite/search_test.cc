// Search at a size where bounds matter, and what the full-text index adds to the port's promises.
#include "adapters/sqlite/account_store.h"
#include "adapters/sqlite/local_session.h"
#include "adapters/sqlite/package_store.h"
#include "adapters/sqlite/search_expression.h"
#include "tests/support/package_builders.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_loop.h"

#include <gtest/gtest.h>

#include <set>

namespace kontor::sqlite {
namespace {

using test::first_publish;
using test::kNoon;

class SqliteSearch : public testing::Test {
 protected:
  SqliteSearch() {
    database_ = std::move(*Database::open({folder_.path() + "/kontor.db", kNoon, {}}));
    session_ = std::move(*LocalSession::open(*database_, loop_));
    store_ = std::make_unique<PackageStore>(*session_);
    ann_ = loop_.run(AccountStore(*session_).create_user(test::user_named("ann"))).value();
  }
  // All of them at once, so that the writer commits them together.
  void publish(std::vector<PackageChange> changes) {
    std::vector<Task<AppliedChange>> tasks;
    for (auto& change : changes) tasks.push_back(store_->apply(std::move(change)));
    for (auto& result : loop_.run_all(std::move(tasks)))
      ASSERT_TRUE(result) << result.error().cause;
  }
  SearchPage find(SearchQuery query) { return loop_.run(store_->search(query)).value(); }
  static SearchQuery words(std::vector<std::string> list) {
    SearchQuery query;
    query.words = std::move(list);
    return query;
  }

  test::TempFolder folder_;
  test::TestLoop loop_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<LocalSession> session_;
  std::unique_ptr<PackageStore> store_;
  UserId ann_;
};

TEST_F(SqliteSearch, folds_case_and_accents) {
  publish({first_publish("pkg", ann_, "1.0.0", "Crème brûlée für ÄRZTE")});
  for (const char* word : {"creme", "BRULEE", "fur", "ärzte", "Crè"})
    EXPECT_EQ(find(words({word})).total, 1u) << word;
}

TEST_F(SqliteSearch, pages_through_more_matches_than_it_counts) {
  std::vector<PackageChange> changes;
  for (int i = 0; i < 1300; ++i)
    changes.push_back(
        first_publish((i % 4 ? "lib-" : "js-") + std::to_string(i), ann_, "1.0.0", "made of js",
                      i % 3 ? std::vector<std::string>{"js"} : std::vector<std::string>{}));
  publish(std::move(changes));
  std::set<std::string> seen;
  auto query = words({"js"});
  EXPECT_EQ(find(query).total, 1001u);
  for (query.from = 0, query.size = 250; query.from < 1500; query.from += 250)
    for (auto& hit : find(query).hits) EXPECT_TRUE(seen.insert(hit.name).second) << hit.name;
  EXPECT_EQ(seen.size(), 1300u);
  query.from = 1250;
  EXPECT_EQ(find(query).total, 1300u);
}

TEST_F(SqliteSearch, a_growing_package_moves_up_and_is_found_once) {
  publish({first_publish("tool-a", ann_), first_publish("tool-b", ann_)});
  for (int i = 0; i < 6; ++i) {
    const std::uint64_t count = std::uint64_t{1} << (4 * i);
    ASSERT_TRUE(
        loop_.run(store_->add_downloads({{test::key_of("tool-b"), "1.0.0", Day{20'000}, count}})));
    const auto page = find(words({"tool"}));
    EXPECT_EQ(page.total, 2u);
    EXPECT_EQ(page.hits.at(0).name, "tool-b");
  }
  EXPECT_EQ(session_->reader().number("SELECT count(*) FROM search_names")->value(), 2);
  EXPECT_EQ(session_->reader().number("SELECT count(*) FROM search_texts")->value(), 2);
}

TEST_F(SqliteSearch, the_index_stays_whole_through_changes_of_every_kind) {
  const auto bob = loop_.run(AccountStore(*session_).create_user(test::user_named("bob"))).value();
  for (int i = 0; i < 40; ++i) {
    const std::string name = "pkg-" + std::to_string(i);
    publish({first_publish(name, ann_, "1.0.0", "text " + std::to_string(i), {"k"})});
    auto change = test::change_of(name);
    if (i % 2) change.ops.push_back(SetVisibility{Visibility::restricted});
    if (i % 3) change.ops.push_back(SetOwners{{{bob, OwnerRole::maintainer}}});
    if (i % 5 == 0) change.ops.push_back(PutSearchEntry{test::search_entry("1.0.0", "other")});
    if (i % 7 == 0) change.ops = {RemoveAllVersions{}};
    publish({change});
  }
  ASSERT_TRUE(loop_.run(AccountStore(*session_).remove_user(bob)));
  for (const char* table : {"search_names", "search_texts"}) {
    const std::string sql =
        "INSERT INTO " + std::string(table) + "(" + table + ") VALUES ('integrity-check')";
    EXPECT_TRUE(loop_.run(database_->write<void>(
        loop_, [sql](Connection& db) { return static_cast<FileConnection&>(db).script(sql); })));
  }
  EXPECT_EQ(session_->reader().number("SELECT count(*) FROM search_names")->value(), 34);
}

TEST(SqliteSearchExpression, ends_every_word_inside_quotes) {
  SearchQuery query;
  query.words = {"a\"b", std::string("x\0y", 3)};
  const auto expressions = search_expressions(query, std::nullopt);
  ASSERT_TRUE(expressions);
  EXPECT_TRUE(expressions->names.starts_with(R"(name : ("a""b" * AND "x" *))"))
      << expressions->names;
  query.words = {"***"};
  EXPECT_FALSE(search_expressions(query, std::nullopt));
  query.words = {};
  EXPECT_TRUE(search_expressions(query, std::nullopt)->names.empty());
}

}  // namespace
}  // namespace kontor::sqlite
