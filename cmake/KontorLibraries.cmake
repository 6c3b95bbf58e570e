# Third-party libraries, all from Debian packages.
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(GTest REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(CURL REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(nghttp2 REQUIRED IMPORTED_TARGET libnghttp2)

# llhttp: Debian ships its C sources in node-llhttp.
add_library(llhttp STATIC /usr/share/llhttp/api.c /usr/share/llhttp/http.c /usr/share/llhttp/llhttp.c)
target_include_directories(llhttp SYSTEM PUBLIC /usr/share/include/llhttp)
target_compile_options(llhttp PRIVATE -w)
target_compile_definitions(llhttp PUBLIC LLHTTP_STRICT_MODE=1)

# One precompiled header per set of flags: core (no exceptions), host, tests. Most ports are in
# it, since almost everything sees them and their change rebuilds almost everything anyway.
function(kontor_pch name)
  cmake_parse_arguments(K "" "" "OPTIONS;HEADERS;LIBRARIES" ${ARGN})
  file(WRITE ${CMAKE_BINARY_DIR}/${name}.cc "// Carrier of the precompiled header.\n")
  add_library(${name} STATIC ${CMAKE_BINARY_DIR}/${name}.cc)
  target_compile_options(${name} PRIVATE ${K_OPTIONS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PRIVATE ${K_LIBRARIES})
  target_precompile_headers(${name} PRIVATE ${K_HEADERS})
endfunction()

set(kontor_std_headers <algorithm> <array> <charconv> <chrono> <compare> <coroutine> <cstdint>
  <expected> <functional> <map> <memory> <optional> <set> <span> <string> <string_view>
  <unordered_map> <utility> <variant> <vector>)
# Ports that few files see are left out, so that adding one does not rebuild everything.
set(kontor_port_headers
  account_store advisory_store attestation_verifier audit_entry audit_row blob_inventory
  blob_store clock entropy error_book failure_counter handoff health_log log_files log_leaf
  log_progress log_records log_store loop metrics_source observer package_change
  package_processor package_records package_store password_hasher rate_limiter rate_store
  release_signer run_on secret_box signer store_audit witness_caller)
list(TRANSFORM kontor_port_headers REPLACE "(.+)" "${PROJECT_SOURCE_DIR}/src/ports/\\1.h")
kontor_pch(kontor_pch_core OPTIONS -fno-exceptions HEADERS ${kontor_std_headers} <nlohmann/json.hpp>
  ${kontor_port_headers})
kontor_pch(kontor_pch_host HEADERS ${kontor_std_headers} <mutex> <thread> <condition_variable>
  ${kontor_port_headers})
kontor_pch(kontor_pch_test HEADERS ${kontor_std_headers} <mutex> <thread> <nlohmann/json.hpp>
  <gtest/gtest.h> <gmock/gmock.h> ${kontor_port_headers}
  OPTIONS -O0 LIBRARIES GTest::gmock GTest::gtest)
