#pragma once
// OpenSSL's way to a socket, as a BIO of our own: it never raises SIGPIPE, and it knows whether the
// last read has emptied the socket, which saves a system call per request.

struct bio_st;

namespace kontor::net {

// Reads and writes the non-blocking `socket`, which it does not own. Null where memory is short.
bio_st* new_socket_bio(int socket);

// Whether the last read took fewer bytes than it had room for, and nothing was announced since.
bool has_drained(bio_st* bio);
void note_readable(bio_st* bio);  // the reactor has announced more

}  // namespace kontor::net
