#include "gui/pages/discover_actions.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <QPushButton>

#include "gui/bridge/hub_bridge.h"
#include "gui/models/downloads_model.h"
#include "gui/theme/human.h"

namespace hearth::gui {

namespace {

/// A class for the sake of the translations' context.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::DiscoverDownloads)
};

} // namespace

QString stepWord(const QModelIndex& download) {
    switch (DownloadsModel::stateOf(download)) {
    case hub::DownloadState::Queued:
    case hub::DownloadState::Active:
        return Words::tr("Pause");
    case hub::DownloadState::Paused:
        return Words::tr("Go on");
    case hub::DownloadState::Failed:
        return Words::tr("Try again");
    case hub::DownloadState::Finished:
        break;
    }
    return {};
}

void takeStep(HubBridge& bridge, const QModelIndex& download) {
    const auto state = DownloadsModel::stateOf(download);
    if (state == hub::DownloadState::Active || state == hub::DownloadState::Queued)
        bridge.pause(DownloadsModel::idOf(download));
    else
        bridge.resume(DownloadsModel::idOf(download));
}

void removeDownload(QWidget* parent, HubBridge& bridge, const QModelIndex& download) {
    const quint64 id = DownloadsModel::idOf(download);
    const auto done = download.data(DownloadsModel::DoneRole).toULongLong();
    if (DownloadsModel::stateOf(download) == hub::DownloadState::Finished || done == 0) {
        bridge.remove(id); // the file stays, or there is nothing of it yet
        return;
    }
    auto* box = new QMessageBox(
        QMessageBox::Warning, Words::tr("Cancel this download?"),
        Words::tr("Cancel the download of %1?").arg(download.data(DownloadsModel::NameRole).toString()),
        QMessageBox::NoButton, parent);
    box->setInformativeText(Words::tr("The %1 that came so far are deleted.").arg(humanBytes(done)));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    QPushButton* yes = box->addButton(Words::tr("Cancel the download"), QMessageBox::DestructiveRole);
    box->setDefaultButton(box->addButton(Words::tr("Keep it"), QMessageBox::RejectRole));
    QObject::connect(yes, &QPushButton::clicked, parent, [&bridge, id] { bridge.remove(id); });
    box->open();
}

} // namespace hearth::gui
