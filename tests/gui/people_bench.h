#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>

#include "engine/workbench/accounts.h"
#include "gui/app/application.h"
#include "gui/widgets/nav_item.h"
#include "tests/gui/patience.h"
#include "tests/support/test_data.h"

namespace hearth::test {

/// The whole program over a folder with profiles, whose passwords cost next to nothing.
struct PeopleBench {
    static constexpr const char* kPassword = "correct horse battery";

    PeopleBench() {
        qputenv("HEARTH_DATA_DIR", folder.path().toLocal8Bit());
        if (auto found = workbench::DataPaths::prepare())
            paths = *found;
    }
    ~PeopleBench() {
        application.reset();
        qunsetenv("HEARTH_DATA_DIR");
    }

    static workbench::AccountsOptions cheap() {
        workbench::AccountsOptions options;
        options.cost = security::PasswordCost{64, 1, 1};
        return options;
    }
    [[nodiscard]] workbench::AccountPaths accountPaths() const {
        return workbench::AccountPaths::below(paths);
    }

    /// Makes profiles before the program starts; the first is an administrator. Returns their recovery keys.
    std::vector<std::string> makeProfiles(const std::vector<std::pair<std::string, security::Role>>& people) {
        std::vector<std::string> keys;
        auto accounts = workbench::Accounts::open(accountPaths(), cheap());
        if (!accounts)
            return keys;
        workbench::Actor actor = workbench::Actor::singlePerson();
        for (const auto& [name, role] : people) {
            auto made = (*accounts)->create(actor, name, role, security::viewOf(kPassword));
            if (!made)
                return keys;
            keys.emplace_back(made->recoveryKey.text());
            if (actor.profile == 0)
                actor = workbench::Actor::person(made->id);
        }
        return keys;
    }
    /// Something with accounts, keys and history of one profile, while the program does not run.
    template <class Work>
    auto with(const std::string& name, const Work& work) {
        auto accounts = workbench::Accounts::open(accountPaths(), cheap());
        auto session = (*accounts)->signIn(name, security::viewOf(kPassword));
        return work(**accounts, *session);
    }

    void start() {
        QElapsedTimer timer;
        timer.start();
        application = std::make_unique<gui::Application>(*qApp, paths, timer, cheap());
        application->settings().change([](auto& s) {
            s.language = workbench::Language::English;
            s.loadLastModelAtStart = false;
        });
        application->start({});
        application->window().activateWindow();
        [[maybe_unused]] const bool active = QTest::qWaitForWindowActive(&application->window());
    }
    [[nodiscard]] gui::MainWindow& window() const { return application->window(); }
    [[nodiscard]] gui::AccountsBridge& accounts() const { return application->accounts(); }
    [[nodiscard]] gui::AccountsBridge::State state() const { return accounts().state(); }

    /// A widget of the window or of a dialog above it, alive and not on its way out.
    template <class T>
    [[nodiscard]] T* find(const char* name) const {
        T* found = nullptr;
        for (QWidget* top : QApplication::topLevelWidgets()) {
            QList<T*> candidates = top->findChildren<T*>(QString::fromLatin1(name));
            if (T* self = qobject_cast<T*>(top); self && self->objectName() == QLatin1String(name))
                candidates << self;
            for (T* each : candidates)
                if (!found || each->isVisible())
                    found = each;
        }
        return found;
    }
    [[nodiscard]] bool shows(const char* name) const {
        const auto* widget = find<QWidget>(name);
        return widget && widget->isVisible();
    }
    void click(const char* name) const {
        auto* button = find<QAbstractButton>(name);
        QVERIFY2(button && button->isVisible() && button->isEnabled(), name);
        button->click();
    }
    void type(const char* name, const QString& text) const {
        auto* field = find<QLineEdit>(name);
        QVERIFY2(field && field->isVisible(), name);
        field->clear();
        QTest::keyClicks(field, text);
    }
    [[nodiscard]] QStringList pages() const {
        QStringList out;
        for (const auto* item : window().findChildren<gui::NavItem*>())
            if (item->objectName().startsWith(QLatin1String("nav-")) && item->isVisible())
                out << item->objectName().mid(4);
        out.sort();
        return out;
    }
    void signIn(const QString& name, const QString& password = QString::fromLatin1(kPassword)) {
        QTRY_COMPARE(state(), gui::AccountsBridge::State::Locked);
        QTRY_VERIFY(shows("lockSecret"));
        auto* people = find<QComboBox>("lockPeople");
        people->setCurrentIndex(people->findText(name));
        type("lockSecret", password);
        click("lockEnter");
        QTRY_VERIFY(!accounts().isSigningIn());
    }
    void comeIn(const QString& name) {
        signIn(name);
        QTRY_COMPARE(state(), gui::AccountsBridge::State::Open);
        QTRY_VERIFY(!window().isCovered());
        QTRY_VERIFY(!pages().isEmpty());
    }
    /// Runs `work(AccountsDesk&)` as who is before the window; the code of its error, or "".
    template <class Work>
    std::string ask(Work work) {
        std::optional<std::string> code;
        accounts().request(&window(), std::move(work), [&code](const auto& result) {
            code = result ? std::string() : result.error().code;
        });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(code.has_value(), 20'000); }();
        return code.value_or("<no answer>");
    }

    /// The bytes of every file below the folder.
    [[nodiscard]] QByteArray everyByte() const {
        QByteArray all;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path().toStdString()))
            if (entry.is_regular_file())
                all += QByteArray::fromStdString(test::readText(entry.path()));
        return all;
    }

    QTemporaryDir folder;
    workbench::DataPaths paths;
    std::unique_ptr<gui::Application> application;
};

} // namespace hearth::test
