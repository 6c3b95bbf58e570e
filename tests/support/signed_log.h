#pragma once
// A log as a server publishes it, in memory: files by path, which a test may damage before a client
// reads them.
#include "tests/support/log_tree.h"
#include "tests/support/sodium_ed25519.h"
#include "tlog/bundle.h"
#include "tlog/checkpoint.h"
#include "tlog/tile_builder.h"
#include "tlog/tlog_proof.h"

#include "logclient/log_source.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace kontor::tlog::testing {

inline constexpr const char* kTestOrigin = "registry.example/log/public";

class SignedLog final : public logclient::LogSource {
 public:
  explicit SignedLog(std::string origin = kTestOrigin, std::string phrase = "key of the test log")
      : signer_(std::move(origin), SignatureType::ed25519, phrase) {}

  // One leaf more; it is seen after publish().
  void add(Bytes leaf) {
    std::vector<TileFile> full;
    builder_.append(leaf_hash(leaf), full);
    tree_.add(leaf_hash(leaf));
    leaves_.push_back(std::move(leaf));
    for (auto& tile : full) files[tile_path(tile.id)] = std::move(tile.bytes);
  }
  void add_many(std::uint64_t leaves) {
    while (leaves-- > 0) add("entry " + std::to_string(leaves_.size()) + "\n");
  }

  // Writes bundles, partial tiles and the checkpoint with its cosignatures.
  void publish(const std::vector<std::pair<const Signer*, std::uint64_t>>& witnesses = {}) {
    for (const auto& id : touched_bundles(published_, size())) {
      Bytes bundle;
      for (std::uint64_t i = 0; i < id.width; ++i)
        (void)append_entry(bundle, leaves_[id.index * kTileWidth + i]);
      files[bundle_path(id)] = std::move(bundle);
    }
    for (auto& tile : builder_.partial()) files[tile_path(tile.id)] = std::move(tile.bytes);
    Note note{print_checkpoint({signer_.key().name, {size(), builder_.root()}, {}}), {}};
    note.signatures.push_back(signer_.line(note.text));
    for (const auto& [witness, time] : witnesses)
      note.signatures.push_back(witness->line(note.text, time));
    files["checkpoint"] = print_note(note);
    published_ = size();
  }

  std::uint64_t size() const { return leaves_.size(); }
  const Bytes& leaf(std::uint64_t index) const { return leaves_[index]; }
  std::string vkey() const { return print_vkey(signer_.key()); }
  const std::string& checkpoint() { return files["checkpoint"]; }
  // Of the leaf under the checkpoint published last.
  TlogProof proof(std::uint64_t index) {
    return {{}, index, *prove_inclusion(index, published_, tree_), checkpoint()};
  }

  Result<Bytes> read(const std::string& path, std::size_t most) override {
    const auto file = files.find(path);
    if (file == files.end()) return fail(Code::not_found, path + " is missing.");
    if (file->second.size() > most) return fail(Code::too_large, path + " is too large.");
    return file->second;
  }

  std::map<std::string, Bytes> files;

 private:
  Signer signer_;
  TileBuilder builder_;
  LogTree tree_;
  std::vector<Bytes> leaves_;
  std::uint64_t published_ = 0;
};

}  // namespace kontor::tlog::testing
