// Which reader reads a file, and what the readers share.
#include "lockfile/lockfile.h"

#include "lockfile/readers.h"

#include <array>

namespace kontor::lockfile {
namespace {

struct Named {
  std::string_view name;
  Kind kind;
};
constexpr std::array kNames = {
    Named{"package-lock.json", Kind::npm}, Named{"npm-shrinkwrap.json", Kind::npm},
    Named{"pnpm-lock.yaml", Kind::pnpm},   Named{"yarn.lock", Kind::yarn1},
    Named{"bun.lock", Kind::bun},          Named{"oripk.lock", Kind::ori}};

Result<Lockfile> read(Kind kind, ByteView text) {
  switch (kind) {
    case Kind::npm:
      return read_npm(text);
    case Kind::pnpm:
      return read_pnpm(text);
    case Kind::yarn1:
      return read_yarn1(text);
    case Kind::yarn_berry:
      return read_yarn_berry(text);
    case Kind::bun:
      return read_bun(text);
    case Kind::ori:
      return read_ori(text);
  }
  return fail(Code::internal);
}

// An archive's version is compared with the log's, so an address must not pass for one.
Result<void> check_versions(const Lockfile& lockfile) {
  for (const auto& locked : lockfile.archives)
    if (locked.version.find_first_of(":/") != locked.version.npos)
      return bad("The version of '" + locked.place + "' is an address.");
  return {};
}

}  // namespace

std::string_view format_of(Kind kind) {
  return kind == Kind::ori ? "ori" : "npm";
}

bool has_integrity(Kind kind) {
  return kind != Kind::yarn_berry;
}

Result<Kind> kind_of(std::string_view path, ByteView text) {
  const auto name = path.substr(path.find_last_of('/') + 1);
  for (const Named& known : kNames) {
    if (name != known.name) continue;
    const bool berry = known.kind == Kind::yarn1 &&
                       (text.starts_with("__metadata:") || text.contains("\n__metadata:"));
    return berry ? Kind::yarn_berry : known.kind;
  }
  std::string names;
  for (const Named& known : kNames) names.append(names.empty() ? "" : ", ").append(known.name);
  return bad(std::string(name) + " is no lockfile that is read here: " + names + ".");
}

Result<Lockfile> read_lockfile(Kind kind, ByteView text) {
  if (text.size() > kMaxLockfileBytes)
    return fail(Code::too_large, "The lockfile is over 64 MiB large.");
  auto lockfile = read(kind, text);
  if (!lockfile) return lockfile;
  lockfile->kind = kind;
  if (lockfile->archives.size() + lockfile->others.size() > kMaxEntries)
    return fail(Code::too_large,
                "The lockfile has more than " + std::to_string(kMaxEntries) + " entries.");
  if (auto checked = check_versions(*lockfile); !checked) return fail(checked);
  return lockfile;
}

std::optional<std::pair<std::string_view, std::string_view>> cut_at_version(std::string_view spec) {
  const auto at = spec.find('@', 1);
  if (spec.empty() || at == spec.npos || at + 1 == spec.size()) return std::nullopt;
  return std::pair(spec.substr(0, at), spec.substr(at + 1));
}

Origin origin_of(std::string_view text) {
  for (const std::string_view scheme : {"file:", "link:", "portal:", "workspace:"})
    if (text.starts_with(scheme)) return Origin::local;
  // Versions and ranges hold neither ':' nor '/'; addresses of all kinds hold one of them.
  return text.find_first_of(":/") == text.npos ? Origin::registry : Origin::foreign;
}

}  // namespace kontor::lockfile
