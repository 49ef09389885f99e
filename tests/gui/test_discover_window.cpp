// Models from a hub in the whole program: found, fetched, entered into the library, opened in the chat.

#include <filesystem>
#include <memory>
#include <tuple>

#include <QApplication>
#include <QListView>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

#include "engine/hub/queue_file.h"
#include "engine/hub/transfer/partial_names.h"
#include "engine/workbench/hub/hub_settings.h"
#include "engine/workbench/library/library.h"
#include "gui/models/downloads_model.h"
#include "gui/models/hub_files_model.h"
#include "gui/pages/discover_page.h"
#include "gui/pages/models_page.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "tests/gui/people_bench.h"
#include "tests/hub/local_hub.h"
#include "tests/support/test_data.h"

using namespace hearth;
using namespace hearth::gui;
using hearth::security::Action;
using hearth::security::Resource;
using hearth::security::Role;
using hearth::security::Scope;
using hearth::test::Fault;
using hearth::test::HubRequest;
using hearth::test::LocalHub;
using hearth::test::PeopleBench;
namespace fs = std::filesystem;

namespace {

constexpr int kLong = 60'000;
constexpr const char* kRepository = "maker/Tiny-1B-GGUF";
constexpr const char* kFile = "Tiny-1B-F16.gguf";

} // namespace

class TestDiscoverWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m = std::make_unique<PeopleBench>();
        m_hub = std::make_unique<LocalHub>();
        LocalHub::Repository tiny;
        tiny.files[kFile] = bytes();
        tiny.files["Tiny-1B-Q4_0.gguf"] =
            QByteArray::fromStdString(test::readText(test::golden("llama-Q4_0.gguf")));
        tiny.files["README.md"] = "# Tiny\n\nA small model.";
        tiny.licence = "mit";
        m_hub->add(kRepository, tiny);
        useHub(m_hub->url());
    }
    void cleanup() {
        m.reset();
        m_hub.reset();
    }

    void fromTheSearchToTheChat() {
        m->start();
        QTRY_VERIFY(m->pages().contains(QStringLiteral("discover")));
        chooseFile();
        m_hub->sendSlowly(300);
        m->click("download");
        auto* downloads = m->find<QListView>("downloads");
        QTRY_COMPARE(downloads->model()->rowCount(), 1);
        QTRY_VERIFY(row().data(DownloadsModel::DoneRole).toULongLong() > 0);
        m->click("pause");
        QTRY_COMPARE(state(), hub::DownloadState::Paused);
        QVERIFY(!fs::exists(target()));
        m->click("pause");
        QTRY_COMPARE(state(), hub::DownloadState::Active);
        m_hub->setFaults(nullptr);
        QTRY_COMPARE_WITH_TIMEOUT(state(), hub::DownloadState::Finished, kLong);
        inTheLibrary();
        m->click("openModel");
        QTRY_COMPARE(m->window().currentPage(), QStringLiteral("chat"));
        QTRY_COMPARE_WITH_TIMEOUT(m->application->settings().settings().lastModel, target(), kLong);
    }

    /// The program as it is shipped, killed in the middle; the next start goes on by itself.
    void aKilledProgramGoesOn() {
        // Larger than a chunk, of which a killed program loses at most one.
        const QByteArray guide = QByteArray::fromStdString(
            test::readText(fs::path(HEARTH_SOURCE_DIR) / "resources/guide/guide-Q8_0.gguf"));
        LocalHub::Repository tiny;
        tiny.files[kFile] = guide;
        m_hub->add(kRepository, tiny);
        hub::QueueContent queue;
        hub::Download download;
        download.id = 1;
        queue.nextId = 2;
        download.endpoint = {hub::HubKind::HuggingFace, QStringLiteral("127.0.0.1"), m_hub->url()};
        download.repository = kRepository;
        download.revision = "main";
        download.file = kFile;
        download.target = target();
        queue.downloads.push_back(download);
        QVERIFY(hub::writeQueue(m->paths.downloadsFile(), queue).has_value());
        m_hub->sendSlowly(3'000);
        QProcess program;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        program.setProcessEnvironment(environment);
        program.start(QString::fromLatin1(HEARTH_PROGRAM), {});
        QVERIFY(program.waitForStarted());
        const auto aChunkIsThere = [this] {
            const fs::path ledger = hub::ledgerOf(target());
            return fs::exists(ledger) && test::readText(ledger).find("\nc ") != std::string::npos;
        };
        QTRY_VERIFY_WITH_TIMEOUT(aChunkIsThere(), kLong);
        program.kill();
        QVERIFY(program.waitForFinished());
        QVERIFY(!fs::exists(target()));
        QVERIFY(fs::exists(hub::partialOf(target())));
        m_hub->setFaults(nullptr);
        const auto before = m_hub->bytesSent();
        m->start();
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(target()), kLong);
        QCOMPARE(QByteArray::fromStdString(test::readText(target())), guide);
        QVERIFY2(m_hub->bytesSent() - before < static_cast<std::uint64_t>(guide.size()),
                 "all of it came again");
        inTheLibrary(guide);
    }

    void whoMayNotDownloadHasNoSuchPage() {
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", Role::User}, {"Dora", Role::DataScientist}});
        m->start();
        m->comeIn(QStringLiteral("Bob"));
        QVERIFY(!m->pages().contains(QStringLiteral("discover")));
        QVERIFY2(m_hub->requests().empty(), "nothing is asked for who may not");
        m->accounts().lock();
        m->comeIn(QStringLiteral("Dora"));
        QVERIFY(m->pages().contains(QStringLiteral("discover")));
        chooseFile();
        QVERIFY2(!m->find<Button>("addHub")->isEnabled(), "the list of hubs is the machine's, not hers");
        // The right goes while the page is open: the gate refuses, whatever the page shows.
        m->with("Ann", [](workbench::Accounts& accounts, security::Session& session) {
            return accounts.setPermission(workbench::Actor::person(session.profile.id), Role::DataScientist,
                                          Action::Create, Resource::Model, Scope::None);
        });
        m->find<Button>("download")->click();
        QTRY_VERIFY(m->window().toasts().isShowing()); // it was refused
        QCOMPARE(m->find<QListView>("downloads")->model()->rowCount(), 0);
    }

    void tokensBelongToTheirPerson() {
        addSecret("hf_topsecret");
        // From the time before there were profiles.
        workbench::HubSettings settings;
        settings.hubs = {
            {{hub::HubKind::HuggingFace, QStringLiteral("127.0.0.1"), m_hub->url()}, "hf_topsecret"}};
        settings.proxy.mode = hub::ProxySetting::Mode::None;
        const workbench::HubSettingsFile shared(m->paths.hubSettingsFile(), m->paths.hubKeyFile());
        QVERIFY(shared.save(settings).has_value());
        m->makeProfiles({{"Ann", Role::Administrator}, {"Dora", Role::DataScientist}});
        m->start();
        m->comeIn(QStringLiteral("Ann"));
        QTRY_VERIFY2(shared.load().settings.hubs.front().token.empty(), "it is Ann's now");
        m->accounts().lock();
        QTRY_VERIFY(m->state() == AccountsBridge::State::Locked);
        m->comeIn(QStringLiteral("Dora"));
        chooseFile("Secret", 1);
        m->click("download");
        QTRY_COMPARE_WITH_TIMEOUT(state(), hub::DownloadState::Failed, kLong);
        m->accounts().lock();
        m->comeIn(QStringLiteral("Ann"));
        m->window().showPage(QStringLiteral("discover"));
        auto* page = m->window().findChild<DiscoverPage*>();
        page->showDownloads();
        QTRY_COMPARE(state(), hub::DownloadState::Failed);
        m->click("pause"); // "Try again": with her tokens, whether they are there yet or not
        QTRY_COMPARE_WITH_TIMEOUT(state(), hub::DownloadState::Finished, kLong);
        for (const auto& entry : fs::recursive_directory_iterator(m->folder.path().toStdString()))
            if (entry.is_regular_file())
                QVERIFY2(test::readText(entry.path()).find("topsecret") == std::string::npos,
                         entry.path().c_str());
    }

    /// Who comes in meanwhile neither gets the token of a download that runs, nor puts theirs in its place.
    void aRunningDownloadKeepsItsAccess() {
        addSecret("hf_ofann");
        m->makeProfiles({{"Ann", Role::Administrator}, {"Dora", Role::DataScientist}});
        m->start();
        m->comeIn(QStringLiteral("Ann"));
        putToken(QStringLiteral("hf_ofann"));
        m_hub->sendSlowly(300);
        chooseFile("Secret", 1);
        m->click("download");
        QTRY_VERIFY_WITH_TIMEOUT(row().data(DownloadsModel::DoneRole).toULongLong() > 1'000, kLong);
        m->accounts().lock();
        m->comeIn(QStringLiteral("Dora"));
        putToken(QStringLiteral("hf_ofdora"));
        m_hub->forgetRequests();
        m_hub->setFaults(nullptr);
        const fs::path file = m->paths.modelsFolder() / "maker" / "Secret" / "s-Q4_0.gguf";
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(file), kLong);
        for (const auto& request : m_hub->requests())
            QVERIFY2(!request.isBytes() || request.field("authorization") != "Bearer hf_ofdora",
                     "hers would be used for a download of somebody else");
        // A restart with the other one first: what needs Ann waits for her, told as such.
        fs::remove(file);
        m->application.reset();
        hub::QueueContent queue = hub::readQueue(m->paths.downloadsFile()).content;
        QCOMPARE(queue.downloads.size(), 1U);
        QVERIFY(!queue.downloads.front().owner.empty());
        queue.downloads.front().state = hub::DownloadState::Queued;
        QVERIFY(hub::writeQueue(m->paths.downloadsFile(), queue).has_value());
        m->start();
        m->comeIn(QStringLiteral("Dora"));
        m->window().showPage(QStringLiteral("discover"));
        m->window().findChild<DiscoverPage*>()->showDownloads();
        QTRY_COMPARE_WITH_TIMEOUT(state(), hub::DownloadState::Paused, kLong);
        QTRY_VERIFY(said(QStringLiteral("This download waits for the person who began it")));
        m->accounts().lock();
        m->comeIn(QStringLiteral("Ann"));
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(file), kLong);
    }

    void thePageOfModelsLeadsHere() {
        m->start();
        QTRY_VERIFY(m->pages().contains(QStringLiteral("models")));
        auto* models = qobject_cast<ModelsPage*>(m->window().showPage(QStringLiteral("models")));
        QVERIFY(models);
        Q_EMIT models->findModelAsked(QStringLiteral("tiny"));
        QTRY_COMPARE(m->window().currentPage(), QStringLiteral("discover"));
        QCOMPARE(m->find<SearchField>("searchText")->text(), QStringLiteral("tiny"));
        QTRY_COMPARE(m->find<QListView>("results")->model()->rowCount(), 1);
    }

    /// Draws docs/screens when HEARTH_PICTURES names a folder to put them in.
    void pictures() {
        const QString folder = qEnvironmentVariable("HEARTH_PICTURES");
        if (folder.isEmpty())
            return;
        std::error_code absent; // measured beforehand, so that speeds are shown
        fs::copy_file(fs::path(folder.toStdString()) / "measurements.json",
                      m->paths.data / "measurements.json", absent);
        {
            const auto library =
                workbench::Library::open(m->paths.libraryFile(), {m->paths.modelsFolder(), {}});
            QVERIFY(library.has_value());
            for (const auto& file :
                 fs::directory_iterator(fs::path(folder.toStdString()) / "models", absent)) {
                workbench::AddRequest request;
                request.path = fs::canonical(file.path());
                request.hash = false;
                QVERIFY((*library)->add(request).has_value());
            }
        }
        LocalHub::Repository larger;
        larger.files["Story-3B-Q4_K_M.gguf"] = test::someBytes(48 << 20);
        larger.licence = "apache-2.0";
        m_hub->add("maker/Story-3B-GGUF", larger);
        m_hub->setFaults([](const HubRequest& request) {
            Fault fault;
            fault.kind = request.isBytes() ? Fault::Slow : Fault::None;
            fault.at = request.path.contains(QStringLiteral("Story")) ? 12'000 : 100;
            return fault;
        });
        hub::QueueContent queue;
        for (const auto& [repository, file, type] :
             {std::tuple("maker/Story-3B-GGUF", "Story-3B-Q4_K_M.gguf", "Q4_K_M"),
              std::tuple(kRepository, kFile, "F16")}) {
            hub::Download download;
            download.id = queue.nextId++;
            download.endpoint = {hub::HubKind::HuggingFace, QStringLiteral("hf-mirror"), m_hub->url()};
            download.repository = repository;
            download.revision = "main";
            download.file = file;
            download.target = m->paths.modelsFolder() / repository / file;
            download.quantisation = type;
            download.memory = 2'400'000'000;
            queue.downloads.push_back(download);
        }
        QVERIFY(hub::writeQueue(m->paths.downloadsFile(), queue).has_value());
        m->start();
        m->window().resize(1360, 860);
        QTRY_VERIFY(m->pages().contains(QStringLiteral("models")));
        m->window().showPage(QStringLiteral("models"));
        QTRY_VERIFY(m->shows("downloadStep"));
        QTest::qWait(6'000);         // until there is a speed
        m->window().toasts().hide(); // it would be in the language of before
        for (const auto& [language, code] : {std::pair(workbench::Language::English, "en"),
                                             std::pair(workbench::Language::SimplifiedChinese, "zh_CN")})
            for (const auto& [theme, word] :
                 {std::pair(workbench::Theme::Light, "light"), std::pair(workbench::Theme::Dark, "dark")}) {
                m->application->settings().change([language = language, theme = theme](auto& s) {
                    s.language = language;
                    s.theme = theme;
                });
                QTest::qWait(400);
                m->window().grab().save(folder + QStringLiteral("/models-downloads-") + QLatin1String(word) +
                                        QLatin1Char('-') + QLatin1String(code) + QStringLiteral(".png"));
            }
    }

    void withoutANetworkItSaysSo() {
        useHub(QUrl(QStringLiteral("http://127.0.0.1:1")));
        m->start();
        QTRY_VERIFY(m->pages().contains(QStringLiteral("discover")));
        m->window().showPage(QStringLiteral("discover"));
        QTRY_VERIFY_WITH_TIMEOUT(said(QStringLiteral("The hub cannot be reached")), kLong);
        QVERIFY(said(QStringLiteral("hub.connection_refused")));
        QElapsedTimer timer;
        timer.start();
        m->application.reset();
        QVERIFY(timer.elapsed() < 5'000);
    }

private:
    static QByteArray bytes() {
        return QByteArray::fromStdString(test::readText(test::golden("llama-F16.gguf")));
    }
    void useHub(const QUrl& url) {
        workbench::HubSettings settings;
        settings.hubs = {{{hub::HubKind::HuggingFace, QStringLiteral("127.0.0.1"), url}, ""}};
        settings.proxy.mode = hub::ProxySetting::Mode::None;
        QVERIFY(workbench::HubSettingsFile(m->paths.hubSettingsFile(), m->paths.hubKeyFile())
                    .save(settings)
                    .has_value());
    }
    [[nodiscard]] fs::path target() const {
        return m->paths.modelsFolder() / "maker" / "Tiny-1B-GGUF" / kFile;
    }

    /// By mouse and keyboard, as a person does it.
    void chooseFile(const char* words = "tiny", int files = 2) {
        QVERIFY(m->window().showPage(QStringLiteral("discover")));
        auto* text = m->find<SearchField>("searchText");
        text->clear();
        QTest::keyClicks(text, QString::fromLatin1(words));
        QTest::keyClick(text, Qt::Key_Return);
        auto* results = m->find<QListView>("results");
        QTRY_COMPARE_WITH_TIMEOUT(results->model()->rowCount(), 1, kLong);
        QTest::mouseClick(results->viewport(), Qt::LeftButton, {},
                          results->visualRect(results->model()->index(0, 0)).center());
        auto* list = m->find<QListView>("files");
        QTRY_COMPARE_WITH_TIMEOUT(list->model()->rowCount(), files, kLong);
        const QModelIndex last = list->model()->index(files - 1, 0);
        QTRY_VERIFY(list->isVisible());
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(last).center());
        QTRY_VERIFY(m->find<Button>("download")->isVisible() && m->find<Button>("download")->isEnabled());
    }
    /// A repository that only who has the token may read.
    void addSecret(const char* token) {
        LocalHub::Repository secret;
        secret.files["s-Q4_0.gguf"] =
            QByteArray::fromStdString(test::readText(test::golden("llama-Q4_0.gguf")));
        secret.gated = true;
        secret.token = token;
        m_hub->add("maker/Secret", secret);
    }
    /// As typed under Hubs.
    void putToken(const QString& token) {
        QVERIFY(m->window().showPage(QStringLiteral("discover")));
        auto* parts = m->find<SegmentedControl>("parts");
        parts->setCurrentIndex(2);
        Q_EMIT parts->chosen(2);
        for (auto* button : m->window().findChildren<Button*>())
            if (button->isVisible() && (button->text() == QStringLiteral("Add a token…") ||
                                        button->text() == QStringLiteral("Change the token…"))) {
                button->click();
                break;
            }
        QTRY_VERIFY(m->shows("tokenDialog"));
        m->type("token", token);
        m->click("saveToken");
        parts->setCurrentIndex(0);
        Q_EMIT parts->chosen(0);
    }
    void inTheLibrary(const QByteArray& content = bytes()) {
        const auto read = [this] {
            const auto library =
                workbench::Library::open(m->paths.libraryFile(), {m->paths.modelsFolder(), {}});
            return library ? (*library)->findPath(target()).value() : std::nullopt;
        };
        QTRY_VERIFY_WITH_TIMEOUT(read().has_value(), kLong);
        const auto version = read()->versions.front();
        QCOMPARE(version.origin, std::string("downloaded"));
        QCOMPARE(version.source,
                 m_hub->url().toString().toStdString() + "/" + kRepository + "@" + std::string(40, 'a'));
        QCOMPARE(version.contentHash(), test::sha256Of(content));
    }
    [[nodiscard]] QModelIndex row() const { return m->find<QListView>("downloads")->model()->index(0, 0); }
    [[nodiscard]] hub::DownloadState state() const {
        return static_cast<hub::DownloadState>(row().isValid() ? row().data(DownloadsModel::StateRole).toInt()
                                                               : -1);
    }
    [[nodiscard]] bool said(const QString& words) const {
        for (const auto* label : m->window().findChildren<QLabel*>())
            if (label->isVisible() && label->text().contains(words))
                return true;
        return false;
    }

    std::unique_ptr<PeopleBench> m;
    std::unique_ptr<LocalHub> m_hub;
};

QTEST_MAIN(TestDiscoverWindow)
#include "test_discover_window.moc"
