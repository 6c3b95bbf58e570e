// Making documents of many versions: the same bytes as at once, only what is new read again, and
// one making for many readers.
#include "formats/npm/packument_making.h"

#include "archive/gzip_writer.h"
#include "registry/document_cache.h"
#include "tests/support/account_world.h"
#include "tests/support/forwarding_package_store.h"

#include <gtest/gtest.h>

namespace kontor::npm {
namespace {

constexpr int kVersions = 1000;

class CountingStore final : public test::ForwardingPackageStore {
 public:
  using ForwardingPackageStore::ForwardingPackageStore;
  Task<FragmentPage> fragment_page(PackageId id, FragmentKind kind, std::uint64_t after,
                                   FragmentLimits limits) override {
    ++pages;
    return ForwardingPackageStore::fragment_page(id, kind, after, limits);
  }
  int pages = 0;
};

std::string number_text(int number) {
  return "1.0." + std::to_string(number);
}

VersionRecord record_of(int number) {
  VersionRecord record;
  record.version = number_text(number);
  record.published = {1000 + number};
  record.file_name = "wide-" + record.version + ".tgz";
  const std::string dist = ",\"dist\":{\"tarball\":\"\x01/wide/-/" + record.file_name + "\"}}";
  record.manifest = R"({"name":"wide","version":")" + record.version + R"(","text":")" +
                    std::string(400, 'x') + std::to_string(number * 7919) + '"' + dist;
  record.abbreviated = R"({"name":"wide","version":")" + record.version + '"' + dist;
  return record;
}

class PackumentMaking : public testing::Test {
 protected:
  PackumentMaking() {
    world.add_user("ann", "secret");
    PackageChange change{.key = key, .create = CreatePackage{.owner = world.user("ann").id}};
    for (int i = 0; i < kVersions; ++i) change.ops.push_back(PutVersion{record_of(i)});
    change.ops.push_back(SetTag{"latest", number_text(0)});
    EXPECT_TRUE(world.run(world.packages.apply(std::move(change))));
  }

  void apply(PackageOp op) {
    PackageChange change{.key = key};
    change.ops.push_back(std::move(op));
    EXPECT_TRUE(world.run(world.packages.apply(std::move(change))));
  }
  PackageRecord package() { return **world.run(world.packages.find(key)); }

  PackumentOrder order(bool gzipped, Form form = Form::full) {
    return {package(), form, "http://registry.test", gzipped, "etag"};
  }
  Task<SharedBytes> making(PackumentOrder wanted) {
    return make_packument(registry, std::move(wanted));
  }
  std::string made(PackumentOrder wanted) {
    const bool gzipped = wanted.gzipped;
    const auto body = *world.loop.run(making(std::move(wanted)));
    return gzipped ? *gunzip(*body, 64 << 20) : *body;
  }
  // What the document must be, made at once.
  std::string expected(Form form = Form::full) {
    const auto kind = form == Form::full ? FragmentKind::manifest : FragmentKind::abbreviated;
    const auto all = *world.run(world.packages.fragments(package().id, kind));
    const auto latest = *world.run(world.packages.find_version(package().id, number_text(0)));
    return render_packument(package(), all, &*latest, form, "http://registry.test");
  }

  const PackageKey key{FormatId::npm, "wide"};
  test::AccountWorld world;
  CountingStore packages{world.packages};
  // The world's registry with other documents.
  Registry with(DocumentCache& cache) {
    const Registry& r = world.registry;
    return {packages,   r.accounts, r.blobs,       r.clock, r.entropy,   r.passwords, r.secrets,
            r.failures, r.observer, r.credentials, cache,   r.answers, r.downloads, r.advisories,
            r.processor, r.rates, r.settings};
  }
  DocumentCache documents{64 << 20, &world.loop};
  Registry registry = with(documents);
};

TEST_F(PackumentMaking, yields_the_bytes_of_one_making_at_once) {
  for (const Form form : {Form::full, Form::abbreviated})
    for (const bool gzipped : {false, true})
      EXPECT_EQ(made(order(gzipped, form)), expected(form)) << gzipped;
  EXPECT_GT(packages.pages, 4 * 3);
}

TEST_F(PackumentMaking, works_without_a_loop_too) {
  DocumentCache alone(64 << 20);
  Registry edge = with(alone);
  const auto body = *world.loop.run(make_packument(edge, order(true)));
  EXPECT_EQ(*gunzip(*body, 64 << 20), expected());
}

TEST_F(PackumentMaking, reads_only_the_last_run_again_after_a_publish) {
  made(order(true));
  const int before = packages.pages;
  EXPECT_GT(before, 3);
  apply(PutVersion{record_of(kVersions)});
  EXPECT_EQ(made(order(true)), expected());
  EXPECT_EQ(packages.pages, before + 1);
}

TEST_F(PackumentMaking, grows_right_over_the_ends_of_runs) {
  for (int i = 0; i < 600; ++i) {
    apply(PutVersion{record_of(kVersions + i)});
    if (i % 20 == 0) ASSERT_EQ(made(order(true)), expected()) << i;
  }
}

TEST_F(PackumentMaking, shows_what_was_rewritten_or_removed) {
  made(order(true));
  auto changed = record_of(3);
  apply(UpdateVersion{changed.version, R"({"deprecated":"use another"})", "{}", "use another"});
  EXPECT_EQ(made(order(true)), expected());
  EXPECT_NE(expected().find("use another"), std::string::npos);
  apply(RemoveVersion{number_text(kVersions - 1)});
  EXPECT_EQ(made(order(true)), expected());
  apply(PutVersion{record_of(kVersions)});
  EXPECT_EQ(made(order(true)), expected());
}

TEST_F(PackumentMaking, keeps_the_parts_of_each_base_url_apart) {
  made(order(true));
  auto other = order(true);
  other.base = "https://elsewhere.example";
  const auto text = made(other);
  EXPECT_EQ(text.find("registry.test"), std::string::npos);
  EXPECT_NE(text.find("https://elsewhere.example/wide/-/wide-1.0.7.tgz"), std::string::npos);
}

// A reader as a request is: it puts what it made where the others find it.
Task<SharedBytes> read(Registry* registry, PackumentOrder wanted) {
  const auto etag = wanted.etag;
  auto body = co_await make_packument(*registry, std::move(wanted));
  registry->documents.put(etag, body);
  co_return body;
}

TEST_F(PackumentMaking, is_done_once_for_many_readers) {
  made(order(true));
  const int once = packages.pages;
  for (const bool gzipped : {false, true}) {
    apply(UpdateVersion{number_text(0), "{}", "{}", ""});
    packages.pages = 0;
    auto wanted = order(gzipped);
    wanted.etag = gzipped ? "zipped" : "plain";
    std::vector<Task<SharedBytes>> readers;
    for (int i = 0; i < 20; ++i) readers.push_back(read(&registry, wanted));
    const auto bodies = world.loop.run_all(std::move(readers));
    for (const auto& body : bodies) EXPECT_EQ(*body, *bodies[0]);
    // Without a kept first part each reads the first run before it sees that the document is long.
    EXPECT_EQ(packages.pages, gzipped ? once : once + 19);
  }
}

TEST_F(PackumentMaking, goes_on_where_the_one_who_makes_it_leaves) {
  auto maker = std::make_optional(read(&registry, order(true)));
  maker->start();
  ASSERT_FALSE(maker->done());  // it lets others run
  std::vector<Task<SharedBytes>> readers;
  for (int i = 0; i < 3; ++i) readers.push_back(read(&registry, order(true)));
  for (auto& reader : readers) reader.start();
  readers.erase(readers.begin());  // and one that waits leaves, too
  maker.reset();
  world.loop.run_until([&] { return readers[0].done() && readers[1].done(); });
  const auto body = readers[0].take();
  ASSERT_TRUE(body);
  EXPECT_EQ(*gunzip(**body, 64 << 20), expected());
  EXPECT_EQ(*readers[1].take(), *body);
}

}  // namespace
}  // namespace kontor::npm
