#include <QCheckBox>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QShortcut>
#include <QVBoxLayout>

#include "gui/models/library_model.h"
#include "gui/pages/models_places.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/error_text.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

ModelsScan::ModelsScan(Theme& theme, LibraryBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_header(new PageHeader(theme)),
      m_back(new IconButton(theme, QStringLiteral("chevron-left"), {})),
      m_add(new Button(theme, ButtonKind::Primary)), m_folder(new Button(theme, ButtonKind::Plain)),
      m_hint(new TextLabel(theme, TextRole::Body, ColourRole::Muted)), m_rows(new QVBoxLayout) {
    m_back->setObjectName(QStringLiteral("scanBack"));
    m_add->setObjectName(QStringLiteral("addFound"));
    m_folder->setObjectName(QStringLiteral("scanFolder"));
    m_folder->setIconName(QStringLiteral("folder"));
    m_hint->setWordWrap(true);
    m_header->setBack(m_back);
    m_header->actions()->addWidget(m_folder);
    m_header->actions()->addWidget(m_add);
    auto* card = new Card(theme);
    card->body()->addWidget(m_hint);
    card->body()->addLayout(m_rows);
    auto* column = new QWidget;
    auto* body = new QVBoxLayout(column);
    const int edge = theme.space(6);
    body->setContentsMargins(edge, edge, edge, edge);
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
    connect(back, &QShortcut::activated, this, &ModelsScan::backAsked);
    connect(m_back, &QAbstractButton::clicked, this, &ModelsScan::backAsked);
    connect(m_folder, &QAbstractButton::clicked, this, [this] {
        auto* dialog = new QFileDialog(this, tr("Look for models in a folder"), QDir::homePath());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::Directory);
        connect(dialog, &QFileDialog::fileSelected, this,
                [this](const QString& folder) { start(m_folders + QStringList{folder}, m_mode); });
        dialog->open();
    });
    connect(m_add, &QAbstractButton::clicked, this, [this] {
        std::vector<workbench::FoundModel> chosen;
        for (const auto& [box, index] : m_choices)
            if (box->isChecked())
                chosen.push_back(m_report.models[index]);
        m_bridge.importFound(std::move(chosen), m_mode);
        Q_EMIT backAsked();
    });
    connect(&bridge, &LibraryBridge::scanned, this, [this](const workbench::ScanReport& report) {
        m_report = report;
        m_done = true;
        show();
    });
    retranslate();
}

void ModelsScan::start(const QStringList& folders, workbench::FileMode mode) {
    m_folders = folders;
    m_mode = mode;
    m_folders.removeDuplicates();
    m_report = {};
    m_done = false;
    show();
    m_bridge.scan(m_folders);
}

void ModelsScan::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ModelsScan::retranslate() {
    m_back->setName(tr("Back to all models"));
    m_header->setTitle(tr("Models on this computer"));
    m_folder->setText(tr("Another folder…"));
    show();
}

void ModelsScan::show() {
    m_choices.clear();
    const FreshRows fresh(m_rows);
    const auto choose = [this] {
        int count = 0;
        for (const auto& [box, index] : m_choices)
            count += box->isChecked() ? 1 : 0;
        m_add->setEnabled(count > 0);
        m_add->setText(count > 0 ? tr("Take in %n model(s)", nullptr, count) : tr("Take in"));
    };
    m_hint->setText(
        !m_done
            ? tr("Looking where LM Studio, Jan, GPT4All, Ollama and Hugging Face keep models, and in your "
                 "model folders…")
        : m_report.models.empty() ? tr("Nothing was found. Choose another folder to look in.")
        : m_mode == workbench::FileMode::Copied
            ? tr("Copies of them go into the library; the files themselves stay where they are.")
        : m_mode == workbench::FileMode::HardLinked
            ? tr("They get a second name in the library's folder, on the same disk and without further "
                 "space.")
            : tr("They stay where they are; the library only remembers them."));
    for (std::size_t i = 0; i < m_report.models.size(); ++i) {
        const auto& found = m_report.models[i];
        auto* row = new QWidget;
        auto* line = new QHBoxLayout(row);
        line->setContentsMargins(0, m_theme.space(1), 0, m_theme.space(1));
        const QString name = QString::fromStdString(found.facts.name);
        if (!found.problem && !found.convertible) {
            auto* box = new QCheckBox;
            box->setObjectName(QStringLiteral("found-%1").arg(i));
            box->setAccessibleName(name);
            box->setChecked(!found.inLibrary);
            box->setEnabled(!found.inLibrary);
            line->addWidget(box);
            if (!found.inLibrary)
                m_choices.emplace_back(box, i);
            connect(box, &QCheckBox::toggled, this, choose);
        }
        auto* words = new QVBoxLayout;
        words->setSpacing(0);
        words->addWidget(new ElidedLabel(m_theme, TextRole::Strong, ColourRole::Text, name));
        QStringList about;
        if (!found.program.empty())
            about << LibraryModel::origin(found.program);
        if (!found.facts.quantisation.empty())
            about << QString::fromStdString(found.facts.quantisation);
        if (found.facts.fileBytes)
            about << humanBytes(found.facts.fileBytes);
        about << (found.problem ? errorText(*found.problem).title
                                : QDir::toNativeSeparators(QString::fromStdString(found.path.string())));
        auto* path =
            new ElidedLabel(m_theme, TextRole::Small, found.problem ? ColourRole::BadText : ColourRole::Muted,
                            about.join(QStringLiteral(" · ")));
        path->setElideMode(Qt::ElideMiddle);
        words->addWidget(path);
        line->addLayout(words, 1);
        if (found.inLibrary)
            line->addWidget(new Chip(m_theme, tr("in the library"), Chip::Kind::Good));
        if (found.convertible) {
            auto* convert = new Button(m_theme, ButtonKind::Plain, tr("Convert…"));
            connect(convert, &QAbstractButton::clicked, this, [this, path = found.path] {
                Q_EMIT convertAsked(QString::fromStdString(path.string()));
            });
            line->addWidget(convert);
        }
        m_rows->addWidget(row);
    }
    for (const auto& problem : m_report.folders) {
        auto* label = new TextLabel(m_theme, TextRole::Small, ColourRole::BadText,
                                    errorText(problem.problem).title + QStringLiteral(" · ") +
                                        QString::fromStdString(problem.path.string()));
        label->setWordWrap(true);
        m_rows->addWidget(label);
    }
    choose();
}

} // namespace hearth::gui
