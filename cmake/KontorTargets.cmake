# kontor_library(name [EXCEPTIONS] SOURCES... DEPENDS...): one folder, one target, explicit links.
# Core folders are built without exceptions, natively and for wasm alike.
function(kontor_library name)
  cmake_parse_arguments(K "EXCEPTIONS" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(kontor_${name} STATIC ${K_SOURCES})
  target_include_directories(kontor_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(kontor_${name} PUBLIC ${K_DEPENDS})
  if(NOT K_EXCEPTIONS)
    target_compile_options(kontor_${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>)
  endif()
  if(NOT KONTOR_WASM)
    if(K_EXCEPTIONS)
      kontor_reuse_pch(kontor_${name} kontor_pch_host)
    else()
      kontor_reuse_pch(kontor_${name} kontor_pch_core)
    endif()
  endif()
endfunction()

# Header-only folders.
function(kontor_interface name)
  cmake_parse_arguments(K "" "" "DEPENDS" ${ARGN})
  add_library(kontor_${name} INTERFACE)
  target_include_directories(kontor_${name} INTERFACE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(kontor_${name} INTERFACE ${K_DEPENDS})
endfunction()

function(kontor_reuse_pch target pch)
  target_precompile_headers(${target} REUSE_FROM ${pch})
endfunction()

# The tests ThreadSanitizer runs: those labelled "threads", which all tests of adapters are.
add_custom_target(kontor_threaded_tests)
# The tests that talk to a running server, so that they run against the worker as well: those
# labelled "worker".
add_custom_target(kontor_worker_tests)

# kontor_test(name SOURCES... DEPENDS... LABELS...): one gtest binary, one ctest entry.
function(kontor_test name)
  cmake_parse_arguments(K "" "" "SOURCES;DEPENDS;LABELS" ${ARGN})
  add_executable(${name} ${K_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${K_DEPENDS} GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE -O0)
  target_compile_definitions(${name} PRIVATE KONTOR_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  kontor_reuse_pch(${name} kontor_pch_test)
  add_test(NAME ${name} COMMAND ${name})
  if(K_SOURCES MATCHES "src/adapters/")
    list(APPEND K_LABELS threads)
  endif()
  if("threads" IN_LIST K_LABELS)
    add_dependencies(kontor_threaded_tests ${name})
  endif()
  if("worker" IN_LIST K_LABELS)
    add_dependencies(kontor_worker_tests ${name})
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT 900 LABELS "unit;${K_LABELS}")
endfunction()

# kontor_program(name SOURCES... DEPENDS...): an executable at the top of the build folder.
function(kontor_program name)
  cmake_parse_arguments(K "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${K_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PRIVATE ${K_DEPENDS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  kontor_reuse_pch(${name} kontor_pch_host)
endfunction()

# kontor_bench(name SOURCES... DEPENDS...): a Google Benchmark program, bench_<name>; built by the
# target kontor_benches only.
add_custom_target(kontor_benches)

function(kontor_bench name)
  cmake_parse_arguments(K "" "" "SOURCES;DEPENDS" ${ARGN})
  set(target bench_${name})
  add_executable(${target} EXCLUDE_FROM_ALL ${K_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE ${K_DEPENDS} benchmark benchmark_main)
  kontor_reuse_pch(${target} kontor_pch_host)
  add_dependencies(kontor_benches ${target})
endfunction()
