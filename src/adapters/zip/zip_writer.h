#pragma once
// Writing ZIP archives that are the same bytes whenever they hold the same files: no times, owners
// or names of systems go in, entries come in the order they are given. Over libzip, which reads the
// files while it writes; memory does not depend on their sizes.
#include "base/error.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

struct zip;

namespace kontor::zip {

class ZipWriter {
 public:
  // The archive appears under `path`, in place of what was there, when finish() succeeds; until
  // then nothing of it is seen but a file beside it. bad_request where that folder cannot be
  // written to.
  static Result<ZipWriter> create(const std::string& path);
  ZipWriter(ZipWriter&&) noexcept;
  ZipWriter& operator=(ZipWriter&&) noexcept;
  ~ZipWriter();

  // `name` is the path inside, `file` what is read, in finish(). bad_request where `name` is there.
  Result<void> add(const std::string& name, const std::string& file, bool executable);
  // bad_request with a sentence where a file cannot be read or the archive not be written.
  // `progress` gets the part that is done, from 0 to 1. Nothing may be called afterwards.
  Result<void> finish(const std::function<void(double)>& progress = {});

 private:
  struct Discard {
    void operator()(::zip* archive) const;
  };
  using Handle = std::unique_ptr<::zip, Discard>;
  explicit ZipWriter(Handle archive);

  Handle archive_;
};

}  // namespace kontor::zip
