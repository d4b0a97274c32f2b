// A library to be preloaded: some calls into the system fail, as on a disk that is failing.
//
// FAIL_CALL   the call: open, write, fsync, rename, link, mkdir, unlink or read; `any` for each of them
// FAIL_ERRNO  the number that it fails with, or `hang`: it never comes back, as from a disk that does not answer
// FAIL_MARK   a file that is made when that happens
// FAIL_BELOW  only for files below this folder
// FAIL_AT     which of these calls in a process fails, from 1; or
// FAIL_EVERY  how many of them there are between two that fail, about
// FAIL_THREADS  besides the first, so many threads there may be at once; for a further one EAGAIN
//
// Only programs of the name in FAIL_PROGRAM are concerned: workers and helpers inherit the environment.
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

template <typename Function> Function real(const char *name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

const char *setting(const char *name) {
    const char *value = getenv(name);
    return value == nullptr ? "" : value;
}

bool is_concerned() {
    static const bool concerned = std::strcmp(setting("FAIL_PROGRAM"), program_invocation_short_name) == 0;
    return concerned;
}

bool is_below(const char *path) {
    static const char *below = setting("FAIL_BELOW");
    return path != nullptr && std::strncmp(path, below, std::strlen(below)) == 0;
}

// Whether this call, of a file at `path`, is to fail; then errno says how.
bool fails(const char *call, const char *path) {
    if (!is_concerned() || !is_below(path)) {
        return false;
    }
    static const char *wanted = setting("FAIL_CALL");
    if (std::strcmp(wanted, "any") != 0 && std::strcmp(wanted, call) != 0) {
        return false;
    }
    static std::atomic<long> count{0};
    static const long at = std::atol(setting("FAIL_AT"));
    static const long every = std::atol(setting("FAIL_EVERY"));
    const long number = ++count;
    // A step of the linear congruential generator of Numerical Recipes, so that the same calls do not always meet.
    const unsigned long mixed = 1664525UL * static_cast<unsigned long>(number + getpid()) + 1013904223UL;
    const bool now = at > 0 ? number == at : every > 0 && (mixed >> 8) % static_cast<unsigned long>(every) == 0;
    if (now && std::strcmp(setting("FAIL_ERRNO"), "hang") == 0) {
        close(real<int (*)(const char *, int, ...)>("open64")(setting("FAIL_MARK"), O_CREAT | O_WRONLY, 0600));
        for (;;) {
            pause();
        }
    }
    if (now) {
        errno = std::atoi(setting("FAIL_ERRNO"));
    }
    return now;
}

bool fails(const char *call, int file) {
    char link[64], path[4096];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const int before = errno;
    const ssize_t length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length < 0) {
        return false;
    }
    path[length] = '\0';
    return fails(call, path);
}

// Threads that are there, besides the first.
std::atomic<long> threads{0};

struct Start {
    void *(*start)(void *);
    void *argument;
};

// A thread that is counted until it ends.
void *counted(void *given) {
    const Start start = *static_cast<Start *>(given);
    delete static_cast<Start *>(given);
    void *result = start.start(start.argument);
    --threads;
    return result;
}

} // namespace

#define REAL(name) real<decltype(&name)>(#name)

extern "C" {

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return fails("open", path) ? -1 : REAL(open64)(path, flags, mode);
}

ssize_t write(int file, const void *bytes, size_t length) {
    return fails("write", file) ? -1 : REAL(write)(file, bytes, length);
}

ssize_t read(int file, void *bytes, size_t length) {
    return fails("read", file) ? -1 : REAL(read)(file, bytes, length);
}

int fsync(int file) { return fails("fsync", file) ? -1 : REAL(fsync)(file); }

int fdatasync(int file) { return fails("fsync", file) ? -1 : REAL(fdatasync)(file); }

int rename(const char *from, const char *to) { return fails("rename", to) ? -1 : REAL(rename)(from, to); }

int link(const char *from, const char *to) { return fails("link", to) ? -1 : REAL(link)(from, to); }

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    return fails("link", to) ? -1 : REAL(linkat)(from_folder, from, to_folder, to, flags);
}

int mkdir(const char *path, mode_t mode) { return fails("mkdir", path) ? -1 : REAL(mkdir)(path, mode); }

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
    static const bool limited = is_concerned() && *setting("FAIL_THREADS") != '\0';
    static const long most = std::atol(setting("FAIL_THREADS"));
    if (!limited) {
        return REAL(pthread_create)(thread, attributes, start, argument);
    }
    if (++threads > most) {
        --threads;
        return EAGAIN;
    }
    return REAL(pthread_create)(thread, attributes, counted, new Start{start, argument});
}

int unlink(const char *path) { return fails("unlink", path) ? -1 : REAL(unlink)(path); }
}
