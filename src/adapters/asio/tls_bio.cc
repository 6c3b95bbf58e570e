// recv and send under OpenSSL's callbacks.
#include "adapters/asio/tls_bio.h"

#include "base/check.h"

#include <openssl/bio.h>

#include <cerrno>
#include <memory>
#include <sys/socket.h>

namespace kontor::net {
namespace {

struct State {
  int socket;
  bool drained = false;
};

State& state_of(BIO* bio) {
  return *static_cast<State*>(BIO_get_data(bio));
}

template <class Call>
ssize_t uninterrupted(Call call) {
  for (;;) {
    const ssize_t n = call();
    if (n >= 0 || errno != EINTR) return n;
  }
}

int read_socket(BIO* bio, char* into, std::size_t size, std::size_t* got) {
  BIO_clear_retry_flags(bio);
  State& state = state_of(bio);
  const auto n = uninterrupted([&] { return ::recv(state.socket, into, size, 0); });
  *got = n > 0 ? static_cast<std::size_t>(n) : 0;
  state.drained = n < static_cast<ssize_t>(size);
  if (n < 0 && errno == EAGAIN) BIO_set_retry_read(bio);
  if (n == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return n > 0;
}

int write_socket(BIO* bio, const char* from, std::size_t size, std::size_t* taken) {
  BIO_clear_retry_flags(bio);
  const int socket = state_of(bio).socket;
  const auto n = uninterrupted([&] { return ::send(socket, from, size, MSG_NOSIGNAL); });
  *taken = n > 0 ? static_cast<std::size_t>(n) : 0;
  if (n < 0 && errno == EAGAIN) BIO_set_retry_write(bio);
  return n > 0;
}

long control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int destroy(BIO* bio) {
  const std::unique_ptr<State> freed(static_cast<State*>(BIO_get_data(bio)));
  BIO_set_data(bio, nullptr);
  return 1;
}

using Method = std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)>;

Method make_method() {
  Method method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket"), &BIO_meth_free);
  check(method != nullptr, "no memory for OpenSSL");
  BIO_meth_set_read_ex(method.get(), read_socket);
  BIO_meth_set_write_ex(method.get(), write_socket);
  BIO_meth_set_ctrl(method.get(), control);
  BIO_meth_set_destroy(method.get(), destroy);
  return method;
}

}  // namespace

bio_st* new_socket_bio(int socket) {
  static const Method method = make_method();
  BIO* bio = BIO_new(method.get());
  if (!bio) return nullptr;
  BIO_set_data(bio, std::make_unique<State>(State{socket}).release());
  BIO_set_init(bio, 1);
  return bio;
}

bool has_drained(bio_st* bio) {
  return state_of(bio).drained;
}

void note_readable(bio_st* bio) {
  state_of(bio).drained = false;
}

}  // namespace kontor::net
