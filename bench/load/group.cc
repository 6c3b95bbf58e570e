// One thread and one epoll set for all clients.
#include "bench/load/group.h"

#include "bench/load/http_client.h"
#include "bench/load/sample_package.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <sys/epoll.h>
#include <unistd.h>
#include <utility>

namespace kontor::load {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Request {
  std::string head;
  std::string body;
};

std::string head_of(const GroupPlan& plan, const char* method, const std::string& path,
                    std::size_t body_size) {
  std::string head = std::string(method) + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
                     "User-Agent: npm/10.8.2 node/v20.20.2 linux x64 workspaces/false\r\n"
                     "Accept: */*\r\n";
  if (!plan.token.empty()) head += "Authorization: Bearer " + plan.token + "\r\n";
  if (!plan.accept_encoding.empty()) head += "Accept-Encoding: " + plan.accept_encoding + "\r\n";
  if (plan.kind == Kind::publish)
    head +=
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body_size) + "\r\n";
  return head + "\r\n";
}

Request make_request(const GroupPlan& plan, int number) {
  if (plan.kind == Kind::get)
    return {
        head_of(plan, "GET", plan.paths[static_cast<std::size_t>(number) % plan.paths.size()], 0),
        {}};
  const bool single = !plan.single.empty();
  const auto text = std::to_string(plan.first + number);
  const Sample sample{.name = single ? plan.single : plan.prefix + text,
                      .version = single ? "1.0." + text : "1.0.0",
                      .tarball_bytes = plan.bytes,
                      .compressible = plan.compressible};
  Request request;
  request.body = publish_document(sample, tarball_of(sample));
  request.head = head_of(plan, "PUT", "/" + sample.name, request.body.size());
  return request;
}

class Group {
 public:
  explicit Group(const GroupPlan& plan) : plan_(plan) {
    // Publishes that are counted are made beforehand: making them shall not slow the server down.
    if (plan.kind == Kind::publish)
      for (int i = 0; i < plan.count; ++i) ready_.push_back(make_request(plan, i));
    result_.by_client.resize(static_cast<std::size_t>(plan.clients));
  }

  const GroupPlan& plan() const { return plan_; }
  GroupResult& result() { return result_; }
  std::optional<Request> next() {
    if (plan_.count > 0 && next_ >= plan_.count) return std::nullopt;
    const int number = next_++;
    if (ready_.empty()) return make_request(plan_, number);
    Request request = std::move(ready_.front());
    ready_.pop_front();
    return request;
  }

 private:
  const GroupPlan& plan_;
  GroupResult result_;
  std::deque<Request> ready_;
  int next_ = 0;
};

struct Client {
  Group* group;
  int index;
  HttpClient http;
  Request request = {};
  SteadyClock::time_point sent = {};
  bool busy = false;
  bool done = false;
};

class Run {
 public:
  Run(int port, const std::vector<GroupPlan>& plans) : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (const auto& plan : plans) groups_.push_back(std::make_unique<Group>(plan));
    for (auto& group : groups_)
      for (int i = 0; i < group->plan().clients; ++i)
        clients_.push_back(std::make_unique<Client>(Client{group.get(), i, HttpClient(port)}));
    for (auto& client : clients_) watch(*client, EPOLL_CTL_ADD);
  }
  ~Run() { ::close(poll_); }

  std::vector<GroupResult> run() {
    start_ = SteadyClock::now();
    for (auto& client : clients_) ask(*client);
    while (any_busy()) {
      wait();
      wake_pausing();
    }
    std::vector<GroupResult> out;
    for (auto& group : groups_) out.push_back(std::move(group->result()));
    return out;
  }

 private:
  void watch(Client& client, int operation) const {
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP, .data = {&client}};
    ::epoll_ctl(poll_, operation, client.http.fd(), &event);
  }
  double elapsed() const {
    return std::chrono::duration<double>(SteadyClock::now() - start_).count();
  }
  bool over(const GroupPlan& plan) const {
    if (plan.count > 0) return false;
    if (plan.seconds > 0) return elapsed() >= plan.seconds;
    return std::ranges::none_of(clients_, [](const auto& client) {
      return !client->done &&
             (client->group->plan().count > 0 || client->group->plan().seconds > 0);
    });
  }
  bool any_busy() const {
    return std::ranges::any_of(clients_, [](const auto& client) { return !client->done; });
  }

  void ask(Client& client) {
    auto request = over(client.group->plan()) ? std::nullopt : client.group->next();
    if (!request) {
      client.done = true;
      return;
    }
    client.request = std::move(*request);
    client.busy = true;
    client.sent = SteadyClock::now();
    client.http.send(client.request.head, client.request.body);
    take(client);
  }

  void take(Client& client) {
    const int before = client.http.fd();
    if (!client.http.advance()) return;
    if (client.http.fd() != before || client.http.status() == 0) watch(client, EPOLL_CTL_ADD);
    client.busy = false;
    const auto now = SteadyClock::now();
    auto& result = client.group->result();
    ++result.statuses[client.http.status()];
    ++result.by_client[static_cast<std::size_t>(client.index)];
    result.bytes += client.http.received();
    result.seconds = elapsed();
    const bool fine = client.http.status() >= 200 && client.http.status() < 400;
    if (fine)
      result.micros.push_back(std::chrono::duration<double, std::micro>(now - client.sent).count());
    else
      ++result.errors;
    due_.push_back({&client, now + std::chrono::milliseconds(client.group->plan().pause_ms)});
  }

  void wait() {
    epoll_event events[256];
    const int count = ::epoll_wait(poll_, events, 256, due_.empty() ? 100 : 0);
    for (int i = 0; i < count; ++i) {
      auto* client = static_cast<Client*>(events[i].data.ptr);
      if (client->busy) take(*client);
    }
  }

  void wake_pausing() {
    const auto now = SteadyClock::now();
    auto waiting = std::exchange(due_, {});
    bool any = false;
    for (auto& [client, at] : waiting) {
      if (at > now) {
        due_.push_back({client, at});
      } else {
        ask(*client);
        any = true;
      }
    }
    if (!any && !due_.empty()) ::usleep(500);
  }

  int poll_;
  std::vector<std::unique_ptr<Group>> groups_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::pair<Client*, SteadyClock::time_point>> due_;
  SteadyClock::time_point start_;
};

}  // namespace

std::vector<GroupResult> run_groups(int port, const std::vector<GroupPlan>& plans) {
  return Run(port, plans).run();
}

}  // namespace kontor::load
