#include "gui/pages/models_convert.h"

#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QGridLayout>
#include <QLineEdit>
#include <QShortcut>
#include <QVBoxLayout>

#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

ModelsConvert::ModelsConvert(Theme& theme, LibraryBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_header(new PageHeader(theme)),
      m_back(new IconButton(theme, QStringLiteral("chevron-left"), {})),
      m_start(new Button(theme, ButtonKind::Primary)), m_title(new SectionHeader(theme)),
      m_path(new TextLabel(theme, TextRole::Body, ColourRole::Text)),
      m_typeWord(new TextLabel(theme, TextRole::Body, ColourRole::Muted)),
      m_nameWord(new TextLabel(theme, TextRole::Body, ColourRole::Muted)),
      m_about(new TextLabel(theme, TextRole::Small, ColourRole::Muted)), m_type(new ComboBox(theme)),
      m_name(new QLineEdit), m_error(new ErrorBox(theme)) {
    m_back->setObjectName(QStringLiteral("convertBack"));
    m_start->setObjectName(QStringLiteral("convertStart"));
    m_type->setObjectName(QStringLiteral("convertType"));
    m_name->setObjectName(QStringLiteral("convertName"));
    m_name->setMaxLength(120);
    m_type->addItems(
        {QStringLiteral("F16"), QStringLiteral("BF16"), QStringLiteral("F32"), QStringLiteral("Q8_0")});
    m_path->setWordWrap(true);
    m_about->setWordWrap(true);
    m_header->setBack(m_back);
    m_header->actions()->addWidget(m_start);
    auto* card = new Card(theme);
    auto* grid = new QGridLayout;
    grid->setColumnStretch(1, 1);
    grid->setHorizontalSpacing(theme.space(5));
    grid->addWidget(m_nameWord, 0, 0);
    grid->addWidget(m_name, 0, 1);
    grid->addWidget(m_typeWord, 1, 0);
    grid->addWidget(m_type, 1, 1, Qt::AlignLeft);
    card->body()->addWidget(m_title);
    card->body()->addWidget(m_path);
    card->body()->addLayout(grid);
    card->body()->addWidget(m_about);
    card->body()->addWidget(m_error);
    auto* body = new QVBoxLayout;
    const int edge = theme.space(6);
    body->setContentsMargins(edge, edge, edge, edge);
    body->addWidget(card);
    body->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addLayout(body, 1);
    auto* back = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    back->setContext(Qt::WidgetWithChildrenShortcut);
    connect(back, &QShortcut::activated, this, &ModelsConvert::backAsked);
    connect(m_back, &QAbstractButton::clicked, this, &ModelsConvert::backAsked);
    connect(m_start, &QAbstractButton::clicked, this, &ModelsConvert::start);
    connect(m_name, &QLineEdit::textChanged, this,
            [this](const QString& text) { m_start->setEnabled(!text.trimmed().isEmpty()); });
    retranslate();
}

void ModelsConvert::setFolder(const QString& folder) {
    m_folder = folder;
    m_error->clear();
    m_path->setText(QDir::toNativeSeparators(folder));
    m_name->setText(QFileInfo(QDir::cleanPath(folder)).fileName());
    m_name->setFocus();
}

void ModelsConvert::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ModelsConvert::retranslate() {
    m_back->setName(tr("Back to all models"));
    m_header->setTitle(tr("Convert a folder"));
    m_start->setText(tr("Convert"));
    m_title->setTexts(tr("Safetensors to GGUF"),
                      tr("The folder stays as it is; the model that is made of it lies in the library."));
    m_nameWord->setText(tr("Name"));
    m_name->setAccessibleName(tr("Name"));
    m_typeWord->setText(tr("Weights as"));
    m_type->setAccessibleName(tr("Weights as"));
    m_about->setText(tr(
        "F16 suits nearly every model and is the best source for quantising. BF16 keeps very large values, "
        "F32 everything at twice the size, Q8_0 half the size at once."));
}

void ModelsConvert::start() {
    const std::string name = m_name->text().trimmed().toStdString(),
                      type = m_type->currentText().toStdString();
    workbench::ConvertRequest request{m_folder.toStdString(), m_bridge.freeTarget(name, type), type, name};
    workbench::Job job;
    job.kind = workbench::JobKind::Convert;
    job.title = name;
    job.request = workbench::toJson(request);
    m_error->clear();
    m_start->setEnabled(false);
    m_bridge.addJob(std::move(job), this, [this](const Result<workbench::JobId>& id) {
        m_start->setEnabled(true);
        if (id)
            Q_EMIT backAsked();
        else
            m_error->showError(id.error());
    });
}

} // namespace hearth::gui
