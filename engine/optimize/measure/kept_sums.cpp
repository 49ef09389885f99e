#include "engine/optimize/measure/kept_sums.h"

#include <bit>
#include <cstring>

#include "engine/base/checked.h"
#include "engine/base/hashed_file.h"
#include "engine/base/mapped_file.h"

namespace hearth::optimize {

namespace {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

constexpr std::string_view kMagic = "HEARTHIS";
constexpr std::uint64_t kMostName = 4096, kMostTensors = 1 << 20;

Result<void> putNumber(HashedFile& file, std::uint64_t value) {
    return file.write(std::as_bytes(std::span(&value, 1)));
}
Result<void> putText(HashedFile& file, const std::string& value) {
    HEARTH_CHECK(putNumber(file, value.size()));
    return file.write(std::as_bytes(std::span(value)));
}

/// Takes from bytes whose hash was right, and whose lengths are nevertheless not believed.
class Reader {
public:
    explicit Reader(std::span<const std::byte> bytes) : m_bytes(bytes) {}
    [[nodiscard]] bool fine() const { return m_fine; }
    [[nodiscard]] bool atEnd() const { return m_bytes.empty(); }

    std::span<const std::byte> take(std::uint64_t count) {
        if (count > m_bytes.size()) {
            m_fine = false;
            return {};
        }
        const auto out = m_bytes.first(static_cast<std::size_t>(count));
        m_bytes = m_bytes.subspan(static_cast<std::size_t>(count));
        return out;
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        if (const auto bytes = take(sizeof value); m_fine)
            std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    std::string text() {
        const std::uint64_t length = number();
        if (length > kMostName)
            m_fine = false;
        const auto bytes = m_fine ? take(length) : std::span<const std::byte>();
        std::string out(bytes.size(), '\0');
        if (!bytes.empty())
            std::memcpy(out.data(), bytes.data(), bytes.size());
        return out;
    }
    std::vector<double> numbers(std::uint64_t count) {
        const auto size = checkedMul<std::uint64_t>(count, sizeof(double));
        if (!size)
            m_fine = false;
        const auto bytes = m_fine ? take(*size) : std::span<const std::byte>();
        std::vector<double> out(bytes.size() / sizeof(double));
        if (!out.empty())
            std::memcpy(out.data(), bytes.data(), bytes.size());
        return out;
    }

private:
    std::span<const std::byte> m_bytes;
    bool m_fine = true;
};

} // namespace

std::optional<KeptSums> KeptSums::read(const std::filesystem::path& path, const std::string& work) {
    const auto file = MappedFile::open(path);
    const auto content = file ? hashedContent(file->bytes()) : std::nullopt;
    if (!content || content->size() < kMagic.size())
        return std::nullopt;
    Reader reader(*content);
    const auto magic = reader.take(kMagic.size());
    if (std::memcmp(magic.data(), kMagic.data(), kMagic.size()) != 0 || reader.text() != work)
        return std::nullopt;
    KeptSums out;
    out.chunks = static_cast<std::size_t>(reader.number());
    const std::uint64_t tensors = reader.number();
    for (std::uint64_t i = 0; i < tensors && i < kMostTensors && reader.fine(); ++i) {
        std::string name = reader.text();
        Tensor tensor;
        tensor.cols = static_cast<std::size_t>(reader.number());
        const std::uint64_t matrices = reader.number();
        const auto values = checkedMul<std::uint64_t>(matrices, tensor.cols);
        if (!values)
            return std::nullopt;
        tensor.squares = reader.numbers(*values);
        tensor.counts = reader.numbers(matrices);
        out.tensors.emplace(std::move(name), std::move(tensor));
    }
    if (!reader.fine() || !reader.atEnd() || out.tensors.size() != tensors)
        return std::nullopt;
    return out;
}

Result<void> KeptSums::write(const std::filesystem::path& path, const std::string& work) const {
    HEARTH_TRY(HashedFile file, HashedFile::create(path));
    HEARTH_CHECK(file.write(std::as_bytes(std::span(kMagic))));
    HEARTH_CHECK(putText(file, work));
    HEARTH_CHECK(putNumber(file, chunks));
    HEARTH_CHECK(putNumber(file, tensors.size()));
    for (const auto& [name, tensor] : tensors) {
        HEARTH_CHECK(putText(file, name));
        HEARTH_CHECK(putNumber(file, tensor.cols));
        HEARTH_CHECK(putNumber(file, tensor.counts.size()));
        HEARTH_CHECK(file.write(std::as_bytes(std::span(tensor.squares))));
        HEARTH_CHECK(file.write(std::as_bytes(std::span(tensor.counts))));
    }
    return file.commit();
}

} // namespace hearth::optimize
