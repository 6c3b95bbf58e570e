// Two ways to put runs together: texts that are appended, and compressed parts that are joined. A
// document of one run is compressed as a whole, which is smaller.
#include "formats/npm/packument_making.h"

#include "archive/gzip_writer.h"
#include "formats/npm/advisory_members.h"
#include "registry/document_cache.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace kontor::npm {
namespace {

// Measured on manifests of varied text, at worst 3 ms of a loop's time for a run; level 6 takes
// twice as long for 4 % less. The run at the end lives only until the next publish.
constexpr int kFinishedLevel = 5;
constexpr int kPassingLevel = 1;

// A run of versions as text.
struct Run {
  Bytes versions, times;
  std::uint64_t next = 0;
  bool full = false;  // others follow, or would
};

FragmentKind kind_of(Form form) {
  return form == Form::full ? FragmentKind::manifest : FragmentKind::abbreviated;
}

using Order = std::shared_ptr<const PackumentOrder>;

Task<Run> read_run(Registry& registry, Order order, std::uint64_t after) {
  const auto page =
      co_await registry.packages.fragment_page(order->package.id, kind_of(order->form), after, {});
  Run run{.next = page.next, .full = page.full};
  append_versions(run.versions, page.fragments, order->base, after == 0);
  append_times(run.times, page.fragments);
  co_return run;
}

SharedPart compress(const Run& run, int level) {
  return std::make_shared<const DocumentPart>(
      DocumentPart{gzip_part(run.versions, level), gzip_part(run.times, level), run.next});
}

// The texts around the runs.
struct Frame {
  Bytes head, middle, tail;
};

Task<Frame> make_frame(Registry& registry, Order order) {
  const PackageRecord& package = order->package;
  std::optional<VersionRecord> latest;
  if (const auto tag = package.tags.find("latest");
      order->form == Form::full && tag != package.tags.end())
    latest = co_await registry.packages.find_version(package.id, tag->second);
  Bytes advisories;
  if (package.flagged)
    advisories = advisory_members(
        package.key.name, co_await parse_findings(co_await registry.packages.findings(package.id)),
        order->form);
  co_return Frame{packument_head(package, order->form), packument_middle(package),
                  packument_tail(package, latest ? &*latest : nullptr, order->form, advisories)};
}

Bytes splice(Frame frame, const Run& run) {
  Bytes out = std::move(frame.head);
  out.reserve(out.size() + run.versions.size() + frame.middle.size() + run.times.size() +
              frame.tail.size());
  out.append(run.versions).append(frame.middle).append(run.times).append(frame.tail);
  return out;
}

Bytes join(const Frame& frame, const std::vector<SharedPart>& parts) {
  const auto head = gzip_part(frame.head, kPassingLevel);
  const auto middle = gzip_part(frame.middle, kPassingLevel);
  const auto tail = gzip_part(frame.tail, kPassingLevel);
  std::size_t size = head.deflated.size() + middle.deflated.size() + tail.deflated.size();
  for (const auto& part : parts)
    size += part->versions.deflated.size() + part->times.deflated.size();
  GzipJoiner out(size);
  out.add(head);
  for (const auto& part : parts) out.add(part->versions);
  out.add(middle);
  for (const auto& part : parts) out.add(part->times);
  out.add(tail);
  return std::move(out).finish();
}

// Names a finished run by what its bytes depend on.
std::string part_name(const PackumentOrder& order, std::uint64_t after) {
  return "part " + std::to_string(order.package.id.value) + ' ' +
         std::to_string(order.package.rewritten) + ' ' + std::to_string(after) +
         (order.form == Form::full ? " full " : " abbreviated ") + order.base;
}

// Either the document, made by another meanwhile, or the turn to make it.
struct Permit {
  SharedBytes made;
  RenderTurns::Turn turn;
};

Task<Permit> wait_for_turn(DocumentCache& cache, std::string etag) {
  while (cache.turns.taken()) {
    co_await cache.turns.wait_for_end();
    if (auto made = cache.find(etag)) co_return Permit{std::move(made), {}};
  }
  co_return Permit{nullptr, cache.turns.take()};
}

// All runs behind the first as one text.
Task<Run> read_rest(Registry& registry, Order order, Run run) {
  while (run.full) {
    co_await registry.documents.turns.pass();
    const Run more = co_await read_run(registry, order, run.next);
    run.versions += more.versions;
    run.times += more.times;
    run.next = more.next;
    run.full = more.full;
  }
  co_return run;
}

// All runs as compressed parts; `first` is the first one where it had to be read.
Task<std::vector<SharedPart>> collect_parts(Registry& registry, Order order,
                                            std::optional<Run> first) {
  std::vector<SharedPart> parts;
  for (std::uint64_t after = 0;; after = parts.back()->next) {
    const auto name = part_name(*order, after);
    if (auto kept = first ? nullptr : registry.documents.find_part(name)) {
      parts.push_back(std::move(kept));
      continue;
    }
    const Run run = first ? *std::exchange(first, {}) : co_await read_run(registry, order, after);
    parts.push_back(compress(run, run.full ? kFinishedLevel : kPassingLevel));
    if (!run.full) co_return parts;
    registry.documents.put_part(name, parts.back());
    co_await registry.documents.turns.pass();
  }
}

}  // namespace

Task<SharedBytes> make_packument(Registry& registry, PackumentOrder wanted) {
  DocumentCache& cache = registry.documents;
  const auto order = std::make_shared<const PackumentOrder>(std::move(wanted));
  std::optional<Run> first;
  if (!order->gzipped || !cache.find_part(part_name(*order, 0))) {
    first = co_await read_run(registry, order, 0);
    if (!first->full) {
      Bytes text = splice(co_await make_frame(registry, order), *first);
      co_return share(order->gzipped ? gzip(text) : std::move(text));
    }
  }
  auto permit = co_await wait_for_turn(cache, order->etag);
  if (permit.made) co_return std::move(permit.made);
  if (!order->gzipped) {
    const Run all = co_await read_rest(registry, order, std::move(*first));
    co_return share(splice(co_await make_frame(registry, order), all));
  }
  const auto parts = co_await collect_parts(registry, order, std::move(first));
  co_return share(join(co_await make_frame(registry, order), parts));
}

Task<> ask_for_packument(Registry& registry, PackumentOrder wanted) {
  const auto order = std::make_shared<const PackumentOrder>(std::move(wanted));
  if (order->gzipped && registry.documents.find_part(part_name(*order, 0))) co_return {};
  co_await registry.packages.fragment_page(order->package.id, kind_of(order->form), 0, {});
  co_await make_frame(registry, order);
  co_return {};
}

}  // namespace kontor::npm
