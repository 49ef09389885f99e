#include "engine/base/mapped_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth {

namespace {

/// Grows [offset, offset+length) to page borders inside the mapping, and advises.
void advise(const std::byte* data, std::size_t size, std::size_t offset, std::size_t length, int advice) {
    if (!data || offset >= size)
        return;
    length = std::min(length, size - offset);
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t begin = offset / page * page;
    ::madvise(const_cast<std::byte*>(data + begin), offset + length - begin, advice);
}

} // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
    const auto failed = [&](const char* code, int number) {
        return tl::unexpected<Error>(
            Error{code, path.string() + ": " + std::strerror(number)}.with("path", path.string()));
    };
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return failed(errno == ENOENT || errno == ENOTDIR ? "file.not_found" : "file.unreadable", errno);
    struct stat info {};
    if (::fstat(fd, &info) != 0) {
        const int number = errno;
        ::close(fd);
        return failed("file.unreadable", number);
    }
    if (!S_ISREG(info.st_mode)) {
        ::close(fd);
        return fail("file.not_regular", path.string() + " is not a regular file");
    }
    if (info.st_size == 0) {
        ::close(fd);
        return tl::unexpected<Error>(
            Error{"file.empty", path.string() + " is empty (0 bytes)", 0}.with("path", path.string()));
    }
    void* data = ::mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ, MAP_SHARED, fd, 0);
    const int number = errno;
    ::close(fd);
    if (data == MAP_FAILED)
        return failed("file.map_failed", number);
    MappedFile file;
    file.m_data = static_cast<const std::byte*>(data);
    file.m_size = static_cast<std::size_t>(info.st_size);
    file.m_path = path;
    return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)),
      m_path(std::move(other.m_path)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    std::swap(m_path, other.m_path);
    return *this;
}

MappedFile::~MappedFile() {
    if (m_data)
        ::munmap(const_cast<std::byte*>(m_data), m_size);
}

void MappedFile::willNeed(std::size_t offset, std::size_t length) const {
    advise(m_data, m_size, offset, length, MADV_WILLNEED);
}

void MappedFile::dontNeed(std::size_t offset, std::size_t length) const {
    advise(m_data, m_size, offset, length, MADV_DONTNEED);
}

} // namespace hearth
