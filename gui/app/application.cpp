#include "gui/app/application.h"

#include <string>
#include <utility>

#include <QApplication>
#include <QEvent>
#include <QFileInfo>
#include <QTimer>

#include "engine/base/log.h"
#include "engine/base/thread_pool.h"
#include "engine/kernels/isa.h"
#include "engine/workbench/guide.h"
#include "gui/dialogs/shortcuts_dialog.h"
#include "gui/pages/about_page.h"
#include "gui/pages/chat_page.h"
#include "gui/pages/hardware_page.h"
#include "gui/pages/settings_page.h"
#include "gui/widgets/error_text.h"
#include "gui/widgets/feedback.h"

namespace hearth::gui {

namespace {

QString text(const std::filesystem::path& path) {
    return QString::fromStdString(path.string());
}

QStringList texts(const std::vector<std::filesystem::path>& paths) {
    QStringList list;
    for (const auto& path : paths)
        list << text(path);
    return list;
}

Theme::Mode modeOf(workbench::Theme theme) {
    switch (theme) {
    case workbench::Theme::Light:
        return Theme::Mode::Light;
    case workbench::Theme::Dark:
        return Theme::Mode::Dark;
    case workbench::Theme::System:
        break;
    }
    return Theme::Mode::System;
}

QString instructionSetInUse() {
    const auto isa = kernels::chooseIsa();
    if (!isa)
        return errorText(isa.error()).title;
    switch (*isa) {
    case kernels::Isa::Generic:
        return QStringLiteral("Generic");
    case kernels::Isa::Avx2:
        return QStringLiteral("AVX2 + FMA");
    case kernels::Isa::Avx512:
        return QStringLiteral("AVX-512 (VNNI)");
    case kernels::Isa::Neon:
        return QStringLiteral("NEON");
    }
    return {};
}

} // namespace

Application::Application(QApplication& qt, const workbench::DataPaths& paths, const QElapsedTimer& sinceStart)
    : m_paths(paths), m_sinceStart(sinceStart), m_settings(paths.settingsFile()),
      m_engine(modelHostBackend(m_settings.settings().threads)),
      m_history(historyFile(text(paths.historyFile()))), m_controller(m_engine, m_history),
      m_hardware(hardwareServices(paths.data, QCoreApplication::applicationVersion().toStdString())),
      m_guide(workbench::findGuide(paths, QCoreApplication::applicationDirPath().toStdString())),
      m_threads(m_settings.settings().threads) {
    const workbench::Settings& settings = m_settings.settings();
    m_theme.setMode(modeOf(settings.theme));
    m_theme.setFontScale(settings.fontScale);
    m_languages.apply(settings.language);
    m_theme.install(qt);
    if (m_guide)
        m_models.setGuide(text(*m_guide));

    m_window = std::make_unique<MainWindow>(m_theme);
    addPages();
    connect(m_window.get(), &MainWindow::newChatRequested, this, [this] { chat()->newChat(); });
    connect(m_window.get(), &MainWindow::findRequested, this, [this] { chat()->find(); });
    connect(m_window.get(), &MainWindow::findEverywhereRequested, this, [this] { chat()->focusSearch(); });
    connect(m_window.get(), &MainWindow::modelDropped, this, &Application::openModel);
    connect(m_window.get(), &MainWindow::fileRefused, this, [this](const QString& name) {
        m_window->toasts().show(tr("%1 is not a model that Hearth can open (.gguf).").arg(name));
    });
    connect(m_window.get(), &MainWindow::shortcutsRequested, this,
            [this] { (new ShortcutsDialog(m_theme, m_window.get()))->show(); });
    connect(m_window.get(), &MainWindow::closing, this, &Application::shutdown);
    connect(&m_settings, &SettingsBridge::changed, this, &Application::applySettings);
    connect(&m_settings, &SettingsBridge::saveFailed, this, [this](const Error& error) {
        if (m_window->currentPage() != QLatin1String("settings")) // that page says so itself
            m_window->toasts().show(errorText(error).title);
    });
}

Application::~Application() {
    shutdown();
}

void Application::addPages() {
    m_window->addPage({.id = QStringLiteral("chat"),
                       .icon = QStringLiteral("chat"),
                       .word = [] { return tr("Chat"); },
                       .make =
                           [this] {
                               m_chat = new ChatPage(m_theme, m_controller, m_models);
                               connect(m_chat, &ChatPage::modelOpened, this, &Application::noteModelUsed);
                               connect(m_chat, &ChatPage::pageAsked, m_window.get(), &MainWindow::showPage);
                               return m_chat;
                           },
                       .shortcut = QKeySequence(Qt::CTRL | Qt::Key_1)});
    m_window->addPage({.id = QStringLiteral("hardware"),
                       .icon = QStringLiteral("hardware"),
                       .word = [] { return tr("Hardware"); },
                       .make = [this] { return new HardwarePage(m_theme, m_hardware); },
                       .shortcut = QKeySequence(Qt::CTRL | Qt::Key_5)});
    m_window->addPage({.id = QStringLiteral("about"),
                       .icon = QStringLiteral("about"),
                       .word = [] { return tr("About"); },
                       .make =
                           [this] {
                               const std::size_t chosen = m_settings.settings().threads;
                               AboutPage::Facts facts;
                               facts.version = QApplication::applicationVersion();
                               facts.instructionSet = instructionSetInUse();
                               facts.threads = chosen ? chosen : usableCores();
                               facts.dataFolder = text(m_paths.data);
                               facts.logFolder = text(m_paths.logs);
                               return new AboutPage(m_theme, facts);
                           },
                       .atBottom = true});
    m_window->addPage({.id = QStringLiteral("settings"),
                       .icon = QStringLiteral("settings"),
                       .word = [] { return tr("Settings"); },
                       .make =
                           [this] {
                               return new SettingsPage(
                                   m_theme, m_settings, m_window->toasts(),
                                   {.usableCores = usableCores(), .dataFolder = text(m_paths.data)});
                           },
                       .shortcut = QKeySequence(Qt::CTRL | Qt::Key_Comma),
                       .atBottom = true});
}

ChatPage* Application::chat() {
    m_window->showPage(QStringLiteral("chat"));
    return m_chat;
}

void Application::start(const QString& modelFile) {
    const workbench::Settings& settings = m_settings.settings();
    ChatPage* page = chat();
    applySettings();
    page->start();
    m_window->restorePlace(QByteArray::fromBase64(QByteArray::fromStdString(settings.windowGeometry)));
    m_window->installEventFilter(this);
    m_window->show();
    if (!modelFile.isEmpty())
        openModel(modelFile);
    else if (settings.loadLastModelAtStart)
        openModelAtStart();
}

void Application::openModelAtStart() {
    const QString last = text(m_settings.settings().lastModel);
    if (QFileInfo::exists(last))
        openModel(last);
    else if (m_guide)
        openModel(text(*m_guide));
    else
        m_chat->showProblem(m_guide.error());
}

/// The Guide is always at hand: it takes no place among the recent models, and choosing it means that there
/// is no other to open at the next start.
void Application::noteModelUsed(const QString& path) {
    m_settings.change([&](workbench::Settings& s) {
        if (!m_models.isGuide(path))
            s.noteModelUsed(path.toStdString());
        else if (QFileInfo::exists(text(s.lastModel))) // a disk that is not there now may be back later
            s.lastModel.clear();
    });
}

void Application::activate(const QString& modelFile) {
    m_window->bringToFront();
    if (!modelFile.isEmpty())
        openModel(modelFile);
}

void Application::openModel(const QString& path) {
    chat()->openModel(path);
}

void Application::applySettings() {
    const workbench::Settings& settings = m_settings.settings();
    m_theme.setMode(modeOf(settings.theme));
    m_theme.setFontScale(settings.fontScale);
    m_languages.apply(settings.language);
    if (std::exchange(m_threads, settings.threads) != settings.threads)
        m_engine.setThreads(settings.threads);
    m_models.setFolders(texts(settings.modelFolders));
    // Models lie beside the chats until a folder of their own is chosen.
    m_hardware.setFolders(
        {{"models", settings.modelFolders.empty() ? m_paths.data : settings.modelFolders.front()},
         {"data", m_paths.data}});
    m_models.setRecent(texts(settings.recentModels));
    if (m_chat)
        m_chat->setDefaults({.contextTokens = settings.defaultContext, .kvType = settings.kvType},
                            settings.contextPolicy);
}

bool Application::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_window.get() && event->type() == QEvent::Paint) {
        m_window->removeEventFilter(this);
        // The next turn of the loop comes after the first frame: from then on keys and clicks are answered.
        QTimer::singleShot(0, this, [this] {
            log(LogLevel::Info, "app",
                "window usable after " + std::to_string(m_sinceStart.elapsed()) + " ms");
        });
    }
    return QObject::eventFilter(watched, event);
}

void Application::shutdown() {
    if (std::exchange(m_shutDown, true))
        return;
    if (m_chat)
        m_chat->flush();
    const QByteArray place = m_window->place().toBase64();
    m_settings.change([&](workbench::Settings& s) { s.windowGeometry = place.toStdString(); });
    m_controller.shutdown();
    m_hardware.shutdown();
    m_engine.shutdown();
    m_history.shutdown();
    m_settings.shutdown();
}

} // namespace hearth::gui
