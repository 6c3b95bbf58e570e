#pragma once
// The data directory of a server: made if missing, held by one process at a time.
#include "adapters/filesystem/files.h"
#include "base/error.h"

#include <string>

namespace kontor {

// Keeps the lock as long as it lives.
class DataDir {
 public:
  // Creates the directory with mode 0700, its name on disk. Fails with a sentence for the operator
  // where it cannot be used or another server holds it.
  static Result<DataDir> open(std::string path);
  // The same for one that is there already; not_found where it is not, `unavailable` where a server
  // holds it.
  static Result<DataDir> open_existing(std::string path);

  // Makes the names in it durable: call it once database and blobs are there.
  Result<void> sync() const { return fs::sync_folder(path_); }

  std::string database() const { return path_ + "/kontor.db"; }
  std::string key(const std::string& name) const { return path_ + "/keys/" + name; }
  std::string blobs() const { return path_ + "/blobs"; }
  std::string errors() const { return path_ + "/errors.json"; }
  std::string log() const { return path_ + "/log"; }
  std::string keys() const { return path_ + "/keys"; }
  std::string signer_socket() const { return path_ + "/signer.sock"; }

 private:
  DataDir(std::string path, fs::Fd lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  static Result<DataDir> lock(std::string path);

  std::string path_;
  fs::Fd lock_;
};

}  // namespace kontor
