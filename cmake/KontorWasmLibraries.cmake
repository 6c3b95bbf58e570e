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

# libsodium: what the registry calls of it, in portable C. Its random numbers and its start come from
# src/apps/edge/sodium_host.cc.
set(KONTOR_SODIUM_SOURCE "" CACHE PATH "unpacked sources of libsodium; ./dev test wasm fetches them")
set(sodium ${KONTOR_SODIUM_SOURCE}/src/libsodium)
set(SODIUM_LIBRARY_MINIMAL_DEF "")
set(VERSION 1.0.18)
set(SODIUM_LIBRARY_VERSION_MAJOR 10)
set(SODIUM_LIBRARY_VERSION_MINOR 3)
configure_file(${sodium}/include/sodium/version.h.in
  ${CMAKE_BINARY_DIR}/include/sodium/version.h @ONLY)
set(sodium_parts
  crypto_aead/xchacha20poly1305/sodium/aead_xchacha20poly1305 crypto_core/ed25519/ref10/ed25519_ref10
  crypto_core/hchacha20/core_hchacha20 crypto_generichash/blake2b/generichash_blake2
  crypto_generichash/blake2b/ref/blake2b-compress-ref crypto_generichash/blake2b/ref/blake2b-ref
  crypto_generichash/blake2b/ref/generichash_blake2b crypto_hash/sha512/cp/hash_sha512_cp
  crypto_onetimeauth/poly1305/donna/poly1305_donna crypto_onetimeauth/poly1305/onetimeauth_poly1305
  crypto_pwhash/argon2/argon2 crypto_pwhash/argon2/argon2-core crypto_pwhash/argon2/argon2-encoding
  crypto_pwhash/argon2/argon2-fill-block-ref crypto_pwhash/argon2/blake2b-long
  crypto_pwhash/argon2/pwhash_argon2i crypto_pwhash/argon2/pwhash_argon2id
  crypto_pwhash/crypto_pwhash crypto_sign/ed25519/ref10/keypair crypto_sign/ed25519/ref10/open
  crypto_sign/ed25519/ref10/sign crypto_stream/chacha20/ref/chacha20_ref
  crypto_stream/chacha20/stream_chacha20 crypto_verify/sodium/verify sodium/codecs sodium/runtime
  sodium/utils)
list(TRANSFORM sodium_parts REPLACE "(.+)" "${sodium}/\\1.c" OUTPUT_VARIABLE sodium_sources)
add_library(sodium_wasm STATIC ${sodium_sources})
target_include_directories(sodium_wasm SYSTEM PUBLIC ${sodium}/include ${sodium}/include/sodium
  ${CMAKE_BINARY_DIR}/include ${CMAKE_BINARY_DIR}/include/sodium)
target_compile_definitions(sodium_wasm PRIVATE CONFIGURED=1 NATIVE_LITTLE_ENDIAN=1
  _WASI_EMULATED_SIGNAL)
target_compile_options(sodium_wasm PRIVATE -w -O3)
add_library(PkgConfig::sodium ALIAS sodium_wasm)

# Mbed TLS: certificate paths and ECDSA, as src/adapters/sigstore/mbedtls/config.h has them.
set(KONTOR_MBEDTLS_SOURCE "" CACHE PATH "unpacked sources of Mbed TLS; ./dev test wasm fetches them")
set(mbedtls_parts asn1parse asn1write bignum constant_time ecdsa ecp ecp_curves md oid pk pk_wrap
  pkparse platform_util sha256 sha512 x509 x509_crt)
list(TRANSFORM mbedtls_parts REPLACE "(.+)" "${KONTOR_MBEDTLS_SOURCE}/library/\\1.c"
  OUTPUT_VARIABLE mbedtls_sources)
add_library(mbedtls_wasm STATIC ${mbedtls_sources})
target_include_directories(mbedtls_wasm SYSTEM PUBLIC ${KONTOR_MBEDTLS_SOURCE}/include)
target_compile_definitions(mbedtls_wasm PUBLIC
  MBEDTLS_CONFIG_FILE="${PROJECT_SOURCE_DIR}/src/adapters/sigstore/mbedtls/config.h")
target_compile_options(mbedtls_wasm PRIVATE -w -O2)

# A folder of its own with a link to nlohmann's headers, so that nothing else of /usr/include shows.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/include)
file(CREATE_LINK /usr/include/nlohmann ${CMAKE_BINARY_DIR}/include/nlohmann SYMBOLIC)
include_directories(SYSTEM ${CMAKE_BINARY_DIR}/include)
add_library(nlohmann_json::nlohmann_json INTERFACE IMPORTED)
