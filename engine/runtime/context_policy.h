#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/session.h"

namespace hearth::runtime {

/// The messages of a chat as system messages at the head and turns: a turn begins with a user's message (the
/// first one with whatever comes first) and goes on to the next.
struct Turns {
    std::size_t systemMessages = 0;
    std::vector<std::size_t> begins; ///< index of the first message of every turn
    /// Indices of the messages of the first `count` turns.
    [[nodiscard]] std::vector<std::size_t> messagesOfFirst(std::size_t count) const;
};
[[nodiscard]] Turns turnsOf(std::span<const ChatMessage> messages);

/// How many of the oldest turns to leave out: the fewest with which `tokensWithout(count)` is at most
/// `limit`; all but the last when even that is too much. `tokensWithout` must not grow with its argument; it
/// is called a logarithmic number of times. Errors: those of tokensWithout.
[[nodiscard]] Result<std::size_t>
turnsToDrop(std::size_t turns, std::size_t limit,
            const std::function<Result<std::size_t>(std::size_t)>& tokensWithout);

} // namespace hearth::runtime
