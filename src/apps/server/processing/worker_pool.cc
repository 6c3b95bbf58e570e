// As many threads as workers: a thread that inspects always finds one or starts it.
#include "apps/server/processing/worker_pool.h"

namespace kontor::processing {
namespace {

constexpr std::size_t kQueue = 1024;  // inspections that wait

}  // namespace

WorkerPool::WorkerPool(Options options, Log& log)
    : options_(std::move(options)), log_(log), threads_(options_.workers, kQueue) {}

Result<void> WorkerPool::begin() {
  auto worker = WorkerProcess::spawn(options_.program);
  if (!worker) return fail(worker);
  first_ = std::move(*worker);
  return {};
}

Result<void> WorkerPool::prepare() {
  if (auto ready = first_->wait_until_ready(); !ready) return ready;
  tell_of(*first_);
  give_back(std::move(first_));
  return {};
}

void WorkerPool::tell_of(const WorkerProcess& worker) {
  log_.write(LogLevel::info, "archive_processor_started",
             {{"pid", worker.pid()}, {"confined", worker.confinement()}});
}

Result<std::unique_ptr<WorkerProcess>> WorkerPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto worker = std::move(idle_.back());
      idle_.pop_back();
      return worker;
    }
  }
  auto worker = WorkerProcess::start(options_.program);
  if (worker) tell_of(**worker);
  return worker;
}

void WorkerPool::give_back(std::unique_ptr<WorkerProcess> worker) {
  if (!worker->alive()) {
    log_.write(LogLevel::warn, "archive_processor_ended", {{"pid", worker->pid()}});
    return;
  }
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(worker));
}

Result<ArchiveReport> WorkerPool::inspect(const fs::Fd& archive, const ArchiveRequest& request) {
  auto worker = take();
  if (!worker) return fail(worker);
  auto outcome = (*worker)->inspect(archive, request, options_.limits);
  give_back(std::move(*worker));
  return outcome;
}

void WorkerPool::stop() {
  threads_.stop();
}

}  // namespace kontor::processing
