#include "gui/app/application.h"

#include <string>
#include <utility>

#include <QApplication>
#include <QEvent>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QTimer>

#include "engine/base/log.h"
#include "engine/base/thread_pool.h"
#include "engine/kernels/isa.h"
#include "engine/workbench/guide.h"
#include "gui/app/discover_wiring.h"
#include "gui/app/model_guard.h"
#include "gui/app/models_wiring.h"
#include "gui/bridge/run_records.h"
#include "gui/dialogs/shortcuts_dialog.h"
#include "gui/pages/about_page.h"
#include "gui/pages/administration_page.h"
#include "gui/pages/chat_page.h"
#include "gui/pages/hardware_page.h"
#include "gui/pages/protection_card.h"
#include "gui/pages/secret_dialogs.h"
#include "gui/pages/settings_page.h"
#include "gui/pages/token_section.h"
#include "gui/widgets/error_text.h"
#include "gui/widgets/feedback.h"

namespace hearth::gui {

using security::Action;
using security::Resource;
using workbench::Target;

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

Application::Application(QApplication& qt, const workbench::DataPaths& paths, const QElapsedTimer& sinceStart,
                         workbench::AccountsOptions accounts)
    : m_paths(paths), m_sinceStart(sinceStart), m_settings(paths.settingsFile()),
      m_engine(modelHostBackend(m_settings.settings().threads, runRecords(paths.data))),
      m_accounts(workbench::AccountPaths::below(paths), std::move(accounts)),
      m_controller(m_engine, m_history),
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
    m_announcer = std::make_unique<Announcer>(*m_window);
    m_library = std::make_unique<ModelsWiring>(
        ModelsWiring::Parts{m_theme, *m_window, m_accounts, m_models, *m_announcer}, paths, m_threads);
    connect(m_library.get(), &ModelsWiring::openAsked, this, &Application::openModel);
    connect(m_library.get(), &ModelsWiring::columnsChanged, this, [this](const QByteArray& columns) {
        m_settings.change([&](workbench::Settings& s) { s.modelColumns = columns.toStdString(); });
    });
    connect(&m_hardware, &HardwareBridge::measured, &m_library->bridge(), &LibraryBridge::predictAgain);
    m_hubs =
        std::make_unique<DiscoverWiring>(DiscoverWiring::Parts{m_theme, *m_window, m_accounts, *m_announcer},
                                         paths, QCoreApplication::applicationVersion());
    connect(m_hubs.get(), &DiscoverWiring::openAsked, this, &Application::openModel);
    connect(m_hubs.get(), &DiscoverWiring::hubsChosen, &m_hardware, &HardwareBridge::setHubs);
    connect(m_hubs.get(), &DiscoverWiring::arrived, &m_library->bridge(), &LibraryBridge::refresh);
    connect(m_library.get(), &ModelsWiring::findModelAsked, m_hubs.get(), &DiscoverWiring::lookFor);
    m_library->setAbove([this] { return m_hubs->makeDownloadsCard(); });
    m_door = std::make_unique<Doorkeeper>(m_theme, *m_window, m_accounts, m_history, m_controller);
    m_privacy = std::make_unique<PrivacyWiring>(
        PrivacyWiring::Parts{m_theme, *m_window, m_accounts, m_history, m_engine, m_controller}, paths,
        QStringLiteral("Hearth ") + QCoreApplication::applicationVersion());
    connect(m_privacy.get(), &PrivacyWiring::closingHistory, this, [this] {
        if (m_chat)
            m_chat->flush();
    });
    connect(m_privacy.get(), &PrivacyWiring::historyReplaced, this, [this] {
        if (m_chat)
            m_chat->start();
    });
    connect(&m_privacy->bridge(), &PrivacyBridge::jobsRemoved, &m_library->bridge(), &LibraryBridge::refresh);
    m_guard = std::make_unique<ModelGuard>(m_theme, *m_window, m_accounts, m_engine);
    noteReports();
    connect(m_door.get(), &Doorkeeper::entered, this, &Application::comeIn);
    connect(m_door.get(), &Doorkeeper::leaving, this, &Application::goOut);
    // What the page asks before there is a history would be answered with its absence.
    connect(&m_history, &HistoryBridge::opened, this, &Application::startChat);
    connect(&m_history, &HistoryBridge::openFailed, this, &Application::startChat);
    connect(m_door.get(), &Doorkeeper::newPasswordWanted, this, [this] {
        (new PasswordDialog(m_theme, m_accounts, PasswordDialog::Kind::AfterRecovery, m_window.get()))
            ->open();
    });
    const auto onChat = [this](void (ChatPage::*act)()) {
        return [this, act] {
            if (ChatPage* page = chat())
                (page->*act)();
        };
    };
    connect(m_window.get(), &MainWindow::newChatRequested, this, onChat(&ChatPage::newChat));
    connect(m_window.get(), &MainWindow::findRequested, this, onChat(&ChatPage::find));
    connect(m_window.get(), &MainWindow::findEverywhereRequested, this, onChat(&ChatPage::focusSearch));
    connect(m_window.get(), &MainWindow::modelDropped, this, &Application::openModel);
    connect(m_window.get(), &MainWindow::chatsDropped, this, [this](const QString& file) {
        if (ChatPage* page = chat())
            page->importChats(file);
    });
    connect(m_window.get(), &MainWindow::fileRefused, this, [this](const QString& name) {
        m_window->toasts().show(
            tr("%1 is neither a model (.gguf) nor chats that were exported (.json, .sealed).").arg(name));
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

/// Only what the person may use is on the rail.
void Application::addPages() {
    const Rights& rights = m_accounts.rights();
    if (rights.own(Action::View, Resource::Conversation))
        addChatPage();
    m_library->addPage();
    m_hubs->addPage();
    if (rights.own(Action::View, Resource::Report) || rights.own(Action::View, Resource::Model))
        addHardwarePage();
    // The single person has nobody to administer.
    if (m_accounts.state() == AccountsBridge::State::Open && rights.all(Action::Change, Resource::Profile))
        addAdministrationPage();
    m_privacy->addPages();
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
    if (rights.own(Action::View, Resource::Settings))
        addSettingsPage();
}

void Application::addChatPage() {
    m_window->addPage({.id = QStringLiteral("chat"),
                       .icon = QStringLiteral("chat"),
                       .word = [] { return tr("Chat"); },
                       .make =
                           [this] {
                               m_chat = new ChatPage(m_theme, m_controller, m_models);
                               connect(m_chat, &ChatPage::modelOpened, this, &Application::noteModelUsed);
                               connect(m_chat, &ChatPage::pageAsked, m_window.get(), &MainWindow::showPage);
                               m_library->connectChat(*m_chat);
                               setChatRights(*m_chat);
                               if (m_accounts.state() == AccountsBridge::State::SinglePerson &&
                                   m_settings.settings().offerProtection)
                                   m_chat->offerProtection();
                               connect(m_chat, &ChatPage::protectionAsked, m_door.get(),
                                       &Doorkeeper::protectChats, Qt::QueuedConnection);
                               connect(m_chat, &ChatPage::protectionDeclined, this, [this] {
                                   m_settings.change(
                                       [](workbench::Settings& s) { s.offerProtection = false; });
                               });
                               return m_chat;
                           },
                       .shortcut = QKeySequence(Qt::CTRL | Qt::Key_1)});
}

void Application::setChatRights(ChatPage& page) {
    const auto gate = [this, &page](Action action) {
        return [this, &page, action](const std::function<void()>& act) {
            guarded(&page, action, Resource::Conversation, act);
        };
    };
    const auto readable = [this, &page, ask = gate(Action::Export)](const std::function<void()>& write) {
        askBeforeReadable(&page, [ask, write] { ask(write); });
    };
    const Rights& rights = m_accounts.rights();
    page.setExportRights({.allowed = rights.own(Action::Export, Resource::Conversation),
                          .sealedFirst = m_accounts.state() == AccountsBridge::State::Open,
                          .readable = readable,
                          .sealed = gate(Action::Export)});
    page.setImportRights(rights.own(Action::Create, Resource::Conversation), gate(Action::Create));
    const auto note = [this](Action action, const char* object) {
        return [this, action, object](const std::string& code) {
            Target target = Target::of(Resource::Conversation, m_accounts.owner());
            target.object = object;
            m_accounts.noteOutcome(action, target, code);
        };
    };
    connect(&page, &ChatPage::exported, this, note(Action::Export, ""));
    connect(&page, &ChatPage::imported, this, note(Action::Create, "import"));
}

void Application::addHardwarePage() {
    m_window->addPage({.id = QStringLiteral("hardware"),
                       .icon = QStringLiteral("hardware"),
                       .word = [] { return tr("Hardware"); },
                       .make =
                           [this] {
                               auto* page = new HardwarePage(m_theme, m_hardware);
                               const Rights& rights = m_accounts.rights();
                               page->setRights(rights.own(Action::Create, Resource::Report),
                                               rights.own(Action::Export, Resource::Report),
                                               [this, page](const std::function<void()>& write) {
                                                   guarded(page, Action::Export, Resource::Report, write);
                                               });
                               return page;
                           },
                       .shortcut = QKeySequence(Qt::CTRL | Qt::Key_5)});
}

void Application::addSettingsPage() {
    m_window->addPage(
        {.id = QStringLiteral("settings"),
         .icon = QStringLiteral("settings"),
         .word = [] { return tr("Settings"); },
         .make =
             [this] {
                 SettingsPage::Facts facts{.usableCores = usableCores(), .dataFolder = text(m_paths.data)};
                 facts.hasNotifications = Announcer::reachesDesktop();
                 facts.mayChange = m_accounts.rights().all(Action::Change, Resource::Settings);
                 facts.guard = [this](const std::function<void()>& change) {
                     guarded(this, Action::Change, Resource::Settings, change);
                 };
                 auto* page = new SettingsPage(m_theme, m_settings, m_window->toasts(), std::move(facts));
                 auto* card = new ProtectionCard(m_theme, m_accounts, m_settings, m_window->toasts());
                 connect(card, &ProtectionCard::protectAsked, m_door.get(), &Doorkeeper::protectChats,
                         Qt::QueuedConnection); // the card goes with its page
                 if (m_accounts.state() == AccountsBridge::State::Open &&
                     m_accounts.rights().own(Action::Create, Resource::Token))
                     page->addCard(new TokenSection(m_theme, m_accounts, m_window->toasts()));
                 page->addCard(card);
                 return page;
             },
         .shortcut = QKeySequence(Qt::CTRL | Qt::Key_Comma),
         .atBottom = true});
}

void Application::addAdministrationPage() {
    m_window->addPage({.id = QStringLiteral("administration"),
                       .icon = QStringLiteral("people"),
                       .word = [] { return tr("People"); },
                       .make =
                           [this] {
                               QStringList models = texts(m_settings.settings().recentModels);
                               if (m_guide)
                                   models.prepend(text(*m_guide));
                               for (int row = 0; row < m_models.rowCount(); ++row)
                                   models << m_models.index(row).data(ModelPickerModel::PathRole).toString();
                               models.removeDuplicates();
                               return new AdministrationPage(m_theme, m_accounts, m_window->toasts(), models);
                           },
                       .shortcut = QKeySequence(Qt::CTRL | Qt::Key_6)});
}

/// Sealed chats leave their protection only after a clear question.
void Application::askBeforeReadable(QWidget* page, std::function<void()> write) {
    if (m_accounts.state() != AccountsBridge::State::Open) {
        write();
        return;
    }
    auto* box = new QMessageBox(
        QMessageBox::Warning, tr("Write a readable file?"),
        tr("Your chats are encrypted; this file will not be. Everybody who gets it can read the chat."),
        QMessageBox::Cancel, page);
    box->setObjectName(QStringLiteral("readableQuestion"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(box->addButton(tr("Write it"), QMessageBox::AcceptRole), &QAbstractButton::clicked, page,
            std::move(write));
    box->open();
}

void Application::guarded(QObject* context, Action action, Resource resource, std::function<void()> act) {
    const Target target =
        resource == Resource::Settings ? Target::of(resource) : Target::of(resource, m_accounts.owner());
    m_accounts.check(context, action, target, [this, act = std::move(act)](const Result<void>& allowed) {
        if (allowed)
            act();
        else
            m_window->toasts().show(errorText(allowed.error()).title);
    });
}

void Application::noteReports() {
    const auto noteReport = [this](const std::string& code) {
        m_accounts.noteOutcome(Action::Export, Target::of(Resource::Report, m_accounts.owner()), code);
    };
    connect(&m_hardware, &HardwareBridge::exported, this, [noteReport] { noteReport({}); });
    connect(&m_hardware, &HardwareBridge::exportFailed, this,
            [noteReport](const Error& error) { noteReport(error.code); });
}

/// nullptr where the person has no chat page, and while the window is locked.
ChatPage* Application::chat() {
    m_window->showPage(QStringLiteral("chat"));
    return m_chat;
}

void Application::start(const QString& modelFile) {
    m_wanted = modelFile;
    applySettings();
    m_window->restorePlace(
        QByteArray::fromBase64(QByteArray::fromStdString(m_settings.settings().windowGeometry)));
    m_window->show();
    m_door->start();
}

void Application::comeIn() {
    addPages();
    // Where they were before, else the first page that they have.
    if (!m_window->showPage(m_page) && !m_window->showPage(QStringLiteral("chat")))
        m_window->showPage(m_window->firstPage());
    if (m_accounts.rights().own(Action::View, Resource::Conversation)) {
        const QString before = m_window->currentPage();
        chat(); // made now, because it listens to the history that is being opened
        m_window->showPage(before);
        applySettings();
    }
    const bool first = !std::exchange(m_started, true);
    if (first) {
        m_window->installEventFilter(this);
        m_window->update();
    }
    if (!m_chat)
        return;
    if (const QString wanted = std::exchange(m_wanted, QString()); !wanted.isEmpty())
        openModel(wanted);
    else if (first && m_settings.settings().loadLastModelAtStart)
        openModelAtStart();
}

void Application::startChat() {
    if (m_chat)
        m_chat->start();
}

void Application::goOut() {
    m_page = m_window->currentPage();
    if (m_chat)
        m_chat->flush();
    m_chat = nullptr; // the window destroys it
    m_hubs->leave();
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
    m_library->whenRead([this, path] { openNow(path); });
}

void Application::openNow(const QString& path) {
    if (ChatPage* page = chat())
        page->openModel(path);
    else if (!m_door->isInside())
        m_wanted = path; // once somebody has signed in
    else
        m_window->toasts().show(tr("Your profile has no chat page, so no model is opened."));
}

void Application::applySettings() {
    const workbench::Settings& settings = m_settings.settings();
    m_theme.setMode(modeOf(settings.theme));
    m_theme.setFontScale(settings.fontScale);
    m_announcer->setTellsDesktop(settings.notifications);
    m_languages.apply(settings.language);
    if (std::exchange(m_threads, settings.threads) != settings.threads) {
        m_engine.setThreads(settings.threads);
        m_library->bridge().setThreads(settings.threads);
    }
    m_models.setFolders(texts(settings.modelFolders));
    m_library->setFolders(texts(settings.modelFolders));
    m_library->setColumns(QByteArray::fromStdString(settings.modelColumns));
    m_hubs->setFolder(settings.modelFolders.empty() ? QString() : text(settings.modelFolders.front()));
    m_hardware.setFolders(hardware::usualFolders(settings.modelFolders, m_paths.data));
    m_hardware.setLoading(settings.threads, settings.kvType);
    m_models.setRecent(texts(settings.recentModels));
    m_door->setLockTimes(std::chrono::minutes(settings.lockAfterMinutes), settings.lockWithSession);
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
    m_hubs->shutdown();
    m_library->shutdown();
    m_hardware.shutdown();
    m_engine.shutdown();
    m_history.shutdown();
    m_accounts.shutdown();
    m_settings.shutdown();
}

} // namespace hearth::gui
