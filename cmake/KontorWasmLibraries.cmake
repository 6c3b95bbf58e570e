# Third-party code the core needs in the wasm32 build: zlib from its C sources, JSON headers alone.
set(KONTOR_ZLIB_SOURCE "" CACHE PATH "unpacked sources of zlib; ./dev test wasm fetches them")
if(NOT EXISTS ${KONTOR_ZLIB_SOURCE}/inflate.c)
  message(FATAL_ERROR "KONTOR_ZLIB_SOURCE does not hold zlib's sources; ./dev test wasm fetches them")
endif()
set(zlib_parts adler32 crc32 deflate inffast inflate inftrees trees zutil)
list(TRANSFORM zlib_parts REPLACE "(.+)" "${KONTOR_ZLIB_SOURCE}/\\1.c" OUTPUT_VARIABLE zlib_sources)
add_library(zlib_wasm STATIC ${zlib_sources})
target_include_directories(zlib_wasm SYSTEM PUBLIC ${KONTOR_ZLIB_SOURCE})
target_compile_options(zlib_wasm PRIVATE -w)
add_library(ZLIB::ZLIB ALIAS zlib_wasm)

# A folder of its own with a link to nlohmann's headers, so that nothing else of /usr/include shows.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/include)
file(CREATE_LINK /usr/include/nlohmann ${CMAKE_BINARY_DIR}/include/nlohmann SYMBOLIC)
include_directories(SYSTEM ${CMAKE_BINARY_DIR}/include)
