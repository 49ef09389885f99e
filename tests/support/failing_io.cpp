#include "tests/support/failing_io.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <string_view>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

std::atomic<bool> armed{false};
std::atomic<bool> onwards{false};
std::atomic<long> counted{0}, failAt{0};
std::atomic<int> errorNumber{EIO};
std::atomic<const char*> failedCall{nullptr};

bool refuses(const char* name) {
    if (!armed)
        return false;
    if (errorNumber == ENOSPC && std::string_view(name) == "unlink")
        return false; // a full disk refuses nobody who makes room
    const long number = ++counted;
    const long at = failAt;
    if (at == 0 || number < at || (number > at && !onwards))
        return false;
    if (errorNumber == hearth::test::FailingIo::kKill)
        ::kill(::getpid(), SIGKILL);
    const char* none = nullptr;
    failedCall.compare_exchange_strong(none, name);
    errno = errorNumber;
    return true;
}

template <class F>
F* real(const char* name) {
    void* found = ::dlsym(RTLD_NEXT, name);
    if (!found)
        std::abort();
    return reinterpret_cast<F*>(found);
}

bool changes(int flags) {
    return (flags & (O_CREAT | O_TRUNC)) != 0;
}

} // namespace

namespace hearth::test {

void FailingIo::arm(long nth, int number, bool fromThenOn) {
    counted = 0;
    failAt = nth;
    errorNumber = number;
    onwards = fromThenOn;
    failedCall = nullptr;
    armed = true;
}

long FailingIo::disarm() {
    armed = false;
    return counted;
}

std::string FailingIo::failed() {
    const char* name = failedCall;
    return name ? name : "";
}

} // namespace hearth::test

// The C library declares some of these with attributes of its own, which no definition of ours can repeat.
#pragma GCC diagnostic ignored "-Wmissing-declarations"
#pragma GCC diagnostic ignored "-Wredundant-decls"

extern "C" {

ssize_t write(int fd, const void* data, size_t size) {
    static auto* const next = real<ssize_t(int, const void*, size_t)>("write");
    return refuses("write") ? -1 : next(fd, data, size);
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
    static auto* const next = real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
    return refuses("pwrite") ? -1 : next(fd, data, size, at);
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
    static auto* const next = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
    return refuses("pwrite") ? -1 : next(fd, data, size, at);
}
int fsync(int fd) {
    static auto* const next = real<int(int)>("fsync");
    return refuses("fsync") ? -1 : next(fd);
}
int fdatasync(int fd) {
    static auto* const next = real<int(int)>("fdatasync");
    return refuses("fdatasync") ? -1 : next(fd);
}
int ftruncate64(int fd, off64_t size) noexcept {
    static auto* const next = real<int(int, off64_t)>("ftruncate64");
    return refuses("ftruncate") ? -1 : next(fd, size);
}
int ftruncate(int fd, off_t size) noexcept {
    static auto* const next = real<int(int, off_t)>("ftruncate");
    return refuses("ftruncate") ? -1 : next(fd, size);
}
int rename(const char* from, const char* to) noexcept {
    static auto* const next = real<int(const char*, const char*)>("rename");
    return refuses("rename") ? -1 : next(from, to);
}
int unlink(const char* path) noexcept {
    static auto* const next = real<int(const char*)>("unlink");
    return refuses("unlink") ? -1 : next(path);
}
int mkdir(const char* path, mode_t mode) noexcept {
    static auto* const next = real<int(const char*, mode_t)>("mkdir");
    return refuses("mkdir") ? -1 : next(path, mode);
}
int mkostemp(char* name, int flags) {
    static auto* const next = real<int(char*, int)>("mkostemp");
    return refuses("mkostemp") ? -1 : next(name, flags);
}
int mkostemp64(char* name, int flags) {
    static auto* const next = real<int(char*, int)>("mkostemp64");
    return refuses("mkostemp") ? -1 : next(name, flags);
}
ssize_t sendfile(int to, int from, off_t* at, size_t size) noexcept {
    static auto* const next = real<ssize_t(int, int, off_t*, size_t)>("sendfile");
    return refuses("sendfile") ? -1 : next(to, from, at, size);
}
ssize_t copy_file_range(int from, off64_t* fromAt, int to, off64_t* toAt, size_t size, unsigned flags) {
    static auto* const next =
        real<ssize_t(int, off64_t*, int, off64_t*, size_t, unsigned)>("copy_file_range");
    return refuses("copy_file_range") ? -1 : next(from, fromAt, to, toAt, size, flags);
}
int open(const char* path, int flags, ...) {
    static auto* const next = real<int(const char*, int, ...)>("open");
    va_list list;
    va_start(list, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(list, mode_t) : 0;
    va_end(list);
    return changes(flags) && refuses("open") ? -1 : next(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
    static auto* const next = real<int(const char*, int, ...)>("open64");
    va_list list;
    va_start(list, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(list, mode_t) : 0;
    va_end(list);
    return changes(flags) && refuses("open") ? -1 : next(path, flags, mode);
}

} // extern "C"
