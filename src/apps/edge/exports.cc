// The ways into the module. Pointers are addresses in its own memory; a message that is handed over
// was made by kontor_alloc() and is freed here. worker/instance.mjs calls nothing else.
#include "apps/edge/instance.h"
#include "apps/edge/start.h"

#include <nlohmann/json.hpp>

namespace kontor::edge {
namespace {

constexpr const char* kVersion = KONTOR_VERSION;

Bytes take(char* message, std::size_t size) {
  Bytes bytes(message, size);
  delete[] message;
  return bytes;
}

// A task that the worker has begun, and who is told of its end.
struct Job {
  Job(Instance& instance, std::uint32_t number) : instance(instance), number(number) {}
  Instance& instance;
  const std::uint32_t number;
  std::unique_ptr<EdgeRequest> request;
  std::optional<Task<Bytes>> answer;
  std::optional<Task<>> work;
};

std::string problem_line(const config::Problems& problems) {
  const nlohmann::ordered_json line = {
      {"level", "error"}, {"event", "configuration_refused"}, {"problems", problems}};
  return line.dump();
}

}  // namespace
}  // namespace kontor::edge

using namespace kontor;
using edge::Instance;
using edge::Job;

#define KONTOR_EXPORT(name) [[clang::export_name(#name)]]
#define KONTOR_IMPORT(name) __attribute__((import_module("kontor"), import_name(#name)))

extern "C" {

// The job of that number has ended: well, with the answer's message, or not, with what went wrong.
KONTOR_IMPORT(ended)
void kontor_host_ended(std::uint32_t number, std::uint32_t well, const char* data,
                       std::size_t size);

// The answer of the export that is under way.
KONTOR_IMPORT(told) void kontor_host_told(const char* data, std::size_t size);

// The number a worker compares with the one it was written for before it calls anything else.
KONTOR_EXPORT(kontor_abi) std::uint32_t kontor_abi() {
  return 11;
}

KONTOR_EXPORT(kontor_alloc) char* kontor_alloc(std::size_t size) {
  return new char[size];
}

// The deployment's variables; null where they cannot be used, which the log then says.
KONTOR_EXPORT(kontor_open) Instance* kontor_open(char* message, std::size_t size) {
  auto loaded = edge::load_settings(edge::take(message, size));
  if (!loaded) {
    edge::write_log(edge::problem_line(loaded.error()));
    return nullptr;
  }
  return new Instance(std::move(loaded->config), edge::kVersion);
}

// Tells what the cache may do with the request of that message (cache_plan.h).
KONTOR_EXPORT(kontor_plan)
void kontor_plan(Instance* instance, char* message, std::size_t size) {
  const auto plan = instance->plan(edge::take(message, size));
  kontor_host_told(plan.data(), plan.size());
}

// Tells the answer to requests that an instance was lost with.
KONTOR_EXPORT(kontor_lost) void kontor_lost(Instance* instance) {
  const auto answer = instance->lost();
  kontor_host_told(answer.data(), answer.size());
}

// Tells what an object of memories.h makes of a question.
KONTOR_EXPORT(kontor_remembered)
void kontor_remembered(Instance* instance, char* message, std::size_t size) {
  const auto answer = instance->remembered(edge::take(message, size));
  kontor_host_told(answer.data(), answer.size());
}

// kontor_start, kontor_request, kontor_replay, kontor_count, kontor_publish, kontor_settle and
// kontor_keep_up begin a job; kontor_end frees one that has ended, or ends one that nobody waits
// for any more.
KONTOR_EXPORT(kontor_start) Job* kontor_start(Instance* instance, std::uint32_t number) {
  auto* job = new Job(*instance, number);
  job->work.emplace(instance->start());
  return job;
}

KONTOR_EXPORT(kontor_settle) Job* kontor_settle(Instance* instance, std::uint32_t number) {
  auto* job = new Job(*instance, number);
  job->work.emplace(instance->settle());
  return job;
}

KONTOR_EXPORT(kontor_keep_up) Job* kontor_keep_up(Instance* instance, std::uint32_t number) {
  auto* job = new Job(*instance, number);
  job->answer.emplace(instance->keep_up());
  return job;
}

KONTOR_EXPORT(kontor_publish) Job* kontor_publish(Instance* instance, std::uint32_t number) {
  auto* job = new Job(*instance, number);
  job->work.emplace(instance->publish());
  return job;
}

KONTOR_EXPORT(kontor_request)
Job* kontor_request(Instance* instance, std::uint32_t number, char* message, std::size_t size) {
  auto* job = new Job(*instance, number);
  job->request = std::make_unique<edge::EdgeRequest>(instance->host(), edge::take(message, size));
  job->answer.emplace(instance->answer(*job->request));
  return job;
}

KONTOR_EXPORT(kontor_replay)
Job* kontor_replay(Instance* instance, std::uint32_t number, char* message, std::size_t size) {
  auto* job = new Job(*instance, number);
  job->request = std::make_unique<edge::EdgeRequest>(instance->host(), edge::take(message, size));
  job->answer.emplace(instance->replay(*job->request));
  return job;
}

KONTOR_EXPORT(kontor_count)
Job* kontor_count(Instance* instance, std::uint32_t number, char* message, std::size_t size) {
  auto* job = new Job(*instance, number);
  job->request = std::make_unique<edge::EdgeRequest>(instance->host(), edge::take(message, size));
  job->answer.emplace(instance->count(*job->request));
  return job;
}

KONTOR_EXPORT(kontor_run) void kontor_run(Job* job) {
  const auto done = [](void* context) {
    auto& job = *static_cast<Job*>(context);
    Bytes text;
    bool well = true;
    if (job.answer) {
      auto answer = job.answer->take();
      well = answer.has_value();
      text = well ? std::move(*answer) : answer.error().cause;
    } else if (auto result = job.work->take(); !result) {
      well = false;
      text = std::string(result.error().message()) + " " + result.error().cause;
    }
    kontor_host_ended(job.number, well, text.data(), text.size());
  };
  auto& host = job->instance.host();
  if (job->answer)
    job->answer->start(done, job);
  else
    job->work->start(done, job);
  host.run_posted();
}

KONTOR_EXPORT(kontor_end) void kontor_end(Job* job) {
  delete job;
}

// What the worker was asked for by the call of that number, or what went wrong with it.
KONTOR_EXPORT(kontor_answer)
void kontor_answer(Instance* instance, std::uint32_t number, std::uint32_t well, char* message,
                   std::size_t size) {
  auto text = edge::take(message, size);
  if (well)
    instance->host().answer(number, std::move(text));
  else
    instance->host().answer(number, std::unexpected(std::move(text)));
  instance->host().run_posted();
}
}
