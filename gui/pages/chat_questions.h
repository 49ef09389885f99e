#pragma once

#include <functional>

#include <QString>

class QWidget;

namespace hearth::gui {

/// The questions that the chat page asks before something is destroyed or leaves the program. Each opens a
/// box over `parent` and returns at once; what the person agreed to happens later. GUI thread.

/// `erase` runs when the person wants a chat gone for good.
void askToPurge(QWidget* parent, const QString& title, std::function<void()> erase);

/// `restore` runs when the person wants a chat out of the trash, to look at it.
void askToRestore(QWidget* parent, const QString& title, std::function<void()> restore);

/// Nothing opens by itself: the whole address is shown first, and only web and mail addresses can be opened.
void askToOpenLink(QWidget* parent, const QString& target);

} // namespace hearth::gui
