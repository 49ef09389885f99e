#pragma once

#include <cstddef>
#include <vector>

#include "engine/store/connection.h"
#include "engine/store/history.h"

namespace hearth::store {

/// The rows of `message`: trees of versions. Lives no longer than the connection and the codec; same thread
/// rule.
class Messages {
public:
    Messages(Connection& connection, const TextCodec& codec) : m_connection(connection), m_codec(codec) {}

    /// Where a message stands in its tree.
    struct Place {
        RowId id = 0, conversation = 0, parent = 0;
        std::int64_t depth = 0;
    };
    /// Errors: store.not_found.
    [[nodiscard]] Result<Place> place(RowId id);
    /// Adds below message.parent; does not change the active branch. Errors: store.bad_parent.
    [[nodiscard]] Result<RowId> insert(const Message& message, std::int64_t nowMs);
    [[nodiscard]] Result<void> update(const Message& message);
    [[nodiscard]] Result<Message> get(RowId id);
    /// Messages at depths [offset, offset+limit) on the way from the root to `leaf`.
    [[nodiscard]] Result<std::vector<Message>> path(RowId leaf, std::size_t offset, std::size_t limit);
    [[nodiscard]] Result<std::vector<Message>> all(RowId conversation, RowId after, std::size_t limit);
    /// The sibling `step` away. Errors: store.no_such_version.
    [[nodiscard]] Result<RowId> sibling(const Place& from, int step);
    /// The leaf that was last active below `id`.
    [[nodiscard]] Result<RowId> lastActiveLeaf(RowId id);
    /// Makes every ancestor of `leaf` remember the way to it; `onlyParent` where the parent was the active
    /// leaf.
    [[nodiscard]] Result<void> rememberWay(RowId leaf, bool onlyParent);
    [[nodiscard]] Result<std::size_t> stopStreaming();

private:
    [[nodiscard]] Result<Message> read(const Row& row) const;

    Connection& m_connection;
    const TextCodec& m_codec;
};

} // namespace hearth::store
