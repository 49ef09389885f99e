#include "gui/pages/guide_links.h"

#include <array>

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QRegularExpression>

#include "gui/widgets/buttons.h"
#include "gui/widgets/layouts.h"

namespace hearth::gui {

namespace {

/// Pages besides the chat itself: how answers name them, and the window's id.
struct Page {
    const char *english, *chinese, *id;
};
constexpr std::array kPages{Page{"Hardware", "硬件", "hardware"}, Page{"Settings", "设置", "settings"},
                            Page{"About", "关于", "about"}};

void addOnce(QStringList& list, const QString& entry) {
    if (!list.contains(entry))
        list << entry;
}

} // namespace

GuideLinks::Named GuideLinks::namedIn(const QString& answer) {
    static const QRegularExpression named(QStringLiteral(
        "\\bthe (\\w+) page\\b|(硬件|设置|关于)页|"
        // The commands, so that "hearthctl is …" is not taken for one.
        "\\b(hearthctl (?:audit|bench|chat|convert|detokenize|evaluate|fit|generate|inspect|logits|"
        "perplexity|profile|pull|quantize|render-template|synthesize|tokenize|train))\\b"));
    Named out;
    for (auto found = named.globalMatch(answer); found.hasNext();) {
        const auto match = found.next();
        if (match.hasCaptured(3)) {
            addOnce(out.commands, match.captured(3));
            continue;
        }
        for (const Page& page : kPages)
            if (match.captured(1) == QLatin1String(page.english) ||
                match.captured(2) == QString::fromUtf8(page.chinese))
                addOnce(out.pages, QString::fromLatin1(page.id));
    }
    return out;
}

GuideLinks::GuideLinks(Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_row(new QHBoxLayout(this)) {
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(theme.space(2));
    hide();
}

void GuideLinks::offer(const QString& answer) {
    m_named = namedIn(answer);
    fill();
}

void GuideLinks::fill() {
    const FreshRows fresh(m_row);
    for (const QString& id : m_named.pages) {
        auto* button = new Button(m_theme, ButtonKind::Plain,
                                  id == QLatin1String("settings") ? tr("Open Settings") : tr("Open About"));
        button->setIconName(id); // a page's icon has the page's name
        connect(button, &QPushButton::clicked, this, [this, id] { Q_EMIT pageAsked(id); });
        m_row->addWidget(button);
    }
    for (const QString& command : m_named.commands) {
        auto* button = new Button(m_theme, ButtonKind::Plain, tr("Copy “%1”").arg(command));
        button->setIconName(QStringLiteral("copy"));
        connect(button, &QPushButton::clicked, this, [this, command] {
            QGuiApplication::clipboard()->setText(command);
            Q_EMIT copied(command);
        });
        m_row->addWidget(button);
    }
    m_row->addStretch(1);
    setVisible(!m_named.pages.isEmpty() || !m_named.commands.isEmpty());
}

void GuideLinks::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        fill();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
