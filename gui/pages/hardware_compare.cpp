#include "gui/pages/hardware_compare.h"

#include <QDir>
#include <QGridLayout>
#include <QHBoxLayout>

#include "gui/pages/hardware_words.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"

namespace hearth::gui {

CompareCard::CompareCard(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : HardwareCard(theme, bridge, parent), m_signature(new Chip(theme)),
      m_close(new IconButton(theme, QStringLiteral("close"), {})),
      m_who(new TextLabel(theme, TextRole::Small, ColourRole::Muted)) {
    setObjectName(QStringLiteral("comparison"));
    m_who->setWordWrap(true);
    auto* line = new QHBoxLayout;
    line->addWidget(m_title, 1);
    line->addWidget(m_signature);
    line->addWidget(m_close);
    body()->addLayout(line);
    body()->addWidget(m_who);
    m_figures = addGrid();
    m_figures->setColumnStretch(2, 1);
    connect(m_close, &QAbstractButton::clicked, this, [this] {
        m_comparison.reset();
        fill();
    });
    connect(&bridge, &HardwareBridge::compared, this,
            [this](const std::shared_ptr<const ReportComparison>& comparison) {
                m_comparison = comparison;
                fill();
            });
    fill();
}

void CompareCard::fill() {
    setVisible(m_comparison != nullptr);
    emptyLayout(m_figures);
    m_close->setName(tr("Close the comparison"));
    if (!m_comparison)
        return;
    const ReportComparison& c = *m_comparison;
    m_title->setTexts(tr("This machine and another"), QDir::toNativeSeparators(c.file));
    switch (c.signature) {
    case ReportComparison::Signature::Valid:
        m_signature->setText(c.own ? tr("Signed here, unchanged") : tr("Signed, unchanged"));
        m_signature->setKind(Chip::Kind::Good);
        break;
    case ReportComparison::Signature::Changed:
        m_signature->setText(tr("Changed after it was signed"));
        m_signature->setKind(Chip::Kind::Bad);
        break;
    case ReportComparison::Signature::None:
        m_signature->setText(tr("Not signed"));
        m_signature->setKind(Chip::Kind::Caution);
        break;
    }
    QStringList who;
    if (!c.machine.isEmpty())
        who << c.machine;
    if (!c.time.isEmpty())
        who << hardware_words::localTime(c.time.toStdString());
    if (!c.key.isEmpty())
        who << tr("key %1").arg(c.key);
    m_who->setText(who.join(QStringLiteral(" · ")));
    const auto add = [this](int row, const QStringList& cells, TextRole role, ColourRole colour) {
        for (int column = 0; column < cells.size(); ++column) {
            auto* label = new TextLabel(m_theme, role, colour, cells[column]);
            label->setWordWrap(column == 1 || column == 2);
            m_figures->addWidget(label, row, column,
                                 column == 3 ? Qt::AlignTop | Qt::AlignRight : Qt::Alignment(Qt::AlignTop));
        }
    };
    add(0, {QString(), tr("This machine"), tr("The other one"), tr("other ÷ this")}, TextRole::Small,
        ColourRole::Muted);
    int row = 1;
    for (const hardware::ReportDifference& d : c.differences)
        add(row++,
            {hardware_words::figure(d.figure), QString::fromStdString(d.a), QString::fromStdString(d.b),
             d.ratio ? QStringLiteral("× ") + hardware_words::decimal(*d.ratio) : QString()},
            TextRole::Body, ColourRole::Text);
}

} // namespace hearth::gui
