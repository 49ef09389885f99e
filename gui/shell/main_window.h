#pragma once

#include <functional>
#include <vector>

#include <QByteArray>
#include <QKeySequence>
#include <QStringList>
#include <QWidget>

#include "gui/theme/theme.h"

class QShortcut;
class QStackedWidget;
class QVBoxLayout;

namespace hearth::gui {

class NavItem;
class NavigationRail;
class ProfileSwitcher;
class ToastHost;

/// The window's frame: the navigation rail and the stack of pages, global keys, drops of files, geometry and
/// toasts. It knows nothing of what the pages do; the application adds them and connects the signals.
///
/// GUI thread. Owns its pages; the theme outlives it.
class MainWindow : public QWidget {
    Q_OBJECT
public:
    struct PageSpec {
        QString id;                     ///< stable name, "chat"
        QString icon;                   ///< of resources/icons
        std::function<QString()> word;  ///< translated; asked again after a language switch
        std::function<QWidget*()> make; ///< called when the page is first shown; the window takes ownership
        QKeySequence shortcut = {};
        bool atBottom = false;
    };

    explicit MainWindow(Theme& theme, QWidget* parent = nullptr);
    ~MainWindow() override;

    void addPage(PageSpec spec);
    /// Takes every page off the rail and destroys it as soon as the present event is over.
    void removePages();
    /// Puts `cover` (the window owns it) over rail and pages: until it is taken away with nullptr nothing but
    /// it is seen, and only Ctrl+Q works. A former cover goes.
    void setCover(QWidget* cover);
    [[nodiscard]] bool isCovered() const { return m_cover != nullptr; }
    /// Who is before the window, at the foot of the rail; an empty list shows nobody.
    void setPeople(const QStringList& names, const QString& current);
    /// Makes the page when needed and brings it to the front; nullptr for an unknown id.
    QWidget* showPage(const QString& id);
    [[nodiscard]] QString currentPage() const { return m_current; }
    [[nodiscard]] QString firstPage() const; ///< "" = there is none

    [[nodiscard]] ToastHost& toasts() { return *m_toasts; }

    /// Opaque bytes for the settings. restorePlace() puts the window where it was; a place that is (partly)
    /// off every present screen is moved back onto one; without usable bytes a calm default size is taken.
    [[nodiscard]] QByteArray place() const { return saveGeometry(); }
    void restorePlace(const QByteArray& place);
    /// Shows, raises and activates, from minimised too.
    void bringToFront();

Q_SIGNALS:
    void pageChanged(const QString& id);
    void newChatRequested();        ///< Ctrl+N
    void findRequested();           ///< Ctrl+F
    void findEverywhereRequested(); ///< Ctrl+Shift+F
    void shortcutsRequested();      ///< F1
    void lockRequested();           ///< Ctrl+L, or the menu at the foot of the rail
    void switchRequested(const QString& name);
    void modelDropped(const QString& path); ///< a .gguf file was dropped anywhere on the window
    void chatsDropped(const QString& path); ///< a file of exported chats was
    void fileRefused(const QString& name);  ///< something else was dropped that no page took
    void closing();                         ///< the person closes the window; it is still alive

protected:
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    struct Page;
    QShortcut* addShortcut(const QKeySequence& keys, const std::function<void()>& action);
    void enableShortcuts();
    void retranslate();
    void keepOnScreen();

    Theme& m_theme;
    NavigationRail* m_rail;
    QStackedWidget* m_stack;
    ToastHost* m_toasts;
    ProfileSwitcher* m_switcher;
    QWidget* m_cover = nullptr;
    std::vector<QShortcut*> m_shortcuts; ///< all but Ctrl+Q and those of pages
    std::vector<Page> m_pages;
    QString m_current;
};

} // namespace hearth::gui
