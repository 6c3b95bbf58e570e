#pragma once
// The wording of refusals: which file, which rule. Names from archives are hostile text.
#include "base/bytes.h"
#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace kontor {

// `name` cut to 80 bytes, everything but printable ASCII escaped as \xNN.
std::string printable(ByteView name);

// "200 MiB" where it is whole mebibytes, else "1234 bytes".
std::string size_text(std::uint64_t bytes);

// invalid_archive about the archive as a whole; `text` is a sentence.
std::unexpected<Error> refuse_archive(std::string text);

// invalid_archive about one entry: "The archive entry "<name>" <rule>."
std::unexpected<Error> refuse_entry(ByteView name, std::string_view rule);

// too_large about one entry, worded alike.
std::unexpected<Error> refuse_large(ByteView name, std::string_view rule);

}  // namespace kontor
