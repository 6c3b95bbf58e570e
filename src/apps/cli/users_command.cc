// Each subcommand is one call and one way to print its answer. Exit status 1 where it was refused.
#include "apps/cli/users_command.h"

#include "apps/cli/answers.h"
#include "apps/cli/registry_client.h"
#include "base/encoding.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iomanip>
#include <istream>
#include <memory>
#include <ostream>

namespace kontor::cli {
namespace {

constexpr const char* kUsers = "/-/kontor/v1/users";
constexpr std::size_t kPageSize = 1000;
constexpr std::size_t kMostPasswordBytes = 4096;

struct UsersArguments {
  RegistryOptions registry;
  std::string name;
  std::string email;
  bool admin = false;
  bool password_from_input = false;
  bool drop_two_factor = false;
  bool json = false;
};

bool flag_of(const Json& user, const char* name) {
  const auto it = user.find(name);
  return it != user.end() && it->is_boolean() && it->get<bool>();
}

// One line; an empty one is an error and not a generated password.
Result<std::string> read_password(CommandContext& context) {
  std::string line;
  if (context.in) std::getline(*context.in, line);
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return fail(Code::bad_request, "There is no password on standard input.");
  if (line.size() > kMostPasswordBytes)
    return fail(Code::bad_request, "The password on standard input is too long.");
  return line;
}

Result<void> add_password(Json& body, const UsersArguments& arguments, CommandContext& context) {
  if (!arguments.password_from_input) return {};
  auto password = read_password(context);
  if (!password) return fail(password);
  body["password"] = std::move(*password);
  return {};
}

void print_password(const Json& answer, CommandContext& context) {
  const auto password = text_of(answer, "password");
  if (!password.empty())
    context.out << "The password is shown only this once:\n\n  " << password << "\n\n";
}

Result<void> add_user(RegistryClient& client, const UsersArguments& arguments,
                      CommandContext& context) {
  Json body = {{"name", arguments.name}, {"email", arguments.email}, {"admin", arguments.admin}};
  if (auto added = add_password(body, arguments, context); !added) return added;
  const auto answer = client.call("POST", kUsers, body);
  if (!answer) return std::unexpected(answer.error());
  if (arguments.json) {
    context.out << answer->dump(2) << "\n";
    return {};
  }
  context.out << "Added " << arguments.name << (arguments.admin ? ", an administrator" : "")
              << ".\n";
  print_password(*answer, context);
  return {};
}

Result<void> set_password(RegistryClient& client, const UsersArguments& arguments,
                          CommandContext& context) {
  Json body = Json::object();
  if (arguments.drop_two_factor) body["drop_two_factor"] = true;
  if (auto added = add_password(body, arguments, context); !added) return added;
  const auto answer = client.call(
      "POST", std::string(kUsers) + "/" + percent_encode(arguments.name) + "/password", body);
  if (!answer) return std::unexpected(answer.error());
  if (arguments.json) {
    context.out << answer->dump(2) << "\n";
    return {};
  }
  context.out << "Changed the password of " << arguments.name << ".\n";
  print_password(*answer, context);
  return {};
}

Result<void> remove_user(RegistryClient& client, const UsersArguments& arguments,
                         CommandContext& context) {
  const auto answer =
      client.call("DELETE", std::string(kUsers) + "/" + percent_encode(arguments.name));
  if (!answer) return std::unexpected(answer.error());
  if (arguments.json)
    context.out << answer->dump(2) << "\n";
  else
    context.out << "Removed " << arguments.name << " with all tokens.\n";
  return {};
}

// All pages; a registry that repeats one ends the walk.
Result<Json> all_users(RegistryClient& client) {
  Json users = Json::array();
  std::string after;
  for (;;) {
    const auto page =
        client.call("GET", std::string(kUsers) + "?limit=" + std::to_string(kPageSize) +
                               (after.empty() ? "" : "&after=" + percent_encode(after)));
    if (!page) return std::unexpected(page.error());
    const auto listed = page->find("users");
    if (listed == page->end() || !listed->is_array())
      return fail(Code::unavailable, client.url() + " did not answer a list; is that a Kontor?");
    for (const auto& user : *listed) users.push_back(user);
    const auto next = text_of(*page, "next");
    if (next.empty() || next <= after) return users;
    after = next;
  }
}

Result<void> list_users(RegistryClient& client, const UsersArguments& arguments,
                        CommandContext& context) {
  const auto users = all_users(client);
  if (!users) return std::unexpected(users.error());
  if (arguments.json) {
    context.out << users->dump(2) << "\n";
    return {};
  }
  std::size_t widest = 4;
  for (const auto& user : *users) widest = std::max(widest, text_of(user, "name").size());
  const int width = static_cast<int>(widest) + 2;
  context.out << std::left << std::setw(width) << "NAME" << std::setw(7) << "ADMIN" << std::setw(17)
              << "TWO-FACTOR" << std::setw(12) << "CREATED" << "EMAIL\n";
  for (const auto& user : *users)
    context.out << std::setw(width) << text_of(user, "name") << std::setw(7)
                << (flag_of(user, "admin") ? "yes" : "no") << std::setw(17)
                << text_of(user, "two_factor") << std::setw(12)
                << text_of(user, "created").substr(0, 10) << text_of(user, "email") << "\n";
  return {};
}

using Act = Result<void> (*)(RegistryClient&, const UsersArguments&, CommandContext&);

CLI::App* add_act(CLI::App& users, CommandContext& context,
                  const std::shared_ptr<UsersArguments>& arguments, const char* name,
                  const char* help, Act act) {
  auto* command = users.add_subcommand(name, help);
  add_registry_options(*command, arguments->registry);
  command->add_flag("--json", arguments->json, "Print the registry's answer");
  command->callback([&context, arguments, act] {
    auto client = RegistryClient::create(arguments->registry, context);
    const auto done = client ? act(*client, *arguments, context) : fail(client);
    if (done) return;
    print_errors(context.err, {std::string(done.error().message())});
    context.status = 1;
  });
  return command;
}

void add_password_option(CLI::App& command, UsersArguments& arguments) {
  command.add_flag("--password-stdin", arguments.password_from_input,
                   "Read the password from standard input; without it one is made and shown");
}

}  // namespace

void add_users_commands(CLI::App& program, CommandContext& context) {
  auto* users = program.add_subcommand("users", "Accounts of a running registry");
  users->require_subcommand(1);
  const auto arguments = std::make_shared<UsersArguments>();

  auto* add = add_act(*users, context, arguments, "add", "Make an account", add_user);
  add->add_option("name", arguments->name, "Name of the account")->required();
  add->add_option("--email", arguments->email, "Its email address");
  add->add_flag("--admin", arguments->admin, "Make it an administrator");
  add_password_option(*add, *arguments);

  add_act(*users, context, arguments, "list", "List all accounts", list_users);

  auto* remove = add_act(*users, context, arguments, "remove",
                         "Remove an account with its tokens and package roles", remove_user);
  remove->add_option("name", arguments->name, "Name of the account")->required();

  auto* password =
      add_act(*users, context, arguments, "password", "Set another password", set_password);
  password->add_option("name", arguments->name, "Name of the account")->required();
  password->add_flag("--drop-two-factor", arguments->drop_two_factor,
                     "Switch two-factor authentication off, for somebody who lost the device");
  add_password_option(*password, *arguments);
}

}  // namespace kontor::cli
