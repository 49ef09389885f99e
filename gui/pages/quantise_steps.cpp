#include "gui/pages/quantise_steps.h"

#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPainter>
#include <QRadioButton>
#include <QVBoxLayout>

#include "gui/widgets/buttons.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

StepBar::StepBar(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void StepBar::setSteps(const QStringList& steps) {
    m_steps = steps;
    setCurrent(m_current);
}

void StepBar::setCurrent(int step) {
    m_current = step;
    if (step >= 0 && step < m_steps.size())
        setAccessibleName(tr("Step %1 of %2: %3").arg(step + 1).arg(m_steps.size()).arg(m_steps[step]));
    update();
}

void StepBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_steps.isEmpty())
        return;
    const int dot = m_theme.px(22), gap = m_theme.space(2), line = m_theme.space(4);
    // Words take what they need, lines share the rest.
    int words = 0;
    for (int i = 0; i < m_steps.size(); ++i)
        words += dot + gap +
                 QFontMetrics(m_theme.font(i == m_current ? TextRole::Strong : TextRole::Body))
                     .horizontalAdvance(m_steps[i]);
    const int lines = static_cast<int>(m_steps.size()) - 1;
    const int length = lines > 0 ? std::max(line, (width() - words) / lines - 2 * gap) : 0;
    int x = 0;
    const int middle = height() / 2;
    for (int i = 0; i < m_steps.size(); ++i) {
        const QRectF circle(x, middle - dot / 2.0, dot, dot);
        const bool done = i < m_current, now = i == m_current;
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.colour(now    ? ColourRole::Accent
                                        : done ? ColourRole::GoodSoft
                                               : ColourRole::Chip));
        painter.drawEllipse(circle);
        if (done) {
            const int size = m_theme.px(12);
            painter.drawPixmap(
                QRectF(circle.center() - QPointF(size / 2.0, size / 2.0), QSizeF(size, size)).toRect(),
                m_theme.pixmap(QStringLiteral("check"), ColourRole::GoodText, size, devicePixelRatioF()));
        } else {
            painter.setFont(m_theme.font(TextRole::SmallStrong));
            painter.setPen(m_theme.colour(now ? ColourRole::OnAccent : ColourRole::MutedStrong));
            painter.drawText(circle, Qt::AlignCenter, QString::number(i + 1));
        }
        x += dot + gap;
        painter.setFont(m_theme.font(now ? TextRole::Strong : TextRole::Body));
        painter.setPen(m_theme.colour(now ? ColourRole::Text : ColourRole::Muted));
        const int word = painter.fontMetrics().horizontalAdvance(m_steps[i]);
        painter.drawText(QRect(x, 0, word + 2, height()), Qt::AlignVCenter | Qt::AlignLeft, m_steps[i]);
        x += word + gap;
        if (i + 1 < m_steps.size()) {
            painter.setPen(QPen(m_theme.colour(ColourRole::Border), 1));
            painter.drawLine(x, middle, x + length, middle);
            x += length + gap;
        }
    }
}

CalibrationStep::CalibrationStep(Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_title(new SectionHeader(theme)),
      m_measureTitle(new SectionHeader(theme)), m_builtin(new QRadioButton), m_own(new QRadioButton),
      m_none(new QRadioButton), m_choose(new Button(theme, ButtonKind::Plain)), m_measure(new Toggle(theme)) {
    m_builtin->setObjectName(QStringLiteral("calibrateBuiltin"));
    m_own->setObjectName(QStringLiteral("calibrateOwn"));
    m_none->setObjectName(QStringLiteral("calibrateNone"));
    m_choose->setObjectName(QStringLiteral("chooseText"));
    m_measure->setObjectName(QStringLiteral("measureAfter"));
    m_builtin->setChecked(true);
    m_measure->setChecked(true);
    auto* card = new Card(theme);
    card->body()->addWidget(m_title);
    const auto add = [&](QRadioButton* button, TextLabel*& words, QWidget* more = nullptr) {
        bindFont(button, theme, TextRole::Strong);
        words = new TextLabel(theme, TextRole::Small, ColourRole::Muted);
        words->setWordWrap(true);
        auto* line = new QHBoxLayout;
        line->addWidget(button);
        if (more)
            line->addWidget(more);
        line->addStretch(1);
        auto* choice = new QVBoxLayout;
        choice->setSpacing(theme.space(1));
        choice->addLayout(line);
        choice->addWidget(words);
        card->body()->addLayout(choice);
        connect(button, &QAbstractButton::toggled, this, &CalibrationStep::changed);
    };
    add(m_builtin, m_builtinWords);
    add(m_own, m_ownWords, m_choose);
    add(m_none, m_noneWords);
    auto* measure = new Card(theme);
    auto* line = new QHBoxLayout;
    m_measureWord = new TextLabel(theme, TextRole::Body, ColourRole::Text);
    line->addWidget(m_measureWord, 1);
    line->addWidget(m_measure);
    measure->body()->addWidget(m_measureTitle);
    measure->body()->addLayout(line);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.px(14));
    layout->addWidget(card);
    layout->addWidget(measure);
    layout->addStretch(1);
    connect(m_choose, &QAbstractButton::clicked, this, [this] {
        auto* dialog = new QFileDialog(this, tr("A text to calibrate with"), QDir::homePath(),
                                       tr("Texts (*.txt *.md);;All files (*)"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
            m_file = path;
            m_own->setChecked(true);
            retranslate();
            Q_EMIT changed();
        });
        dialog->open();
    });
    retranslate();
}

QString CalibrationStep::choice() const {
    if (m_own->isChecked())
        return m_file;
    return m_none->isChecked() ? QStringLiteral("none") : QStringLiteral("builtin");
}

void CalibrationStep::offerOwn(bool may) {
    for (QWidget* each :
         {static_cast<QWidget*>(m_own), static_cast<QWidget*>(m_choose), static_cast<QWidget*>(m_ownWords)})
        each->setVisible(may);
    if (!may && m_own->isChecked())
        m_builtin->setChecked(true);
}

bool CalibrationStep::measures() const {
    return m_measure->isChecked();
}

void CalibrationStep::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void CalibrationStep::retranslate() {
    m_title->setTexts(tr("Importance of the weights"),
                      tr("The model reads a text, and weights that matter there are kept more exactly."));
    m_builtin->setText(tr("The built-in text"));
    m_builtinWords->setText(
        tr("Neutral, English and Chinese: prose, code, dialogue, lists, numbers. Usually the best."));
    m_own->setText(m_file.isEmpty() ? tr("A text of mine") : QFileInfo(m_file).fileName());
    m_ownWords->setText(
        tr("For a model that is to do one kind of thing: a text of that kind, some ten pages long."));
    m_none->setText(tr("None"));
    m_noneWords->setText(tr("Faster, and enough for eight and six bits."));
    m_choose->setText(tr("Choose…"));
    m_measureTitle->setTexts(
        tr("Compare afterwards"),
        tr("Perplexity, KL divergence, speed and memory of both, on a part of the built-in text that "
           "calibration does not read."));
    m_measureWord->setText(tr("Measure source and result"));
    m_measure->setAccessibleName(tr("Measure source and result"));
}

} // namespace hearth::gui
