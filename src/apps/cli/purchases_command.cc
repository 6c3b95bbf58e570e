// Each subcommand is one call and one way to print its answer. Exit status 1 where it was refused.
#include "apps/cli/purchases_command.h"

#include "apps/cli/answers.h"
#include "apps/cli/registry_client.h"
#include "base/encoding.h"
#include "domain/price.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace kontor::cli {
namespace {

constexpr const char* kPurchases = "/-/kontor/v1/purchases";
constexpr const char* kPrices = "/billing/prices/";
constexpr std::size_t kPageSize = 1000;

struct PurchasesArguments {
  RegistryOptions registry;
  std::string user;
  std::string package;
  std::string id;
  std::string amount;
  std::string currency = "usd";
  bool free = false;
  bool json = false;
};

// "10.00 usd", or a word where that is nothing.
std::string price_in(const Json& object, const char* otherwise) {
  const auto price = object.find("price");
  if (price == object.end() || !price->is_object()) return otherwise;
  const auto cents = price->find("cents");
  if (cents == price->end() || !cents->is_number_integer() || *cents == 0) return otherwise;
  return to_text({cents->get<std::int64_t>(), text_of(*price, "currency")});
}

Result<Json> grant(RegistryClient& client, const PurchasesArguments& arguments) {
  return client.call("POST", kPurchases,
                     {{"user", arguments.user}, {"package", arguments.package}});
}
void print_granted(const Json& purchase, std::ostream& out) {
  out << text_of(purchase, "user") << " has " << text_of(purchase, "package") << " now ("
      << text_of(purchase, "id") << ").\n";
}

Result<Json> revoke(RegistryClient& client, const PurchasesArguments& arguments) {
  return client.call("DELETE", std::string(kPurchases) + "/" + percent_encode(arguments.id));
}
void print_revoked(const Json&, std::ostream& out) {
  out << "Revoked. Money is paid back at the payment provider.\n";
}

// All pages.
Result<Json> list(RegistryClient& client, const PurchasesArguments& arguments) {
  Json all = Json::array();
  for (;;) {
    std::string path = std::string(kPurchases) + "?limit=" + std::to_string(kPageSize) +
                       "&offset=" + std::to_string(all.size());
    if (!arguments.user.empty()) path += "&user=" + percent_encode(arguments.user);
    if (!arguments.package.empty()) path += "&package=" + percent_encode(arguments.package);
    const auto page = client.call("GET", path);
    if (!page) return std::unexpected(page.error());
    const auto found = page->find("purchases");
    if (found == page->end() || !found->is_array())
      return fail(Code::unavailable, client.url() + " did not answer a list; is that a Kontor?");
    for (const auto& purchase : *found) all.push_back(purchase);
    if (found->size() < kPageSize) return all;
  }
}
void print_list(const Json& purchases, std::ostream& out) {
  if (purchases.empty()) out << "No purchase is noted.\n";
  for (const auto& purchase : purchases) {
    out << text_of(purchase, "id") << "  " << text_of(purchase, "created").substr(0, 10) << "  "
        << text_of(purchase, "user") << "  " << text_of(purchase, "package") << "  "
        << price_in(purchase, "granted") << "  " << text_of(purchase, "provider");
    const auto revoked = text_of(purchase, "revoked");
    out << (revoked.empty() ? "" : "  revoked " + revoked.substr(0, 10)) << "\n";
  }
}

Result<Json> price(RegistryClient& client, const PurchasesArguments& arguments) {
  const auto path = kPrices + arguments.package;
  if (arguments.free) return client.call("DELETE", path);
  if (arguments.amount.empty()) return client.call("GET", path);
  const auto wished = parse_price(arguments.amount, arguments.currency);
  if (!wished) return std::unexpected(wished.error());
  return client.call("PUT", path, {{"cents", wished->cents}, {"currency", wished->currency}});
}
void print_price(const Json& answer, std::ostream& out) {
  out << price_in(answer, "free") << "\n";
}

using Act = Result<Json> (*)(RegistryClient&, const PurchasesArguments&);
using Print = void (*)(const Json&, std::ostream&);

CLI::App* add_act(CLI::App& parent, CommandContext& context,
                  const std::shared_ptr<PurchasesArguments>& arguments, const char* name,
                  const char* help, std::pair<Act, Print> act) {
  auto* command = parent.add_subcommand(name, help);
  add_registry_options(*command, arguments->registry);
  command->add_flag("--json", arguments->json, "Print the registry's answer");
  command->callback([&context, arguments, act] {
    auto client = RegistryClient::create(arguments->registry, context);
    const auto answer = client ? act.first(*client, *arguments) : fail(client);
    if (!answer) {
      print_errors(context.err, {std::string(answer.error().message())});
      context.status = 1;
    } else if (arguments->json) {
      context.out << answer->dump(2) << "\n";
    } else {
      act.second(*answer, context.out);
    }
  });
  return command;
}

}  // namespace

void add_purchases_commands(CLI::App& parent, CommandContext& context) {
  auto* purchases = parent.add_subcommand("purchases", "Prices and purchases of courses");
  purchases->require_subcommand(1);
  const auto arguments = std::make_shared<PurchasesArguments>();

  auto* grant_command =
      add_act(*purchases, context, arguments, "grant", "Give a course to a user without a payment",
              {grant, print_granted});
  grant_command->add_option("user", arguments->user, "Name of the account")->required();
  grant_command->add_option("course", arguments->package, "Such as @diego/rust")->required();

  auto* revoke_command = add_act(*purchases, context, arguments, "revoke", "Take a purchase back",
                                 {revoke, print_revoked});
  revoke_command->add_option("id", arguments->id, "Its id, from the list")->required();

  auto* list_command = add_act(*purchases, context, arguments, "list",
                               "List purchases, newest first", {list, print_list});
  list_command->add_option("--user", arguments->user, "Only those of this account");
  list_command->add_option("--course", arguments->package, "Only those of this course");

  auto* price_command = add_act(*purchases, context, arguments, "price",
                                "Show or set what a course costs", {price, print_price});
  price_command->add_option("course", arguments->package, "Such as @diego/rust")->required();
  price_command->add_option("amount", arguments->amount, "Such as 10 or 9.99");
  price_command->add_option("currency", arguments->currency, "Three letters; usd if not given");
  price_command->add_flag("--free", arguments->free, "Make it cost nothing");
}

}  // namespace kontor::cli
