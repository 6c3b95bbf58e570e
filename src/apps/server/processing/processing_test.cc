// The processor with real worker processes of the real program.
#include "apps/server/processing/isolated_processor.h"
#include "apps/server/processing/spool.h"
#include "apps/server/processing/wire.h"
#include "registry/local_processor.h"
#include "tests/support/tar_writer.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_loop.h"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kontor::processing {
namespace {

using test::TarWriter;

ArchiveRequest request() {
  ArchiveRequest out;
  out.wanted = {{.name = "package.json", .max_bytes = 1 << 20},
                {.name = "readme",
                 .max_bytes = 5,
                 .match = WantedFile::Match::stem,
                 .oversize = WantedFile::Oversize::cut}};
  out.list_files = true;
  return out;
}

std::string honest() {
  return TarWriter().file("package/package.json", "{}").file("package/README.md", "# Read").tgz();
}

bool same(const ArchiveReport& a, const ArchiveReport& b) {
  if (a.files.size() != b.files.size() || a.wanted.size() != b.wanted.size()) return false;
  for (std::size_t i = 0; i < a.files.size(); ++i)
    if (a.files[i].path != b.files[i].path || a.files[i].sha256 != b.files[i].sha256) return false;
  for (std::size_t i = 0; i < a.wanted.size(); ++i)
    if (a.wanted[i]->bytes != b.wanted[i]->bytes || a.wanted[i]->size != b.wanted[i]->size)
      return false;
  return a.root == b.root && a.packed_size == b.packed_size &&
         a.unpacked_size == b.unpacked_size && a.file_count == b.file_count;
}

class Processing : public testing::Test {
 protected:
  ~Processing() override { pool_.stop(); }

  Result<ArchiveReport> inspect(PackageProcessor& processor, const std::string& archive) {
    const auto check = processor.begin(request());
    for (std::size_t at = 0; at < archive.size(); at += 1000)
      if (auto fed = loop_.run(check->feed(ByteView(archive).substr(at, 1000))); !fed)
        return fail(fed);
    return loop_.run(check->finish());
  }

  test::TempFolder folder_;
  Log log_{LogLevel::off, LogFormat::text};
  test::TestLoop loop_;
  WorkerPool pool_{{.program = KONTOR_PROGRAM, .folder = folder_.path(), .workers = 1}, log_};
  IsolatedProcessor isolated_{pool_, loop_};
  LocalProcessor local_;
};

TEST_F(Processing, tells_what_an_inspection_in_place_tells) {
  const auto apart = inspect(isolated_, honest());
  const auto here = inspect(local_, honest());
  ASSERT_TRUE(apart && here) << apart.error().message();
  EXPECT_TRUE(same(*apart, *here));
}

TEST_F(Processing, refuses_with_the_same_sentence) {
  const auto hostile = TarWriter().file("package/../../x", "").tgz();
  const auto apart = inspect(isolated_, hostile), here = inspect(local_, hostile);
  ASSERT_FALSE(apart || here);
  EXPECT_EQ(apart.error(), here.error());
}

TEST_F(Processing, an_archive_larger_than_memory_allows_goes_through_a_file) {
  std::string noise;
  for (std::uint32_t i = 0, x = 1; i < 3u << 20; ++i, x = x * 1664525 + 1013904223)
    noise += static_cast<char>(x >> 24);
  const auto archive =
      TarWriter().file("package/package.json", "{}").file("package/noise", noise).tgz();
  ASSERT_GT(archive.size(), Spool::kInMemory);
  const auto report = inspect(isolated_, archive);
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(report->packed_size, archive.size());
}

TEST_F(Processing, a_worker_that_died_is_replaced) {
  auto worker = WorkerProcess::start(KONTOR_PROGRAM);
  ASSERT_TRUE(worker) << worker.error().cause;
  ::kill((*worker)->pid(), SIGKILL);
  siginfo_t ended{};
  ::waitid(P_PID, static_cast<id_t>((*worker)->pid()), &ended, WEXITED | WNOWAIT);
  Spool spool(folder_.path());
  ASSERT_TRUE(spool.append(honest()));
  const auto archive = spool.finish();
  EXPECT_FALSE((*worker)->inspect(*archive, request(), {}));
  EXPECT_FALSE((*worker)->alive());
  EXPECT_TRUE(inspect(isolated_, honest()));
}

TEST_F(Processing, an_archive_that_takes_too_long_is_refused_and_its_worker_ended) {
  auto worker = WorkerProcess::start(KONTOR_PROGRAM);
  ASSERT_TRUE(worker);
  ASSERT_EQ(::kill((*worker)->pid(), SIGSTOP), 0);
  Spool spool(folder_.path());
  ASSERT_TRUE(spool.append(honest()));
  const auto archive = spool.finish();
  const auto outcome = (*worker)->inspect(*archive, request(), {.wait = Duration{1}});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::invalid_archive);
  EXPECT_FALSE((*worker)->alive());
}

TEST_F(Processing, a_program_that_is_no_worker_is_no_worker) {
  EXPECT_FALSE(WorkerProcess::start("/bin/true"));
  EXPECT_FALSE(WorkerProcess::start("/no/such/program"));
}

TEST(ProcessingWire, requests_and_outcomes_come_back_as_they_were) {
  const auto asked = request();
  const auto text = print_request(asked);
  const auto back = parse_request(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(print_request(*back), text);
  ArchiveReport report;
  report.root = "package";
  report.file_count = 2;
  report.wanted.resize(2);
  report.wanted[0] = CapturedFile{"package.json", 2, "{}"};
  report.files = {{"a", 1, {}}, {"b", 2, {}}};
  const auto outcome = print_outcome(report);
  ASSERT_TRUE(parse_outcome(outcome, asked));
  EXPECT_EQ(print_outcome(*parse_outcome(outcome, asked)), outcome);
}

TEST(ProcessingWire, what_a_worker_may_not_say_is_no_answer) {
  const auto asked = request();
  ArchiveReport report;
  report.wanted.resize(2);
  const auto whole = print_outcome(report);
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    EXPECT_FALSE(parse_outcome(ByteView(whole).substr(0, cut), asked)) << cut;
  EXPECT_FALSE(parse_outcome(whole + "x", asked));
  report.wanted.resize(1);
  EXPECT_FALSE(parse_outcome(print_outcome(report), asked)) << "one answer is missing";
  report.wanted.resize(2);
  report.wanted[1] = CapturedFile{"README", 9, "longer than 5"};
  EXPECT_FALSE(parse_outcome(print_outcome(report), asked));
  const auto lie = parse_outcome(print_outcome(fail(Code::forbidden, "You are not allowed.")), asked);
  ASSERT_FALSE(lie);
  EXPECT_EQ(lie.error().code, Code::internal) << "a worker refuses archives and nothing else";
}

}  // namespace
}  // namespace kontor::processing
