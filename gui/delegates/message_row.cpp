#include "gui/delegates/message_row.h"

#include <algorithm>

#include "gui/delegates/answer_row.h"
#include "gui/delegates/user_row.h"

namespace hearth::gui {

MessageRow* makeMessageRow(store::Role role, Theme& theme, CodeHighlighter& highlighter, QWidget* parent) {
    if (role == store::Role::User)
        return new UserRow(theme, parent);
    return new AnswerRow(theme, highlighter, parent);
}

int estimateHeight(const store::Message& message, const Theme& theme, int width) {
    constexpr double kByteWidth =
        7; // px per byte at scale 1: Latin letters; a Chinese one is 14 px and 3 bytes
    const bool user = message.role == store::Role::User;
    const double room = std::max(1.0, (user ? 0.65 : 1.0) * width / theme.px(1) / kByteWidth);
    const double wrapped = static_cast<double>(message.content.size()) / room;
    const auto breaks = std::count(message.content.begin(), message.content.end(), '\n');
    const int lines = 1 + static_cast<int>(wrapped) + static_cast<int>(breaks);
    return lines * theme.px(22) + theme.px(user ? 20 : 32);
}

} // namespace hearth::gui
