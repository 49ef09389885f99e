#pragma once

#include <QStringList>
#include <QWidget>

#include "gui/theme/theme.h"

class QHBoxLayout;

namespace hearth::gui {

/// Leads from an answer of the built-in Guide to what it names: a button for every page ("the Settings page",
/// "设置页"), and one that copies every command ("hearthctl bench"). Empty and hidden while there is nothing
/// to offer. GUI thread.
class GuideLinks : public QWidget {
    Q_OBJECT

public:
    explicit GuideLinks(Theme& theme, QWidget* parent = nullptr);

    /// Offers what `answer` names, in place of what was offered before; an empty answer offers nothing.
    void offer(const QString& answer);

    /// What an answer names, each once, in the order of the text: ids of pages as the window knows them, and
    /// commands as they are typed.
    struct Named {
        QStringList pages, commands;
    };
    [[nodiscard]] static Named namedIn(const QString& answer);

Q_SIGNALS:
    void pageAsked(const QString& id);
    void copied(const QString& command);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fill();

    Theme& m_theme;
    QHBoxLayout* m_row;
    Named m_named;
};

} // namespace hearth::gui
