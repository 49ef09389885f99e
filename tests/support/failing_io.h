#pragma once

#include <string>

namespace hearth::test {

/// Makes the calls by which programs change files fail on request. A test program that links failing_io.cpp
/// and exports its symbols puts these functions before the C library's, for itself and for every library it
/// uses (SQLite, Qt): write, pwrite, fsync, fdatasync, ftruncate, rename, unlink, mkdir, mkostemp, sendfile,
/// copy_file_range, and open where it creates or writes. Calls are counted over all threads.
class FailingIo {
public:
    /// From now on the `nth` such call (1 = the next) fails with `number`; with `fromThenOn` all later ones
    /// too. 0 = none fails, they are only counted.
    static void arm(long nth, int number, bool fromThenOn = false);
    /// For `number`: the process is killed (SIGKILL) instead of doing the call.
    static constexpr int kKill = -1;
    /// Ends it; returns how many calls there were.
    static long disarm();
    /// What failed since arm(): "fsync", "" = nothing.
    [[nodiscard]] static std::string failed();
};

} // namespace hearth::test
