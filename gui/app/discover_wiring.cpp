#include "gui/app/discover_wiring.h"

#include <utility>

#include "engine/workbench/hub/download_intake.h"
#include "gui/bridge/library_bridge.h"
#include "gui/models/downloads_model.h"
#include "gui/pages/discover_card.h"
#include "gui/pages/discover_page.h"
#include "gui/widgets/error_text.h"
#include "gui/widgets/feedback.h"

namespace hearth::gui {

using security::Action;
using security::Resource;
using workbench::Target;

namespace {

HubServices servicesFor(const workbench::DataPaths& paths, const QString& version) {
    HubServices services;
    services.settingsFile = paths.hubSettingsFile();
    services.keyFile = paths.hubKeyFile();
    services.queueFile = paths.downloadsFile();
    services.http.userAgent = "hearth/" + version.toUtf8();
    services.machine = libraryServices(paths.data, 0).machine;
    services.arrived = [paths](const hub::ArrivedFile& file) -> Result<void> {
        HEARTH_CHECK(workbench::enterLibrary(file, paths.libraryFile(), {paths.modelsFolder(), {}}));
        return {};
    };
    return services;
}

} // namespace

DiscoverWiring::DiscoverWiring(const Parts& parts, workbench::DataPaths paths, QString version,
                               QObject* parent)
    : QObject(parent), m_parts(parts), m_paths(std::move(paths)), m_version(std::move(version)),
      m_folder(m_paths.modelsFolder()) {}

DiscoverWiring::~DiscoverWiring() = default;

void DiscoverWiring::start() {
    if (m_bridge)
        return;
    m_bridge = std::make_unique<HubBridge>(servicesFor(m_paths, m_version));
    m_bridge->setFolder(m_folder);
    m_downloads = std::make_unique<DownloadsModel>(*m_bridge);
    connect(m_bridge.get(), &HubBridge::downloadFinished, this, &DiscoverWiring::tellFinished);
    const auto tellHubs = [this] { Q_EMIT hubsChosen(m_bridge->settings()); };
    connect(m_bridge.get(), &HubBridge::settingsChanged, this, tellHubs);
    tellHubs();
}

/// The tokens of who came in; the downloads of last time wait for them.
void DiscoverWiring::takeTokens() {
    if (m_parts.accounts.state() != AccountsBridge::State::Open) {
        m_bridge->startQueue();
        return;
    }
    m_bridge->expectHolder();
    m_parts.accounts.request(
        this,
        [](AccountsDesk& desk) -> Result<workbench::SecretHolder> {
            HEARTH_TRY(auto* const session, desk.signedIn());
            HEARTH_TRY(auto bytes, desk.accounts.identity().dataKey(*session, "hub"));
            HEARTH_TRY(auto key, security::SealingKey::from(std::move(bytes)));
            return workbench::SecretHolder{std::to_string(session->profile.id),
                                           std::make_shared<security::SealingKey>(std::move(key))};
        },
        [this](const Result<workbench::SecretHolder>& holder) {
            m_bridge->setHolder(holder.value_or(workbench::SecretHolder{}));
            if (!holder)
                m_parts.window.toasts().show(errorText(holder.error()).title);
            m_bridge->startQueue();
        });
}

void DiscoverWiring::addPage() {
    const Rights& rights = m_parts.accounts.rights();
    if (!rights.own(Action::Create, Resource::Model))
        return;
    start();
    takeTokens();
    const bool maySet = rights.all(Action::Change, Resource::Settings);
    m_parts.window.addPage(
        {.id = QStringLiteral("discover"),
         .icon = QStringLiteral("discover"),
         .word = [] { return tr("Discover"); },
         .make =
             [this, maySet] {
                 m_page = new DiscoverPage(m_parts.theme, *m_bridge, *m_downloads);
                 const auto through = [this, page = m_page.data()](Action action, Resource resource) {
                     return [this, page, action, resource](std::function<void()> act) {
                         m_parts.accounts.check(page, action, Target::of(resource),
                                                [this, act = std::move(act)](const Result<void>& allowed) {
                                                    if (allowed)
                                                        act();
                                                    else
                                                        m_parts.window.toasts().show(
                                                            errorText(allowed.error()).title);
                                                });
                     };
                 };
                 m_page->setRights({maySet, through(Action::Create, Resource::Model),
                                    through(Action::Change, Resource::Settings)});
                 connect(m_page, &DiscoverPage::modelAsked, this, &DiscoverWiring::openAsked);
                 return m_page.data();
             },
         .shortcut = QKeySequence(Qt::CTRL | Qt::Key_3)});
}

void DiscoverWiring::leave() {
    if (m_bridge)
        m_bridge->setHolder({});
}

void DiscoverWiring::setFolder(const QString& path) {
    m_folder = path.isEmpty() ? m_paths.modelsFolder() : std::filesystem::path(path.toStdU16String());
    if (m_bridge)
        m_bridge->setFolder(m_folder);
}

void DiscoverWiring::lookFor(const QString& words) {
    if (m_parts.window.showPage(QStringLiteral("discover")) && m_page)
        m_page->lookFor(words);
}

QWidget* DiscoverWiring::makeDownloadsCard() {
    if (!m_bridge || !m_parts.accounts.rights().own(Action::Create, Resource::Model))
        return nullptr;
    auto* card = new DownloadsCard(m_parts.theme, *m_bridge, *m_downloads);
    connect(card, &DownloadsCard::allAsked, this, [this] {
        if (m_parts.window.showPage(QStringLiteral("discover")) && m_page)
            m_page->showDownloads();
    });
    return card;
}

void DiscoverWiring::shutdown() {
    if (m_bridge)
        m_bridge->shutdown();
}

void DiscoverWiring::tellFinished(const QString& file, const QString& path) {
    m_parts.accounts.noteOutcome(Action::Create, Target::modelAt(path.toStdString()));
    Q_EMIT arrived(path);
    m_parts.announcer.tell({tr("Download finished"), tr("%1 was downloaded and verified.").arg(file),
                            QStringLiteral("discover")});
}

} // namespace hearth::gui
