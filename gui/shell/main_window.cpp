#include "gui/shell/main_window.h"

#include <algorithm>

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMimeData>
#include <QScreen>
#include <QShortcut>
#include <QStackedWidget>
#include <QUrl>

#include "gui/shell/navigation_rail.h"
#include "gui/shell/profile_switcher.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/nav_item.h"

namespace hearth::gui {

namespace {

constexpr QSize kDefaultSize(1360, 860);
constexpr QSize kMinimumSize(760, 520);

/// Local files of a drag, whatever they are.
QStringList localFiles(const QMimeData* data) {
    QStringList files;
    for (const QUrl& url : data->urls())
        if (url.isLocalFile())
            files << url.toLocalFile();
    return files;
}

} // namespace

struct MainWindow::Page {
    PageSpec spec;
    NavItem* item = nullptr;
    QWidget* widget = nullptr; ///< nullptr until first shown
    QShortcut* shortcut = nullptr;
};

MainWindow::MainWindow(Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_rail(new NavigationRail(theme, this)),
      m_stack(new QStackedWidget(this)), m_toasts(new ToastHost(theme, this)),
      m_switcher(new ProfileSwitcher(theme)) {
    setAcceptDrops(true);
    setMinimumSize(kMinimumSize);
    setWindowIcon(QIcon(QStringLiteral(":/icons/hearth.svg")));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_rail);
    layout->addWidget(m_stack, 1);

    m_rail->setFoot(m_switcher);
    m_switcher->hide();
    connect(m_switcher, &ProfileSwitcher::lockAsked, this, &MainWindow::lockRequested);
    connect(m_switcher, &ProfileSwitcher::switchAsked, this, &MainWindow::switchRequested);
    m_shortcuts = {
        addShortcut(QKeySequence::New, [this] { Q_EMIT newChatRequested(); }),
        addShortcut(QKeySequence::Find, [this] { Q_EMIT findRequested(); }),
        addShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F),
                    [this] { Q_EMIT findEverywhereRequested(); }),
        addShortcut(QKeySequence(Qt::Key_F1), [this] { Q_EMIT shortcutsRequested(); }),
        addShortcut(QKeySequence(Qt::CTRL | Qt::Key_L), [this] { Q_EMIT lockRequested(); }),
    };
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q), [this] { close(); });
    retranslate();
}

MainWindow::~MainWindow() = default;

QShortcut* MainWindow::addShortcut(const QKeySequence& keys, const std::function<void()>& action) {
    auto* shortcut = new QShortcut(keys, this);
    connect(shortcut, &QShortcut::activated, this, action);
    return shortcut;
}

void MainWindow::enableShortcuts() {
    for (QShortcut* shortcut : m_shortcuts)
        shortcut->setEnabled(!isCovered());
    for (const Page& page : m_pages)
        if (page.shortcut)
            page.shortcut->setEnabled(!isCovered());
}

QString MainWindow::firstPage() const {
    return m_pages.empty() ? QString() : m_pages.front().spec.id;
}

void MainWindow::removePages() {
    for (Page& page : m_pages) {
        delete page.shortcut;
        page.item->hide();
        page.item->deleteLater(); // it may be the one that was just clicked
        if (page.widget) {
            m_stack->removeWidget(page.widget);
            page.widget->hide();
            page.widget->deleteLater();
        }
    }
    m_pages.clear();
    m_current.clear();
    m_toasts->hide();
}

void MainWindow::setCover(QWidget* cover) {
    if (m_cover) {
        m_cover->hide();
        m_cover->deleteLater();
    }
    m_cover = cover;
    m_rail->setVisible(!cover);
    m_stack->setVisible(!cover);
    m_toasts->hide();
    if (cover) {
        static_cast<QHBoxLayout*>(layout())->addWidget(cover, 1);
        cover->show();
        cover->setFocus();
    }
    setAcceptDrops(!cover);
    enableShortcuts();
}

void MainWindow::setPeople(const QStringList& names, const QString& current) {
    m_switcher->setPeople(names, current);
    m_switcher->setVisible(!names.isEmpty());
}

void MainWindow::addPage(PageSpec spec) {
    Page page{std::move(spec), nullptr, nullptr};
    page.item = m_rail->addItem(page.spec.icon, page.spec.atBottom);
    const QString id = page.spec.id;
    page.item->setObjectName(QStringLiteral("nav-") + id);
    page.item->setWord(page.spec.word(), page.spec.shortcut.toString(QKeySequence::NativeText));
    connect(page.item, &QAbstractButton::clicked, this, [this, id] { showPage(id); });
    if (!page.spec.shortcut.isEmpty())
        page.shortcut = addShortcut(page.spec.shortcut, [this, id] { showPage(id); });
    m_pages.push_back(std::move(page));
    enableShortcuts();
}

QWidget* MainWindow::showPage(const QString& id) {
    const auto page =
        std::find_if(m_pages.begin(), m_pages.end(), [&](const Page& p) { return p.spec.id == id; });
    if (page == m_pages.end())
        return nullptr;
    if (!page->widget) {
        page->widget = page->spec.make();
        m_stack->addWidget(page->widget);
    }
    for (const Page& other : m_pages) // the items sit in two layouts, so exclusiveness is ours to keep
        other.item->setChecked(&other == &*page);
    m_stack->setCurrentWidget(page->widget);
    if (m_current != id) {
        m_current = id;
        page->widget->setFocus();
        Q_EMIT pageChanged(id);
    }
    return page->widget;
}

void MainWindow::restorePlace(const QByteArray& place) {
    if (place.isEmpty() || !restoreGeometry(place)) {
        const QScreen* screen = QGuiApplication::primaryScreen();
        const QRect room = screen ? screen->availableGeometry() : QRect(QPoint(0, 0), kDefaultSize);
        resize(kDefaultSize.boundedTo(room.size() * 9 / 10).expandedTo(kMinimumSize));
        move(room.center() - rect().center());
    }
    keepOnScreen();
}

void MainWindow::keepOnScreen() {
    if (isMaximized() || isFullScreen())
        return;
    // The middle of the title's height must be on a screen, or nobody could drag the window back.
    const QRect frame = frameGeometry();
    const QPoint grip(frame.center().x(), frame.top() + m_theme.space(4));
    QScreen* screen = QGuiApplication::screenAt(grip);
    if (screen && screen->availableGeometry().intersected(frame).width() >= frame.width() / 2)
        return;
    if (!screen)
        screen = QGuiApplication::primaryScreen();
    if (!screen)
        return;
    const QRect room = screen->availableGeometry();
    resize(size().boundedTo(room.size()));
    move(room.center() - rect().center());
}

void MainWindow::bringToFront() {
    setWindowState((windowState() & ~Qt::WindowMinimized) | Qt::WindowActive);
    show();
    raise();
    activateWindow();
}

void MainWindow::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    Q_EMIT closing();
    QWidget::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!localFiles(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dragMoveEvent(QDragMoveEvent* event) {
    event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    const QStringList files = localFiles(event->mimeData());
    if (files.isEmpty())
        return;
    event->setDropAction(Qt::CopyAction); // the model is opened in place; its owner must not delete it
    event->accept();
    const auto first = [&files](const QStringList& endings) {
        const auto found = std::find_if(files.begin(), files.end(), [&endings](const QString& file) {
            return endings.contains(QFileInfo(file).suffix(), Qt::CaseInsensitive);
        });
        return found == files.end() ? QString() : *found;
    };
    if (const QString model = first({QStringLiteral("gguf")}); !model.isEmpty())
        Q_EMIT modelDropped(model);
    else if (const QString chats = first({QStringLiteral("json"), QStringLiteral("sealed")});
             !chats.isEmpty())
        Q_EMIT chatsDropped(chats);
    else
        Q_EMIT fileRefused(QFileInfo(files.first()).fileName());
}

void MainWindow::retranslate() {
    setWindowTitle(QStringLiteral("Hearth"));
    m_rail->setAccessibleName(tr("Pages"));
    for (const Page& page : m_pages)
        page.item->setWord(page.spec.word(), page.spec.shortcut.toString(QKeySequence::NativeText));
}

} // namespace hearth::gui
