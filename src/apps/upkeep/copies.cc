// Plain reads and writes: each byte that is copied is hashed.
#include "apps/upkeep/copies.h"

#include "adapters/filesystem/files.h"

#include <openssl/evp.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <unistd.h>

namespace kontor::upkeep {
namespace {

constexpr std::size_t kPiece = 1 << 20;

// Reads to the end, hashing; `take` gets each piece.
Result<Sha256> read_through(const fs::Fd& file,
                            const std::function<Result<void>(std::string_view)>& take) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> hash(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr);
  std::string piece(kPiece, '\0');
  for (;;) {
    const auto n = ::read(file.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fs::fail_errno(errno, "read");
    if (n == 0) break;
    const std::string_view bytes(piece.data(), static_cast<std::size_t>(n));
    EVP_DigestUpdate(hash.get(), bytes.data(), bytes.size());
    if (auto taken = take(bytes); !taken) return fail(taken);
  }
  Sha256 digest;
  EVP_DigestFinal_ex(hash.get(), digest.bytes.data(), nullptr);
  return digest;
}

}  // namespace

Result<Sha256> digest_of_file(const std::string& path) {
  const auto file = fs::open_for_reading(path);
  if (!file) return std::unexpected(file.error());
  return read_through(*file, [](std::string_view) -> Result<void> { return {}; });
}

Result<Sha256> copy_file(const std::string& from, const std::string& to, Durable durable) {
  const auto source = fs::open_for_reading(from);
  if (!source) return std::unexpected(source.error());
  const auto target = fs::create_exclusive(to);
  if (!target) return std::unexpected(target.error());
  auto digest =
      read_through(*source, [&](std::string_view bytes) { return fs::write_all(*target, bytes); });
  if (digest && durable == Durable::at_once)
    if (auto synced = fs::sync_file(*target); !synced) digest = std::unexpected(synced.error());
  if (!digest) fs::remove_quietly(to);
  return digest;
}

Result<void> sync_file_system(const std::string& folder) {
  const auto file = fs::open_for_reading(folder);
  if (!file) return std::unexpected(file.error());
  if (::syncfs(file->get()) < 0) return fs::fail_errno(errno, "syncfs " + folder);
  return {};
}

}  // namespace kontor::upkeep
