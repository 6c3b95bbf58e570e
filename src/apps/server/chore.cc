// All but the two public calls happens on the loop's thread.
#include "apps/server/chore.h"

namespace kontor {

void Chore::repeat(Duration interval) {
  parts_.loop.post_after(interval,
                         [this, interval] { run_now([this, interval] { repeat(interval); }); });
}

void Chore::run_then(std::move_only_function<void()> done) {
  parts_.loop.post([this, done = std::move(done)]() mutable { run_now(std::move(done)); });
}

void Chore::run_now(std::move_only_function<void()> done) {
  if (run_) {  // one is under way: wait for it, then do what came up since
    run_->done = [this, first = std::move(run_->done), done = std::move(done)]() mutable {
      first();
      run_now(std::move(done));
    };
    return;
  }
  run_ = std::make_unique<Run>(Run{parts_.make(), std::move(done)});
  run_->task.start(
      [](void* context) {
        // The task may not be destroyed from inside its last step.
        auto* self = static_cast<Chore*>(context);
        self->parts_.loop.post([self] { self->end_run(); });
      },
      this);
}

void Chore::end_run() {
  const auto run = std::move(run_);
  if (const auto result = run->task.take(); !result)
    parts_.log.write(LogLevel::warn, parts_.failure,
                     {{"code", info(result.error().code).name}, {"cause", result.error().cause}});
  run->done();
}

}  // namespace kontor
