#include "engine/cli/accounts/secrets.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace hearth::cli {

namespace {

constexpr std::size_t kMostBytes = 4096;

/// A line without its end, byte by byte: buffered input would keep a copy, and swallow the lines that follow.
Result<security::SecureBytes> readLine(int fd) {
    HEARTH_TRY(auto out, security::SecureBytes::make(kMostBytes));
    std::size_t size = 0;
    for (;;) {
        std::byte next{};
        const ssize_t got = ::read(fd, &next, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 && size == 0)
            return fail("usage.no_secret", "a password was expected, but the input ended");
        if (got <= 0 || next == std::byte{'\n'})
            break;
        if (size == kMostBytes)
            return fail("usage.no_secret", "a line of more than 4096 bytes is no password");
        out.bytes()[size++] = next;
    }
    if (size > 0 && out.bytes()[size - 1] == std::byte{'\r'})
        --size;
    out.shrink(size);
    return out;
}

/// The controlling terminal, not showing what is typed, and as it was afterwards.
class QuietTerminal {
public:
    QuietTerminal() : m_fd(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
        if (m_fd < 0 || ::tcgetattr(m_fd, &m_before) != 0)
            return;
        termios quiet = m_before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        m_quiet = ::tcsetattr(m_fd, TCSAFLUSH, &quiet) == 0;
    }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;
    ~QuietTerminal() {
        if (m_quiet)
            ::tcsetattr(m_fd, TCSAFLUSH, &m_before);
        if (m_fd >= 0)
            ::close(m_fd);
    }
    [[nodiscard]] bool works() const { return m_quiet; }
    [[nodiscard]] int fd() const { return m_fd; }
    void say(std::string_view text) const {
        if (::write(m_fd, text.data(), text.size()) < 0)
            return; // the question is not seen; what is typed still counts
    }

private:
    int m_fd;
    bool m_quiet = false;
    termios m_before{};
};

} // namespace

Result<security::SecureBytes> SecretReader::read(std::string_view prompt) const {
    if (m_fromStandardInput)
        return readLine(STDIN_FILENO);
    const QuietTerminal terminal;
    if (!terminal.works())
        return fail("usage.no_terminal",
                    "no terminal to ask at; pass secrets with --password-stdin, one per line");
    terminal.say(std::string(prompt) + ": ");
    auto line = readLine(terminal.fd());
    terminal.say("\n");
    return line;
}

Result<security::SecureBytes> SecretReader::readNew(std::string_view prompt) const {
    HEARTH_TRY(auto first, read(prompt));
    if (m_fromStandardInput)
        return first;
    HEARTH_TRY(const auto second, read("again"));
    if (!security::equalInConstantTime(first.bytes(), second.bytes()))
        return fail("usage.secrets_differ", "the two entries differ");
    return first;
}

Result<security::SecureBytes> readKeyFile(const std::filesystem::path& file) {
    constexpr std::size_t kMostBytes = 256; // a key has about seventy
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return tl::unexpected<Error>(
            Error{"file.not_found", file.string() + " cannot be read"}.with("path", file.string()));
    auto out = security::SecureBytes::make(kMostBytes);
    const ssize_t got = out ? ::read(fd, out->bytes().data(), kMostBytes) : -1;
    ::close(fd);
    if (!out)
        return out;
    std::size_t size = got > 0 ? static_cast<std::size_t>(got) : 0;
    const std::string_view text = out->text().substr(0, size);
    size = std::min(text.find_first_of(" \t\r\n"), size);
    out->shrink(size);
    return out;
}

} // namespace hearth::cli
