#pragma once
// The checks of an OSV record that name the place of what is wrong. Part of parse_osv().
#include "domain/advisory/osv.h"

namespace kontor {

// Reads part by part; after the first fault the rest yields nothing that counts.
class OsvReader {
 public:
  // The id and the version of the schema.
  void check_head(const Json& record);
  std::optional<Timestamp> time(const Json& record, std::string_view name);
  std::vector<Affected> affected(const Json& record);

  std::optional<Error> error() && { return std::move(error_); }
  std::optional<Error> error() & { return error_; }

 private:
  void refuse(const std::string& path, std::string_view what, Code code = Code::bad_request);
  bool read_package(const Json& entry, const std::string& path, Affected& out);
  void read_ranges(const Json& entry, const std::string& path, Affected& out);
  OsvRange read_range(const Json& range, const std::string& path);
  std::optional<OsvEvent> read_event(const Json& event, const std::string& path);
  void read_versions(const Json& entry, const std::string& path, Affected& out);
  const Json* array(const Json& object, std::string_view name, const std::string& path,
                    std::size_t most);

  std::optional<Error> error_;
  std::size_t events_ = 0;  // of the whole record
};

}  // namespace kontor
