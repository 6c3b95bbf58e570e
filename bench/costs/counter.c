/* A preload library that counts what a server does for a request: allocations, bytes copied in memory,
 * and bytes that go through the kernel's copies or past them. KONTOR_COUNTS names a file of one struct
 * counts, which bench/costs/main.mjs reads. Copies that the compiler has put inline are not seen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

struct counts {
  uint64_t allocations, allocated_bytes;
  uint64_t copied_bytes;   /* memcpy and memmove */
  uint64_t received_bytes; /* recv, read, pread */
  uint64_t sent_bytes;     /* send, sendmsg, write, pwrite */
  uint64_t spliced_bytes;  /* sendfile: not copied */
};

static struct counts nowhere;
static struct counts *counts = &nowhere;

static void add(uint64_t *counter, uint64_t n) { __atomic_fetch_add(counter, n, __ATOMIC_RELAXED); }

__attribute__((constructor)) static void start(void) {
  const char *name = getenv("KONTOR_COUNTS");
  const int fd = name ? open(name, O_RDWR | O_CLOEXEC) : -1;
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (mapped != MAP_FAILED) counts = mapped;
  close(fd);
}

/* --- memory ----------------------------------------------------------------------------------- */

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static void allocated(size_t size) {
  add(&counts->allocations, 1);
  add(&counts->allocated_bytes, size);
}

void *malloc(size_t size) {
  allocated(size);
  return __libc_malloc(size);
}

void *calloc(size_t n, size_t size) {
  allocated(n * size);
  return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size) {
  allocated(size);
  return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  allocated(size);
  return __libc_memalign(alignment, size);
}

void *memmove(void *to, const void *from, size_t size) {
  add(&counts->copied_bytes, size);
  volatile unsigned char *t = to;
  const volatile unsigned char *f = from;
  if (t <= f || t >= f + size) {
    void *end = to;
    __asm__ volatile("rep movsb" : "+D"(end), "+S"(from), "+c"(size) : : "memory");
  } else {
    while (size > 0) {
      --size;
      t[size] = f[size];
    }
  }
  return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
  return memmove(to, from, size);
}

/* --- the kernel ------------------------------------------------------------------------------- */

#define NEXT(name) \
  static __typeof__(&name) next; \
  if (!next) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static ssize_t moved(uint64_t *counter, ssize_t n) {
  if (n > 0) add(counter, (uint64_t)n);
  return n;
}

ssize_t recv(int fd, void *into, size_t size, int flags) {
  NEXT(recv);
  return moved(&counts->received_bytes, next(fd, into, size, flags));
}

ssize_t read(int fd, void *into, size_t size) {
  NEXT(read);
  return moved(&counts->received_bytes, next(fd, into, size));
}

ssize_t pread64(int fd, void *into, size_t size, off64_t at) {
  NEXT(pread64);
  return moved(&counts->received_bytes, next(fd, into, size, at));
}

ssize_t pread(int fd, void *into, size_t size, off_t at) { return pread64(fd, into, size, at); }

ssize_t send(int fd, const void *from, size_t size, int flags) {
  NEXT(send);
  return moved(&counts->sent_bytes, next(fd, from, size, flags));
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  NEXT(sendmsg);
  return moved(&counts->sent_bytes, next(fd, message, flags));
}

ssize_t write(int fd, const void *from, size_t size) {
  NEXT(write);
  return moved(&counts->sent_bytes, next(fd, from, size));
}

ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) {
  NEXT(pwrite64);
  return moved(&counts->sent_bytes, next(fd, from, size, at));
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t at) {
  return pwrite64(fd, from, size, at);
}

ssize_t sendfile(int to, int from, off_t *offset, size_t size) {
  NEXT(sendfile);
  return moved(&counts->spliced_bytes, next(to, from, offset, size));
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t size) {
  return sendfile(to, from, offset, size);
}
