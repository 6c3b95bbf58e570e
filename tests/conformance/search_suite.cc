// The promises of ports/package_store.h about search: words, ranking, qualifiers and eyes.
#include "tests/conformance/store_harness.h"

#include <gmock/gmock.h>

namespace kontor::test {

std::vector<std::string> SearchSuite::names_found(SearchQuery query) {
  std::vector<std::string> names;
  for (auto& hit : find(std::move(query)).hits) names.push_back(hit.name);
  return names;
}

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;
using testing::UnorderedElementsAre;

SearchQuery words(std::vector<std::string> list) {
  SearchQuery query;
  query.words = std::move(list);
  return query;
}

TEST_P(SearchSuite, finds_words_in_name_description_keywords_and_author) {
  apply(first_publish("http-client", ann_, "1.0.0", "Sends requests", {"network"}));
  auto change = first_publish("parser", ann_, "2.0.0", "Reads JSON documents", {"json", "fast io"});
  std::get<PutSearchEntry>(change.ops.back()).entry.author = "Grace Hopper";
  apply(change);

  EXPECT_THAT(names_found(words({"client"})), ElementsAre("http-client"));
  EXPECT_THAT(names_found(words({"requests"})), ElementsAre("http-client"));
  EXPECT_THAT(names_found(words({"network"})), ElementsAre("http-client"));
  EXPECT_THAT(names_found(words({"fast"})), ElementsAre("parser"));
  EXPECT_THAT(names_found(words({"hopper"})), ElementsAre("parser"));
  EXPECT_THAT(names_found(words({"missing"})), IsEmpty());
  EXPECT_THAT(names_found(words({"JSON"})), ElementsAre("parser"));
  EXPECT_THAT(names_found(words({"http-cl"})), ElementsAre("http-client"));
}

TEST_P(SearchSuite, all_words_must_match_each_also_as_a_prefix) {
  apply(first_publish("alpha", ann_, "1.0.0", "reads tar archives"));
  apply(first_publish("beta", ann_, "1.0.0", "reads zip archives"));
  EXPECT_THAT(names_found(words({"arch", "rea"})), UnorderedElementsAre("alpha", "beta"));
  EXPECT_THAT(names_found(words({"reads", "zip"})), ElementsAre("beta"));
  EXPECT_THAT(names_found(words({"zi", "be"})), ElementsAre("beta"));
  EXPECT_THAT(names_found(words({"zip", "tar"})), IsEmpty());
  EXPECT_THAT(names_found(words({"r"})), UnorderedElementsAre("alpha", "beta"));
  EXPECT_THAT(names_found(words({"eads"})), IsEmpty());
}

TEST_P(SearchSuite, a_hit_carries_what_a_list_shows) {
  auto change = first_publish("pkg", ann_, "1.0.0", "thing");
  std::get<PutVersion>(change.ops[0]).record.published = kNoon - seconds(7);
  apply(change);
  apply(with(change_of("pkg"),
             SetOwners{{{ann_, OwnerRole::maintainer}, {bob_, OwnerRole::maintainer}}}));
  const auto page = find(words({"thing"}));
  EXPECT_EQ(page.total, 1u);
  ASSERT_EQ(page.hits.size(), 1u);
  EXPECT_EQ(page.hits[0].name, "pkg");
  EXPECT_EQ(page.hits[0].document, search_entry("1.0.0", "thing").document);
  EXPECT_EQ(page.hits[0].published, kNoon - seconds(7));
  EXPECT_THAT(page.hits[0].maintainers,
              ElementsAre(Owner{ann_, "ann", "ann@example.org", OwnerRole::maintainer},
                          Owner{bob_, "bob", "bob@example.org", OwnerRole::maintainer}));
}

TEST_P(SearchSuite, ranks_exact_name_then_name_then_keyword_then_text) {
  apply(first_publish("a-text", ann_, "1.0.0", "made for react apps"));
  apply(first_publish("b-keyword", ann_, "1.0.0", "view library", {"react"}));
  apply(first_publish("react-dom", ann_, "1.0.0", "glue"));
  apply(first_publish("react", ann_, "1.0.0", "view library"));
  const auto page = find(words({"react"}));
  std::vector<std::string> names;
  double last = 1;
  for (auto& hit : page.hits) {
    names.push_back(hit.name);
    EXPECT_THAT(hit.score, AllOf(Ge(0.0), Le(last))) << hit.name;
    last = hit.score;
  }
  EXPECT_THAT(names, ElementsAre("react", "react-dom", "b-keyword", "a-text"));
  EXPECT_EQ(page.hits[0].score, 1.0);
  EXPECT_THAT(names_found(words({"react", "dom"})), ElementsAre("react-dom"));
}

TEST_P(SearchSuite, more_downloads_come_first_among_equals) {
  for (const char* name : {"tool-a", "tool-b", "tool-c"}) apply(first_publish(name, ann_));
  const Day today = day_of(kNoon);
  must(packages().add_downloads({{key_of("tool-b"), "1.0.0", today, 900},
                                 {key_of("tool-c"), "1.0.0", today, 20},
                                 {key_of("tool-c"), "1.0.0", Day{today.number - 7}, 5},
                                 {key_of("tool-c"), "1.0.0", Day{today.number - 30}, 5}}));
  auto query = words({"tool"});
  query.today = today;
  const auto page = find(query);
  ASSERT_EQ(page.hits.size(), 3u);
  EXPECT_EQ(page.hits[0].name, "tool-b");
  EXPECT_EQ(page.hits[0].downloads_week, 900u);
  EXPECT_EQ(page.hits[1].name, "tool-c");
  EXPECT_EQ(page.hits[1].downloads_week, 20u);
  EXPECT_EQ(page.hits[1].downloads_month, 25u);
  EXPECT_EQ(page.hits[2].downloads_month, 0u);
}

TEST_P(SearchSuite, shows_restricted_packages_to_their_owners_and_administrators_only) {
  apply(first_publish("open-tool", ann_, "1.0.0", "a tool"));
  auto change = first_publish("secret-tool", ann_, "1.0.0", "a tool", {"tool"});
  change.create->visibility = Visibility::restricted;
  apply(change);
  apply(with(change_of("secret-tool"),
             SetOwners{{{ann_, OwnerRole::maintainer}, {bob_, OwnerRole::reader}}}));
  const auto cid = must(accounts().create_user(user_named("cid")));

  for (auto query : {words({"tool"}), words({}), words({"secret-tool"})}) {
    const std::size_t open = query.words == std::vector<std::string>{"secret-tool"} ? 0 : 1;
    EXPECT_EQ(find(query).total, open);
    query.viewer.user = cid;
    EXPECT_EQ(find(query).total, open);
    EXPECT_THAT(find(query).hits, SizeIs(open));
    for (const UserId owner : {ann_, bob_}) {
      query.viewer.user = owner;
      EXPECT_EQ(find(query).total, open + 1);
    }
    query.viewer = {std::nullopt, true};
    EXPECT_EQ(find(query).total, open + 1);
  }

  auto as_bob = words({"secret"});
  as_bob.viewer.user = bob_;
  EXPECT_THAT(names_found(as_bob), ElementsAre("secret-tool"));
  apply(with(change_of("secret-tool"), SetOwners{{{ann_, OwnerRole::maintainer}}}));
  EXPECT_THAT(names_found(as_bob), IsEmpty());
  apply(with(change_of("secret-tool"), SetVisibility{Visibility::open}));
  EXPECT_THAT(names_found(words({"secret"})), ElementsAre("secret-tool"));
  apply(with(change_of("open-tool"), SetVisibility{Visibility::restricted}));
  EXPECT_THAT(names_found(words({"tool"})), ElementsAre("secret-tool"));
}

TEST_P(SearchSuite, an_owner_whose_account_is_removed_sees_nothing_more) {
  auto change = first_publish("secret", ann_);
  change.create->visibility = Visibility::restricted;
  apply(change);
  auto query = words({"secret"});
  query.viewer.user = ann_;
  EXPECT_EQ(find(query).total, 1u);
  must(accounts().remove_user(ann_));
  EXPECT_EQ(find(query).total, 0u);
}

TEST_P(SearchSuite, the_newest_entry_replaces_the_one_before) {
  apply(first_publish("pkg", ann_, "1.0.0", "old words", {"oldkey"}));
  apply(with(change_of("pkg"), PutVersion{version_record("2.0.0")},
             PutSearchEntry{search_entry("2.0.0", "new words", {"newkey"})}));
  EXPECT_THAT(names_found(words({"old"})), IsEmpty());
  EXPECT_THAT(names_found(words({"oldkey"})), IsEmpty());
  EXPECT_THAT(names_found(words({"new"})), ElementsAre("pkg"));
  EXPECT_EQ(find(words({"words"})).hits[0].document, search_entry("2.0.0", "new words").document);
  EXPECT_EQ(apply_refused(with(change_of("pkg"), PutSearchEntry{search_entry("7.0.0", "x")})),
            Code::version_not_found);
  EXPECT_THAT(names_found(words({"new"})), ElementsAre("pkg"));
}

TEST_P(SearchSuite, an_unpublished_package_is_not_found) {
  apply(first_publish("pkg", ann_, "1.0.0", "thing"));
  apply(with(change_of("pkg"), RemoveAllVersions{}));
  EXPECT_EQ(find(words({"thing"})).total, 0u);
  EXPECT_EQ(find(words({})).total, 0u);
  apply(with(change_of("pkg"), PutVersion{version_record("2.0.0")},
             PutSearchEntry{search_entry("2.0.0", "thing again")}));
  EXPECT_EQ(find(words({"thing"})).total, 1u);
  apply(with(change_of("pkg"), RemoveVersion{"2.0.0"}));
  EXPECT_EQ(find(words({"thing"})).total, 0u);
}

TEST_P(SearchSuite, each_format_finds_its_own) {
  apply(first_publish("pkg", ann_, "1.0.0", "thing"));
  auto query = words({"thing"});
  query.format = FormatId::ori;
  EXPECT_EQ(find(query).total, 0u);
}

TEST_P(SearchSuite, qualifiers_narrow_the_result) {
  auto change = first_publish("@tools/saw", ann_, "1.0.0", "cuts wood", {"wood", "hand tool"});
  std::get<PutSearchEntry>(change.ops.back()).entry.author = "Jo Smith";
  apply(change);
  change = first_publish("@tools/drill", bob_, "0.1.0", "drills wood", {"wood", "power"});
  std::get<PutSearchEntry>(change.ops.back()).entry.unstable = true;
  apply(change);
  change = first_publish("plane", bob_, "1.0.0", "planes wood", {"Hand Tool"});
  std::get<PutSearchEntry>(change.ops.back()).entry.deprecated = true;
  apply(change);

  SearchQuery query = words({"wood"});
  EXPECT_THAT(names_found(query), UnorderedElementsAre("@tools/saw", "@tools/drill", "plane"));
  query.scope = "tools";
  EXPECT_THAT(names_found(query), UnorderedElementsAre("@tools/saw", "@tools/drill"));
  query.scope = "tool";
  EXPECT_THAT(names_found(query), IsEmpty());

  query = words({});
  query.maintainer = "bob";
  EXPECT_THAT(names_found(query), UnorderedElementsAre("@tools/drill", "plane"));
  query.maintainer = "nobody";
  EXPECT_THAT(names_found(query), IsEmpty());

  query = words({});
  query.author = "smith";
  EXPECT_THAT(names_found(query), ElementsAre("@tools/saw"));

  query = words({"wood"});
  query.deprecated = true;
  EXPECT_THAT(names_found(query), ElementsAre("plane"));
  query.deprecated = false;
  EXPECT_THAT(names_found(query), UnorderedElementsAre("@tools/saw", "@tools/drill"));
  query.unstable = false;
  EXPECT_THAT(names_found(query), ElementsAre("@tools/saw"));
  query = words({});
  query.unstable = true;
  EXPECT_THAT(names_found(query), ElementsAre("@tools/drill"));
}

TEST_P(SearchSuite, keywords_are_asked_for_whole_by_any_all_and_none) {
  apply(first_publish("saw", ann_, "1.0.0", "", {"wood", "hand tool"}));
  apply(first_publish("drill", ann_, "1.0.0", "", {"wood", "power"}));
  apply(first_publish("glue", ann_, "1.0.0", "", {}));

  SearchQuery query;
  query.keywords_any = {"power", "hand tool"};
  EXPECT_THAT(names_found(query), UnorderedElementsAre("saw", "drill"));
  query.keywords_any = {"hand"};
  EXPECT_THAT(names_found(query), IsEmpty());
  query = {};
  query.keywords_all = {"WOOD", "power"};
  EXPECT_THAT(names_found(query), ElementsAre("drill"));
  query = {};
  query.keywords_any = {"wood"};
  query.keywords_none = {"power"};
  EXPECT_THAT(names_found(query), ElementsAre("saw"));
  query = {};
  query.keywords_none = {"wood"};
  EXPECT_THAT(names_found(query), ElementsAre("glue"));
  query.keywords_none = {"never used"};
  EXPECT_THAT(names_found(query), UnorderedElementsAre("saw", "drill", "glue"));
}

TEST_P(SearchSuite, hostile_text_finds_nothing_and_breaks_nothing) {
  apply(first_publish("pkg", ann_, "1.0.0", "plain words"));
  const std::vector<std::string> hostile = {"\"",
                                            "\" OR *",
                                            "*",
                                            "(",
                                            ")",
                                            "AND",
                                            "NOT x",
                                            "NEAR(a b)",
                                            "name:pkg",
                                            "^pkg",
                                            "pkg\"",
                                            "a\" OR name:\"pkg",
                                            "'; DROP TABLE packages; --",
                                            "{facets}:x",
                                            "-",
                                            "+",
                                            "\\",
                                            std::string("nul\0pkg", 7),
                                            "\xff\xfe",
                                            "\xc0\x80",
                                            "\xee\x80\x80m1",
                                            "\u2026",
                                            "%",
                                            "_"};
  for (const auto& text : hostile) {
    for (auto query : {words({text}), words({text, text}), words({"plain", text})}) {
      const auto page = loop_.run(packages().search(query));
      EXPECT_TRUE(page) << text << ' ' << (page ? "" : page.error().cause);
    }
    SearchQuery query;
    query.author = query.maintainer = query.scope = text;
    EXPECT_TRUE(loop_.run(packages().search(query))) << text;
    query = {};
    query.keywords_any = query.keywords_all = query.keywords_none = {text};
    EXPECT_TRUE(loop_.run(packages().search(query))) << text;
  }
  EXPECT_THAT(names_found(words({"\" OR *"})), IsEmpty());
  EXPECT_THAT(names_found(words({"***"})), IsEmpty());
  EXPECT_THAT(names_found(words({std::string(100'000, 'a')})), IsEmpty());
  EXPECT_THAT(names_found(words(std::vector<std::string>(5'000, "nothing"))), IsEmpty());
  EXPECT_THAT(names_found(words({"plain"})), ElementsAre("pkg"));
}

TEST_P(SearchSuite, texts_that_look_like_index_syntax_do_not_lend_rights) {
  auto change = first_publish("secret", ann_, "1.0.0", "\xee\x80\x80v0 \xee\x80\x80o2 open");
  change.create->visibility = Visibility::restricted;
  std::get<PutSearchEntry>(change.ops.back()).entry.keywords = {"x \xee\x80\x80v0 o2"};
  apply(change);
  auto query = words({});
  query.viewer.user = bob_;
  EXPECT_EQ(find(query).total, 0u);
  query.words = {"open"};
  EXPECT_EQ(find(query).total, 0u);
}

TEST_P(SearchSuite, pages_do_not_overlap_and_totals_are_whole) {
  for (int i = 0; i < 60; ++i)
    apply(first_publish((i % 3 ? "thing-" : "other-") + std::to_string(i), ann_, "1.0.0",
                        "some thing",
                        i % 2 ? std::vector<std::string>{"thing"} : std::vector<std::string>{}));
  auto query = words({"thing"});
  std::set<std::string> seen;
  for (query.from = 0, query.size = 7; query.from < 70; query.from += 7) {
    const auto page = find(query);
    EXPECT_EQ(page.total, 60u);
    for (auto& hit : page.hits) EXPECT_TRUE(seen.insert(hit.name).second) << hit.name;
  }
  EXPECT_THAT(seen, SizeIs(60));
  query.from = 10'000;
  EXPECT_THAT(find(query).hits, IsEmpty());
  query.from = 0;
  query.size = 0;
  EXPECT_THAT(find(query).hits, IsEmpty());
}

}  // namespace
}  // namespace kontor::test
