// Namespaces first, for the filter of system calls forbids to make any.
#include "apps/server/processing/confinement.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace kontor::processing {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

bool limit(decltype(RLIMIT_AS) what, rlim_t value) {
  const rlimit wanted{value, value};
  return ::setrlimit(what, &wanted) == 0;
}

bool set_limits() {
  bool done = limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) &&
              limit(RLIMIT_NOFILE, 16);
  if (!kSanitized) done = limit(RLIMIT_AS, kWorkerMemory) && done;
  return done;
}

// As root a namespace of its own suffices; others need one of users around it.
bool leave_network() {
  if (::unshare(CLONE_NEWNET) == 0) return true;
  return ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;
#endif

// Reading and writing descriptors it was given, memory, the clock, and its own end.
constexpr std::array kAllowed = {
    SYS_read,         SYS_pread64,       SYS_write,          SYS_recvmsg,        SYS_sendmsg,
    SYS_close,        SYS_mmap,          SYS_munmap,         SYS_mremap,         SYS_mprotect,
    SYS_madvise,      SYS_brk,           SYS_futex,          SYS_exit,           SYS_exit_group,
    SYS_rt_sigreturn, SYS_clock_gettime, SYS_getrandom,      SYS_tgkill,         SYS_gettid,
    SYS_getpid,       SYS_rt_sigaction,  SYS_rt_sigprocmask, SYS_restart_syscall};

bool filter_system_calls() {
  if (kArchitecture == 0 || kSanitized) return false;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  std::array<sock_filter, 2 * kAllowed.size() + 5> program{};
  std::size_t at = 0;
  const auto add = [&](sock_filter instruction) { program[at++] = instruction; };
  add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)));
  add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0));
  add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
  for (const auto number : kAllowed) {
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(number), 0, 1));
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }
  add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  const sock_fprog filter{static_cast<unsigned short>(at), program.data()};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

}  // namespace

std::string Confinement::text() const {
  std::string out;
  for (const auto& [set, name] :
       {std::pair{limits, "limits"}, {no_network, "no network"}, {syscalls, "system calls"}})
    if (set) out += (out.empty() ? "" : ", ") + std::string(name);
  return out.empty() ? "none" : out;
}

Confinement confine_this_process() {
  Confinement out;
  out.no_network = leave_network();
  out.limits = set_limits();
  out.syscalls = filter_system_calls();
  return out;
}

}  // namespace kontor::processing
