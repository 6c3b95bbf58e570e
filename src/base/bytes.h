#pragma once
// Byte strings. Bytes owns, ByteView borrows, SharedBytes is immutable and shared between readers.
#include <memory>
#include <string>
#include <string_view>

namespace kontor {

using Bytes = std::string;
using ByteView = std::string_view;
using SharedBytes = std::shared_ptr<const Bytes>;

inline SharedBytes share(Bytes bytes) { return std::make_shared<const Bytes>(std::move(bytes)); }

}  // namespace kontor
