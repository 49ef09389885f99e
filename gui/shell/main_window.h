#pragma once

#include <functional>
#include <vector>

#include <QByteArray>
#include <QKeySequence>
#include <QWidget>

#include "gui/theme/theme.h"

class QStackedWidget;
class QVBoxLayout;

namespace hearth::gui {

class NavItem;
class NavigationRail;
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
    /// Makes the page when needed and brings it to the front; nullptr for an unknown id.
    QWidget* showPage(const QString& id);
    [[nodiscard]] QString currentPage() const { return m_current; }

    [[nodiscard]] ToastHost& toasts() { return *m_toasts; }

    /// Opaque bytes for the settings. restorePlace() puts the window where it was; a place that is (partly)
    /// off every present screen is moved back onto one; without usable bytes a calm default size is taken.
    [[nodiscard]] QByteArray place() const { return saveGeometry(); }
    void restorePlace(const QByteArray& place);
    /// Shows, raises and activates, from minimised too.
    void bringToFront();

Q_SIGNALS:
    void pageChanged(const QString& id);
    void newChatRequested();                ///< Ctrl+N
    void findRequested();                   ///< Ctrl+F
    void findEverywhereRequested();         ///< Ctrl+Shift+F
    void shortcutsRequested();              ///< F1
    void modelDropped(const QString& path); ///< a .gguf file was dropped anywhere on the window
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
    void addShortcut(const QKeySequence& keys, const std::function<void()>& action);
    void retranslate();
    void keepOnScreen();

    Theme& m_theme;
    NavigationRail* m_rail;
    QStackedWidget* m_stack;
    ToastHost* m_toasts;
    std::vector<Page> m_pages;
    QString m_current;
};

} // namespace hearth::gui
