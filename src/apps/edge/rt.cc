// What Debian's wasm32 libraries expect from a runtime. Every way to give up ends in a trap: the
// library's own abort prints first, and a host whose fd_write does nothing would loop for ever.
#include <cstddef>
#include <cstdint>
#include <version>

extern "C" {
// compiler-rt and libc++ are built with stack protectors; the module itself is not.
std::uintptr_t __stack_chk_guard = 0x7e57c0deU;
[[noreturn]] void __stack_chk_fail() {
  __builtin_trap();
}
[[noreturn]] void __abort_message(const char*, ...) {
  __builtin_trap();
}
[[noreturn]] void abort() {
  __builtin_trap();
}
}

namespace std {
inline namespace _LIBCPP_ABI_NAMESPACE {
[[noreturn]] void __libcpp_verbose_abort(const char*, ...) noexcept {
  __builtin_trap();
}
}  // namespace _LIBCPP_ABI_NAMESPACE
}  // namespace std
