#include "gui/app/discover_wiring.h"

#include <QApplication>
#include <QFileInfo>

#include "engine/hub/model_names.h"
#include "gui/app/models_wiring.h"
#include "gui/pages/discover_page.h"
#include "gui/widgets/feedback.h"

namespace hearth::gui {

namespace {

HubServices servicesFor(const workbench::DataPaths& paths, const QString& version) {
    HubServices services;
    services.settingsFile = paths.hubSettingsFile();
    services.keyFile = paths.hubKeyFile();
    services.queueFile = paths.downloadsFile();
    services.folder = paths.modelsFolder();
    services.http.userAgent = "hearth/" + version.toUtf8();
    services.machine = libraryServices(paths.data, 0).machine;
    return services;
}

/// Whether a set of parts is complete; one file always is.
bool isWhole(const QString& path) {
    const auto part = hub::partOf(path.toStdString());
    if (!part)
        return true;
    for (std::uint32_t i = 1; i <= part->parts; ++i) {
        const QString name = QStringLiteral("%1-%2-of-%3.gguf")
                                 .arg(QString::fromStdString(part->stem))
                                 .arg(i, 5, 10, QLatin1Char('0'))
                                 .arg(part->parts, 5, 10, QLatin1Char('0'));
        if (!QFileInfo::exists(name))
            return false;
    }
    return true;
}

} // namespace

DiscoverWiring::DiscoverWiring(Theme& theme, MainWindow& window, ModelsWiring& library,
                               const workbench::DataPaths& paths, const QString& version, QObject* parent)
    : QObject(parent), m_theme(theme), m_window(window), m_library(library),
      m_bridge(servicesFor(paths, version)) {
    connect(&m_bridge, &HubBridge::downloadFinished, this, &DiscoverWiring::arrived);
    connect(&m_library, &ModelsWiring::findModelAsked, this, &DiscoverWiring::lookFor);
}

void DiscoverWiring::addPage() {
    m_window.addPage({.id = QStringLiteral("discover"),
                      .icon = QStringLiteral("discover"),
                      .word = [] { return tr("Discover"); },
                      .make =
                          [this] {
                              m_page = new DiscoverPage(m_theme, m_bridge);
                              connect(m_page, &DiscoverPage::modelAsked, this, &DiscoverWiring::openAsked);
                              return m_page.data();
                          },
                      .shortcut = QKeySequence(Qt::CTRL | Qt::Key_3)});
}

void DiscoverWiring::lookFor(const QString& words) {
    m_window.showPage(QStringLiteral("discover"));
    if (m_page)
        m_page->lookFor(words);
}

void DiscoverWiring::arrived(const QString& file, const QString& path, const QString& source) {
    if (hub::isGguf(path.toStdString()) && isWhole(path))
        m_library.takeInDownload(path, source);
    m_window.toasts().show(tr("%1 was downloaded and verified.").arg(file));
    QApplication::alert(&m_window);
}

} // namespace hearth::gui
