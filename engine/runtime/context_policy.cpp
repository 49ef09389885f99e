#include "engine/runtime/context_policy.h"

#include <numeric>

namespace hearth::runtime {

std::vector<std::size_t> Turns::messagesOfFirst(std::size_t count) const {
    if (count == 0)
        return {};
    const std::size_t end = begins[count]; // the last turn is never among them
    std::vector<std::size_t> out(end - systemMessages);
    std::iota(out.begin(), out.end(), systemMessages);
    return out;
}

Turns turnsOf(std::span<const ChatMessage> messages) {
    Turns out;
    while (out.systemMessages < messages.size() && (messages[out.systemMessages].role == "system" ||
                                                    messages[out.systemMessages].role == "developer"))
        ++out.systemMessages;
    for (std::size_t i = out.systemMessages; i < messages.size(); ++i)
        if (i == out.systemMessages || messages[i].role == "user")
            out.begins.push_back(i);
    return out;
}

Result<std::size_t> turnsToDrop(std::size_t turns, std::size_t limit,
                                const std::function<Result<std::size_t>(std::size_t)>& tokensWithout) {
    if (turns == 0)
        return 0;
    std::size_t low = 0, high = turns - 1; // the answer lies in [low, high]
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        HEARTH_TRY(const std::size_t tokens, tokensWithout(middle));
        if (tokens <= limit)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

} // namespace hearth::runtime
