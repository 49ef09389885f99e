#include "gui/pages/about_page.h"

#include <QDir>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"
#include "gui/widgets/page_parts.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

namespace {

struct Library {
    const char16_t *name, *licence;
};

// What the programs link or load, as README.md lists it. Names of projects and licences are the same in every
// language.
constexpr Library kLibraries[] = {
    {u"Qt " QT_VERSION_STR, u"LGPL-3.0-only · GPL-3.0-only"},
    {u"SQLite", u"Public domain"},
    {u"OpenSSL", u"Apache-2.0"},
    {u"Argon2", u"CC0-1.0 · Apache-2.0"},
    {u"Boost", u"BSL-1.0"},
    {u"PCRE2", u"BSD-3-Clause"},
    {u"MD4C", u"MIT"},
    {u"GNU Source-highlight", u"GPL-3.0-or-later"},
    {u"utf8proc", u"MIT"},
    {u"nlohmann/json", u"MIT"},
    {u"tl::expected", u"CC0-1.0"},
    {u"spdlog, fmt", u"MIT"},
    {u"CLI11", u"BSD-3-Clause"},
    {u"hwloc", u"BSD-3-Clause"},
    {u"OpenBLAS", u"BSD-3-Clause"},
    {u"SentencePiece", u"Apache-2.0"},
    {u"Vulkan headers", u"Apache-2.0 · MIT"},
};

QGridLayout* grid(Theme& theme) {
    auto* layout = new QGridLayout;
    layout->setHorizontalSpacing(theme.space(6));
    layout->setVerticalSpacing(theme.space(2));
    layout->setColumnStretch(1, 1);
    return layout;
}

} // namespace

AboutPage::AboutPage(Theme& theme, Facts facts, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_facts(std::move(facts)), m_header(new PageHeader(theme)),
      m_slogan(new TextLabel(theme, TextRole::Body, ColourRole::Muted)),
      m_licence(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_privacyTitle(new SectionHeader(theme)), m_factsTitle(new SectionHeader(theme)),
      m_librariesTitle(new SectionHeader(theme)),
      m_privacy(new TextLabel(theme, TextRole::Body, ColourRole::Text)), m_factsGrid(grid(theme)),
      m_librariesGrid(grid(theme)) {
    auto* column = new ReadingColumn(theme);

    auto* logo = new QLabel;
    const auto drawLogo = [logo, &theme] {
        const int side = theme.space(16);
        logo->setPixmap(
            QIcon(QStringLiteral(":/icons/hearth.svg")).pixmap(QSize(side, side), logo->devicePixelRatioF()));
    };
    drawLogo();
    connect(&theme, &Theme::changed, logo, drawLogo);
    auto* words = new QVBoxLayout;
    words->setSpacing(theme.space(1));
    words->addWidget(new TextLabel(theme, TextRole::Display, ColourRole::Text, QStringLiteral("Hearth")));
    m_slogan->setWordWrap(true);
    words->addWidget(m_slogan);
    words->addWidget(m_licence);
    auto* top = new QHBoxLayout;
    top->setSpacing(theme.space(5));
    top->addWidget(logo, 0, Qt::AlignTop);
    top->addLayout(words, 1);
    column->body()->addLayout(top);

    auto* privacy = new Card(theme);
    m_privacy->setWordWrap(true);
    privacy->body()->addWidget(m_privacyTitle);
    privacy->body()->addWidget(m_privacy);
    column->body()->addWidget(privacy);

    auto* factsCard = new Card(theme);
    factsCard->body()->addWidget(m_factsTitle);
    factsCard->body()->addLayout(m_factsGrid);
    column->body()->addWidget(factsCard);

    auto* libraries = new Card(theme);
    libraries->body()->addWidget(m_librariesTitle);
    libraries->body()->addLayout(m_librariesGrid);
    column->body()->addWidget(libraries);
    column->body()->addStretch(1);

    stackPage(this, m_header, column);
    retranslate();
}

void AboutPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void AboutPage::retranslate() {
    m_header->setTitle(tr("About"));
    m_slogan->setText(tr("A workbench for language models on your own machine."));
    m_licence->setText(tr("Version %1 · free software under the GPL-3.0-or-later, without any warranty")
                           .arg(m_facts.version));
    m_privacyTitle->setTexts(tr("What leaves this machine: nothing"), {});
    m_privacy->setText(
        tr("Hearth opens a network connection only for what you ask of it, such as a download: models are "
           "computed here, chats are kept here, and nothing is counted or reported. A link in an answer is "
           "opened in your browser only after you agreed."));
    m_factsTitle->setTexts(tr("This installation"), {});
    m_librariesTitle->setTexts(tr("Built on the work of"), {});

    const std::pair<QString, QString> facts[] = {
        {tr("Version"), m_facts.version},
        {tr("Instruction set"), m_facts.instructionSet},
        {tr("Threads"), QString::number(m_facts.threads)},
        {tr("Qt"), QString::fromLatin1(qVersion())},
        {tr("Data folder"), QDir::toNativeSeparators(m_facts.dataFolder)},
        {tr("Log files"),
         tr("%1 (never hold what you write or read)").arg(QDir::toNativeSeparators(m_facts.logFolder))},
    };
    emptyLayout(m_factsGrid);
    int row = 0;
    for (const auto& [name, value] : facts) {
        auto* valueLabel = new TextLabel(m_theme, TextRole::Body, ColourRole::Text, value);
        valueLabel->setWordWrap(true);
        valueLabel->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        m_factsGrid->addWidget(new TextLabel(m_theme, TextRole::Body, ColourRole::Muted, name), row, 0,
                               Qt::AlignTop);
        m_factsGrid->addWidget(valueLabel, row++, 1);
    }
    emptyLayout(m_librariesGrid);
    row = 0;
    for (const Library& library : kLibraries) {
        m_librariesGrid->addWidget(
            new TextLabel(m_theme, TextRole::Body, ColourRole::Text, QString::fromUtf16(library.name)), row,
            0);
        m_librariesGrid->addWidget(
            new TextLabel(m_theme, TextRole::Body, ColourRole::Muted, QString::fromUtf16(library.licence)),
            row++, 1);
    }
}

} // namespace hearth::gui
