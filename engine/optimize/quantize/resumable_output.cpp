#include "engine/optimize/quantize/resumable_output.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "engine/base/atomic_file.h"
#include "engine/optimize/quantize/quantize.h"

namespace hearth::optimize {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kAlignment = 32; // of tensors in a GGUF file
constexpr std::size_t kMaxNotes = 64 << 20;
// How much work a power cut may cost; a kill costs the tensor in hand.
constexpr auto kNoteEvery = std::chrono::seconds(2);

fs::path partOf(const fs::path& target) {
    return target.string() + ".part";
}
fs::path notesOf(const fs::path& target) {
    return target.string() + ".part.notes";
}

tl::unexpected<Error> systemError(const fs::path& path, int number, const char* fallback) {
    const char* code = number == ENOSPC || number == EDQUOT ? "file.disk_full" : fallback;
    return tl::unexpected<Error>(
        Error{code, path.string() + ": " + std::strerror(number)}.with("path", path.string()));
}

/// Notes: a line that names the work, one with the bytes that are whole, then a weight error a line, in
/// hexadecimal so that it is read back exactly.
struct Notes {
    std::string work;
    std::uint64_t bytes = 0;
    std::vector<double> errors;
};

Notes readNotes(const fs::path& path) {
    Notes out;
    std::error_code error;
    if (fs::file_size(path, error) > kMaxNotes || error)
        return {};
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, out.work) || !std::getline(file, line) ||
        std::from_chars(line.data(), line.data() + line.size(), out.bytes).ec != std::errc())
        return {};
    while (std::getline(file, line)) {
        double value = 0;
        if (std::from_chars(line.data(), line.data() + line.size(), value, std::chars_format::hex).ec !=
            std::errc())
            return {};
        out.errors.push_back(value);
    }
    return out;
}

} // namespace

struct ResumableOutput::State {
    int fd = -1;
    fs::path target;
    std::string work;
    std::uint64_t size = 0, wholeBytes = 0;
    std::vector<double> errors;
    Clock::time_point noted = Clock::now();

    ~State() {
        if (fd >= 0)
            ::close(fd);
    }
    Result<void> write(std::span<const std::byte> bytes) {
        while (!bytes.empty()) {
            const ssize_t n = ::write(fd, bytes.data(), bytes.size());
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0)
                return systemError(target, errno, "file.write_failed");
            size += static_cast<std::uint64_t>(n);
            bytes = bytes.subspan(static_cast<std::size_t>(n));
        }
        return {};
    }
    Result<void> note() {
        if (::fdatasync(fd) != 0)
            return systemError(target, errno, "file.write_failed");
        HEARTH_TRY(AtomicFile file, AtomicFile::create(notesOf(target)));
        std::string text = work + "\n" + std::to_string(wholeBytes) + "\n";
        for (const double error : errors) {
            std::array<char, 48> digits{};
            const auto end =
                std::to_chars(digits.data(), digits.data() + digits.size(), error, std::chars_format::hex);
            text.append(digits.data(), end.ptr).append("\n");
        }
        HEARTH_CHECK(file.write(text));
        noted = Clock::now();
        return file.commit();
    }
};

ResumableOutput::ResumableOutput(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ResumableOutput::ResumableOutput(ResumableOutput&&) noexcept = default;
ResumableOutput& ResumableOutput::operator=(ResumableOutput&&) noexcept = default;
ResumableOutput::~ResumableOutput() = default;

Result<ResumableOutput> ResumableOutput::open(const fs::path& target, std::string_view work,
                                              const std::string& header) {
    HEARTH_CHECK(checkReplaceable(target));
    auto state = std::make_unique<State>();
    state->target = target;
    state->work = work;
    state->fd = ::open(partOf(target).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (state->fd < 0)
        return systemError(target, errno, "file.unwritable");
    if (::flock(state->fd, LOCK_EX | LOCK_NB) != 0)
        return tl::unexpected<Error>(
            Error{"quantize.in_use", target.string() + " is being written by another program"}.with(
                "path", target.string()));
    Notes notes = readNotes(notesOf(target));
    const off_t there = ::lseek(state->fd, 0, SEEK_END);
    const bool fits = notes.work == work && there >= 0 && notes.bytes >= header.size() &&
                      notes.bytes <= static_cast<std::uint64_t>(there);
    state->size = fits ? notes.bytes : 0;
    if (fits)
        state->errors = std::move(notes.errors);
    if (::ftruncate(state->fd, static_cast<off_t>(state->size)) != 0 ||
        ::lseek(state->fd, static_cast<off_t>(state->size), SEEK_SET) < 0)
        return systemError(target, errno, "file.write_failed");
    if (!fits)
        HEARTH_CHECK(state->write(std::as_bytes(std::span(header.data(), header.size()))));
    state->wholeBytes = state->size;
    return ResumableOutput(std::move(state));
}

const std::vector<double>& ResumableOutput::done() const {
    return m_state->errors;
}

Result<void> ResumableOutput::append(std::span<const std::byte> bytes) {
    return m_state->write(bytes);
}

Result<void> ResumableOutput::tensorDone(double error) {
    static constexpr std::byte kZeros[kAlignment]{};
    if (const std::size_t over = m_state->size % kAlignment)
        HEARTH_CHECK(m_state->write(std::span(kZeros, kAlignment - over)));
    m_state->errors.push_back(error);
    m_state->wholeBytes = m_state->size;
    return Clock::now() - m_state->noted >= kNoteEvery || m_state->errors.size() == 1 ? m_state->note()
                                                                                      : Result<void>();
}

Result<void> ResumableOutput::commit() {
    const fs::path& target = m_state->target;
    if (::fsync(m_state->fd) != 0)
        return systemError(target, errno, "file.write_failed");
    if (::rename(partOf(target).c_str(), target.c_str()) != 0)
        return systemError(target, errno, "file.write_failed");
    ::unlink(notesOf(target).c_str());
    const auto folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    if (const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); fd >= 0) {
        ::fsync(fd);
        ::close(fd);
    }
    return {};
}

void discardUnfinished(const fs::path& target) {
    ::unlink(partOf(target).c_str());
    ::unlink(notesOf(target).c_str());
}

std::uint64_t unfinishedBytes(const fs::path& target) {
    std::uint64_t sum = 0;
    for (const fs::path& path : {partOf(target), notesOf(target)}) {
        std::error_code error;
        const auto bytes = fs::file_size(path, error);
        sum += error ? 0 : bytes;
    }
    return sum;
}

bool hasUnfinished(const fs::path& target) {
    std::error_code error;
    return fs::exists(notesOf(target), error) && fs::exists(partOf(target), error);
}

} // namespace hearth::optimize
