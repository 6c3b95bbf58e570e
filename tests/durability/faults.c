/* A preload library between a server and its disk, for the tests of this folder.
 *
 * KONTOR_FAULTS names a file of one struct control, shared with the test: it makes calls fail and
 * moves the clock. KONTOR_FAULTS_ROOT is the folder whose files it is about; all else passes.
 * KONTOR_FAULTS_TRACE names a file to which every change below that folder is appended, in the
 * order in which they happened, so that a test can work out what a power cut would have left:
 * support/power_cut.mjs reads it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* No call, the call `at`, all calls from `at` on; or the process is killed in place of the call `at`. */
enum { FAIL_NONE, FAIL_ONE, FAIL_FROM, KILL_AT };

struct control {
  uint32_t mode;
  uint32_t error;        /* errno of calls that fail */
  uint64_t at;           /* counted from the arming, beginning with 0 */
  uint64_t calls;        /* so far; the test sets it to 0 when it arms */
  uint64_t failed;
  int64_t clock_offset;  /* seconds added to the wall clock */
  uint64_t traced;       /* bytes of the trace */
  uint32_t spare_unlink; /* set: unlink never fails, as on a full disk */
  uint32_t reserved;
  char last[40];         /* the call that failed last */
};

enum { MAX_FD = 1 << 16 };

static struct control nothing;
static struct control *control = &nothing;
static char root[PATH_MAX];
static size_t root_size;
static int trace = -1;
static char *paths[MAX_FD]; /* of descriptors below the root */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off64_t);
static int (*real_renameat2)(int, const char *, int, const char *, unsigned);
static int (*real_rename)(const char *, const char *);
static int (*real_link)(const char *, const char *);
static int (*real_unlink)(const char *);
static int (*real_mkdir)(const char *, mode_t);
static int (*real_clock_gettime)(clockid_t, struct timespec *);
static time_t (*real_time)(time_t *);

__attribute__((constructor)) static void start(void) {
  real_open = dlsym(RTLD_NEXT, "open64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_renameat2 = dlsym(RTLD_NEXT, "renameat2");
  real_rename = dlsym(RTLD_NEXT, "rename");
  real_link = dlsym(RTLD_NEXT, "link");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_mkdir = dlsym(RTLD_NEXT, "mkdir");
  real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
  real_time = dlsym(RTLD_NEXT, "time");
  const char *folder = getenv("KONTOR_FAULTS_ROOT");
  if (folder) root_size = (size_t)snprintf(root, sizeof root, "%s", folder);
  const char *shared = getenv("KONTOR_FAULTS");
  const int fd = shared ? real_open(shared, O_RDWR | O_CLOEXEC) : -1;
  if (fd >= 0) {
    void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) control = mapped;
    real_close(fd);
  }
  const char *log = getenv("KONTOR_FAULTS_TRACE");
  if (log) trace = real_open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int is_ours(const char *path) {
  return root_size > 0 && strncmp(path, root, root_size) == 0 &&
         (path[root_size] == '/' || path[root_size] == 0);
}

static const char *path_of(int fd) { return fd >= 0 && fd < MAX_FD ? paths[fd] : NULL; }

/* Whether this call is to fail; sets errno. */
static int fails(const char *call) {
  if (control->mode == FAIL_NONE) return 0;
  if (control->spare_unlink && strcmp(call, "unlink") == 0) return 0;
  const uint64_t number = __atomic_fetch_add(&control->calls, 1, __ATOMIC_RELAXED);
  if (control->mode == FAIL_FROM ? number < control->at : number != control->at) return 0;
  snprintf(control->last, sizeof control->last, "%s", call);
  __atomic_fetch_add(&control->failed, 1, __ATOMIC_RELAXED);
  if (control->mode == KILL_AT) kill(getpid(), SIGKILL);
  errno = (int)control->error;
  return 1;
}

/* --- the trace --------------------------------------------------------------------------------
 * A record is a line "call inode offset size path other-path" and `size` bytes. Calls are made and
 * recorded under one lock, so their order is the order in which they happened. */

static void record(const char *call, uint64_t inode, int64_t offset, const void *data, size_t size,
                   const char *path, const char *other) {
  if (trace < 0) return;
  char line[2 * PATH_MAX + 128];
  const int length = snprintf(line, sizeof line, "%s\t%llu\t%lld\t%zu\t%s\t%s\n", call,
                              (unsigned long long)inode, (long long)offset, size, path + root_size,
                              other ? other + root_size : "");
  if (real_write(trace, line, (size_t)length) != length) abort();
  if (size > 0 && real_write(trace, data, size) != (ssize_t)size) abort();
  __atomic_fetch_add(&control->traced, (uint64_t)length + size, __ATOMIC_RELEASE);
}

static uint64_t inode_of(int fd) {
  struct stat info;
  return fstat(fd, &info) == 0 ? (uint64_t)info.st_ino : 0;
}

static void lock(void) {
  const int before = errno;
  pthread_mutex_lock(&mutex);
  errno = before;
}

static void unlock(void) {
  const int before = errno;
  pthread_mutex_unlock(&mutex);
  errno = before;
}

/* --- descriptors ------------------------------------------------------------------------------ */

static int open_ours(const char *path, int flags, mode_t mode) {
  const int changes = (flags & (O_CREAT | O_TRUNC)) || (flags & O_ACCMODE) != O_RDONLY;
  if (changes && fails("open")) return -1;
  lock();
  const int was_there = access(path, F_OK) == 0;
  const int fd = real_open(path, flags, mode);
  if (fd >= 0 && fd < MAX_FD) {
    free(paths[fd]);
    paths[fd] = strdup(path);
    if (!was_there && (flags & O_CREAT)) record("create", inode_of(fd), 0, NULL, 0, path, NULL);
    else if (flags & O_TRUNC) record("truncate", inode_of(fd), 0, NULL, 0, path, NULL);
  }
  unlock();
  return fd;
}

static int open_any(const char *path, int flags, va_list arguments) {
  const mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
  return is_ours(path) ? open_ours(path, flags, mode) : real_open(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const int fd = open_any(path, flags, arguments);
  va_end(arguments);
  return fd;
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int close(int fd) {
  if (!path_of(fd)) return real_close(fd);
  lock();
  free(paths[fd]);
  paths[fd] = NULL;
  const int result = real_close(fd);
  unlock();
  return result;
}

/* --- changes of files ------------------------------------------------------------------------- */

/* At `at`, or where the descriptor stands if that is negative. */
static ssize_t write_ours(int fd, const char *call, const void *data, size_t size, off64_t at) {
  if (fails(call)) return -1;
  lock();
  const off64_t start = at < 0 ? lseek64(fd, 0, SEEK_CUR) : at;
  const ssize_t done = at < 0 ? real_write(fd, data, size) : real_pwrite(fd, data, size, at);
  if (done > 0) record("write", inode_of(fd), start, data, (size_t)done, path_of(fd), NULL);
  unlock();
  return done;
}

ssize_t write(int fd, const void *data, size_t size) {
  return path_of(fd) ? write_ours(fd, "write", data, size, -1) : real_write(fd, data, size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  return path_of(fd) ? write_ours(fd, "pwrite", data, size, at) : real_pwrite(fd, data, size, at);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  return pwrite64(fd, data, size, at);
}

int ftruncate64(int fd, off64_t size) {
  const char *path = path_of(fd);
  if (!path) return real_ftruncate(fd, size);
  if (fails("ftruncate")) return -1;
  lock();
  const int result = real_ftruncate(fd, size);
  if (result == 0) record("truncate", inode_of(fd), size, NULL, 0, path, NULL);
  unlock();
  return result;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int sync_ours(int fd, int (*sync)(int), const char *call) {
  const char *path = path_of(fd);
  if (!path) return sync(fd);
  if (fails(call)) return -1;
  lock();
  const int result = sync(fd);
  if (result == 0) record("sync", inode_of(fd), 0, NULL, 0, path, NULL);
  unlock();
  return result;
}

int fsync(int fd) { return sync_ours(fd, real_fsync, "fsync"); }

int fdatasync(int fd) { return sync_ours(fd, real_fdatasync, "fdatasync"); }

/* --- changes of names ------------------------------------------------------------------------- */

/* A change of one or two names and the call that makes it. */
struct change {
  const char *call;
  const char *path, *other;
  int folder, other_folder; /* of renameat2 */
  unsigned flags;
  mode_t mode; /* of mkdir */
};

static int make(const struct change *change, int (*real)(const struct change *)) {
  if (fails(change->call)) return -1;
  lock();
  const int result = real(change);
  if (result == 0) record(change->call, 0, 0, NULL, 0, change->path, change->other);
  unlock();
  return result;
}

static int make_rename(const struct change *c) {
  return real_renameat2(c->folder, c->path, c->other_folder, c->other, c->flags);
}
static int make_link(const struct change *c) { return real_link(c->path, c->other); }
static int make_unlink(const struct change *c) { return real_unlink(c->path); }
static int make_mkdir(const struct change *c) { return real_mkdir(c->path, c->mode); }

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  const struct change change = {"rename", from, to, from_folder, to_folder, flags, 0};
  return is_ours(from) ? make(&change, make_rename) : make_rename(&change);
}

int rename(const char *from, const char *to) {
  if (!is_ours(from)) return real_rename(from, to);
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int link(const char *from, const char *to) {
  const struct change change = {.call = "link", .path = from, .other = to};
  return is_ours(to) ? make(&change, make_link) : make_link(&change);
}

int unlink(const char *path) {
  const struct change change = {.call = "unlink", .path = path};
  return is_ours(path) ? make(&change, make_unlink) : make_unlink(&change);
}

int mkdir(const char *path, mode_t mode) {
  const struct change change = {.call = "mkdir", .path = path, .mode = mode};
  return is_ours(path) ? make(&change, make_mkdir) : make_mkdir(&change);
}

/* --- the clock -------------------------------------------------------------------------------- */

int clock_gettime(clockid_t clock, struct timespec *now) {
  const int result = real_clock_gettime(clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    now->tv_sec += control->clock_offset;
  return result;
}

time_t time(time_t *out) {
  const time_t now = real_time(NULL) + control->clock_offset;
  if (out) *out = now;
  return now;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  struct timespec exact;
  if (clock_gettime(CLOCK_REALTIME, &exact) < 0) return -1;
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}
