// The whole program, driven to the state that a test of memory looks at: somebody signs in, reads a chat,
// types, searches, asks two versions of a model, and the window locks. Argument: the recipe of phrases is in
// the data folder already; the password, the draft to type, the word to look for and what is asked come on
// the standard input, one per line. Says "locked" when it is, then waits for the end of its input; "crash" as
// a last line makes it abort.

#include <csignal>
#include <cstdio>
#include <string>

#include <unistd.h>

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QListView>
#include <QTableView>
#include <QTest>
#include <QTimer>

#include "gui/app/application.h"
#include "gui/delegates/chat_edit.h"
#include "gui/models/library_model.h"
#include "gui/pages/chat_message_view.h"
#include "gui/pages/chat_page.h"
#include "gui/pages/models_page.h"

using namespace hearth::gui;

namespace {

template <class Condition>
bool waitFor(Condition condition) {
    return QTest::qWaitFor(condition, 30'000);
}

ChatEdit* composer(Application& application) {
    for (auto* edit : application.window().findChildren<ChatEdit*>())
        if (edit->accessibleName() == QLatin1String("Message"))
            return edit;
    return nullptr;
}

/// Byte by byte: a buffered stream would keep a copy of what it read.
std::string readLine() {
    std::string out;
    char next = 0;
    while (::read(STDIN_FILENO, &next, 1) == 1 && next != '\n')
        out += next;
    return out;
}

/// What only the page that asked may know, until the window locks. Returns what failed; nullptr = nothing.
const char* askVersions(Application& application) {
    auto* page = qobject_cast<ModelsPage*>(application.window().showPage(QStringLiteral("models")));
    if (!page)
        return "models page";
    const auto* library = page->findChild<QTableView*>(QStringLiteral("library"));
    if (!waitFor([&] { return library->model()->rowCount() == 2; }))
        return "library";
    auto* ask = page->findChild<QAbstractButton*>(QStringLiteral("askBoth"));
    const auto canAsk = [&](int row) { // only of what was made from another version
        page->compare(library->model()->index(row, 0).data(LibraryModel::VersionRole).toLongLong());
        return ask->isVisible() && ask->isEnabled();
    };
    if (!canAsk(0) && !canAsk(1))
        return "nothing can be asked";
    QTest::keyClicks(page->findChild<QLineEdit*>(QStringLiteral("ownPrompt")),
                     QString::fromStdString(readLine()));
    ask->click();
    const auto* answers = page->findChild<QWidget*>(QStringLiteral("answers"));
    return waitFor([&] { return answers->isVisible(); }) ? nullptr : "answers";
}

int failed(const char* step) {
    std::fprintf(stderr, "failed: %s\n", step);
    return 1;
}

} // namespace

int main(int argc, char** argv) {
    QApplication qt(argc, argv);
    const auto paths = hearth::workbench::DataPaths::prepare();
    if (!paths)
        return failed("paths");
    QElapsedTimer timer;
    timer.start();
    Application application(qt, *paths, timer);
    application.settings().change([](auto& s) {
        s.language = hearth::workbench::Language::English;
        s.loadLastModelAtStart = false;
    });
    application.start({});
    if (!waitFor([&] { return application.accounts().state() == AccountsBridge::State::Locked; }))
        return failed("start");
    auto* secret = application.window().findChild<QLineEdit*>(QStringLiteral("lockSecret"));
    if (!secret)
        return failed("lock screen");
    { QTest::keyClicks(secret, QString::fromStdString(readLine())); }
    QTest::keyClick(secret, Qt::Key_Return);
    if (!waitFor([&] { return composer(application) != nullptr; }))
        return failed("sign in");
    // The chat that was open last is shown, with its messages.
    if (!waitFor([&] {
            auto* view = application.window().findChild<ChatMessageView*>();
            return view && view->isVisible() && !view->findChildren<QWidget*>().isEmpty();
        }))
        return failed("messages");
    QTest::qWait(500); // rows are laid out and painted
    composer(application)->setFocus();
    composer(application)->insertPlainText(QString::fromStdString(readLine()));
    application.window().findChild<ChatPage*>()->find();
    {
        const std::string word = readLine();
        for (auto* field : application.window().findChildren<QLineEdit*>())
            if (field->isVisible() && field->hasFocus())
                QTest::keyClicks(field, QString::fromStdString(word));
        // And in all chats.
        auto* field = application.window().findChild<QLineEdit*>(QStringLiteral("chatSearch"));
        QTest::keyClicks(field, QString::fromStdString(word));
    }
    const auto* places = application.window().findChild<QListView*>(QStringLiteral("chatPlaces"));
    if (!waitFor([&] { return places->model()->rowCount() > 0; }))
        return failed("search");
    application.window().grab(); // everything has been painted once
    if (const char* step = askVersions(application))
        return failed(step);
    application.window().grab();
    QTest::qWait(800); // the draft is on disk, the search has run
    bool closed = false;
    QObject::connect(&application.history(), &HistoryBridge::closed, &qt, [&closed] { closed = true; });
    application.accounts().lock();
    if (!waitFor([&] { return closed && application.window().findChildren<ChatPage*>().isEmpty(); }))
        return failed("lock");
    QTest::qWait(500);
    std::puts("locked");
    std::fflush(stdout);
    if (readLine() == "crash") {
        std::signal(SIGABRT, SIG_DFL);
        std::abort();
    }
    return 0;
}
