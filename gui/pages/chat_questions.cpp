#include "gui/pages/chat_questions.h"

#include <utility>

#include <QCoreApplication>
#include <QDesktopServices>
#include <QMessageBox>
#include <QPushButton>
#include <QUrl>

#include "gui/pages/dialog_parts.h"

namespace hearth::gui {

namespace {

struct ChatQuestions {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::ChatQuestions)
};

} // namespace

void askToPurge(QWidget* parent, const QString& title, std::function<void()> erase) {
    openQuestion(parent, "purgeQuestion", ChatQuestions::tr("Delete for good"),
                 ChatQuestions::tr("Delete “%1” with all its messages? This cannot be undone.").arg(title),
                 ChatQuestions::tr("Delete"), std::move(erase));
}

void askToRestore(QWidget* parent, const QString& title, std::function<void()> restore) {
    openQuestion(parent, "restoreQuestion", ChatQuestions::tr("This chat is in the trash"),
                 title.isEmpty() ? ChatQuestions::tr("Take it out of the trash and open it?")
                                 : ChatQuestions::tr("Take “%1” out of the trash and open it?").arg(title),
                 ChatQuestions::tr("Restore and open"), std::move(restore));
}

void askToOpenLink(QWidget* parent, const QString& target) {
    const QUrl url(target, QUrl::StrictMode);
    const QString scheme = url.scheme().toLower();
    const bool opens =
        url.isValid() && (scheme == QLatin1String("https") || scheme == QLatin1String("http") ||
                          scheme == QLatin1String("mailto"));
    auto* box = makeQuestion(
        parent, "linkQuestion", ChatQuestions::tr("Open this link?"),
        opens ? ChatQuestions::tr("The model wrote a link to this address. Opening it leaves Hearth:")
              : ChatQuestions::tr("The model wrote a link that Hearth does not open:"));
    box->setInformativeText(target);
    if (opens) {
        auto* open = box->addButton(ChatQuestions::tr("Open in browser"), QMessageBox::AcceptRole);
        QObject::connect(open, &QAbstractButton::clicked, parent, [url] { QDesktopServices::openUrl(url); });
    }
    box->open();
}

} // namespace hearth::gui
