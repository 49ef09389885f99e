#pragma once

#include <optional>
#include <string>

#include "engine/store/connection.h"
#include "engine/store/history.h"

namespace hearth::store {

/// The rows of `draft` and `setting`. Lives no longer than the connection and the codec; same thread rule.
class Notes {
public:
    Notes(Connection& connection, const TextCodec& codec) : m_connection(connection), m_codec(codec) {}

    /// An empty text deletes the draft. Errors: store.not_found for a conversation that is not there.
    [[nodiscard]] Result<void> saveDraft(RowId conversation, const std::string& text);
    [[nodiscard]] Result<std::string> draft(RowId conversation);
    [[nodiscard]] Result<void> setSetting(const std::string& key, const std::string& value);
    [[nodiscard]] Result<std::optional<std::string>> setting(const std::string& key);

private:
    Connection& m_connection;
    const TextCodec& m_codec;
};

} // namespace hearth::store
