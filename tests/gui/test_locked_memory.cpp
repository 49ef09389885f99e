#include <array>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "engine/workbench/accounts.h"
#include "engine/workbench/data_paths.h"
#include "engine/workbench/library/library.h"
#include "tests/support/test_data.h"

using namespace hearth;

namespace {

constexpr const char* kPassword = "correct horse battery staple";

/// What must be nowhere while the window is locked. No two share a run of letters, and none occurs elsewhere.
struct Phrase {
    const char* what;
    const char* text;
};
constexpr std::array kPhrases{
    Phrase{"the title", "Quarterly zephyr reconciliation"},
    Phrase{"the question", "why does the marmalade ledger wobble on tuesdays"},
    Phrase{"the answer", "because seventeen otters balanced the books at dawn"},
    Phrase{"the reasoning", "consider the otters before the marmalade accountants"},
    Phrase{"the system prompt", "answer like a librarian of a lighthouse"},
    Phrase{"the other branch", "a discarded answer about copper umbrellas"},
    Phrase{"the draft", "a confession about the velvet submarine"},
    Phrase{"the searched word", "seventeen otters balanced"},
    Phrase{"the password", kPassword},
    Phrase{"the Chinese message", "灯塔图书管理员的秘密账本"},
    Phrase{"what versions were asked", "whether pelicans invoice the harbour in winter"},
};

QByteArray utf16(const char* text) {
    const QString wide = QString::fromUtf8(text);
    return {reinterpret_cast<const char*>(wide.utf16()), wide.size() * 2};
}
QByteArray utf32(const char* text) {
    const QList<uint> wide = QString::fromUtf8(text).toUcs4();
    return {reinterpret_cast<const char*>(wide.constData()), wide.size() * 4};
}

/// Which phrases are in `bytes`, in any of the forms that a program keeps text in.
void look(const QByteArray& bytes, const QString& where, QStringList& found) {
    for (const Phrase& phrase : kPhrases) {
        const QByteArray forms[]{QByteArray(phrase.text), utf16(phrase.text), utf32(phrase.text)};
        const char* names[]{"UTF-8", "UTF-16", "UTF-32"};
        for (int i = 0; i < 3; ++i)
            if (const auto at = bytes.indexOf(forms[i]); at >= 0)
                found << QStringLiteral("%1 (%2) in %3 at %4")
                             .arg(QLatin1String(phrase.what), QLatin1String(names[i]), where)
                             .arg(at, 0, 16);
    }
}

/// Everything that the process can read of itself, more than a core dump has: pages that ask to be left out
/// of dumps too. `mine` = nothing was read (not permitted here).
QStringList lookThroughMemory(qint64 pid, bool& readable) {
    QStringList found;
    readable = false;
    std::ifstream maps("/proc/" + std::to_string(pid) + "/maps");
    const int memory = ::open(("/proc/" + std::to_string(pid) + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
    if (memory < 0)
        return found;
    std::string line;
    while (std::getline(maps, line)) {
        std::uint64_t begin = 0, end = 0;
        char rights[5] = {};
        if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s", &begin, &end, rights) != 3 ||
            rights[0] != 'r' || line.find("[vvar]") != std::string::npos ||
            line.find("[vsyscall]") != std::string::npos)
            continue;
        QByteArray bytes(static_cast<qsizetype>(end - begin), '\0');
        const ssize_t got =
            ::pread(memory, bytes.data(), static_cast<std::size_t>(bytes.size()), static_cast<off_t>(begin));
        if (got <= 0)
            continue;
        readable = true;
        bytes.truncate(got);
        look(bytes, QString::fromStdString(line), found);
    }
    ::close(memory);
    return found;
}

QByteArray readFile(const std::filesystem::path& path) {
    return QByteArray::fromStdString(test::readText(path));
}

} // namespace

/// While the window is locked nothing of anybody's content is readable: not on disk, not in the memory of the
/// running program, not in what a crash leaves.
class TestLockedMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_temporary = std::make_unique<QTemporaryDir>();
        qputenv("HEARTH_DATA_DIR", m_folder->path().toLocal8Bit());
        fill();
    }
    void cleanup() {
        m_program.reset();
        qunsetenv("HEARTH_DATA_DIR");
        m_folder.reset();
        m_temporary.reset();
    }

    /// The search itself works.
    void thePhrasesAreFoundWhereTheyAre() {
        QStringList found;
        QByteArray own;
        for (const Phrase& phrase : kPhrases)
            own += QByteArray(phrase.text) + utf16(phrase.text);
        look(own, QStringLiteral("here"), found);
        QCOMPARE(found.size(), static_cast<qsizetype>(kPhrases.size()) * 2);
    }

    void nothingOnDiskAndNothingInMemory() {
        startAndLock();
        QStringList found;
        for (const QString& folder : {m_folder->path(), m_temporary->path()})
            for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.toStdString()))
                if (entry.is_regular_file())
                    look(readFile(entry.path()), QString::fromStdString(entry.path().string()), found);
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
        bool readable = false;
        found = lookThroughMemory(m_program->processId(), readable);
        if (!readable)
            QSKIP("the memory of a child process cannot be read here");
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }

    void nothingInACoreDump() {
        QFile pattern(QStringLiteral("/proc/sys/kernel/core_pattern"));
        if (!pattern.open(QIODevice::ReadOnly))
            QSKIP("this system says nothing about core dumps");
        const QByteArray name = pattern.readAll().trimmed();
        if (name.startsWith('|') || name.startsWith('/') || name.isEmpty())
            QSKIP("core dumps go elsewhere on this system");
        rlimit limit{};
        ::getrlimit(RLIMIT_CORE, &limit);
        if (limit.rlim_max != RLIM_INFINITY)
            QSKIP("core dumps are limited on this system");
        startAndLock();
        m_program->write("crash\n");
        QVERIFY(m_program->waitForFinished(60'000));
        QCOMPARE(m_program->exitStatus(), QProcess::CrashExit);
        QStringList found;
        bool dumped = false;
        for (const auto& entry : std::filesystem::directory_iterator(m_temporary->path().toStdString()))
            if (entry.path().filename().string().starts_with("core")) {
                dumped = true;
                look(readFile(entry.path()), QStringLiteral("the core dump"), found);
            }
        if (!dumped)
            QSKIP("this system made no core dump");
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }

private:
    /// A sealed history with every kind of text in it.
    void fill() {
        const auto paths = workbench::DataPaths::prepare();
        QVERIFY(paths.has_value());
        workbench::AccountsOptions options;
        options.cost = security::PasswordCost{64, 1, 1};
        auto accounts = workbench::Accounts::open(workbench::AccountPaths::below(*paths), options);
        QVERIFY(accounts.has_value());
        const auto password = security::viewOf(kPassword);
        QVERIFY((*accounts)
                    ->create(workbench::Actor::singlePerson(), "Ann", security::Role::Administrator, password)
                    .has_value());
        auto library = workbench::Library::open(paths->libraryFile(), {paths->modelsFolder(), {}});
        QVERIFY(library.has_value());
        const auto source = (*library)->add({.path = test::golden("llama-F16.gguf")});
        QVERIFY(source.has_value());
        QVERIFY((*library)
                    ->add({.path = test::golden("llama-Q4_K.gguf"), .parent = source->version})
                    .has_value());
        auto session = (*accounts)->signIn("Ann", password);
        QVERIFY(session.has_value());
        auto history = (*accounts)->openHistory(*session);
        QVERIFY(history.has_value());
        const auto chat = (*history)->createConversation(kPhrases[0].text);
        QVERIFY(chat.has_value());
        auto row = *(*history)->conversation(*chat);
        row.systemPrompt = kPhrases[4].text;
        QVERIFY((*history)->updateConversation(row).has_value());
        const auto say = [&](store::RowId parent, store::Role role, std::string text,
                             std::string thoughts = {}) {
            store::Message message;
            message.conversation = *chat;
            message.parent = parent;
            message.role = role;
            message.content = std::move(text);
            message.reasoning = std::move(thoughts);
            return (*history)->appendMessage(message).value_or(0);
        };
        const auto question = say(0, store::Role::User, kPhrases[1].text);
        say(question, store::Role::Assistant, kPhrases[5].text);
        const auto answer = say(question, store::Role::Assistant, kPhrases[2].text, kPhrases[3].text);
        say(answer, store::Role::User, kPhrases[9].text);
        QVERIFY((*history)->setSetting("chat.last", std::to_string(*chat)).has_value());
    }
    void startAndLock() {
        m_program = std::make_unique<QProcess>();
        m_program->setWorkingDirectory(m_temporary->path()); // where a relative core pattern leaves its file
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("TMPDIR"), m_temporary->path());
        m_program->setProcessEnvironment(environment);
        m_program->setChildProcessModifier([] {
            const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
            ::setrlimit(RLIMIT_CORE, &all);
        });
        m_program->start(QStringLiteral(HEARTH_LOCKED_PROGRAM), {});
        QVERIFY(m_program->waitForStarted());
        m_program->write(QByteArray(kPassword) + '\n' + kPhrases[6].text + '\n' + kPhrases[7].text + '\n' +
                         kPhrases[10].text + '\n');
        QByteArray said;
        while (!said.contains("locked") && m_program->state() == QProcess::Running &&
               m_program->waitForReadyRead(60'000))
            said += m_program->readAllStandardOutput();
        QVERIFY2(said.contains("locked"), m_program->readAllStandardError().constData());
    }

    std::unique_ptr<QTemporaryDir> m_folder, m_temporary;
    std::unique_ptr<QProcess> m_program;
};

QTEST_MAIN(TestLockedMemory)
#include "test_locked_memory.moc"
