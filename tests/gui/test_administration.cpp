#include <filesystem>

#include <QLabel>
#include <QListView>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTableView>

#include "gui/models/model_access_model.h"
#include "gui/models/permission_table_model.h"
#include "gui/widgets/buttons.h"
#include "tests/gui/people_bench.h"

using namespace hearth;
using namespace hearth::gui;
using hearth::security::Action;
using hearth::security::Role;
using hearth::test::PeopleBench;
using State = AccountsBridge::State;

/// The page of people and rights, and keys for programs, through the whole program.
class TestAdministration : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m = std::make_unique<PeopleBench>(); }
    void cleanup() { m.reset(); }

    void administratorMakesChangesAndErasesProfiles() {
        m->makeProfiles({{"Ann", Role::Administrator}});
        m->start();
        m->comeIn(QStringLiteral("Ann"));
        m->window().showPage(QStringLiteral("administration"));
        QTRY_VERIFY(m->shows("newProfile"));
        m->click("newProfile");
        QTRY_VERIFY(m->shows("newProfileDialog"));
        m->type("profileName", QStringLiteral("Bob"));
        m->type("newPassword", QStringLiteral("bob's own password"));
        m->type("newPasswordAgain", QStringLiteral("bob's own password"));
        m->click("profileMake");
        QTRY_VERIFY(m->shows("recoveryKey"));
        m->type("recoveryTyped", m->find<QLabel>("recoveryKey")->text().replace(u'\n', u'-'));
        m->click("recoveryCheck");
        QTRY_VERIFY(!m->shows("newProfileDialog"));
        QTRY_COMPARE(m->accounts().profiles().size(), std::size_t{2});
        QTRY_VERIFY(m->accounts().profiles()[1].recoveryTested);

        auto* list = m->find<QListView>("profiles");
        QCOMPARE(list->model()->rowCount(), 2);
        list->setCurrentIndex(list->model()->index(1, 0));
        auto* role = m->find<QComboBox>("changeRole");
        QCOMPARE(role->currentIndex(), int(Role::User));
        Q_EMIT role->activated(int(Role::Auditor));
        QTRY_COMPARE(m->accounts().profiles()[1].role, Role::Auditor);
        m->click("disable");
        QTRY_VERIFY(m->accounts().profiles()[1].disabled);
        m->click("disable");
        QTRY_VERIFY(!m->accounts().profiles()[1].disabled);
        m->click("rename");
        QTRY_VERIFY(m->shows("renameDialog"));
        m->type("profileName", QStringLiteral("Robert"));
        m->click("profileRename");
        QTRY_COMPARE(m->accounts().profiles()[1].name, std::string("Robert"));
        QTRY_VERIFY(!m->shows("renameDialog"));
        m->click("reset");
        QTRY_VERIFY(QApplication::activeModalWidget());
        auto* question = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        QVERIFY(question);
        for (QAbstractButton* button : question->buttons())
            if (question->buttonRole(button) == QMessageBox::AcceptRole)
                button->click();
        QTRY_VERIFY(!m->accounts().profiles()[1].hasPassword);

        m->click("erase");
        QTRY_VERIFY(m->shows("eraseDialog"));
        QVERIFY(!m->find<QAbstractButton>("eraseNow")->isEnabled());
        m->type("eraseTyped", QStringLiteral("Rob"));
        QVERIFY(!m->find<QAbstractButton>("eraseNow")->isEnabled());
        m->type("eraseTyped", QStringLiteral("Robert"));
        m->click("eraseNow");
        QTRY_COMPARE(m->accounts().profiles().size(), std::size_t{1});
        QTRY_COMPARE(list->model()->rowCount(), 1);
    }

    void theLastAdministratorStays() {
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", Role::User}});
        m->start();
        m->comeIn(QStringLiteral("Ann"));
        m->window().showPage(QStringLiteral("administration"));
        QTRY_VERIFY(m->shows("profiles"));
        Q_EMIT m->find<QComboBox>("changeRole")->activated(int(Role::User));
        QTest::qWait(200);
        QCOMPARE(m->accounts().profiles()[0].role, Role::Administrator);
        QCOMPARE(m->find<QComboBox>("changeRole")->currentIndex(), int(Role::Administrator));
    }

    void rightsAreChangedCellByCell() {
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", Role::User}});
        m->start();
        m->comeIn(QStringLiteral("Ann"));
        QWidget* page = m->window().showPage(QStringLiteral("administration"));
        QVERIFY(page);
        auto* table = page->findChild<QTableView*>(QStringLiteral("permissions"));
        QVERIFY(table);
        const QModelIndex cell =
            table->model()->index(int(security::Resource::Report), int(security::Action::View));
        QVERIFY(!table->isEnabled());
        QTRY_VERIFY(table->isEnabled()); // the table has been read
        QCOMPARE(cell.data(PermissionTableModel::ScopeRole).toInt(), int(security::Scope::None));
        Q_EMIT table->clicked(cell);
        QTRY_COMPARE(cell.data(PermissionTableModel::ScopeRole).toInt(), int(security::Scope::Own));
        // Beyond what may ever be, a click does nothing.
        const QModelIndex never =
            table->model()->index(int(security::Resource::AuditLog), int(security::Action::Change));
        Q_EMIT table->clicked(never);
        QCOMPARE(never.data(Qt::DisplayRole).toString(), QString());
        // Bob's window has the page's buttons from then on.
        m->accounts().lock();
        m->comeIn(QStringLiteral("Bob"));
        QVERIFY(m->accounts().rights().own(security::Action::View, security::Resource::Report));
    }

    void keysForProgramsAreShownOnceAndEnded() {
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", Role::User}});
        m->start();
        m->comeIn(QStringLiteral("Bob"));
        m->window().showPage(QStringLiteral("settings"));
        QTRY_VERIFY(m->shows("tokenMake"));
        m->type("tokenName", QStringLiteral("editor"));
        m->click("tokenMake");
        m->click("tokenMake"); // before the answer: a second key would never be shown
        QTRY_VERIFY(m->shows("tokenKey"));
        const QString key = m->find<QLabel>("tokenKey")->text();
        QVERIFY(key.size() > 30);
        const auto check = [this, key] {
            return m->ask([text = key.toStdString()](AccountsDesk& d) {
                return d.accounts.identity().checkToken(security::viewOf(text));
            });
        };
        QCOMPARE(check(), std::string());
        auto* list = m->find<QListView>("tokens");
        QTRY_COMPARE(list->model()->rowCount(), 1);
        m->click("tokenHide");
        QVERIFY(m->find<QLabel>("tokenKey")->text().isEmpty());
        list->setCurrentIndex(list->model()->index(0, 0));
        m->click("tokenEnd");
        QTRY_COMPARE(check(), std::string("identity.token_revoked"));
        QVERIFY(!m->everyByte().contains(key.toUtf8()));
    }

    void newKeysForWhoLostBothLoseWhatWasSealed() {
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", Role::User}});
        m->with("Bob", [](workbench::Accounts& accounts, security::Session& session) {
            auto history = accounts.openHistory(session);
            return history ? (*history)->createConversation("Bob's chat").map([](auto) {})
                           : Result<void>(tl::unexpected<Error>(history.error()));
        });
        const auto file = m->accountPaths().historyOf(2);
        QVERIFY(std::filesystem::exists(file));
        m->start();
        m->comeIn(QStringLiteral("Ann"));
        m->window().showPage(QStringLiteral("administration"));
        QTRY_VERIFY(m->shows("profiles"));
        auto* list = m->find<QListView>("profiles");
        list->setCurrentIndex(list->model()->index(0, 0));
        QVERIFY(!m->shows("startAnew")); // not for oneself
        list->setCurrentIndex(list->model()->index(1, 0));
        QVERIFY(m->shows("startAnew"));
        m->click("startAnew");
        QTRY_VERIFY(m->shows("newProfileDialog"));
        QVERIFY(!m->shows("profileName")); // the name and the role stay
        QVERIFY(!m->find<QAbstractButton>("profileMake")->isEnabled());
        m->type("newPassword", QStringLiteral("bob's new password"));
        m->type("newPasswordAgain", QStringLiteral("bob's new password"));
        m->click("profileMake");
        QTRY_VERIFY(m->shows("recoveryKey"));
        QVERIFY(!std::filesystem::exists(file)); // nobody could read it any more
        m->type("recoveryTyped", m->find<QLabel>("recoveryKey")->text().replace(u'\n', u'-'));
        m->click("recoveryCheck");
        QTRY_VERIFY(!m->shows("newProfileDialog"));
        m->accounts().lock();
        m->signIn(QStringLiteral("Bob"));
        QCOMPARE(m->state(), State::Locked); // the former password opens nothing
        m->signIn(QStringLiteral("Bob"), QStringLiteral("bob's new password"));
        QTRY_COMPARE(m->state(), State::Open);
        QCOMPARE(m->accounts().person()->role, Role::User);
    }

    void whoMayUseAModelIsTicked() {
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", Role::User}});
        const QString model = QStringLiteral("/models/Qwen3-4B-Instruct-Q4_K_M.gguf"),
                      other = QStringLiteral("/models/gemma-3-1b-it-Q4_K_M.gguf");
        m->start();
        m->application->settings().change([&](auto& s) {
            s.recentModels = {model.toStdString(), other.toStdString()};
        });
        m->comeIn(QStringLiteral("Ann"));
        QWidget* page = m->window().showPage(QStringLiteral("administration"));
        QVERIFY(page);
        auto* part = page->findChild<SegmentedControl*>(QStringLiteral("administrationPart"));
        part->setCurrentIndex(1);
        Q_EMIT part->chosen(1);
        auto* chosen = page->findChild<QComboBox*>(QStringLiteral("accessModel"));
        QTRY_VERIFY(chosen && chosen->isVisible());
        chosen->setCurrentIndex(chosen->findData(model));
        QCOMPARE(chosen->currentData().toString(), model);
        auto* table = page->findChild<QTableView*>(QStringLiteral("modelAccess"));
        // Rows are the roles, then the people; columns what may be done.
        const auto cell = [&](const QString& row, Action action) {
            QModelIndex found;
            for (int r = 0; r < table->model()->rowCount(); ++r)
                for (int c = 0; c < table->model()->columnCount(); ++c)
                    if (table->model()->headerData(r, Qt::Vertical).toString() == row &&
                        ModelAccessModel::actionAt(c) == action)
                        found = table->model()->index(r, c);
            return found;
        };
        const QModelIndex bob = cell(QStringLiteral("Bob"), Action::Use),
                          administrators = cell(QStringLiteral("Role: Administrator"), Action::Use);
        QVERIFY(bob.isValid() && administrators.isValid());
        const auto mayUse = [&](security::ProfileId who) {
            bool allowed = false;
            const auto code = m->ask([&](AccountsDesk& desk) -> Result<void> {
                HEARTH_TRY(allowed,
                           desk.accounts.gate().allows(workbench::Actor::person(who), Action::Use,
                                                       workbench::Target::modelAt(model.toStdString())));
                return {};
            });
            return code.empty() && allowed;
        };
        QVERIFY(mayUse(1) && mayUse(2)); // nobody is ticked: the table of rights decides
        const auto ticked = [](const QModelIndex& index) {
            return index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        };
        QTRY_VERIFY(table->isEnabled()); // not before the entries were read
        Q_EMIT table->clicked(administrators);
        QTRY_VERIFY(ticked(administrators));
        QVERIFY(mayUse(1) && !mayUse(2));
        Q_EMIT table->clicked(bob);
        QTRY_VERIFY(ticked(bob));
        QVERIFY(mayUse(1) && mayUse(2));
        table->setFocus(); // by keyboard it is the same
        table->setCurrentIndex(administrators);
        QTest::keyClick(table, Qt::Key_Space);
        QTRY_VERIFY(!ticked(administrators));
        QVERIFY(!mayUse(1) && mayUse(2));
        Q_EMIT table->clicked(bob);
        QTRY_VERIFY(!ticked(bob));
        QVERIFY(mayUse(1) && mayUse(2));
        // Two clicks before the first one was answered: the second does not undo the first.
        Q_EMIT table->clicked(administrators);
        Q_EMIT table->clicked(bob);
        QVERIFY(ticked(administrators) && ticked(bob));
        QVERIFY(mayUse(1) && mayUse(2));
        QVERIFY(ticked(administrators) && ticked(bob));
        // While another model's entries are read, those of the former one cannot be taken for them.
        chosen->setCurrentIndex(chosen->findData(other));
        QVERIFY(!table->isEnabled());
        QTRY_VERIFY(table->isEnabled());
        QVERIFY(!ticked(administrators) && !ticked(bob));
    }

private:
    std::unique_ptr<PeopleBench> m;
};

QTEST_MAIN(TestAdministration)
#include "test_administration.moc"
