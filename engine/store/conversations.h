#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/store/connection.h"
#include "engine/store/history.h"

namespace hearth::store {

/// The rows of `conversation`. Lives no longer than the connection and the codec; same thread rule.
class Conversations {
public:
    Conversations(Connection& connection, const TextCodec& codec)
        : m_connection(connection), m_codec(codec) {}

    [[nodiscard]] Result<std::vector<Conversation>> list(bool trashed, const std::string& titleContains,
                                                         std::size_t offset, std::size_t limit);
    [[nodiscard]] Result<std::size_t> count(bool trashed, const std::string& titleContains);
    [[nodiscard]] Result<Conversation> get(RowId id);
    [[nodiscard]] Result<RowId> create(const std::string& title, std::int64_t nowMs);
    [[nodiscard]] Result<void> rename(RowId id, const std::string& title);
    [[nodiscard]] Result<void> update(const Conversation& conversation);
    [[nodiscard]] Result<void> setTrashed(RowId id, std::optional<std::int64_t> trashedMs);
    [[nodiscard]] Result<void> purge(RowId id);
    [[nodiscard]] Result<std::size_t> purgeTrashedBefore(std::int64_t timeMs);
    /// Sets the active leaf and puts the conversation in front of the list.
    [[nodiscard]] Result<void> touch(RowId id, RowId activeLeaf, std::int64_t nowMs);
    /// Sets the active leaf alone.
    [[nodiscard]] Result<void> setActiveLeaf(RowId id, RowId activeLeaf);

private:
    /// Ids whose titles match, most recently used first. Titles may be sealed, so they are matched here.
    [[nodiscard]] Result<std::vector<RowId>> matching(bool trashed, const std::string& titleContains);
    [[nodiscard]] Result<Conversation> read(const Row& row) const;
    [[nodiscard]] Result<void> expectOne(RowId id) const;

    Connection& m_connection;
    const TextCodec& m_codec;
};

} // namespace hearth::store
