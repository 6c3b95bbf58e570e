// A writer is a number to the worker, which holds what belongs to it until it is told to drop it.
#include "apps/edge/r2_blobs.h"

#include "apps/edge/buckets.h"
#include "base/encoding.h"

namespace kontor::edge {
namespace {

constexpr std::uint64_t kLongestRead = 16ull << 20;

class R2Writer final : public BlobWriter {
 public:
  R2Writer(Host& host, std::uint32_t number, BlobPlace place)
      : host_(host), number_(number), place_(place) {}
  ~R2Writer() override { host_.tell(Call::blob_drop, MessageWriter().number(number_).take()); }

  Task<> append(ByteView piece) override {
    co_await host_.call(Call::blob_append, MessageWriter().number(number_).bytes(piece).take());
    co_return {};
  }

  Task<BlobDigests> seal() override {
    const Bytes answer =
        co_await host_.call(Call::blob_seal, MessageWriter().number(number_).take());
    MessageReader message(answer);
    BlobDigests digests;
    digests.sha1 = Sha1::from_bytes(message.bytes()).value_or(Sha1{});
    digests.sha256 = Sha256::from_bytes(message.bytes()).value_or(Sha256{});
    digests.sha512 = Sha512::from_bytes(message.bytes()).value_or(Sha512{});
    digests.size = message.large();
    key_ = blob_key(digests.sha256, place_);
    co_return digests;
  }

  Task<> commit() override {
    co_await host_.call(Call::blob_commit, MessageWriter().number(number_).bytes(key_).take());
    co_return {};
  }

 private:
  Host& host_;
  const std::uint32_t number_;
  const BlobPlace place_;
  std::string key_;
};

}  // namespace

std::string blob_key(const Sha256& digest, BlobPlace place) {
  return place == BlobPlace::ori ? ori_archive_path(digest) : "blobs/" + digest.hex();
}

std::string_view blob_prefix(BlobPlace place) {
  return place == BlobPlace::ori ? "ori/sha256/" : "blobs/";
}

std::array<std::string, 2> blob_keys(const Sha256& digest) {
  return {blob_key(digest, BlobPlace::common), blob_key(digest, BlobPlace::ori)};
}

Task<std::unique_ptr<BlobWriter>> R2Blobs::stage() {
  const auto parts = "uploads/" + to_hex(entropy_.bytes(16));
  const Bytes answer = co_await host_.call(Call::blob_open, MessageWriter().bytes(parts).take());
  co_return std::make_unique<R2Writer>(host_, MessageReader(answer).number(), place_);
}

Task<std::optional<std::uint64_t>> R2Blobs::find(Sha256 digest) {
  for (const auto& key : blob_keys(digest)) {
    const Bytes answer = co_await host_.call(Call::object_head, MessageWriter().bytes(key).take());
    MessageReader message(answer);
    if (message.number()) co_return message.large();
  }
  co_return std::nullopt;
}

Task<Bytes> R2Blobs::read(Sha256 digest, std::uint64_t offset, std::uint64_t length) {
  if (length > kLongestRead) co_return fail(Code::too_large);
  for (const auto& key : blob_keys(digest)) {
    const Bytes answer =
        co_await host_.call(Call::object_read, MessageWriter()
                                                   .number(static_cast<std::uint32_t>(Bucket::npm))
                                                   .bytes(key)
                                                   .large(offset)
                                                   .large(length)
                                                   .take());
    MessageReader message(answer);
    if (message.number()) co_return message.text();
  }
  co_return fail(Code::not_found);
}

Task<> R2Blobs::probe() {
  co_await host_.call(Call::probe, {});
  co_return {};
}

}  // namespace kontor::edge
