// The transparency log in memory: leaves hashed and integrated per second, and the time to make and
// verify proofs out of tiles at a million leaves.
#include "base/sha256.h"
#include "base/sha512.h"
#include "tlog/bundle.h"
#include "tlog/leaf.h"
#include "tlog/tile_builder.h"
#include "tlog/tile_set.h"

#include <benchmark/benchmark.h>
#include <map>

namespace kontor::tlog {
namespace {

Leaf publish_leaf(std::uint64_t index) {
  static const Archive archive{10240, sha256("archive"), sha512("archive"), sha256("manifest")};
  return {PublishEvent{{"npm", "@demo/pkg-7"}, "1.0." + std::to_string(index), archive},
          {Account("acct_01hzsample"), {Credential::Kind::oidc, "acme/demo", "github"}},
          1760000000 + index};
}

// Everything the integrator does for a leaf but writing files.
void integrate_leaves(benchmark::State& state) {
  TileBuilder builder;
  std::vector<TileFile> full;
  Bytes bundle;
  std::uint64_t index = 0;
  for (auto _ : state) {
    const Bytes leaf = *print_leaf(publish_leaf(index++));
    benchmark::DoNotOptimize(append_entry(bundle, leaf));
    builder.append(leaf_hash(leaf), full);
    if (index % kTileWidth == 0) bundle.clear();
    if (full.size() > 1000) full.clear();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(integrate_leaves);

// Entries that are text already, as they come from rows.
void hash_and_integrate(benchmark::State& state) {
  const Bytes leaf = *print_leaf(publish_leaf(35000));
  TileBuilder builder;
  std::vector<TileFile> full;
  for (auto _ : state) {
    builder.append(leaf_hash(leaf), full);
    if (full.size() > 1000) full.clear();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hash_and_integrate);

class Million {
 public:
  static constexpr std::uint64_t kSize = 1'000'000;

  Million() {
    TileBuilder builder;
    std::vector<TileFile> files;
    for (std::uint64_t i = 0; i < kSize; ++i) builder.append(leaf(i), files);
    for (TileFile& file : builder.partial()) files.push_back(std::move(file));
    for (TileFile& file : files) tiles_[file.id] = std::move(file.bytes);
    head_ = {kSize, builder.root()};
  }

  static Hash leaf(std::uint64_t index) { return leaf_hash(std::to_string(index)); }
  const Head& head() const { return head_; }

  // What a server does for a plan, with tiles that are in memory.
  TileSet fetch(const ProofPlan& plan) const {
    TileSet set;
    for (const TileId& id : *tiles_for(plan.nodes, kSize))
      benchmark::DoNotOptimize(set.add(id, tiles_.at(id)));
    return set;
  }

 private:
  std::map<TileId, Bytes> tiles_;
  Head head_;
};

const Million& million() {
  static const Million log;
  return log;
}

std::uint64_t step(std::uint64_t index) {
  return (index + 618'033) % Million::kSize;
}

void prove_inclusion_of_a_million(benchmark::State& state) {
  const Million& log = million();
  std::uint64_t index = 0;
  for (auto _ : state) {
    const TileSet set = log.fetch(*plan_inclusion(index, Million::kSize));
    benchmark::DoNotOptimize(prove_inclusion(index, Million::kSize, set));
    index = step(index);
  }
}
BENCHMARK(prove_inclusion_of_a_million)->Unit(benchmark::kMicrosecond);

void prove_consistency_of_a_million(benchmark::State& state) {
  const Million& log = million();
  std::uint64_t older = 0;
  for (auto _ : state) {
    const TileSet set = log.fetch(*plan_consistency(older, Million::kSize));
    benchmark::DoNotOptimize(prove_consistency(older, Million::kSize, set));
    older = step(older);
  }
}
BENCHMARK(prove_consistency_of_a_million)->Unit(benchmark::kMicrosecond);

void verify_inclusion_of_a_million(benchmark::State& state) {
  const Million& log = million();
  const std::uint64_t index = 314'159;
  const Hash leaf = Million::leaf(index);
  const TileSet set = log.fetch(*plan_inclusion(index, Million::kSize));
  const Proof proof = *prove_inclusion(index, Million::kSize, set);
  for (auto _ : state)
    if (!verify_inclusion(proof, index, leaf, log.head())) state.SkipWithError("a wrong proof");
}
BENCHMARK(verify_inclusion_of_a_million)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace kontor::tlog
