# Compiler flags shared by every target.
set(KONTOR_SANITIZE "" CACHE STRING "empty, address (ASan+UBSan), thread or fuzzer")
option(KONTOR_WASM "build the core for wasm32" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

add_compile_options(-Wall -Wextra -Werror -Wno-missing-field-initializers)

if(KONTOR_WASM)
  return()
endif()

add_compile_options(-g1 -fno-omit-frame-pointer -Xclang -fno-pch-timestamp)
add_link_options(-fuse-ld=lld)

# Sanitized builds also check what libstdc++ can check; -O0 halves their build time.
if(KONTOR_SANITIZE)
  add_compile_options(-O0 -D_GLIBCXX_ASSERTIONS)
endif()

if(KONTOR_SANITIZE STREQUAL "address" OR KONTOR_SANITIZE STREQUAL "fuzzer")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
  if(KONTOR_SANITIZE STREQUAL "fuzzer")
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()
elseif(KONTOR_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
endif()
