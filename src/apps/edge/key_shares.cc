// The bucket compares and replaces as one step.
#include "apps/edge/key_shares.h"

#include "apps/edge/buckets.h"
#include "base/encoding.h"
#include "tlog/decimal.h"
#include "tlog/lines.h"

namespace kontor::edge {
namespace {

constexpr std::string_view kActive = "active ", kEnded = "ended ", kNoShare = "-";
constexpr std::uint64_t kLatest = 253'402'300'799'999;  // the end of the year 9999

std::string object_of(const std::string& use) {
  return "keys/" + use;
}

std::optional<Bytes> parse_share(ByteView text) {
  if (text == kNoShare) return Bytes();
  auto share = from_hex(text);
  if (!share || share->size() != kShareBytes) return std::nullopt;
  return share;
}

std::optional<EndedKey> parse_ended(ByteView text) {
  const auto space = text.find(' ');
  const auto at = tlog::parse_decimal(text.substr(0, space), kLatest);
  if (!at || space == text.npos) return std::nullopt;
  return EndedKey{Timestamp{static_cast<std::int64_t>(*at)}, std::string(text.substr(space + 1))};
}

std::optional<KeyShares> parse_shares(ByteView text) {
  KeyShares shares{{}, {}, Bytes(text)};
  while (const auto line = tlog::take_line(text)) {
    if (const auto rest = tlog::after(*line, kActive); rest && shares.ended.empty()) {
      auto share = parse_share(*rest);
      if (!share) return std::nullopt;
      shares.active.push_back(std::move(*share));
    } else {
      const auto end = tlog::after(*line, kEnded);
      auto ended = end ? parse_ended(*end) : std::nullopt;
      if (!ended) return std::nullopt;
      shares.ended.push_back(std::move(*ended));
    }
  }
  if (!text.empty() || shares.active.empty()) return std::nullopt;
  return shares;
}

Bytes print_shares(const KeyShares& shares) {
  Bytes text;
  for (const Bytes& share : shares.active)
    text.append(kActive).append(share.empty() ? std::string(kNoShare) : to_hex(share)) += '\n';
  for (const auto& [at, key] : shares.ended)
    text.append(kEnded).append(std::to_string(at.ms)).append(1, ' ').append(key) += '\n';
  return text;
}

}  // namespace

Task<KeyShares> KeyShareStore::read(std::string use) {
  const Bytes answer =
      co_await host_.call(Call::object_read, MessageWriter()
                                                 .number(static_cast<std::uint32_t>(Bucket::npm))
                                                 .bytes(object_of(use))
                                                 .large(0)
                                                 .large(0)
                                                 .take());
  MessageReader message(answer);
  if (!message.number()) co_return KeyShares();
  auto shares = parse_shares(message.bytes());
  if (!shares)
    co_return fail(Code::storage_failed,
                   "The object keys/" + use + " of the bucket is damaged; put a copy back.");
  co_return std::move(*shares);
}

Task<> KeyShareStore::replace(std::string use, KeyShares shares) {
  const Bytes text = print_shares(shares);
  const Bytes answer = co_await host_.call(
      Call::object_exchange,
      MessageWriter().bytes(object_of(use)).bytes(shares.stored).bytes(text).take());
  if (!MessageReader(answer).number())
    co_return fail(Code::conflict, "Another request has exchanged these keys; look at them again.");
  co_return {};
}

}  // namespace kontor::edge
