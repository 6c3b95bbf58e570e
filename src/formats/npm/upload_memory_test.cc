// A publish of any size costs the core less than 4 MiB (row NPM-04): counted with an allocator of
// this test's own, over a blob store that keeps nothing.
#include "formats/npm/publish_document.h"
#include "formats/npm/upload.h"
#include "tests/support/npm_world.h"
#include "tests/support/tar_writer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace {

std::atomic<std::int64_t> live{0}, peak{0};

void* counted(std::size_t size) {
  void* p = std::malloc(size);
  if (!p) std::abort();
  const auto now = live += static_cast<std::int64_t>(malloc_usable_size(p));
  if (now > peak) peak = now;
  return p;
}

void uncounted(void* p) {
  if (p) live -= static_cast<std::int64_t>(malloc_usable_size(p));
  std::free(p);
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void operator delete(void* p) noexcept {
  uncounted(p);
}
void operator delete[](void* p) noexcept {
  uncounted(p);
}
void operator delete(void* p, std::size_t) noexcept {
  uncounted(p);
}
void operator delete[](void* p, std::size_t) noexcept {
  uncounted(p);
}

namespace kontor::npm {
namespace {

// Counts bytes and forgets them.
class ForgetfulBlobs final : public BlobStore {
 public:
  class Writer final : public BlobWriter {
   public:
    explicit Writer(std::uint64_t& total) : total_(total) {}
    Task<> append(ByteView piece) override {
      total_ += piece.size();
      co_return {};
    }
    Task<BlobDigests> seal() override { co_return BlobDigests{.size = total_}; }
    Task<> commit() override { co_return {}; }

   private:
    std::uint64_t& total_;
  };
  Task<std::unique_ptr<BlobWriter>> stage() override { co_return std::make_unique<Writer>(total); }
  Task<std::optional<std::uint64_t>> find(Sha256) override { co_return std::nullopt; }
  Task<> probe() override { co_return {}; }
  Task<Bytes> read(Sha256, std::uint64_t, std::uint64_t) override { co_return Bytes(); }

  std::uint64_t total = 0;
};

// The publish document around a tarball, encoded piece by piece.
class DocumentReader final : public http::BodyReader {
 public:
  explicit DocumentReader(std::string_view tarball) : tarball_(tarball) {}
  Task<ByteView> read() override {
    constexpr std::string_view kHead =
        R"({"name":"foo","versions":{"1.0.0":{"name":"foo","version":"1.0.0"}},)"
        R"("_attachments":{"foo-1.0.0.tgz":{"data":")";
    if (part_ == 0) {
      ++part_;
      co_return kHead;
    }
    if (!tarball_.empty()) {
      const auto taken = tarball_.substr(0, 48 * 1024);
      tarball_.remove_prefix(taken.size());
      piece_ = to_base64(taken);
      co_return piece_;
    }
    co_return part_++ == 1 ? ByteView("\"}}}") : ByteView();
  }
  std::optional<std::uint64_t> declared_length() const override { return std::nullopt; }

 private:
  std::string_view tarball_;
  std::string piece_;
  int part_ = 0;
};

// Bytes that do not compress.
std::string noise(std::size_t size) {
  memory::FakeEntropy entropy;
  return entropy.bytes(size);
}

TEST(UploadMemory, does_not_grow_with_the_tarball) {
  test::NpmWorld world;
  ForgetfulBlobs blobs;
  const Registry& r = world.registry;
  Registry registry{r.packages,  r.accounts,  blobs,      r.clock,    r.entropy,
                    r.passwords, r.secrets,   r.failures, r.observer, r.credentials,
                    r.documents, r.answers, r.downloads, r.advisories, r.processor, r.rates,
                    r.settings};
  std::string tarball;
  {
    test::TarWriter tar;
    tar.file("package/package.json", R"({"name":"foo","version":"1.0.0"})");
    tar.file("package/noise", noise(24u << 20));
    tarball = tar.tgz();
  }
  DocumentReader reader(tarball);
  http::Request request;
  request.method = http::Method::put;
  request.body = &reader;
  http::Call call{request, *world.authenticate(world.login("alice")), {}, "http://h"};

  const auto before = live.load();
  peak = before;
  const auto upload = world.run(receive_upload(registry, call, {{FormatId::npm, "foo"}, {}, {}}));
  ASSERT_TRUE(upload);
  EXPECT_EQ(blobs.total, tarball.size());
  EXPECT_EQ(upload->report->packed_size, tarball.size());
  EXPECT_GT(tarball.size(), 24u << 20);
  EXPECT_LT(peak - before, 4 << 20);
  RecordProperty("peak_bytes", static_cast<int>(peak - before));
}

}  // namespace
}  // namespace kontor::npm
