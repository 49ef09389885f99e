#include <QDir>
#include <QEvent>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QShortcut>
#include <QVBoxLayout>

#include "gui/models/library_model.h"
#include "gui/pages/models_places.h"
#include "gui/pages/models_plots.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

namespace {

QString speedWord(int speed) {
    return speed == 3   ? ModelsStorage::tr("fast (NVMe)")
           : speed == 2 ? ModelsStorage::tr("solid state")
           : speed == 1 ? ModelsStorage::tr("slow")
                        : ModelsStorage::tr("speed not known");
}

} // namespace

ModelsStorage::ModelsStorage(Theme& theme, LibraryBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_header(new PageHeader(theme)),
      m_back(new IconButton(theme, QStringLiteral("chevron-left"), {})),
      m_shareTitle(new SectionHeader(theme)), m_diskTitle(new SectionHeader(theme)),
      m_duplicateTitle(new SectionHeader(theme)), m_unusedTitle(new SectionHeader(theme)),
      m_moveTitle(new SectionHeader(theme)), m_share(new ShareBar(theme)), m_duplicates(new Card(theme)),
      m_unused(new Card(theme)), m_moves(new Card(theme)), m_disks(new QVBoxLayout),
      m_duplicateRows(new QVBoxLayout), m_unusedRows(new QVBoxLayout), m_moveRows(new QVBoxLayout) {
    m_back->setObjectName(QStringLiteral("storageBack"));
    m_header->setBack(m_back);
    auto* share = new Card(theme);
    share->body()->addWidget(m_shareTitle);
    share->body()->addWidget(m_share);
    auto* disks = new Card(theme);
    disks->body()->addWidget(m_diskTitle);
    disks->body()->addLayout(m_disks);
    const auto fill = [](Card* card, SectionHeader* title, QVBoxLayout* rows) {
        card->body()->addWidget(title);
        card->body()->addLayout(rows);
    };
    fill(m_duplicates, m_duplicateTitle, m_duplicateRows);
    fill(m_unused, m_unusedTitle, m_unusedRows);
    fill(m_moves, m_moveTitle, m_moveRows);
    auto* column = new QWidget;
    auto* body = new QVBoxLayout(column);
    const int edge = theme.space(6);
    body->setContentsMargins(edge, edge, edge, edge);
    body->setSpacing(theme.px(14));
    for (Card* card : {share, disks, m_moves, m_duplicates, m_unused})
        body->addWidget(card);
    body->addStretch(1);
    auto* area = new QScrollArea;
    area->setWidget(column);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->viewport()->setAutoFillBackground(false);
    column->setAutoFillBackground(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(area, 1);
    auto* back = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    back->setContext(Qt::WidgetWithChildrenShortcut);
    connect(back, &QShortcut::activated, this, &ModelsStorage::backAsked);
    connect(m_back, &QAbstractButton::clicked, this, &ModelsStorage::backAsked);
    connect(&bridge, &LibraryBridge::storageRead, this, [this](const workbench::StorageView& view) {
        m_view = view;
        show();
    });
    // Rows that are gone are not offered any longer; sizes follow with the next look.
    connect(&bridge, &LibraryBridge::changed, this, [this] { show(); });
    connect(&bridge, &LibraryBridge::removed, this, [this] { refresh(); });
    retranslate();
}

void ModelsStorage::refresh() {
    m_bridge.readStorage(m_candidates);
}

void ModelsStorage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ModelsStorage::retranslate() {
    m_back->setName(tr("Back to all models"));
    m_header->setTitle(tr("Storage"));
    m_diskTitle->setTexts(tr("Disks"), {});
    m_share->setAccessibleName(tr("What takes the space"));
    m_duplicateTitle->setTexts(tr("Duplicates"), tr("Files with the same bytes. One of each is enough."));
    m_unusedTitle->setTexts(tr("Not used for long"),
                            tr("Not opened for %n day(s).", nullptr, workbench::kUnusedDays));
    m_moveTitle->setTexts(tr("Would load faster elsewhere"), {});
    show();
}

void ModelsStorage::addVersionRow(QVBoxLayout* to, qint64 id, const QString& about) {
    const auto* version = m_bridge.version(id);
    const auto* model = m_bridge.modelOfVersion(id);
    if (!version || !model)
        return;
    auto* row = new QWidget;
    row->setObjectName(QStringLiteral("stored-%1").arg(id));
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(m_theme.space(3));
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(new ElidedLabel(m_theme, TextRole::Strong, ColourRole::Text,
                                     QString::fromStdString(model->name + " · " + version->label)));
    auto* path = new ElidedLabel(
        m_theme, TextRole::Small, ColourRole::Muted,
        about.isEmpty() ? QDir::toNativeSeparators(QString::fromStdString(version->path().string())) : about);
    path->setElideMode(Qt::ElideMiddle);
    words->addWidget(path);
    line->addLayout(words, 1);
    line->addWidget(new NumberLabel(m_theme, TextRole::Body, ColourRole::Text, humanBytes(version->bytes())));
    auto* showIt = new Button(m_theme, ButtonKind::Ghost, tr("Show"));
    showIt->setObjectName(QStringLiteral("showStored"));
    connect(showIt, &QAbstractButton::clicked, this, [this, id] { Q_EMIT opened(id); });
    line->addWidget(showIt);
    if (m_bridge.may(security::Action::Remove)) {
        auto* remove = new Button(m_theme, ButtonKind::Danger, tr("Remove…"));
        remove->setObjectName(QStringLiteral("removeStored"));
        connect(remove, &QAbstractButton::clicked, this, [this, id] { Q_EMIT removeAsked(id); });
        line->addWidget(remove);
    }
    to->addWidget(row);
}

void ModelsStorage::show() {
    const FreshRows disks(m_disks), duplicates(m_duplicateRows), unused(m_unusedRows), moves(m_moveRows);
    if (!m_view) {
        m_shareTitle->setTexts(tr("What takes the space"), tr("Looking at the disks…"));
        for (Card* card : {m_duplicates, m_unused, m_moves})
            card->hide();
        return;
    }
    m_shareTitle->setTexts(tr("What takes the space"), tr("%1 together").arg(humanBytes(m_view->totalBytes)));
    std::vector<ShareBar::Part> parts;
    for (const auto& share : m_view->models)
        if (const auto* model = m_bridge.model(share.model); model && share.bytes)
            parts.push_back(
                {QString::fromStdString(model->name), humanBytes(share.bytes), double(share.bytes)});
    m_share->setParts(std::move(parts), tr("all others"));
    for (const auto& volume : m_view->volumes) {
        auto* row = new QWidget;
        auto* line = new QVBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(m_theme.space(1));
        auto* words = new QHBoxLayout;
        words->addWidget(
            new TextLabel(m_theme, TextRole::Strong, ColourRole::Text,
                          QDir::toNativeSeparators(QString::fromStdString(volume.root.string()))));
        words->addWidget(new Chip(m_theme, speedWord(volume.speed)));
        words->addStretch(1);
        words->addWidget(new NumberLabel(m_theme, TextRole::Small, ColourRole::Muted,
                                         tr("%1 free of %2 · models %3")
                                             .arg(humanBytes(volume.freeBytes), humanBytes(volume.totalBytes),
                                                  humanBytes(volume.libraryBytes))));
        line->addLayout(words);
        auto* bar = new ProgressLine(m_theme);
        bar->setIsShare(true);
        const double used = volume.totalBytes ? 1 - double(volume.freeBytes) / double(volume.totalBytes) : 0;
        bar->setFraction(used);
        bar->setColour(used > 0.95   ? ColourRole::Bad
                       : used > 0.85 ? ColourRole::Caution
                                     : ColourRole::Accent);
        bar->setAccessibleName(tr("Used space"));
        line->addWidget(bar);
        m_disks->addWidget(row);
    }
    for (const auto& group : m_view->duplicates) {
        m_duplicateRows->addWidget(
            new TextLabel(m_theme, TextRole::Small, ColourRole::Muted,
                          group.wastedBytes ? tr("Keeping one frees %1.").arg(humanBytes(group.wastedBytes))
                                            : tr("Two names of the same bytes: nothing is wasted.")));
        for (const auto id : group.versions)
            addVersionRow(m_duplicateRows, id, {});
    }
    for (const auto id : m_view->unused)
        if (const auto* version = m_bridge.version(id))
            addVersionRow(m_unusedRows, id, tr("Last used: %1").arg(LibraryModel::when(version->lastUsedMs)));
    for (const auto& move : m_view->suggestions) {
        const auto* version = m_bridge.version(move.version);
        const auto* model = m_bridge.modelOfVersion(move.version);
        if (!version || !model)
            continue;
        auto* row = new QWidget;
        auto* line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        const QString folder = QString::fromStdString(move.folder.string());
        auto* words = new TextLabel(m_theme, TextRole::Body, ColourRole::Text,
                                    tr("%1 (%2) to the faster disk at %3")
                                        .arg(QString::fromStdString(model->name + " · " + version->label),
                                             humanBytes(move.bytes), QDir::toNativeSeparators(folder)));
        words->setWordWrap(true);
        line->addWidget(words, 1);
        if (m_bridge.may(security::Action::Change)) {
            auto* button = new Button(m_theme, ButtonKind::Plain, tr("Move"));
            button->setObjectName(QStringLiteral("moveToFaster"));
            connect(button, &QAbstractButton::clicked, this,
                    [this, id = move.version, folder] { m_bridge.move(id, folder); });
            line->addWidget(button);
        }
        m_moveRows->addWidget(row);
    }
    m_duplicates->setVisible(!m_view->duplicates.empty());
    m_unused->setVisible(!m_view->unused.empty());
    m_moves->setVisible(!m_view->suggestions.empty());
}

} // namespace hearth::gui
