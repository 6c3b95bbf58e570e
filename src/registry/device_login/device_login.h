#pragma once
// The device grant (RFC 8628; row AUTH-11): a program without a browser gets two codes, a person
// types the short one on a page and logs in there, and the program's next poll gets the token.
// Stores keep SHA-256 of both codes; the token is made at that poll, so it waits nowhere.
#include "ports/device_login_store.h"
#include "registry/accounts.h"

#include <optional>
#include <string>

namespace kontor {

struct DeviceService {
  Registry& registry;
  DeviceLoginStore& logins;
};

inline constexpr Duration kDeviceLoginLife = minutes(15);
inline constexpr DeviceLoginLimits kDeviceLoginLimits{.per_client = 32, .in_all = 4096};

struct StartedDeviceLogin {
  std::string device_code;  // 238 bits, for the program: who has it gets the token
  std::string user_code;    // as shown_user_code() spells it
};

// bad_request where `client_id` is not 1 to 64 of A-Za-z0-9._-; rate_limited, with the time until
// one ends, where too many logins of the client's address or of all wait.
Task<StartedDeviceLogin> start_device_login(DeviceService& service, std::string client_id,
                                            std::string address);

// The login a person may decide about. not_found where the code is unknown, expired or decided on;
// such guesses are counted for the address, and rate_limited follows (row AUTH-14): with 4096
// logins waiting, ten guesses hit one with a chance of two in a million.
Task<DeviceLogin> find_device_login(DeviceService& service, std::string user_code,
                                    std::string address);

// Logs in as log_in() does and gives the program what it asks for. Fails also as
// find_device_login().
Task<User> approve_device_login(DeviceService& service, std::string user_code, Login login,
                                Actor actor);

// Whoever knows the code may say no, without a login: nobody gains anything by it.
Task<> deny_device_login(DeviceService& service, std::string user_code, Actor actor);

// What a poll yields. `interval` counts while the login waits; `token` is the text of the token or
// session, where it was approved.
struct DeviceAnswer {
  DevicePoll found = DevicePoll::waiting;
  Duration interval;
  std::string token;
};
// Nothing where the code is unknown, used already, or another client's: a login that was decided is
// told of once.
Task<std::optional<DeviceAnswer>> poll_device_login(DeviceService& service, std::string device_code,
                                                    std::string client_id, Actor actor);

}  // namespace kontor
