#include "engine/format/gguf/byte_cursor.h"

#include "engine/base/checked.h"

namespace hearth::format {

Result<std::string_view> ByteCursor::readString(std::string_view what) {
    const std::uint64_t start = m_position;
    HEARTH_TRY(const auto length, read<std::uint64_t>(what));
    if (length > remaining()) {
        const std::uint64_t left = remaining();
        m_position = start;
        return tl::unexpected<Error>(Error{"gguf.string_past_end",
                                           std::string(what) + " claims " + std::to_string(length) +
                                               " bytes, but only " + std::to_string(left) + " remain",
                                           start}
                                         .with("claimed_bytes", std::to_string(length))
                                         .with("remaining_bytes", std::to_string(left)));
    }
    const auto* text = reinterpret_cast<const char*>(m_bytes.data() + m_position);
    m_position += length;
    return std::string_view(text, length);
}

Result<std::span<const std::byte>> ByteCursor::readBlock(std::uint64_t count, std::uint64_t elementBytes,
                                                         std::string_view what) {
    const auto bytes = checkedMul(count, elementBytes);
    if (!bytes || *bytes > remaining())
        return truncated(what, bytes.value_or(UINT64_MAX));
    const auto block = m_bytes.subspan(m_position, *bytes);
    m_position += *bytes;
    return block;
}

tl::unexpected<Error> ByteCursor::truncated(std::string_view what, std::uint64_t needed) const {
    return tl::unexpected<Error>(Error{"gguf.truncated",
                                       "the file ends inside " + std::string(what) + ": " +
                                           std::to_string(needed) + " bytes needed, " +
                                           std::to_string(remaining()) + " remain",
                                       m_position}
                                     .with("needed_bytes", std::to_string(needed))
                                     .with("remaining_bytes", std::to_string(remaining())));
}

bool isUtf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
        const unsigned char lead = byte(i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || text.size() - i < length)
            return false;
        for (std::size_t k = 1; k < length; ++k)
            if ((byte(i + k) & 0xC0) != 0x80)
                return false;
        const unsigned char second = byte(i + 1);
        const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
        const bool surrogate = lead == 0xED && second >= 0xA0;
        const bool tooLarge = lead == 0xF4 && second >= 0x90;
        if (overlong || surrogate || tooLarge)
            return false;
        i += length;
    }
    return true;
}

} // namespace hearth::format
