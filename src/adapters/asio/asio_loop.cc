// Asio gives the thread its queue, timers and one readiness wait: the one for the epoll set that
// all sockets are in. Waiting for each socket through Asio would cost an epoll_ctl per wait.
#include "adapters/asio/asio_loop.h"

#include "adapters/asio/reactor.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <future>
#include <mutex>
#include <thread>

namespace kontor::net {

namespace asio = boost::asio;

namespace {

// sendfile(2) has no flag against it: a client that goes away must not end the process.
void block_sigpipe() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

struct AsioLoop::Impl {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard = asio::make_work_guard(context);
  Reactor reactor;
  asio::posix::stream_descriptor set{context, ::dup(reactor.fd())};
  std::thread thread;

  std::mutex mutex;  // guards the two below
  std::vector<std::move_only_function<void()>> queue;
  bool stopped = false;
  std::vector<std::move_only_function<void()>> batch;  // loop's thread only

  void run_queue() {
    {
      const std::lock_guard lock(mutex);
      batch.swap(queue);
    }
    for (auto& work : batch) work();
    batch.clear();
  }

  void wait_for_sockets() {
    set.async_wait(asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code e) {
      if (e) return;
      // A few rounds, so that a busy loop does not come back through Asio after each; work posted
      // meanwhile waits no longer than that.
      for (int round = 0; round < 4 && reactor.dispatch(); ++round) continue;
      wait_for_sockets();
    });
  }
};

AsioLoop::AsioLoop() : impl_(std::make_unique<Impl>()) {}

AsioLoop::~AsioLoop() {
  stop();
}

void AsioLoop::start() {
  impl_->wait_for_sockets();
  impl_->thread = std::thread([impl = impl_.get()] {
    block_sigpipe();
    impl->context.run();
  });
}

void AsioLoop::stop() {
  impl_->context.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
  std::vector<std::move_only_function<void()>> dropped;
  const std::lock_guard lock(impl_->mutex);
  impl_->stopped = true;
  dropped.swap(impl_->queue);
}

void AsioLoop::post(std::move_only_function<void()> work) {
  bool wake = false;
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->stopped) return;
    wake = impl_->queue.empty();
    impl_->queue.push_back(std::move(work));
  }
  if (wake) asio::post(impl_->context, [impl = impl_.get()] { impl->run_queue(); });
}

void AsioLoop::post_after(Duration delay, std::move_only_function<void()> work) {
  auto timer =
      std::make_shared<asio::steady_timer>(impl_->context, std::chrono::milliseconds(delay.ms));
  timer->async_wait([timer, work = std::move(work)](boost::system::error_code e) mutable {
    if (!e) work();
  });
}

void AsioLoop::call(std::move_only_function<void()> work) {
  const bool running = impl_->thread.joinable();
  if (!running || std::this_thread::get_id() == impl_->thread.get_id()) return work();
  std::promise<void> done;
  post([&work, &done] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

Reactor& AsioLoop::reactor() {
  return impl_->reactor;
}

}  // namespace kontor::net
