#include <QDateTime>
#include <QDesktopServices>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLocale>
#include <QUrl>
#include <QVBoxLayout>

#include "gui/pages/models_sealing.h"
#include "gui/pages/models_tabs.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

using workbench::FileMode;
using workbench::FileState;

ModelsFiles::ModelsFiles(Theme& theme, LibraryBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_title(new SectionHeader(theme)),
      m_rows(new QVBoxLayout), m_verify(new Button(theme, ButtonKind::Plain)),
      m_accept(new Button(theme, ButtonKind::Plain)), m_move(new Button(theme, ButtonKind::Plain)),
      m_folder(new Button(theme, ButtonKind::Plain)), m_sealing(new ModelsSealing(theme, bridge)) {
    m_verify->setObjectName(QStringLiteral("verifyNow"));
    m_accept->setObjectName(QStringLiteral("acceptChange"));
    m_move->setObjectName(QStringLiteral("moveFiles"));
    m_folder->setObjectName(QStringLiteral("openFolder"));
    m_verify->setIconName(QStringLiteral("check"));
    m_folder->setIconName(QStringLiteral("folder"));
    m_rows->setSpacing(theme.space(3));
    auto* card = new Card(theme);
    auto* actions = new QHBoxLayout;
    actions->addWidget(m_verify);
    actions->addWidget(m_accept);
    actions->addWidget(m_move);
    actions->addWidget(m_folder);
    actions->addStretch(1);
    card->body()->addWidget(m_title);
    card->body()->addLayout(m_rows);
    card->body()->addLayout(actions);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.px(14));
    layout->addWidget(card);
    layout->addWidget(m_sealing);
    layout->addStretch(1);
    connect(&bridge, &LibraryBridge::changed, this, &ModelsFiles::show);
    connect(&bridge, &LibraryBridge::taskChanged, this, &ModelsFiles::show);
    connect(m_verify, &QAbstractButton::clicked, this, [this] { m_bridge.verify({m_version}); });
    connect(m_accept, &QAbstractButton::clicked, this, [this] { m_bridge.acceptChange(m_version); });
    connect(m_move, &QAbstractButton::clicked, this, [this] { Q_EMIT moveAsked(m_version); });
    connect(m_folder, &QAbstractButton::clicked, this, [this] {
        if (const auto* version = m_bridge.version(m_version))
            QDesktopServices::openUrl(
                QUrl::fromLocalFile(QString::fromStdString(version->path().parent_path().string())));
    });
}

void ModelsFiles::setVersion(qint64 version) {
    m_version = version;
    m_sealing->setVersion(version);
    show();
}

void ModelsFiles::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        show();
    QWidget::changeEvent(event);
}

void ModelsFiles::show() {
    m_title->setTexts(tr("Files"), tr("Verifying reads every byte and compares it with what was recorded."));
    m_verify->setText(tr("Verify now"));
    m_accept->setText(tr("Take it as it is now"));
    m_move->setText(tr("Move to…"));
    m_folder->setText(tr("Open folder"));
    const FreshRows fresh(m_rows);
    const auto* version = m_bridge.version(m_version);
    if (!version)
        return;
    for (const auto& file : version->files) {
        auto* row = new QWidget;
        row->setObjectName(QStringLiteral("file-%1").arg(file.id));
        auto* line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        auto* words = new QVBoxLayout;
        words->setSpacing(0);
        auto* path = new ElidedLabel(m_theme, TextRole::Body, ColourRole::Text,
                                     QDir::toNativeSeparators(QString::fromStdString(file.path.string())));
        path->setElideMode(Qt::ElideMiddle);
        words->addWidget(path);
        const QString mode = file.mode == FileMode::Copied       ? tr("copied into the library")
                             : file.mode == FileMode::HardLinked ? tr("hard-linked into the library")
                             : file.mode == FileMode::Made       ? tr("made by Hearth")
                                                                 : tr("stays where it is");
        const QString hash = file.sha256.empty()
                                 ? tr("checksum not computed yet")
                                 : QStringLiteral("SHA-256 ") + QString::fromStdString(file.sha256);
        auto* about = new ElidedLabel(m_theme, TextRole::Small, ColourRole::Muted,
                                      humanBytes(file.bytes) + QStringLiteral(" · ") + mode +
                                          QStringLiteral(" · ") + hash);
        words->addWidget(about);
        line->addLayout(words, 1);
        const bool good = file.state == FileState::Present && file.verifiedMs > 0;
        const QString state =
            file.state == FileState::Missing   ? tr("missing")
            : file.state == FileState::Changed ? tr("changed")
            : file.state == FileState::Altered ? tr("altered since it was recorded")
            : file.verifiedMs > 0
                ? tr("verified %1")
                      .arg(QLocale().toString(QDateTime::fromMSecsSinceEpoch(file.verifiedMs).date(),
                                              QLocale::ShortFormat))
                : tr("not verified");
        line->addWidget(new Chip(m_theme, state,
                                 good                               ? Chip::Kind::Good
                                 : file.state == FileState::Present ? Chip::Kind::Neutral
                                 : file.state == FileState::Altered ? Chip::Kind::Caution
                                                                    : Chip::Kind::Bad));
        if (file.state == FileState::Missing && m_bridge.may(security::Action::Change)) {
            auto* find = new Button(m_theme, ButtonKind::Plain, tr("Where is it?…"));
            find->setObjectName(QStringLiteral("locateFile"));
            connect(find, &QAbstractButton::clicked, this, [this, id = file.id, name = file.path] {
                auto* dialog = new QFileDialog(
                    this, tr("Where is %1?").arg(QString::fromStdString(name.filename().string())));
                dialog->setAttribute(Qt::WA_DeleteOnClose);
                dialog->setFileMode(QFileDialog::ExistingFile);
                connect(dialog, &QFileDialog::fileSelected, this,
                        [this, id](const QString& found) { m_bridge.relocate(id, found); });
                dialog->open();
            });
            line->addWidget(find);
        }
        m_rows->addWidget(row);
    }
    const bool missing = version->state() == FileState::Missing,
               idle = m_bridge.task() == LibraryBridge::Task::None;
    m_verify->setEnabled(idle);
    const bool mayChange = m_bridge.may(security::Action::Change);
    m_move->setVisible(mayChange);
    m_accept->setVisible(mayChange &&
                         (version->state() == FileState::Changed || version->state() == FileState::Altered));
    m_accept->setEnabled(idle);
    m_move->setEnabled(idle && !missing);
}

} // namespace hearth::gui
