#include "engine/format/safetensors/safetensors_file.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/format/safetensors/safetensors_header.h"

namespace hearth::format {

namespace {

static_assert(std::endian::native == std::endian::little, "safetensors are read without byte swapping");

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeader = 100'000'000; // the format's own bound

/// Tensors must cover the data from its first to its last byte, in some order.
Result<void> checkCover(std::span<const SafeTensor> sorted, std::uint64_t dataBytes,
                        std::uint64_t dataStart) {
    std::uint64_t at = 0;
    for (const SafeTensor& tensor : sorted) {
        if (tensor.offset < at)
            return fail("safetensors.overlap", tensor.name + " shares bytes with another tensor",
                        dataStart + std::min(tensor.offset, dataBytes));
        if (tensor.offset > at)
            return fail("safetensors.hole", "bytes before " + tensor.name + " belong to no tensor",
                        dataStart + std::min(at, dataBytes));
        if (tensor.bytes > dataBytes || at > dataBytes - tensor.bytes)
            return fail("safetensors.truncated", tensor.name + " goes on behind the end of the file",
                        dataStart + dataBytes);
        at += tensor.bytes;
    }
    if (at != dataBytes)
        return fail("safetensors.tail_bytes",
                    std::to_string(dataBytes - at) + " bytes at the end belong to no tensor", dataStart + at);
    return {};
}

} // namespace

bool looksLikePickle(std::span<const std::byte> bytes) {
    const auto byte = [&](std::size_t i) {
        return i < bytes.size() ? std::to_integer<unsigned>(bytes[i]) : 256U;
    };
    const bool zip = byte(0) == 'P' && byte(1) == 'K' && byte(2) == 3 && byte(3) == 4;
    // The PROTO instruction with its version, and then an instruction that a pickle may begin with.
    const bool pickle = byte(0) == 0x80 && byte(1) >= 2 && byte(1) <= 5 &&
                        (byte(2) == 0x95 || byte(2) == '}' || byte(2) == ']' || byte(2) == 'c' ||
                         byte(2) == 'X' || byte(2) == 0x8A || byte(2) == '(' || byte(2) == 0x8C);
    return zip || pickle;
}

Result<SafetensorsFile> SafetensorsFile::parse(std::span<const std::byte> bytes) {
    // A header's length may happen to look like one; then its brace follows.
    if (looksLikePickle(bytes) && (bytes.size() <= kLengthBytes || bytes[kLengthBytes] != std::byte{'{'}))
        return fail(
            "safetensors.pickle",
            "this is a Python pickle, not safetensors; loading one can run any program, so it is refused", 0);
    if (bytes.size() < kLengthBytes)
        return fail("safetensors.truncated", "the file is shorter than its length field", bytes.size());
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    if (length == 0)
        return fail("safetensors.empty_header", "the header is empty", 0);
    if (length > kMaxHeader)
        return fail("safetensors.header_too_large", "a header of " + std::to_string(length) + " bytes", 0);
    if (length > bytes.size() - kLengthBytes)
        return fail("safetensors.truncated", "the file ends within its header", bytes.size());
    const std::string_view json(reinterpret_cast<const char*>(bytes.data()) + kLengthBytes,
                                static_cast<std::size_t>(length));
    if (json.front() != '{')
        return fail("safetensors.no_header", "the header does not begin with a brace", kLengthBytes);
    auto header = parseSafetensorsHeader(json);
    if (!header) {
        Error error = std::move(header).error();
        error.offset = kLengthBytes + std::min(error.offset.value_or(0), length);
        return tl::unexpected(std::move(error));
    }
    SafetensorsFile out;
    out.m_bytes = bytes;
    out.m_metadata = std::move(header->metadata);
    out.m_tensors = std::move(header->tensors);
    std::sort(out.m_tensors.begin(), out.m_tensors.end(),
              [](const SafeTensor& a, const SafeTensor& b) { return a.offset < b.offset; });
    const std::uint64_t dataStart = kLengthBytes + length;
    HEARTH_CHECK(checkCover(out.m_tensors, bytes.size() - dataStart, dataStart));
    for (std::size_t i = 0; i < out.m_tensors.size(); ++i) {
        out.m_tensors[i].offset += dataStart;
        out.m_index.emplace(out.m_tensors[i].name, i);
    }
    return out;
}

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path) {
    HEARTH_TRY(MappedFile map, MappedFile::open(path));
    auto out = parse(map.bytes());
    if (!out) {
        Error error = std::move(out).error();
        error.detail = path.filename().string() + ": " + error.detail;
        return tl::unexpected(std::move(error).with("path", path.string()));
    }
    out->m_map = std::move(map);
    return out;
}

const SafeTensor* SafetensorsFile::find(std::string_view name) const {
    const auto it = m_index.find(name);
    return it == m_index.end() ? nullptr : &m_tensors[it->second];
}

std::span<const std::byte> SafetensorsFile::data(const SafeTensor& tensor) const {
    return m_bytes.subspan(static_cast<std::size_t>(tensor.offset), static_cast<std::size_t>(tensor.bytes));
}

} // namespace hearth::format
