#include "gui/models/audit_words.h"

#include <array>
#include <utility>

#include <QCoreApplication>
#include <QRegularExpression>

#include "engine/security/identity/roles.h"
#include "gui/models/people_words.h"

namespace hearth::gui::audit_words {

namespace {

using Who = std::function<QString(security::ProfileId)>;

/// A class only because the translation tools take a sentence's context from the class around it.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::AuditModel)
public:
    static QString resource(const QString& name) {
        const std::pair<const char*, QString> words[] = {{"conversation", tr("Chats")},
                                                         {"document", tr("Documents")},
                                                         {"model", tr("Model")},
                                                         {"training-job", tr("Training")},
                                                         {"calibration-data", tr("Calibration data")},
                                                         {"report", tr("Report")},
                                                         {"audit-log", tr("Audit log")},
                                                         {"profile", tr("Profile")},
                                                         {"permission", tr("Permissions")},
                                                         {"statistics", tr("Usage figures")},
                                                         {"settings", tr("Settings")},
                                                         {"token", tr("Token")},
                                                         {"personal-data", tr("Personal data")},
                                                         {"backup", tr("Backup")}};
        for (const auto& [key, word] : words)
            if (name == QLatin1String(key))
                return word;
        return name;
    }
    static QString verb(const QString& name) {
        const std::pair<const char*, QString> words[] = {{"view", tr("viewed")},    {"create", tr("created")},
                                                         {"change", tr("changed")}, {"remove", tr("removed")},
                                                         {"use", tr("used")},       {"serve", tr("served")},
                                                         {"export", tr("exported")}};
        for (const auto& [key, word] : words)
            if (name == QLatin1String(key))
                return word;
        return name;
    }
    static QString alone(const QString& name) {
        const std::pair<const char*, QString> words[] = {
            {"sign-in", tr("Sign-in")},
            {"sign-in.recovery", tr("Sign-in with the recovery key")},
            {"sign-out", tr("Sign-out")},
            {"accounts.open", tr("Accounts opened")},
            {"accounts.accept", tr("Accounts accepted as they are")},
            {"server.start", tr("Server started")},
            {"server.stop", tr("Server stopped")},
            {"server.call", tr("Call of the server")}};
        for (const auto& [key, word] : words)
            if (name == QLatin1String(key))
                return word;
        return {};
    }
    /// Notes that are the same every time.
    static QString fixed(const QString& note) {
        const std::pair<const char*, QString> words[] = {
            {"by retention rules", tr("By retention rules")},
            {"new breach", tr("A new breach")},
            {"controller", tr("Who answers for this machine")},
            {"put back from a backup", tr("Put back from a backup")},
            {"damaged file repaired", tr("Damaged file repaired")},
            {"damaged file set aside", tr("Damaged file set aside")},
            {"chats of the single person", tr("Chats of the single person")},
            {"import", tr("From a file")}};
        for (const auto& [key, word] : words)
            if (note == QLatin1String(key))
                return word;
        return {};
    }
    /// What was done to a profile, behind its number.
    static QString step(const QString& name, const QString& step) {
        const std::pair<const char*, QString> words[] = {
            {"disabled", tr("%1: disabled")},
            {"enabled", tr("%1: may sign in again")},
            {"password reset", tr("%1: password taken away")},
            {"new keys", tr("%1: new keys")},
            {"password", tr("%1: password")},
            {"recovery key", tr("%1: recovery key")},
            {"takes over the chats", tr("%1 takes over the readable chats")}};
        for (const auto& [key, word] : words)
            if (step == QLatin1String(key))
                return word.arg(name);
        if (step.startsWith(QLatin1String("to ")))
            if (const auto role = security::roleNamed(step.mid(3).toStdString()))
                return tr("%1: role %2").arg(name, people_words::role(*role));
        if (const auto scope = security::tokenScopeNamed(step.toStdString()))
            return tr("%1: %2", "whose key for programs, and what it is for")
                .arg(name, people_words::tokenScope(*scope));
        return {};
    }
    static QString purpose(const QString& name) {
        const std::pair<const char*, QString> words[] = {{"conversations", tr("keeping chats")},
                                                         {"accounts", tr("accounts")},
                                                         {"audit-log", tr("audit log")},
                                                         {"backups", tr("automatic backups")},
                                                         {"statistics", tr("usage figures")}};
        for (const auto& [key, word] : words)
            if (name == QLatin1String(key))
                return word;
        return name;
    }
    static QString kept(const QString& name) {
        const std::pair<const char*, QString> words[] = {{"trash", tr("Chats in the trash")},
                                                         {"idle", tr("Chats that nobody uses")},
                                                         {"usage-counts", tr("Usage counts")},
                                                         {"backups", tr("Backups")},
                                                         {"logs", tr("Log files")},
                                                         {"measurements", tr("Measurements and run records")},
                                                         {"jobs", tr("Records of finished jobs")}};
        for (const auto& [key, word] : words)
            if (name == QLatin1String(key))
                return word;
        return name;
    }
    static QString right(const QRegularExpressionMatch& match) {
        const auto role = security::roleNamed(match.captured(1).toStdString());
        const auto action = security::actionNamed(match.captured(2).toStdString());
        const auto resource = security::resourceNamed(match.captured(3).toStdString());
        const auto scope = security::scopeNamed(match.captured(4).toStdString());
        if (!role || !action || !resource || !scope)
            return {};
        return tr("%1 · %2 · %3: %4", "role, thing, action: how far")
            .arg(people_words::role(*role), people_words::resource(*resource), people_words::action(*action),
                 people_words::scope(*scope));
    }
    static QString job(const QRegularExpressionMatch& match) {
        const std::pair<const char*, QString> words[] = {{"quantise", tr("quantising")},
                                                         {"convert", tr("converting")},
                                                         {"ask", tr("asking two versions")},
                                                         {"measure", tr("measuring")}};
        const bool added = match.captured(3) == QLatin1String("added");
        for (const auto& [key, word] : words)
            if (match.captured(2) == QLatin1String(key))
                return (added ? tr("Job %1 (%2) added: %3") : tr("Job %1 (%2) ended: %3"))
                    .arg(match.captured(1), word, match.captured(4));
        return {};
    }
    /// A model that was used through the server.
    static QString call(const QRegularExpressionMatch& match) {
        const QString key = !match.captured(2).isEmpty()   ? tr("key %1").arg(match.captured(2))
                            : !match.captured(3).isEmpty() ? tr("the key of that run")
                                                           : tr("no key");
        return tr("%1 · server, %2 · %3", "model, what was called, with which key")
            .arg(match.captured(4), match.captured(1), key);
    }
    static QString access(const QRegularExpressionMatch& match) {
        const auto action = security::actionNamed(match.captured(2).toStdString());
        if (!action)
            return {};
        const int entries = match.captured(3).toInt();
        return entries == 0
                   ? tr("%1 · %2: as the table says").arg(match.captured(1), people_words::action(*action))
                   : tr("%1 · %2: only %n that are ticked", nullptr, entries)
                         .arg(match.captured(1), people_words::action(*action));
    }
};

using Reader = QString (*)(const QRegularExpressionMatch&, const Who&);
struct Form {
    const char* pattern; ///< of the whole note
    Reader read;
};

/// Forms of the notes that the engine writes (workbench/accounts, workbench/privacy_office, workbench/gate,
/// workbench/serving).
constexpr Form kForms[] = {
    {"of profile (\\d+)|profile (\\d+)",
     [](const QRegularExpressionMatch& m, const Who& who) {
         return who(m.captured(m.lastCapturedIndex()).toLongLong());
     }},
    {"profile (\\d+) (.+)",
     [](const QRegularExpressionMatch& m, const Who& who) {
         return Words::step(who(m.captured(1).toLongLong()), m.captured(2));
     }},
    {"as (.+)",
     [](const QRegularExpressionMatch& m, const Who&) {
         const auto role = security::roleNamed(m.captured(1).toStdString());
         return role ? people_words::role(*role) : QString();
     }},
    {"token (\\d+) of profile (\\d+)",
     [](const QRegularExpressionMatch& m, const Who& who) {
         return Words::tr("Key %1 of %2").arg(m.captured(1), who(m.captured(2).toLongLong()));
     }},
    {"(no )?consent to (.+)",
     [](const QRegularExpressionMatch& m, const Who&) {
         return (m.captured(1).isEmpty() ? Words::tr("Consent: %1") : Words::tr("No consent: %1"))
             .arg(Words::purpose(m.captured(2)));
     }},
    {"keep (\\S+) (\\d+) days",
     [](const QRegularExpressionMatch& m, const Who&) {
         return Words::tr("%1: kept for %n day(s)", nullptr, m.captured(2).toInt())
             .arg(Words::kept(m.captured(1)));
     }},
    {"keep (\\S+) without limit",
     [](const QRegularExpressionMatch& m, const Who&) {
         return Words::tr("%1: kept without limit").arg(Words::kept(m.captured(1)));
     }},
    {"by retention rules (\\S+)",
     [](const QRegularExpressionMatch& m, const Who&) {
         return Words::tr("By retention rules: %1").arg(Words::kept(m.captured(1)));
     }},
    {"week of (\\S+), epsilon (\\S+)",
     [](const QRegularExpressionMatch& m, const Who&) {
         return Words::tr("Week from %1, ε %2").arg(m.captured(1), m.captured(2));
     }},
    {"breach (\\d+)",
     [](const QRegularExpressionMatch& m, const Who&) { return Words::tr("Breach %1").arg(m.captured(1)); }},
    {"(\\S+) (\\S+) (\\S+) = (\\S+)",
     [](const QRegularExpressionMatch& m, const Who&) { return Words::right(m); }},
    {"at (\\S+), with(out)? keys",
     [](const QRegularExpressionMatch& m, const Who&) {
         return (m.captured(2).isEmpty() ? Words::tr("At %1, with keys") : Words::tr("At %1, without keys"))
             .arg(m.captured(1));
     }},
    {"at (\\S+)",
     [](const QRegularExpressionMatch& m, const Who&) { return Words::tr("At %1").arg(m.captured(1)); }},
    {"from (\\S+), (\\d+) times",
     [](const QRegularExpressionMatch& m, const Who&) {
         return Words::tr("From %1, %n time(s)", nullptr, m.captured(2).toInt()).arg(m.captured(1));
     }},
    {"call of (\\S+) with (?:key (\\d+)|(the key of this run)|no key), model (.+)",
     [](const QRegularExpressionMatch& m, const Who&) { return Words::call(m); }},
    {"model (.+) (\\S+), (\\d+) entries",
     [](const QRegularExpressionMatch& m, const Who&) { return Words::access(m); }},
    {"job (\\d+) (\\S+) (added|ended), (.*)",
     [](const QRegularExpressionMatch& m, const Who&) { return Words::job(m); }},
    {"job (\\d+) of profile (\\d+)",
     [](const QRegularExpressionMatch& m, const Who& who) {
         return Words::tr("Job %1 of %2").arg(m.captured(1), who(m.captured(2).toLongLong()));
     }},
    {"model (.+)", [](const QRegularExpressionMatch& m, const Who&) { return m.captured(1); }},
};

const std::array<QRegularExpression, std::size(kForms)>& patterns() {
    static const auto compiled = [] {
        std::array<QRegularExpression, std::size(kForms)> out;
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] =
                QRegularExpression(QRegularExpression::anchoredPattern(QLatin1String(kForms[i].pattern)));
        return out;
    }();
    return compiled;
}

} // namespace

QString action(const std::string& action) {
    const QString name = QString::fromStdString(action);
    if (const QString alone = Words::alone(name); !alone.isEmpty())
        return alone;
    const auto dot = name.lastIndexOf(QLatin1Char('.'));
    if (dot < 0)
        return name;
    return Words::tr("%1 %2", "for example: Model used")
        .arg(Words::resource(name.left(dot)), Words::verb(name.mid(dot + 1)));
}

QString outcome(security::Outcome outcome) {
    switch (outcome) {
    case security::Outcome::Done:
        return Words::tr("Done");
    case security::Outcome::Refused:
        return Words::tr("Refused");
    case security::Outcome::Failed:
        return Words::tr("Failed");
    }
    return {};
}

QString kept(const QString& name) {
    return Words::kept(name);
}

QString about(const std::string& object, const Who& who) {
    const QString note = QString::fromStdString(object);
    if (const QString fixed = Words::fixed(note); !fixed.isEmpty())
        return fixed;
    for (std::size_t i = 0; i < std::size(kForms); ++i)
        if (const auto match = patterns()[i].match(note); match.hasMatch())
            if (const QString words = kForms[i].read(match, who); !words.isEmpty())
                return words;
    return note;
}

} // namespace hearth::gui::audit_words
