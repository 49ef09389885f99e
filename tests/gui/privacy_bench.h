#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include <QAbstractButton>
#include <QDirIterator>
#include <QLabel>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include "engine/store/connection.h"
#include "gui/models/audit_model.h"
#include "gui/pages/audit_page.h"
#include "gui/pages/privacy_page.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "tests/gui/patience.h"
#include "tests/gui/visible_text.h"

namespace hearth::test {

using namespace hearth::gui;
using security::Action;
using security::Resource;
using security::Role;
using State = AccountsBridge::State;

inline constexpr const char* kPassword = "correct horse battery";
class MarkingTranslator final : public QTranslator {
public:
    [[nodiscard]] bool isEmpty() const override { return false; }
    QString translate(const char*, const char* text, const char*, int) const override {
        return QLatin1Char('>') + QString::fromUtf8(text);
    }
};

inline security::SecureBytes secret(const char* text) {
    return std::move(*security::SecureBytes::copyOf(security::viewOf(text)));
}

inline QByteArray everyByteBelow(const QString& folder) {
    QByteArray all;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll();
    }
    return all;
}

/// Bridges over a folder of its own, with the privacy page and the audit page over them.
class PrivacyBench : public QObject {
protected:
    void begin() {
        m_folder = std::make_unique<QTemporaryDir>();
        const std::filesystem::path root(m_folder->path().toStdString());
        m_paths = {root / "data", root / "config", root / "cache", root / "data" / "logs"};
        for (const auto& each : {m_paths.data, m_paths.config, m_paths.cache, m_paths.logs})
            std::filesystem::create_directories(each);
        workbench::AccountsOptions options;
        options.cost = security::PasswordCost{64, 1, 1};
        m_accounts = std::make_unique<AccountsBridge>(workbench::AccountPaths::below(m_paths), options);
        m_history = std::make_unique<HistoryBridge>();
        m_bridge =
            std::make_unique<PrivacyBridge>(*m_accounts, *m_history, m_paths, QStringLiteral("Hearth 9.9"));
        m_accounts->start();
        QTRY_COMPARE(m_accounts->state(), State::SinglePerson);
    }
    void end() {
        m_page.reset();
        m_audit.reset();
        m_bridge.reset();
        m_accounts.reset();
        m_history.reset();
    }

    void openPage() {
        m_page = std::make_unique<PrivacyPage>(m_theme, *m_bridge);
        m_page->resize(900, 800);
        m_page->show();
    }
    void openAudit() {
        m_audit = std::make_unique<AuditPage>(m_theme, *m_bridge);
        m_audit->resize(1100, 700);
        m_audit->show();
        auto* model = m_audit->findChild<AuditModel*>();
        QSignalSpy loaded(model, &AuditModel::loaded);
        QTRY_VERIFY(!loaded.isEmpty() || model->rowCount() > 0);
    }
    void openSinglePersonsChats(const std::vector<const char*>& words) {
        QSignalSpy opened(m_history.get(), &HistoryBridge::opened);
        m_accounts->openHistory(*m_history);
        QVERIFY(opened.wait(hearth::test::kPatience));
        for (const char* each : words)
            addChat(each);
    }
    void addChat(const char* words) {
        std::optional<bool> done;
        m_history->request(
            this,
            [text = std::string(words)](workbench::ChatHistory& history) -> Result<void> {
                HEARTH_TRY(const auto chat, history.store().createConversation("about " + text));
                store::Message message;
                message.conversation = chat;
                message.content = text;
                return history.store().appendMessage(message).map([](auto) {});
            },
            [&done](const Result<void>& result) { done = result.has_value(); });
        QTRY_VERIFY(done.has_value());
        QVERIFY(*done);
    }
    QStringList titles() {
        std::optional<QStringList> out;
        m_history->request(
            this,
            [](workbench::ChatHistory& history) { return history.store().conversations(false, "", 0, 100); },
            [&out](const Result<std::vector<store::Conversation>>& found) {
                out.emplace();
                if (found)
                    for (const auto& each : *found)
                        *out << QString::fromStdString(each.title);
                else
                    *out << QString::fromStdString(found.error().message());
            });
        [&] { QTRY_VERIFY(out.has_value()); }();
        return out.value_or(QStringList());
    }
    /// Makes a chat look as if nobody had used it for so many days.
    void age(int chat, int days) {
        QSignalSpy closed(m_history.get(), &HistoryBridge::closed);
        m_history->close();
        QVERIFY(closed.wait(hearth::test::kPatience));
        {
            auto connection =
                store::Connection::open(m_accounts->paths().historyOf(0), store::Connection::Mode::ReadWrite);
            QVERIFY((*connection)
                        ->run("UPDATE conversation SET updated_ms = updated_ms - ? WHERE id = ?",
                              {std::int64_t{days} * 86'400'000, std::int64_t{chat}})
                        .has_value());
        }
        QSignalSpy opened(m_history.get(), &HistoryBridge::opened);
        m_accounts->openHistory(*m_history);
        QVERIFY(opened.wait(hearth::test::kPatience));
    }
    template <class Work>
    std::string code(Work work) {
        std::optional<std::string> out;
        m_bridge->request(this, std::move(work),
                          [&out](const auto& result) { out = result ? std::string() : result.error().code; });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(out.has_value(), 20'000); }();
        return out.value_or("<no answer>");
    }
    std::string fillAudit(int entries) {
        std::optional<std::string> out;
        m_accounts->request(
            this,
            [entries](AccountsDesk& desk) -> Result<void> {
                for (int i = 0; i < entries; ++i)
                    HEARTH_CHECK(
                        desk.accounts.audit()
                            .append({0, "model.use", "model /m.gguf",
                                     i % 10 == 3 ? security::Outcome::Refused : security::Outcome::Done, ""})
                            .map([](auto) {}));
                return {};
            },
            [&out](const Result<void>& result) { out = result ? std::string() : result.error().message(); });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(out.has_value(), 60'000); }();
        return out.value_or("<no answer>");
    }
    int auditCount(const char* action) {
        std::optional<int> out;
        m_accounts->request(
            this,
            [name = std::string(action)](AccountsDesk& desk) {
                security::AuditFilter filter;
                filter.action = name;
                return desk.accounts.audit().count(filter);
            },
            [&out](const Result<std::int64_t>& count) { out = static_cast<int>(count.value_or(-1)); });
        [&] { QTRY_VERIFY(out.has_value()); }();
        return out.value_or(-1);
    }
    /// Ann administers, Dan is the data scientist, Uma a user, Otto the auditor.
    void makePeople() {
        std::optional<bool> first;
        m_accounts->createFirst(this, QStringLiteral("Ann"), secret(kPassword),
                                [&first](const auto& keys) { first = keys.has_value(); });
        QTRY_VERIFY_WITH_TIMEOUT(first.has_value(), 20'000);
        QVERIFY(*first);
        QTRY_COMPARE(m_accounts->state(), State::Open);
        for (const auto& [name, role] : {std::pair{"Dan", Role::DataScientist},
                                         {"Uma-to-be-erased", Role::User},
                                         {"Otto", Role::Auditor}}) {
            std::optional<bool> made;
            m_accounts->change(
                this,
                [name = std::string(name), role = role](AccountsDesk& desk) {
                    return desk.accounts.create(desk.actor, name, role, security::viewOf(kPassword))
                        .map([](const auto&) {});
                },
                [&made](const Result<void>& result) { made = result.has_value(); });
            QTRY_VERIFY(made.has_value());
            QVERIFY(*made);
        }
    }
    void enter(const QString& name) {
        m_accounts->lock();
        QTRY_COMPARE(m_accounts->state(), State::Locked);
        m_accounts->signIn(name, secret(kPassword));
        QTRY_COMPARE(m_accounts->state(), State::Open);
        QSignalSpy opened(m_history.get(), &HistoryBridge::opened);
        m_accounts->openHistory(*m_history);
        if (m_accounts->rights().own(Action::View, Resource::Conversation))
            QVERIFY(opened.wait(hearth::test::kPatience));
    }
    QAbstractButton* button(const char* name, QWidget* in = nullptr) {
        QAbstractButton* found = nullptr;
        for (auto* each : (in ? in : m_page.get())->findChildren<QAbstractButton*>(QString::fromLatin1(name)))
            if (!found || !each->isHidden())
                found = each;
        return found;
    }
    template <class T>
    T* card(const char* name) {
        return m_page->findChild<T*>(QString::fromLatin1(name));
    }
    QMessageBox* question(const char* name) {
        return m_page->findChild<QMessageBox*>(QString::fromLatin1(name));
    }
    void agree(const char* name) {
        auto* box = question(name);
        QVERIFY(box);
        box->findChild<QAbstractButton*>(QStringLiteral("confirm"))->click();
    }
    static bool shownError(const QWidget& in) {
        for (const auto* box : in.findChildren<ErrorBox*>())
            if (box->isVisibleTo(&in))
                return true;
        return false;
    }
    static QString allNumbers(const QWidget& in) {
        QString all;
        for (const auto* label : in.findChildren<NumberLabel*>())
            if (label->isVisibleTo(&in))
                all += label->text() + QLatin1Char(' ');
        return all;
    }
    static QByteArray read(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    workbench::DataPaths m_paths;
    std::unique_ptr<HistoryBridge> m_history;
    std::unique_ptr<AccountsBridge> m_accounts;
    std::unique_ptr<PrivacyBridge> m_bridge;
    std::unique_ptr<PrivacyPage> m_page;
    std::unique_ptr<AuditPage> m_audit;
};

} // namespace hearth::test
