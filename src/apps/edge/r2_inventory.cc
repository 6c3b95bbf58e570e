// R2 lists keys in order, and the keys of blobs are in the order of their digests.
#include "apps/edge/r2_inventory.h"

#include "apps/edge/r2_blobs.h"
#include "base/sha1.h"
#include "base/sha256.h"
#include "base/sha512.h"

#include <algorithm>

namespace kontor::edge {
namespace {

constexpr Duration kLongestPublish = hours(1);
constexpr std::uint32_t kMostListed = 1000;  // in one answer of R2
constexpr std::uint64_t kPiece = 8u << 20;
constexpr std::string_view kAside = "erasing/";

struct Object {
  std::string key;
  std::uint64_t size = 0;
  Timestamp uploaded;
  bool elsewhere = false;  // it only names the object that has its bytes
};

// Nothing for a key that is no blob's.
std::optional<Sha256> digest_in(std::string_view key) {
  const auto name = key.substr(key.rfind('/') + 1);
  return Sha256::from_hex(name.substr(0, name.find('.')));
}

Task<std::vector<Object>> list_objects(Host& host, std::string prefix, std::string after,
                                       std::uint32_t limit) {
  const Bytes answer = co_await host.call(
      Call::object_list, MessageWriter().bytes(prefix).bytes(after).number(limit).take());
  MessageReader message(answer);
  std::vector<Object> objects(message.number());
  for (auto& object : objects) {
    object.key = message.text();
    object.size = message.large();
    object.uploaded = {static_cast<std::int64_t>(message.large())};
    object.elsewhere = message.number() != 0;
  }
  co_return objects;
}

class R2Sweep final : public BlobSweep {
 public:
  R2Sweep(Host& host, R2Eraser& eraser, Clock& clock)
      : host_(host), eraser_(eraser), clock_(clock) {}

  Task<std::vector<BlobListing>> list(std::optional<Sha256> after, std::uint32_t limit) override {
    auto out = co_await list(BlobPlace::common, after, limit);
    for (auto& archive : co_await list(BlobPlace::ori, after, limit))
      out.push_back(std::move(archive));
    std::ranges::sort(out, {}, &BlobListing::digest);
    const auto twice = std::ranges::unique(out, {}, &BlobListing::digest);
    out.erase(twice.begin(), twice.end());
    if (out.size() > limit) out.resize(limit);
    co_return out;
  }
  Task<bool> remove(Sha256 digest) override { return eraser_.erase(digest); }

 private:
  Task<std::vector<BlobListing>> list(BlobPlace place, std::optional<Sha256> after,
                                      std::uint32_t limit) {
    std::vector<BlobListing> out;
    std::string last = after ? blob_key(*after, place) : std::string();
    while (out.size() < limit) {
      const auto wanted = std::min<std::uint64_t>(kMostListed, limit - out.size());
      const auto objects = co_await list_objects(host_, std::string(blob_prefix(place)), last,
                                                 static_cast<std::uint32_t>(wanted));
      if (objects.empty()) break;
      last = objects.back().key;
      for (const auto& object : objects) add(out, object);
    }
    co_return out;
  }

  void add(std::vector<BlobListing>& out, const Object& object) const {
    const auto digest = digest_in(object.key);
    if (object.elsewhere && object.uploaded > clock_.now() - kLongestPublish) return;
    if (digest) out.push_back({*digest, object.size, object.uploaded});
  }

  Host& host_;
  R2Eraser& eraser_;
  Clock& clock_;
};

}  // namespace

std::unique_ptr<BlobSweep> R2Inventory::sweep() {
  return std::make_unique<R2Sweep>(host_, eraser_, clock_);
}

Task<BlobDigests> R2Inventory::rehash(Sha256 digest) {
  const auto size = co_await blobs_.find(digest);
  if (!size) co_return fail(Code::not_found);
  Sha1Hash sha1;
  Sha256Hash sha256;
  Sha512Hash sha512;
  for (std::uint64_t at = 0; at < *size; at += kPiece) {
    const Bytes piece = co_await blobs_.read(digest, at, std::min(kPiece, *size - at));
    sha1.update(piece);
    sha256.update(piece);
    sha512.update(piece);
  }
  co_return BlobDigests{sha1.finish(), sha256.finish(), sha512.finish(), *size};
}

Task<BlobLeftovers> R2Inventory::leftovers() {
  BlobLeftovers out;
  for (const auto& object : co_await list_objects(host_, std::string(kAside), {}, kMostListed)) {
    ++out.count;
    out.bytes += object.size;
  }
  co_return out;
}

Task<> R2Inventory::remove_leftovers() {
  for (const auto& object : co_await list_objects(host_, std::string(kAside), {}, kMostListed))
    if (object.uploaded < clock_.now() - kLongestPublish)
      co_await host_.call(Call::object_erase, MessageWriter().bytes(object.key).take());
  co_return {};
}

}  // namespace kontor::edge
