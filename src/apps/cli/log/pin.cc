// Files of pins: written beside, synced, renamed.
#include "apps/cli/log/pin.h"

#include "base/encoding.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace kontor::cli {
namespace {

std::string variable(const CommandContext& context, const char* name) {
  const auto it = context.environment.find(name);
  return it == context.environment.end() ? "" : it->second;
}

Result<std::string> folder_of(const CommandContext& context, const std::string& registry,
                              const std::string& log) {
  std::string home = variable(context, "XDG_CONFIG_HOME");
  if (home.empty()) {
    home = variable(context, "HOME");
    if (home.empty())
      return fail(Code::bad_request, "Set HOME or XDG_CONFIG_HOME: pinned keys are kept below it.");
    home += "/.config";
  }
  const auto scheme = registry.find("//");
  const auto place = scheme == registry.npos ? registry : registry.substr(scheme + 2);
  return home + "/kontor/logs/" + percent_encode(place) + "/" + log;
}

Result<fs::Fd> lock_folder(const std::string& folder) {
  fs::Fd lock(::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return fs::fail_errno(errno, folder + "/lock");
  while (::flock(lock.get(), LOCK_EX) != 0)
    if (errno != EINTR) return fs::fail_errno(errno, folder + "/lock");
  return lock;
}

std::string keys_of(const tlog::Policy& policy) {
  std::string text;
  for (const auto& log : policy.logs)
    text.append(text.empty() ? "" : ", ").append(tlog::print_vkey(log.key));
  return text;
}

bool same_keys(const tlog::Policy& a, const tlog::Policy& b) {
  return keys_of(a) == keys_of(b);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
  const auto file = fs::open_for_reading(path);
  if (!file) return std::unexpected(file.error());
  std::string text(most + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto count = ::read(file->get(), text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fs::fail_errno(errno, path);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > most) return fail(Code::too_large, path + " is too large.");
  text.resize(size);
  return text;
}

Result<void> replace_file(const std::string& folder, const std::string& name,
                          const std::string& bytes) {
  const std::string path = folder + "/" + name, temporary = path + ".new";
  fs::remove_quietly(temporary);
  const auto file = fs::create_exclusive(temporary);
  if (!file) return std::unexpected(file.error());
  if (auto written = fs::write_all(*file, bytes); !written) return written;
  if (auto synced = fs::sync_file(*file); !synced) return synced;
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return fs::fail_errno(errno, path);
  return fs::sync_folder(folder);
}

Result<void> make_folders(const std::string& path) {
  for (std::size_t end = 0; end != path.npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    const auto made = fs::make_folder(part);
    if (!made) return std::unexpected(made.error());
    if (!*made) continue;
    const auto above = part.rfind('/');
    auto synced = fs::sync_folder(above == 0 || above == part.npos ? "/" : part.substr(0, above));
    if (!synced) return synced;
  }
  return {};
}

bool Pin::exists(const CommandContext& context, const std::string& registry,
                 const std::string& log) {
  const auto folder = folder_of(context, registry, log);
  return folder && ::access((*folder + "/policy").c_str(), F_OK) == 0;
}

Result<Pin> Pin::open(const CommandContext& context, const std::string& registry,
                      const std::string& log) {
  const auto folder = folder_of(context, registry, log);
  if (!folder) return std::unexpected(folder.error());
  if (!exists(context, registry, log))
    return fail(Code::unavailable, "No key of the " + log + " log of " + registry +
                                       " is pinned; run: kontor log pin " + registry +
                                       (log == "public" ? "" : " --log " + log));
  Pin pin;
  pin.folder_ = *folder;
  auto lock = lock_folder(*folder);
  if (!lock) return fail(lock);
  pin.lock_ = *std::move(lock);
  auto text = read_file(*folder + "/policy", tlog::kMaxPolicyBytes);
  if (!text) return fail(text);
  pin.policy_text_ = *std::move(text);
  auto policy = tlog::parse_policy(pin.policy_text_);
  if (!policy)
    return fail(policy.error().code, *folder + "/policy: " + std::string(policy.error().message()));
  pin.policy_ = *std::move(policy);
  auto checkpoint = read_file(*folder + "/checkpoint", tlog::kMaxNoteBytes);
  if (!checkpoint && checkpoint.error().code != Code::not_found) return fail(checkpoint);
  if (checkpoint) pin.checkpoint_ = *std::move(checkpoint);
  return pin;
}

Result<void> Pin::create(const CommandContext& context, const std::string& registry,
                         const std::string& log, const std::string& policy, bool replace) {
  const auto wanted = tlog::parse_policy(policy);
  if (!wanted) return std::unexpected(wanted.error());
  if (wanted->logs.empty()) return fail(Code::bad_request, "The policy names no log.");
  const auto folder = folder_of(context, registry, log);
  if (!folder) return std::unexpected(folder.error());
  if (auto made = make_folders(*folder); !made) return made;
  const auto lock = lock_folder(*folder);
  if (!lock) return std::unexpected(lock.error());
  const auto known = read_file(*folder + "/policy", tlog::kMaxPolicyBytes);
  if (known) {
    const auto parsed = tlog::parse_policy(*known);
    if (!replace && (!parsed || !same_keys(*parsed, *wanted)))
      return fail(Code::conflict,
                  "Another key is pinned: " + (parsed ? keys_of(*parsed) : *folder + "/policy") +
                      ", and not " + keys_of(*wanted) +
                      ". Find out why before you pin anew with --replace.");
    if (replace) fs::remove_quietly(*folder + "/checkpoint");
  }
  return replace_file(*folder, "policy", policy);
}

Result<void> Pin::remember(const std::string& note) {
  if (note == checkpoint_) return {};
  if (auto written = replace_file(folder_, "checkpoint", note); !written) return written;
  checkpoint_ = note;
  return {};
}

// The first key of the log becomes the new one, lines with further ones go.
Result<void> Pin::exchange_key(const tlog::NoteKey& key) {
  std::string text = policy_text_;
  bool placed = false;
  for (const auto& log : policy_.logs) {
    const std::string old = tlog::print_vkey(log.key);
    const auto at = log.key.name == key.name ? text.find(old) : text.npos;
    if (at == text.npos) continue;
    if (!placed)
      text.replace(at, old.size(), tlog::print_vkey(key));
    else
      text.erase(text.rfind('\n', at) + 1, text.find('\n', at) - text.rfind('\n', at));
    placed = true;
  }
  auto policy = tlog::parse_policy(text);
  if (!policy || tlog::trust_in(*policy, key.name).log_keys != std::vector{key})
    return fail(Code::conflict, "Write the new key into " + folder_ + "/policy by hand.");
  if (auto written = replace_file(folder_, "policy", text); !written) return written;
  policy_text_ = std::move(text);
  policy_ = *std::move(policy);
  return {};
}

}  // namespace kontor::cli
