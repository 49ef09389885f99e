#include "gui/bridge/privacy_bridge.h"

#include <algorithm>
#include <numeric>

#include "engine/base/utc_time.h"
#include "engine/security/crypto/password_hash.h"
#include "engine/security/privacy/chat_files.h"
#include "engine/workbench/library/usage_names.h"

namespace hearth::gui {

using security::Action;
using security::Kept;
using security::Resource;
using workbench::Target;

namespace {

constexpr int kFirstRoundMs = 60'000, kRoundMs = 3'600'000;

/// A copy of everything about a person, to be written once all of it is gathered.
struct PersonCopy {
    security::PersonSources sources;
    std::filesystem::path file;
    std::optional<security::RecordLanguage> reading;
    std::optional<security::SecureBytes> password;

    [[nodiscard]] Result<void> write() const {
        if (password)
            HEARTH_CHECK(security::checkNewPassword(password->bytes()));
        return security::writeFile(file, password ? &*password : nullptr, [&](const store::TextSink& sink) {
            return reading ? security::exportPersonDocument(sources, *reading, sink)
                           : security::exportPerson(sources, sink);
        });
    }
};

} // namespace

PrivacyBridge::PrivacyBridge(AccountsBridge& accounts, HistoryBridge& history, workbench::DataPaths files,
                             QString program, QObject* parent)
    : QObject(parent), m_accounts(accounts), m_history(history), m_files(std::move(files)),
      m_program(std::move(program)) {
    // The first round waits until the window has settled.
    m_hourly.setInterval(kFirstRoundMs);
    connect(&m_hourly, &QTimer::timeout, this, &PrivacyBridge::dailyRound);
    m_hourly.start();
}

void PrivacyBridge::dailyRound() {
    m_hourly.setInterval(kRoundMs);
    const auto state = m_accounts.state();
    if (state != AccountsBridge::State::SinglePerson && state != AccountsBridge::State::Open)
        return;
    request(
        this,
        [](workbench::PrivacyOffice& office, AccountsDesk& desk) {
            return office.dailyRound(desk.actor, desk.session, desk.stop);
        },
        [this](const Result<bool>& made) {
            if (!made && made.error().code != kCancelled)
                Q_EMIT backupFailed(made.error());
            else if (made && *made)
                Q_EMIT backupsChanged();
        });
    keepRules();
}

/// Rules that people set are kept without being asked again.
void PrivacyBridge::keepRules() {
    struct Round {
        security::RetentionRules rules;
        Result<workbench::Retention::Removed> removed;
    };
    request(
        this,
        [files = m_files](workbench::PrivacyOffice& office, AccountsDesk& desk) -> Result<Round> {
            HEARTH_TRY(const auto rules, office.retention(desk.actor));
            return Round{rules, workbench::Retention(desk.accounts, files).dailyRound(desk.actor, rules)};
        },
        [this](const Result<Round>& round) {
            if (!round) {
                Q_EMIT retentionFailed(round.error());
                return;
            }
            if (round->removed)
                announceRemoved(*round->removed);
            else
                Q_EMIT retentionFailed(round->removed.error());
            keepRulesOfChats(round->rules);
        });
}

void PrivacyBridge::keepRulesOfChats(security::RetentionRules rules) {
    for (const Kept kept : security::kAllKept)
        if (!factsOf(kept).chats)
            rules[kept].reset();
    if (rules == security::RetentionRules() ||
        !m_accounts.rights().own(Action::Remove, Resource::Conversation))
        return;
    previewRetention(this, rules, [this](const Result<Previews>& due) {
        const auto told = [this](const auto& result) {
            if (!result)
                Q_EMIT retentionFailed(result.error());
        };
        if (!due)
            return told(due);
        announceAhead(*due);
        if (std::any_of(due->begin(), due->end(), [](const auto& each) { return !each.items.empty(); }))
            applyRetention(this, *due, told);
    });
}

void PrivacyBridge::announceRemoved(const workbench::Retention::Removed& removed) {
    if (removed[Kept::Backups] > 0)
        Q_EMIT backupsChanged();
    if (removed[Kept::Jobs] > 0)
        Q_EMIT jobsRemoved();
}

void PrivacyBridge::announceAhead(const Previews& chats) {
    int count = 0;
    std::int64_t newest = 0;
    for (const security::KeptPreview& each : chats) {
        count += static_cast<int>(each.ahead);
        newest = std::max(newest, each.newestMs);
    }
    if (count > 0 && m_toldAhead.insert(m_accounts.owner()).second)
        Q_EMIT datedAhead(count, newest);
}

void PrivacyBridge::exportPerson(QObject* context, const QString& path,
                                 std::optional<security::RecordLanguage> reading,
                                 std::optional<security::SecureBytes> password, Done done) {
    const std::shared_ptr<PersonCopy> copy(
        new PersonCopy{{}, std::filesystem::path(path.toStdU16String()), reading, std::move(password)});
    const bool reads = m_accounts.rights().own(Action::View, Resource::Conversation);
    const auto target = Target::of(Resource::PersonalData, m_accounts.owner());
    const auto finish = [this, target, done = std::move(done)](const Result<void>& result) {
        m_accounts.noteOutcome(Action::Export, target, result ? std::string() : result.error().code);
        done(result);
    };
    request(
        context,
        [copy, target, reads](workbench::PrivacyOffice& office, AccountsDesk& desk) -> Result<void> {
            HEARTH_CHECK(desk.accounts.gate().check(desk.actor, Action::Export, target));
            HEARTH_TRY(copy->sources, office.aboutPerson(desk.actor, desk.session));
            security::AuditFilter own;
            own.actor = desk.actor.profile;
            HEARTH_CHECK(desk.accounts.audit().exportEntries(
                own, security::AuditFormat::Json,
                [&](std::string_view text) -> Result<void> {
                    copy->sources.auditJson += text;
                    return {};
                },
                desk.stop));
            return reads ? Result<void>() : copy->write();
        },
        [this, context = QPointer<QObject>(context), reads, copy, finish](const Result<void>& gathered) {
            if (!gathered || !reads || !context)
                return finish(gathered);
            m_history.request(
                context,
                [copy](workbench::ChatHistory& history) {
                    copy->sources.history = &history.store();
                    return copy->write();
                },
                finish);
        });
}

void PrivacyBridge::previewRetention(QObject* context, security::RetentionRules rules,
                                     std::function<void(Result<Previews>)> done) {
    const auto previews = [rules](bool ofChats, const auto& previewOf) -> Result<Previews> {
        Previews out;
        for (const Kept kept : security::kAllKept) {
            const auto& days = rules[kept];
            if (!days || factsOf(kept).chats != ofChats)
                continue;
            HEARTH_TRY(auto preview, previewOf(kept, *days));
            out.push_back(std::move(preview));
        }
        return out;
    };
    request(
        context,
        [previews, files = m_files](workbench::PrivacyOffice&, AccountsDesk& desk) {
            workbench::Retention retention(desk.accounts, files);
            return previews(false,
                            [&](Kept kept, int days) { return retention.preview(desk.actor, kept, days); });
        },
        [this, context = QPointer<QObject>(context), previews, rules,
         done = std::move(done)](const Result<Previews>& others) {
            if (!others || !context || (!rules[Kept::Trash] && !rules[Kept::Idle]))
                return done(others);
            m_history.request(
                context,
                [previews](workbench::ChatHistory& history) {
                    return previews(true, [&](Kept kept, int days) {
                        return security::previewChats(history.store(), kept, days, unixMsNow());
                    });
                },
                [others, done](Result<Previews> chats) {
                    if (chats)
                        chats->insert(chats->end(), others->begin(), others->end());
                    done(std::move(chats));
                });
        });
}

void PrivacyBridge::applyRetention(QObject* context, Previews shown,
                                   std::function<void(Result<std::size_t>)> done) {
    std::erase_if(shown, [](const security::KeptPreview& each) { return each.items.empty(); });
    const auto middle = std::partition(shown.begin(), shown.end(),
                                       [](const auto& each) { return !factsOf(each.kept).chats; });
    const Previews others(shown.begin(), middle), chats(middle, shown.end());
    request(
        context,
        [others, chats, files = m_files](workbench::PrivacyOffice&,
                                         AccountsDesk& desk) -> Result<workbench::Retention::Removed> {
            for (const security::KeptPreview& each : chats) // what is refused stops all of it
                HEARTH_CHECK(desk.accounts.gate().check(desk.actor, factsOf(each.kept).action,
                                                        workbench::targetOf(desk.actor, each.kept)));
            workbench::Retention retention(desk.accounts, files);
            workbench::Retention::Removed removed{};
            for (const security::KeptPreview& each : others) {
                HEARTH_TRY(removed[each.kept], retention.apply(desk.actor, each));
            }
            return removed;
        },
        [this, context = QPointer<QObject>(context), chats,
         done = std::move(done)](const Result<workbench::Retention::Removed>& removed) {
            if (!removed)
                return done(tl::unexpected<Error>(removed.error()));
            announceRemoved(*removed);
            const auto count = std::accumulate(removed->begin(), removed->end(), std::size_t{0});
            if (chats.empty() || !context)
                return done(count);
            m_history.request(
                context,
                [chats](workbench::ChatHistory& history) -> Result<std::size_t> {
                    std::size_t gone = 0;
                    for (const security::KeptPreview& each : chats) {
                        HEARTH_TRY(const std::size_t part,
                                   security::applyToChats(history.store(), each, unixMsNow()));
                        gone += part;
                    }
                    return gone;
                },
                [this, chats, count, done](const Result<std::size_t>& gone) {
                    const auto actor = workbench::Actor::person(m_accounts.owner());
                    for (const security::KeptPreview& each : chats)
                        m_accounts.noteOutcome(factsOf(each.kept).action,
                                               workbench::targetOf(actor, each.kept),
                                               gone ? std::string() : gone.error().code);
                    if (gone && *gone > 0)
                        Q_EMIT historyReplaced(); // lists are read anew
                    done(gone.map([count](std::size_t part) { return count + part; }));
                });
        });
}

template <class R>
void PrivacyBridge::whileClosed(QObject* context,
                                std::function<R(workbench::PrivacyOffice&, AccountsDesk&)> work,
                                std::function<void(R)> done, Afterwards afterwards) {
    auto once = std::make_shared<QMetaObject::Connection>();
    *once = connect(&m_history, &HistoryBridge::closed, this,
                    [this, once, afterwards, context = QPointer<QObject>(context), work = std::move(work),
                     done = std::move(done)] {
                        disconnect(*once);
                        request(this, work, [this, afterwards, context, done](const R& result) {
                            if (!result || afterwards == Afterwards::OpenAgain) {
                                m_accounts.openHistory(m_history);
                                Q_EMIT historyReplaced();
                            }
                            Q_EMIT backupsChanged();
                            if (context)
                                done(result);
                        });
                    });
    Q_EMIT closingHistory();
    m_history.close();
}

void PrivacyBridge::restore(QObject* context, const std::filesystem::path& backup, Done done) {
    whileClosed<Result<void>>(
        context,
        [backup](workbench::PrivacyOffice& office, AccountsDesk& desk) {
            return office.restore(desk.actor, desk.session, backup, desk.stop);
        },
        std::move(done));
}

void PrivacyBridge::repair(QObject* context, std::function<void(Result<workbench::Repaired>)> done) {
    whileClosed<Result<workbench::Repaired>>(
        context,
        [](workbench::PrivacyOffice& office, AccountsDesk& desk) {
            return office.repair(desk.actor, desk.session, desk.stop);
        },
        std::move(done));
}

void PrivacyBridge::beginAnew(QObject* context, Done done) {
    whileClosed<Result<void>>(
        context,
        [](workbench::PrivacyOffice& office, AccountsDesk& desk) { return office.beginAnew(desk.actor); },
        std::move(done));
}

void PrivacyBridge::eraseSinglePerson(QObject* context, Done done) {
    whileClosed<Result<void>>(
        context,
        [](workbench::PrivacyOffice& office, AccountsDesk& desk) {
            return office.eraseSinglePerson(desk.actor);
        },
        std::move(done));
}

void PrivacyBridge::erasePerson(QObject* context, Done done) {
    const security::ProfileId id = m_accounts.owner();
    whileClosed<Result<void>>(
        context,
        [id](workbench::PrivacyOffice&, AccountsDesk& desk) { return desk.accounts.erase(desk.actor, id); },
        [this, done = std::move(done)](const Result<void>& result) {
            if (result)
                m_accounts.refresh(); // who was erased is locked out
            done(result);
        },
        Afterwards::StayClosedWhenDone);
}

void PrivacyBridge::count(security::Measure measure, qint64 amount) {
    request(
        this,
        [measure, amount](workbench::PrivacyOffice& office, AccountsDesk& desk) {
            return office.count(desk.actor, measure, amount);
        },
        [](const Result<void>&) {});
}

void PrivacyBridge::countAnswer(qint64 tokens, qint64 seconds) {
    request(
        this,
        [tokens, seconds](workbench::PrivacyOffice& office, AccountsDesk& desk) {
            return office.countAnswer(desk.actor, tokens, seconds);
        },
        [](const Result<void>&) {});
}

void PrivacyBridge::countModel(const std::filesystem::path& model) {
    request(
        this,
        [name = workbench::usageName(model)](workbench::PrivacyOffice& office, AccountsDesk& desk) {
            return office.countModel(desk.actor, name);
        },
        [](const Result<void>&) {});
}

void PrivacyBridge::releaseWeek(QObject* context, std::int64_t monday, Done done) {
    request(
        context,
        [monday, library = m_files.libraryFile()](workbench::PrivacyOffice& office,
                                                  AccountsDesk& desk) -> Result<void> {
            HEARTH_TRY(auto models, workbench::usageNames(library));
            return office.releaseWeek(desk.actor, monday, std::move(models)).map([](const auto&) {});
        },
        std::move(done));
}

} // namespace hearth::gui
