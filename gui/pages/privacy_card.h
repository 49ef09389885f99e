#pragma once

#include <functional>

#include "gui/bridge/privacy_bridge.h"
#include "gui/widgets/surfaces.h"

class QGridLayout;

namespace hearth::gui {

class ErrorBox;
class SectionHeader;

/// A card of the privacy page: a heading, an error where the action was, and content that is read anew when
/// the page is shown or somebody else is before the window.
class PrivacyCard : public Card {
    Q_OBJECT
public:
    PrivacyCard(Theme& theme, PrivacyBridge& bridge, const char* name, QWidget* parent = nullptr);

    /// Reads everything again; hides the card where the person may not see it.
    virtual void refresh() = 0;

protected:
    void changeEvent(QEvent* event) override;
    virtual void retranslate() = 0;

    [[nodiscard]] const Rights& rights() const { return m_bridge.accounts().rights(); }
    [[nodiscard]] bool single() const {
        return m_bridge.accounts().state() == AccountsBridge::State::SinglePerson;
    }
    /// Asks before something is destroyed or replaced; `act` runs when the person wants it.
    void ask(const char* name, const QString& title, const QString& text, const QString& word,
             std::function<void()> act);
    /// A place for a new file; `save` gets it.
    void askWhere(const QString& title, const QString& name, std::function<void(const QString&)> save);
    void showFailure(const Error& error);
    [[nodiscard]] QGridLayout* grid() const;
    static void empty(QGridLayout* grid);
    [[nodiscard]] static QString timeText(std::int64_t unixMs);
    [[nodiscard]] static bool chinese(); ///< the language in force

    Theme& m_theme;
    PrivacyBridge& m_bridge;
    SectionHeader* m_title;
    ErrorBox* m_error;
};

} // namespace hearth::gui
