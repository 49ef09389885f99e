#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/store/history.h"

namespace hearth::store {

/// The texts of one row on their way to and from the database: each is sealed under "table/row/column".
class Sealed {
public:
    Sealed(const TextCodec& codec, std::string_view table, RowId row)
        : m_codec(codec), m_place(std::string(table) + "/" + std::to_string(row) + "/") {}

    /// Errors: store.text_too_large, the codec's.
    [[nodiscard]] Result<std::string> seal(std::string_view column, std::string_view text) const {
        if (text.size() > kMaxTextBytes)
            return tl::unexpected<Error>(Error{
                "store.text_too_large", std::to_string(text.size()) + " bytes in " + std::string(column) +
                                            "; at most " + std::to_string(kMaxTextBytes)}
                                             .with("bytes", std::to_string(text.size()))
                                             .with("limit", std::to_string(kMaxTextBytes)));
        return m_codec.seal(text, m_place + std::string(column));
    }
    [[nodiscard]] Result<std::string> open(std::string_view column, std::string_view sealed) const {
        return m_codec.open(sealed, m_place + std::string(column));
    }

private:
    const TextCodec& m_codec;
    std::string m_place;
};

/// `store.not_found` naming what is missing.
[[nodiscard]] inline tl::unexpected<Error> notFound(const char* what, RowId id) {
    return tl::unexpected<Error>(
        Error{"store.not_found", std::string("no ") + what + " " + std::to_string(id)}.with(
            "id", std::to_string(id)));
}

} // namespace hearth::store
