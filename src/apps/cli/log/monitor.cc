// After any failure the log is read from its beginning again: what was not verified is forgotten.
#include "apps/cli/log/monitor.h"

#include "apps/cli/log/report.h"

#include <algorithm>

namespace kontor::cli {
namespace {

using logclient::Alarm;

constexpr std::uint64_t kClockSkew = 600;  // seconds by which clocks may differ

}  // namespace

class Monitor::Reading final : public logclient::EntryVisitor {
 public:
  Reading(logclient::LogSource& source, logclient::Watched watched)
      : rules(std::move(watched)), reader(source, *this) {}

  Result<void> entry(std::uint64_t index, ByteView leaf) override {
    rules.entry(index, leaf, findings);
    return {};
  }

  logclient::WatchRules rules;
  logclient::Findings findings;
  logclient::LogReader reader;
};

Result<void> Monitor::load() {
  if (state_) return {};
  if (options_.state_file.empty()) {
    const auto pin = Pin::open(context_, client_.url(), options_.log);
    if (!pin) return std::unexpected(pin.error());
    options_.state_file = pin->folder() + "/monitor.json";
  }
  auto state = MonitorState::read(options_.state_file);
  if (!state) return fail(state);
  state_ = *std::move(state);
  return {};
}

Result<Monitor::Round> Monitor::round() {
  if (auto loaded = load(); !loaded) return fail(loaded);
  auto session = LogSession::open(context_, client_, options_.log);
  auto round = session ? examine(**session) : fail(session);
  if (round) return round;
  reading_.reset();
  if (status_of(round.error()) == kNotChecked) return round;
  return keep_fault(round.error());
}

Result<Monitor::Round> Monitor::examine(LogSession& session) {
  const tlog::Head head = session.view().head();
  const std::uint64_t known = state_->examined ? state_->examined->size : 0;
  std::vector<tlog::Head> earlier;
  if (!reading_) {
    reading_ = std::make_shared<Reading>(source_, options_.watched);
    if (state_->examined) earlier.push_back(*state_->examined);
  }
  if (head.size < known)
    return fail(Code::invalid_proof, "The log has " + std::to_string(head.size) + " entries, but " +
                                         std::to_string(known) + " were examined before.");
  const auto read = reading_->reader.read_to(head, earlier);
  if (!read) return std::unexpected(read.error());

  Round round{.size = head.size, .alarms = {}, .faulty = false};
  const bool first = !state_->examined;
  for (auto& alarm : std::exchange(reading_->findings.alarms, {}))
    if (alarm.index >= known && !(first && alarm.rule == "watched"))
      round.alarms.push_back(std::move(alarm));
  std::erase_if(reading_->findings.releases,
                [&](const auto& release) { return first || release.index < known; });
  if (auto checked = check_releases(round); !checked) return fail(checked);
  if (read->entries > 0) check_time(session, round);
  if (auto kept = session.remember(); !kept) return fail(kept);
  state_->examined = head;
  state_->fault.clear();
  state_->pending.insert(state_->pending.end(), round.alarms.begin(), round.alarms.end());
  if (auto kept = state_->write(options_.state_file); !kept) return fail(kept);
  return round;
}

// Releases that were withdrawn since are not served any more, which is no contradiction.
Result<void> Monitor::check_releases(Round& round) {
  for (const auto& [index, event] : reading_->findings.releases) {
    const auto served = fetch_integrities(client_, event.package.name);
    if (!served) return std::unexpected(served.error());
    const auto integrity = served->find(event.version);
    if (integrity == served->end()) continue;
    const auto same = cli::check_served(client_, {event.package, event.version}, event.archive,
                                        integrity->second);
    if (same) continue;
    if (status_of(same.error()) == kNotChecked) return same;
    round.alarms.push_back(
        {"served_otherwise", index, event.package.name, std::string(same.error().message())});
  }
  reading_->findings.releases.clear();
  return {};
}

void Monitor::check_time(LogSession& session, Round& round) const {
  std::uint64_t newest = 0;
  for (const auto& by : session.view().checkpoint().witnessed) newest = std::max(newest, by.time);
  const std::uint64_t latest = reading_->rules.latest_time();
  if (newest == 0 || latest <= newest + kClockSkew) return;
  round.alarms.push_back({"time_ahead", round.size - 1, "",
                          "An entry is of " + std::to_string(latest) +
                              ", but the newest cosignature of " + std::to_string(newest) + "."});
}

// Told once for as long as the same thing is wrong.
Result<Monitor::Round> Monitor::keep_fault(const Error& error) {
  Round round{.size = 0, .alarms = {}, .faulty = true};
  const std::string text(error.message());
  if (state_->fault == text) return round;
  round.alarms.push_back({"inconsistent", state_->examined ? state_->examined->size : 0, "", text});
  state_->fault = text;
  state_->pending.push_back(round.alarms.back());
  if (auto kept = state_->write(options_.state_file); !kept) return fail(kept);
  return round;
}

Result<std::vector<Alarm>> Monitor::pending() {
  if (auto loaded = load(); !loaded) return fail(loaded);
  return state_->pending;
}

Result<void> Monitor::delivered(std::size_t count) {
  if (auto loaded = load(); !loaded) return loaded;
  auto& pending = state_->pending;
  pending.erase(pending.begin(),
                pending.begin() + static_cast<std::ptrdiff_t>(std::min(count, pending.size())));
  return state_->write(options_.state_file);
}

}  // namespace kontor::cli
