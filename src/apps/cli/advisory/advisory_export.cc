// Ids are checked before they become names of files: the registry may be anybody's.
#include "apps/cli/advisory/advisory_export.h"

#include "adapters/zip/zip_writer.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <ostream>
#include <set>
#include <unistd.h>

namespace kontor::cli {
namespace {

std::string id_of(const Json& record) {
  const auto it = record.is_object() ? record.find("id") : record.end();
  return it != record.end() && it->is_string() ? it->get<std::string>() : std::string();
}

Result<void> write_file(const std::filesystem::path& folder, const Json& record) {
  const auto id = id_of(record);
  if (!is_advisory_id(id)) return fail(Code::bad_request, "A record has no proper id.");
  const auto path = folder / (id + ".json");
  std::ofstream out(path, std::ios::binary);
  out << record.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  out.close();
  if (!out) return fail(Code::storage_failed, path.string() + " cannot be written.");
  return {};
}

Result<void> pack_folder(const std::filesystem::path& folder, const std::string& path) {
  auto writer = zip::ZipWriter::create(path);
  if (!writer) return fail(writer);
  std::error_code error;
  std::set<std::filesystem::path> files;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error))
    files.insert(at->path());
  if (error) return fail(Code::storage_failed, folder.string() + " cannot be read.");
  for (const auto& file : files)
    if (auto added = writer->add(file.filename().string(), file.string(), false); !added)
      return added;
  return writer->finish();
}

}  // namespace

Result<void> each_advisory(AdvisoryDesk& desk, const std::function<Result<void>(Json)>& take) {
  std::string after;
  for (;;) {
    auto page = desk.page(after);
    if (!page) return fail(page);
    const auto records = page->find("advisories");
    if (records == page->end() || !records->is_array())
      return fail(Code::unavailable, "The registry did not answer a list; is that a Kontor?");
    if (records->empty()) return {};
    auto last = id_of(records->back());
    for (auto& record : *records)
      if (auto done = take(std::move(record)); !done) return done;
    if (last <= after) return {};  // a registry that repeats a page ends the walk
    after = std::move(last);
  }
}

Result<std::uint64_t> export_lines(AdvisoryDesk& desk, std::ostream& out) {
  std::uint64_t count = 0;
  auto done = each_advisory(desk, [&](const Json& record) -> Result<void> {
    out << record.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
    ++count;
    if (!out) return fail(Code::storage_failed, "The output cannot be written.");
    return {};
  });
  if (!done) return fail(done);
  return count;
}

Result<std::uint64_t> export_folder(AdvisoryDesk& desk, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(Code::storage_failed, folder + " cannot be made.");
  std::uint64_t count = 0;
  auto done = each_advisory(desk, [&](const Json& record) {
    ++count;
    return write_file(folder, record);
  });
  if (!done) return fail(done);
  return count;
}

Result<std::uint64_t> export_zip(AdvisoryDesk& desk, const std::string& path) {
  const std::string folder = path + ".new" + std::to_string(::getpid());
  auto count = export_folder(desk, folder);
  auto packed = count ? pack_folder(folder, path) : Result<void>();
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  if (!packed) return fail(packed);
  return count;
}

void print_line(std::ostream& out, const Advisory& advisory) {
  std::string packages;
  for (const Affected& entry : advisory.affected) {
    const auto name = entry.ecosystem + ":" + entry.name;
    if (packages.find(name) == packages.npos) packages += (packages.empty() ? "" : ",") + name;
  }
  const char* state = advisory.withdrawn ? "withdrawn" : "";
  const AdvisoryHead& head = advisory.head;
  const auto level = *state           ? std::string(state)
                     : head.malicious ? std::string("malicious")
                                      : std::string(to_string(head.severity));
  out << std::left << std::setw(22) << head.id << "  " << std::setw(10) << level << "  "
      << rfc3339(advisory.modified).substr(0, 10) << "  " << packages << "  " << head.summary
      << "\n";
}

}  // namespace kontor::cli
