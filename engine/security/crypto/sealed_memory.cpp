#include "engine/security/crypto/sealed_memory.h"

#include <array>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>

#include <sys/mman.h>

#include "engine/base/available_memory.h"

namespace hearth::security {

namespace {
constexpr std::string_view kMagic = "HEARTHSEAL";
}

std::optional<SealedBy> sealedBy(const std::filesystem::path& file) {
    std::array<char, kMagic.size() + 2> begin{}; // and version, and what opens it
    std::ifstream in(file, std::ios::binary);
    in.read(begin.data(), begin.size());
    if (!std::string_view(begin.data(), begin.size()).starts_with(kMagic))
        return std::nullopt;
    return begin.back() == 1 ? SealedBy::Password : SealedBy::Key;
}

bool isSealedFile(const std::filesystem::path& file) {
    return sealedBy(file).has_value();
}

Result<OpenedMemory> OpenedMemory::open(const std::filesystem::path& file, const FileSecret& secret,
                                        std::string_view context, std::stop_token stop,
                                        const ProgressSink& progress) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error)
        return tl::unexpected<Error>(
            Error{error == std::errc::no_such_file_or_directory ? "file.not_found" : "file.unreadable",
                  file.string() + ": " + error.message()}
                .with("path", file.string()));
    // The text is shorter than the file by header and tags, so this is always enough.
    const auto reserve = static_cast<std::size_t>(std::max<std::uintmax_t>(size, 1));
    const auto available = availableMemory();
    const auto tooLittle = [&] {
        return tl::unexpected<Error>(Error{"memory.not_enough", "opening " + file.string() + " needs " +
                                                                    std::to_string(reserve) + " bytes"}
                                         .with("needed_bytes", std::to_string(reserve))
                                         .with("available_bytes", std::to_string(available.value_or(0))));
    };
    if (available && *available < reserve)
        return tooLittle();
    void* pages = ::mmap(nullptr, reserve, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return tooLittle();
    OpenedMemory out;
    out.m_data = static_cast<std::byte*>(pages);
    out.m_reserved = reserve;
    ::madvise(pages, reserve, MADV_DONTDUMP);
    const auto take = [&out](ByteView bytes) -> Result<void> {
        if (bytes.size() > out.m_reserved - out.m_size) // the file grew while it was read
            return fail("crypto.truncated", "the sealed file changed while it was read");
        std::memcpy(out.m_data + out.m_size, bytes.data(), bytes.size());
        out.m_size += bytes.size();
        return {};
    };
    HEARTH_CHECK(readSealedFile(file, secret, context, take, std::move(stop), progress));
    ::mprotect(pages, reserve, PROT_READ);
    return out;
}

std::shared_ptr<const ByteView> OpenedMemory::shared(OpenedMemory memory) {
    struct Held {
        OpenedMemory memory;
        ByteView view;
    };
    auto held = std::make_shared<Held>(Held{std::move(memory), {}});
    held->view = held->memory.bytes();
    return {held, &held->view};
}

OpenedMemory::OpenedMemory(OpenedMemory&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)),
      m_reserved(std::exchange(other.m_reserved, 0)) {}

OpenedMemory::~OpenedMemory() {
    if (m_data)
        ::munmap(m_data, m_reserved);
}

} // namespace hearth::security
