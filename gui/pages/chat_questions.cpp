#include "gui/pages/chat_questions.h"

#include <utility>

#include <QCoreApplication>
#include <QDesktopServices>
#include <QMessageBox>
#include <QPushButton>
#include <QUrl>

namespace hearth::gui {

namespace {

struct ChatQuestions {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::ChatQuestions)
};

QMessageBox* question(QWidget* parent, const char* name, const QString& title, const QString& text) {
    auto* box = new QMessageBox(QMessageBox::Question, title, text, QMessageBox::Cancel, parent);
    box->setObjectName(QString::fromLatin1(name));
    box->setTextFormat(Qt::PlainText); // titles and addresses can never be read as markup
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setDefaultButton(QMessageBox::Cancel);
    return box;
}

} // namespace

void askToPurge(QWidget* parent, const QString& title, std::function<void()> erase) {
    auto* box =
        question(parent, "purgeQuestion", ChatQuestions::tr("Delete for good"),
                 ChatQuestions::tr("Delete “%1” with all its messages? This cannot be undone.").arg(title));
    auto* button = box->addButton(ChatQuestions::tr("Delete"), QMessageBox::DestructiveRole);
    QObject::connect(button, &QAbstractButton::clicked, parent, std::move(erase));
    box->open();
}

void askToRestore(QWidget* parent, const QString& title, std::function<void()> restore) {
    auto* box =
        question(parent, "restoreQuestion", ChatQuestions::tr("This chat is in the trash"),
                 title.isEmpty() ? ChatQuestions::tr("Take it out of the trash and open it?")
                                 : ChatQuestions::tr("Take “%1” out of the trash and open it?").arg(title));
    auto* button = box->addButton(ChatQuestions::tr("Restore and open"), QMessageBox::AcceptRole);
    button->setObjectName(QStringLiteral("restoreAndOpen"));
    QObject::connect(button, &QAbstractButton::clicked, parent, std::move(restore));
    box->open();
}

void askToOpenLink(QWidget* parent, const QString& target) {
    const QUrl url(target, QUrl::StrictMode);
    const QString scheme = url.scheme().toLower();
    const bool opens =
        url.isValid() && (scheme == QLatin1String("https") || scheme == QLatin1String("http") ||
                          scheme == QLatin1String("mailto"));
    auto* box = question(
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
