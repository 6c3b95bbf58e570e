#pragma once
// The way of every request through the core: path, route, credential, admission, handler, and one
// error envelope at the end. Hosts (native server, edge) call handle() and send what it yields.
#include "http/ready.h"
#include "http/route.h"
#include "registry/registry.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace kontor {

// The routes of one family (npm, accounts, health, ...): a table plus the service behind it.
class RouteSet {
 public:
  virtual ~RouteSet() = default;
  virtual std::string_view name() const = 0;
  virtual std::span<const http::RouteInfo> routes() const = 0;
  // `call` lives until the task ends.
  virtual Task<http::Response> handle(std::size_t route, const http::Call& call) = 0;
  // The family's error envelope.
  virtual http::Response error(const Error& error) const = 0;
};

// RouteSet over a constant table of {RouteInfo, handler}. Handlers are functions
// `Task<http::Response>(Service&, const http::Call&)`.
template <class Service>
struct RouteEntry {
  http::RouteInfo info;
  Task<http::Response> (*handler)(Service&, const http::Call&);
};

template <class Service>
class RouteTable final : public RouteSet {
 public:
  using Renderer = http::Response (*)(const Error&);
  RouteTable(std::string_view name, std::span<const RouteEntry<Service>> entries, Service& service,
             Renderer renderer)
      : name_(name), entries_(entries), service_(service), renderer_(renderer) {
    for (const auto& entry : entries) infos_.push_back(entry.info);
  }
  std::string_view name() const override { return name_; }
  std::span<const http::RouteInfo> routes() const override { return infos_; }
  Task<http::Response> handle(std::size_t route, const http::Call& call) override {
    return entries_[route].handler(service_, call);
  }
  http::Response error(const Error& error) const override { return renderer_(error); }

 private:
  std::string_view name_;
  std::span<const RouteEntry<Service>> entries_;
  std::vector<http::RouteInfo> infos_;
  Service& service_;
  Renderer renderer_;
};

// What the host records about an answered request.
struct RouteLabel {
  std::string_view family;   // RouteSet::name(), empty where no route matched
  std::string_view pattern;  // the route's pattern, empty where no route matched
  std::string principal;     // user name, empty for anonymous
  std::string_view code;     // of the error that was answered, empty where none was
};

class Gateway {
 public:
  // Route sets are asked in order; prefixed ones (npm) also under each of settings().prefixes.
  struct Mount {
    RouteSet* routes;
    bool prefixed = false;
    http::RateGroups rates = {};
  };
  Gateway(Registry& registry, std::vector<Mount> mounts);

  // Never fails: errors become the family's envelope. `request` and `*label` live until the task
  // ends; label is filled as soon as it is known.
  Task<http::Response> handle(const http::Request& request, RouteLabel* label);

  // Whether answers to the request say what is left of the caller's allowance.
  bool shows_rate(const http::Request& request) const;
  // Counts an anonymous request whose answer a cache in front of the host gives: the refusal, or
  // 204 with the headers that belong to that answer. Where shows_rate() says so. `request` lives
  // until the task ends.
  Task<http::Response> count(const http::Request& request);

  // What handle() would answer, where that is at hand without asking a store (ready_answers.h).
  // Hosts that keep such answers ask here first.
  std::optional<http::Ready> ready(const http::Request& request, RouteLabel* label);

 private:
  struct Match;
  Result<Match> find(const http::Request& request) const;
  Task<http::Response> answer(const http::Request& request, Match match, RouteLabel* label,
                              RateDecision* rate);

  Registry& registry_;
  std::vector<Mount> mounts_;
};

}  // namespace kontor
