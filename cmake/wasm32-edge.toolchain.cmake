# wasm32 with Debian's clang-22, wasi-libc and libc++ packages, for the module the edge runs.
#
# - Debian's folders are named wasm32-wasi; clang calls that triple old, hence -Wno-deprecated.
# - There is no exception runtime: -fno-exceptions everywhere.
# - -mtail-call lets coroutines resume each other without growing the stack.
# - clang would search /usr/include last and find glibc's headers: the search path is spelt out.
# - The driver would run wasm-opt silently when it is installed; ./dev runs it as its own step.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_C_COMPILER clang-22)
set(CMAKE_CXX_COMPILER clang++-22)
set(CMAKE_AR /usr/bin/llvm-ar-22)
set(CMAKE_RANLIB /usr/bin/llvm-ranlib-22)
set(CMAKE_C_COMPILER_TARGET wasm32-wasi)
set(CMAKE_CXX_COMPILER_TARGET wasm32-wasi)
# Linking an executable needs the shims of src/apps/edge/rt.cc; a check of the compiler has none.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(wasi_include /usr/include/wasm32-wasi)
string(JOIN " " edge_flags -Wno-deprecated -nostdlibinc -idirafter ${wasi_include}
  -ffunction-sections -fdata-sections -fno-stack-protector -mtail-call)
set(CMAKE_C_FLAGS_INIT "${edge_flags}")
set(CMAKE_CXX_FLAGS_INIT "-isystem ${wasi_include}/c++/v1 ${edge_flags} -fno-exceptions")
set(CMAKE_C_FLAGS_RELEASE "-Oz -DNDEBUG -flto" CACHE STRING "")
set(CMAKE_CXX_FLAGS_RELEASE "-Oz -DNDEBUG -flto" CACHE STRING "")
string(JOIN " " CMAKE_EXE_LINKER_FLAGS_INIT -mexec-model=reactor --no-wasm-opt -Wl,--gc-sections
  -Wl,--strip-all -Wl,-z,stack-size=262144 -Wl,--stack-first -Wl,--max-memory=67108864)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
