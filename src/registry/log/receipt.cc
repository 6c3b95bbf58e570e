// The proof is made from the published files, as for everybody who asks later.
#include "registry/log/receipt.h"

#include "registry/log/log_reader.h"
#include "tlog/entry_proof.h"

#include <algorithm>
#include <charconv>

namespace kontor {
namespace {

Task<std::optional<Bytes>> read_proof(ReceiptService service, LogPlace place) {
  auto proof = co_await offline_proof(service.files, place.log, place.index);
  if (!proof) co_return std::nullopt;
  auto entries = co_await service.store.entries(place.log, place.index, 1);
  if (entries.empty()) co_return std::nullopt;
  co_return tlog::print_entry_proof({std::move(entries[0]), std::move(*proof)});
}

}  // namespace

Duration wanted_wait(const http::Request& request) {
  constexpr std::string_view kWait = "wait=";
  std::string_view preferences = request.header("prefer");
  while (!preferences.empty()) {
    const auto end = std::min(preferences.find_first_of(",;"), preferences.size());
    auto preference = preferences.substr(0, end);
    preferences.remove_prefix(std::min(end + 1, preferences.size()));
    while (preference.starts_with(' ')) preference.remove_prefix(1);
    if (!preference.starts_with(kWait)) continue;
    preference.remove_prefix(kWait.size());
    std::uint32_t wanted = 0;
    std::from_chars(preference.data(), preference.data() + preference.size(), wanted);
    return seconds(wanted);
  }
  return {};
}

Task<Receipt> receipt_for(ReceiptService service, LogPlace place, Duration wait) {
  Receipt receipt{place, std::nullopt};
  if (wait.ms <= 0) co_return receipt;
  if (!co_await service.progress.wait_for(place, std::min(wait, kLongestReceiptWait)))
    co_return receipt;
  auto proof = co_await whole(read_proof(service, place));
  if (proof) receipt.proof = std::move(*proof);
  co_return receipt;
}

}  // namespace kontor
