#pragma once
// What a witness keeps in its folder: the key, and for each log the checkpoint it cosigned last.
//
//     key                                      private key of signed notes, mode 0600
//     <SHA-256 of the origin in hex>/checkpoint
#include "adapters/filesystem/files.h"
#include "adapters/system/sodium_ed25519.h"

#include "logclient/witness.h"

#include <memory>
#include <string>

namespace kontor::cli {

class WitnessKey final : public logclient::WitnessSigner {
 public:
  // The key in that file; where there is none and `name` is given, one is made under that name and
  // is durable. bad_request where the name is none, differs from the key's, or is needed.
  static Result<std::unique_ptr<WitnessKey>> open(const std::string& folder,
                                                  const std::string& name);

  const tlog::NoteKey& key() const override { return key_; }
  tlog::RawSignature sign(ByteView message) const override { return secret_.sign(message); }

 private:
  using Seed = std::array<std::uint8_t, host::Ed25519Key::kSeedBytes>;
  WitnessKey(tlog::NoteKey key, const Seed& seed) : key_(std::move(key)), secret_(seed) {}
  static Result<std::unique_ptr<WitnessKey>> parse(std::string_view text);
  static Result<std::string> generate(const std::string& name);

  tlog::NoteKey key_;
  host::Ed25519Key secret_;
};

class WitnessFolder final : public logclient::WitnessHeads {
 public:
  // Makes the folder where it is missing and locks it: conflict where another witness works in it.
  static Result<std::unique_ptr<WitnessFolder>> open(const std::string& folder);

  Result<tlog::Head> read(const std::string& origin) override;
  Result<void> store(const std::string& origin, const tlog::Head& head,
                     const std::string& note) override;
  // The checkpoint under that SHA-256; not_found where there is none.
  Result<std::string> find(std::string_view digest) const;

 private:
  WitnessFolder(std::string folder, fs::Fd lock)
      : folder_(std::move(folder)), lock_(std::move(lock)) {}
  std::string folder_;
  fs::Fd lock_;
};

}  // namespace kontor::cli
