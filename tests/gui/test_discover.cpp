// The Discover page against a hub on this machine.

#include <fstream>
#include <memory>

#include <QAbstractItemModelTester>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QNetworkProxy>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTextEdit>
#include <QTranslator>
#include <QVBoxLayout>

#include "gui/bridge/hub_bridge.h"
#include "gui/delegates/hub_delegates.h"
#include "gui/models/downloads_model.h"
#include "gui/models/hub_files_model.h"
#include "gui/models/hub_results_model.h"
#include "gui/pages/discover_card.h"
#include "gui/pages/discover_page.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "tests/gui/patience.h"
#include "tests/gui/visible_text.h"
#include "tests/hub/local_hub.h"
#include "tests/support/test_data.h"

using namespace hearth;
using namespace hearth::gui;
using hearth::test::allText;
using hearth::test::Fault;
using hearth::test::HubRequest;
using hearth::test::LocalHub;

namespace {

QByteArray golden(const char* name) {
    return QByteArray::fromStdString(test::readText(test::golden(name)));
}

QString plain(QString text) {
    return text.replace(QChar(0x00A0), u' ').replace(QChar(0x202F), u' ');
}

} // namespace

class TestDiscover : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_hub = std::make_unique<LocalHub>();
        LocalHub::Repository small;
        small.files["Tiny-1B-Q4_0.gguf"] = golden("llama-Q4_0.gguf");
        small.files["Tiny-1B-Q8_0.gguf"] = golden("llama-Q8_0.gguf");
        small.files["README.md"] =
            "---\nlicense: mit\n---\n# Tiny\n\nA **small** model. ![logo](http://127.0.0.1:9/logo.png)";
        small.licence = "mit";
        small.downloads = 5000;
        m_hub->add("maker/Tiny-1B-GGUF", small);
        for (int i = 0; i < 40; ++i) {
            LocalHub::Repository other;
            other.files["m-Q4_0.gguf"] = "x";
            other.downloads = static_cast<std::uint64_t>(100 - i);
            m_hub->add("other/Model-" + std::to_string(i) + "-7B-GGUF", other);
        }
        // The endpoint is what the settings of this "installation" say.
        workbench::HubSettings settings;
        settings.hubs = {{{hub::HubKind::HuggingFace, QStringLiteral("127.0.0.1"), m_hub->url()}, ""}};
        settings.proxy.mode = hub::ProxySetting::Mode::None;
        const std::filesystem::path folder = m_folder->path().toStdString();
        QVERIFY(
            workbench::HubSettingsFile(folder / "hub.json", folder / "hub.key").save(settings).has_value());
        m_services = {};
        m_services.settingsFile = folder / "hub.json";
        m_services.keyFile = folder / "hub.key";
        m_services.queueFile = folder / "downloads.json";
        m_services.folder = folder / "models";
        m_services.transfer.chunkBytes = 4096;
        m_services.transfer.clock = hub::systemClock(20);
        m_services.machine = [] {
            return std::pair(hardware::Measurement(), hardware::MemoryRoom{8'000'000'000, 16'000'000'000});
        };
        m_services.arrived = [this](const hub::ArrivedFile& file) -> Result<void> {
            m_arrived = QString::fromStdString(file.path.string());
            return {};
        };
    }
    void cleanup() {
        m_page.reset();
        m_downloads.reset();
        m_bridge.reset();
        m_hub.reset();
    }

    void nothingIsAskedBeforeSomebodyLooks() {
        open(false);
        QTest::qWait(100);
        QVERIFY(m_hub->requests().empty());
    }

    void searchFindsPagesAndFilters() {
        m_hub->setPageSize(10);
        open();
        auto* list = view("results");
        QTRY_VERIFY(list->model()->rowCount() >= 10); // the view may ask for the next page at once
        QAbstractItemModelTester tester(list->model());
        QCOMPARE(list->model()->index(0, 0).data(HubResultsModel::NameRole).toString(),
                 QStringLiteral("Tiny-1B-GGUF"));
        QCOMPARE(list->model()->index(0, 0).data(HubResultsModel::LicenceRole).toString(),
                 QStringLiteral("mit"));
        for (int page = 0; page < 5; ++page) {
            QTRY_VERIFY(!m_bridge->isSearching());
            if (list->model()->canFetchMore({}))
                list->model()->fetchMore({});
        }
        QTRY_COMPARE(list->model()->rowCount(), 41);
        QVERIFY(!list->model()->canFetchMore({}));
        auto* text = m_page->findChild<SearchField*>(QStringLiteral("searchText"));
        text->setText(QStringLiteral("tiny"));
        QTRY_COMPARE(list->model()->rowCount(), 1);
        text->setText(QStringLiteral("no such thing"));
        QTRY_COMPARE(list->model()->rowCount(), 0);
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("Nothing was found")));
    }

    void filtersNarrowTheSearch() {
        LocalHub::Repository original;
        original.files["model.safetensors"] = "x";
        original.licence = "apache-2.0";
        original.downloads = 20'000;
        m_hub->add("maker/Qwen-3B", original);
        open();
        auto* list = view("results");
        const auto first = [&] {
            return list->model()->index(0, 0).data(HubResultsModel::NameRole).toString();
        };
        QTRY_COMPARE(first(), QStringLiteral("Tiny-1B-GGUF"));
        const auto choose = [&](const char* name, int index) {
            auto* box = m_page->findChild<ComboBox*>(QLatin1String(name));
            QVERIFY(index >= 0 && index < box->count());
            box->setCurrentIndex(index);
            Q_EMIT box->activated(index);
        };
        const auto licence = [&](const char* name) {
            return m_page->findChild<ComboBox*>(QStringLiteral("licence"))->findText(QLatin1String(name));
        };
        choose("licence", licence("mit"));
        QTRY_COMPARE(list->model()->rowCount(), 1);
        choose("size", 3); // 5 to 10 B
        QTRY_COMPARE(list->model()->rowCount(), 0);
        choose("licence", 0);
        QTRY_VERIFY(list->model()->rowCount() >= 10);
        QVERIFY(first().endsWith(QStringLiteral("-7B-GGUF")));
        choose("size", 0);
        QTRY_COMPARE(first(), QStringLiteral("Tiny-1B-GGUF"));
        m_page->findChild<QAbstractButton*>(QStringLiteral("onlyGguf"))->setChecked(false);
        QTRY_COMPARE(first(), QStringLiteral("Qwen-3B"));
        auto* family = m_page->findChild<ComboBox*>(QStringLiteral("family"));
        choose("family", family->findData(QStringLiteral("qwen")));
        QTRY_COMPARE(list->model()->rowCount(), 1);
        QCOMPARE(first(), QStringLiteral("Qwen-3B"));
    }

    void detailsShowFilesFitAndTheCardAsText() {
        open();
        choose();
        auto* files = view("files");
        QTRY_COMPARE(files->model()->rowCount(), 2);
        const auto first = files->model()->index(0, 0);
        QCOMPARE(first.data(HubFilesModel::QuantisationRole).toString(), QStringLiteral("Q4_0"));
        QTRY_VERIFY(first.data(HubFilesModel::MemoryRole).toULongLong() > 0);
        QCOMPARE(first.data(HubFilesModel::FitRole).toInt(), static_cast<int>(hardware::Fit::Comfortable));
        QTRY_COMPARE(files->currentIndex().data(HubFilesModel::QuantisationRole).toString(),
                     QStringLiteral("Q8_0"));
        QTRY_VERIFY(cardText().contains(QStringLiteral("A small model.")));
        const QString all = allText(*m_page);
        QVERIFY2(all.contains(QStringLiteral("mit")), qPrintable(all));
        QVERIFY(all.contains(QStringLiteral("5 000 downloads")));
        for (const auto& request : m_hub->requests())
            QVERIFY2(!request.path.contains(QLatin1String("logo")), "nothing of a card is fetched");
    }

    void downloadGoesThroughToTheLibrary() {
        open();
        choose();
        QSignalSpy finished(m_bridge.get(), &HubBridge::downloadFinished);
        auto* download = button("download");
        QTRY_VERIFY(download->isVisibleTo(m_page.get()) && download->isEnabled());
        QTRY_VERIFY(view("files")->currentIndex().data(HubFilesModel::MemoryRole).toULongLong() > 0);
        download->click();
        auto* list = view("downloads");
        QTRY_COMPARE(list->model()->rowCount(), 1);
        QVERIFY(list->isVisibleTo(m_page.get()));
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 20'000);
        const auto row = list->model()->index(0, 0);
        QTRY_COMPARE(row.data(DownloadsModel::StateRole).toInt(),
                     static_cast<int>(hub::DownloadState::Finished));
        QVERIFY(QFileInfo::exists(row.data(DownloadsModel::PathRole).toString()));
        QVERIFY2(row.data(DownloadsModel::MemoryRole).toULongLong() > 0,
                 "what it needs here is kept with it");
        QCOMPARE(m_arrived, row.data(DownloadsModel::PathRole).toString());
        QVERIFY2(DownloadDelegate::stateText(row).startsWith(QStringLiteral("Done, verified")),
                 qPrintable(DownloadDelegate::stateText(row)));
        QVERIFY(button("openModel")->isVisibleTo(m_page.get()));
        QSignalSpy asked(m_page.get(), &DiscoverPage::modelAsked);
        button("openModel")->click();
        QCOMPARE(asked.size(), 1);
        button("clear")->click();
        QTRY_COMPARE(list->model()->rowCount(), 0);
        QVERIFY(QFileInfo::exists(m_arrived));
    }

    void pauseResumeCancel() {
        m_hub->sendSlowly(400);
        m_services.machine = nullptr; // its header would be slow, too
        open();
        choose();
        QTRY_VERIFY(button("download")->isVisibleTo(m_page.get()));
        button("download")->click();
        auto* list = view("downloads");
        const auto done = [this] { return row().data(DownloadsModel::DoneRole).toULongLong(); };
        QTRY_VERIFY(list->model()->rowCount() == 1 && done() > 2 * m_services.transfer.chunkBytes);
        QAbstractItemModelTester tester(list->model());
        QCOMPARE(button("pause")->text(), QStringLiteral("Pause"));
        button("pause")->click();
        QTRY_COMPARE(state(), hub::DownloadState::Paused);
        QVERIFY(DownloadDelegate::stateText(row()).startsWith(QStringLiteral("Paused")));
        QCOMPARE(button("pause")->text(), QStringLiteral("Go on"));
        m_hub->sendSlowly(1); // what is left may be little: it must not be there before it was looked at
        button("pause")->click();
        QTRY_COMPARE(state(), hub::DownloadState::Active);
        QVERIFY2(done() >= m_services.transfer.chunkBytes, "what is there is known at once");
        button("remove")->click();
        auto* box = m_page->findChild<QMessageBox*>();
        QVERIFY2(box, "what came so far would be lost, so it is asked");
        QVERIFY(plain(box->informativeText()).contains(QStringLiteral("B that came so far")));
        for (QAbstractButton* one : box->buttons())
            if (box->buttonRole(one) == QMessageBox::DestructiveRole)
                one->click();
        QTRY_COMPARE(list->model()->rowCount(), 0);
    }

    /// The card for other pages: from the same list, by mouse and keyboard.
    void theCardShowsWhatIsNotDone() {
        m_hub->sendSlowly(40);
        m_services.machine = nullptr;
        open();
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        auto* card = new DownloadsCard(m_theme, *m_bridge, *m_downloads);
        layout->addWidget(card);
        window.resize(1100, 300);
        window.show();
        QVERIFY(!card->isVisible());
        choose();
        QTRY_VERIFY(button("download")->isVisibleTo(m_page.get()));
        button("download")->click();
        QTRY_VERIFY(card->isVisible());
        QTRY_VERIFY(row().data(DownloadsModel::DoneRole).toULongLong() > 0);
        QTRY_VERIFY(allText(window).contains(QStringLiteral("Tiny-1B-Q")));
        QTRY_VERIFY(allText(window).contains(QStringLiteral("B of ")));
        auto* step = card->findChild<Button*>(QStringLiteral("downloadStep"));
        QVERIFY(step);
        QCOMPARE(step->text(), QStringLiteral("Pause"));
        step->setFocus();
        QTest::keyClick(step, Qt::Key_Space);
        QTRY_COMPARE(state(), hub::DownloadState::Paused);
        QTRY_COMPARE(step->text(), QStringLiteral("Go on"));
        QVERIFY2(step->hasFocus() || !window.isActiveWindow(), "the row stays while it changes");
        QSignalSpy all(card, &DownloadsCard::allAsked);
        QTest::mouseClick(card->findChild<Button*>(QStringLiteral("allDownloads")), Qt::LeftButton);
        QCOMPARE(all.size(), 1);
        auto* away = card->findChild<QAbstractButton*>(QStringLiteral("downloadAway"));
        QTest::mouseClick(away, Qt::LeftButton);
        auto* box = card->findChild<QMessageBox*>();
        QVERIFY2(box, "what came so far would be lost, so it is asked");
        box->reject();
        m_hub->setFaults(nullptr);
        QTest::mouseClick(step, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(state(), hub::DownloadState::Finished, 20'000);
        QTRY_VERIFY2(!card->isVisible(), "what is done is among the models");
    }

    void gatedModelsAndMissingTokensSayWhatToDo() {
        LocalHub::Repository gated;
        gated.files["g-Q4_0.gguf"] = "x";
        gated.gated = true;
        gated.downloads = 9000;
        m_hub->add("maker/Gated-1B-GGUF", gated);
        m_services.machine = nullptr;
        open();
        choose();
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("The owner wants terms to be accepted first")));
        QTRY_VERIFY(button("download")->isVisibleTo(m_page.get()));
        button("download")->click();
        QTRY_COMPARE(state(), hub::DownloadState::Failed);
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("[hub.gated]")) ||
                    allText(*m_page).contains(QStringLiteral("hub.gated")));
    }

    void aHubThatCannotBeReachedIsNamed() {
        m_hub->setFaults([](const HubRequest&) {
            Fault fault;
            fault.kind = Fault::Status;
            fault.status = 503;
            return fault;
        });
        open();
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("hub.server_error")));
    }

    void tokensAreKeptSealedAndUsed() {
        LocalHub::Repository secret;
        secret.files["s-Q4_0.gguf"] = golden("llama-Q4_0.gguf");
        secret.gated = true;
        secret.token = "hf_topsecret";
        secret.downloads = 9000;
        m_hub->add("maker/Secret-1B-GGUF", secret);
        open();
        m_bridge->change([](workbench::HubSettings& s) { s.hubs.front().token = "hf_topsecret"; });
        choose();
        QTRY_VERIFY(button("download")->isVisibleTo(m_page.get()) && button("download")->isEnabled());
        button("download")->click();
        QTRY_COMPARE_WITH_TIMEOUT(state(), hub::DownloadState::Finished, 20'000);
        const QDir folder(m_folder->path());
        for (const QString& name : folder.entryList(QDir::Files)) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!file.readAll().contains("topsecret"), qPrintable(name));
        }
    }

    /// The proxy is the machine's, the password for it a person's own.
    void everybodyTypesTheirPasswordOfTheProxy() {
        workbench::HubSettings settings;
        settings.hubs = {{{hub::HubKind::HuggingFace, QStringLiteral("127.0.0.1"), m_hub->url()}, ""}};
        settings.proxy = {hub::ProxySetting::Mode::Http, "127.0.0.1", 9, "office", ""};
        const workbench::HubSettingsFile shared(m_services.settingsFile, m_services.keyFile);
        QVERIFY(shared.save(settings).has_value());
        open(false);
        const workbench::SecretHolder dora{
            "7", std::make_shared<security::SealingKey>(*security::SealingKey::generate())};
        QSignalSpy read(m_bridge.get(), &HubBridge::settingsChanged);
        m_bridge->setHolder(dora);
        QVERIFY(read.wait(hearth::test::kPatience));
        bool asked = false;
        m_page->setRights({false, {}, [&asked](const std::function<void()>&) { asked = true; }});
        auto* host = m_page->findChild<QLineEdit*>(QStringLiteral("proxyHost"));
        auto* password = m_page->findChild<QLineEdit*>(QStringLiteral("proxyPassword"));
        QVERIFY(!host->isEnabled());
        QVERIFY(password->isEnabled());
        password->setText(QStringLiteral("of dora"));
        Q_EMIT password->editingFinished();
        const workbench::HubSettingsFile hers(m_services.settingsFile, m_services.keyFile, dora);
        QTRY_COMPARE(hers.load().settings.proxy.password, std::string("of dora"));
        QVERIFY2(!asked, "it is hers to set");
        QCOMPARE(shared.load().settings.proxy.password, std::string());
        QCOMPARE(hers.load().settings.proxy.host, std::string("127.0.0.1"));
    }

    /// What somebody sets before their key is there waits for it, and becomes theirs.
    void whatIsSetBeforeItIsKnownWhoseIsKept() {
        open(false);
        const auto keep = [this](const char* token) {
            m_bridge->change([token](workbench::HubSettings& s) { s.hubs.front().token = token; });
        };
        const auto token = [this] { return m_bridge->settings().hubs.front().token; };
        const workbench::HubSettingsFile shared(m_services.settingsFile, m_services.keyFile);
        const auto generate = [] {
            return std::make_shared<security::SealingKey>(*security::SealingKey::generate());
        };
        const workbench::SecretHolder dora{"7", generate()}, emil{"8", generate()};
        m_bridge->expectHolder();
        keep("hf_ofdora");
        QCOMPARE(token(), std::string()); // it may not become the installation's
        m_bridge->setHolder(dora);
        QTRY_COMPARE(token(), std::string("hf_ofdora"));
        const workbench::HubSettingsFile hers(m_services.settingsFile, m_services.keyFile, dora);
        QTRY_COMPARE(hers.load().settings.hubs.front().token, std::string("hf_ofdora"));
        // While they are read, too.
        m_bridge->setHolder(emil);
        keep("hf_ofemil");
        QTRY_COMPARE(token(), std::string("hf_ofemil"));
        const workbench::HubSettingsFile his(m_services.settingsFile, m_services.keyFile, emil);
        QTRY_COMPARE(his.load().settings.hubs.front().token, std::string("hf_ofemil"));
        QCOMPARE(hers.load().settings.hubs.front().token, std::string("hf_ofdora"));
        // Who leaves before their key came leaves nothing behind.
        m_bridge->expectHolder();
        keep("hf_lost");
        m_bridge->setHolder({});
        QTRY_COMPARE(token(), std::string());
        keep("hf_shared"); // and so all that was asked before has been done
        QTRY_COMPARE(shared.load().settings.hubs.front().token, std::string("hf_shared"));
        QCOMPARE(hers.load().settings.hubs.front().token, std::string("hf_ofdora"));
    }

    void aTokenIsTypedAndTakenAway() {
        open();
        m_page->findChild<QStackedWidget*>()->setCurrentIndex(2);
        const auto type = [&](const QString& words) {
            Button* ask = nullptr;
            for (auto* one : m_page->findChildren<Button*>())
                if (one->isVisibleTo(m_page.get()) && one->text().contains(QStringLiteral("token")))
                    ask = one;
            QVERIFY(ask);
            ask->click();
            auto* dialog = m_page->findChild<QDialog*>(QStringLiteral("tokenDialog"));
            QVERIFY(dialog);
            auto* field = dialog->findChild<QLineEdit*>(QStringLiteral("token"));
            QCOMPARE(field->echoMode(), QLineEdit::Password);
            QTest::keyClicks(field, words);
            QTest::keyClick(field, Qt::Key_Return);
            QTRY_VERIFY(!m_page->findChild<QDialog*>(QStringLiteral("tokenDialog")));
        };
        type(QStringLiteral(" hf_typed "));
        QCOMPARE(m_bridge->settings().hubs.front().token, std::string("hf_typed"));
        QTRY_VERIFY(allButtons().contains(QStringLiteral("Change the token…")));
        type({});
        QCOMPARE(m_bridge->settings().hubs.front().token, std::string());
    }

    /// The rows of hubs are made anew after every change: whoever uses the keyboard goes on where they were.
    void hubsAreReachedWithTheKeyboardInTheirOrder() {
        open();
        m_page->findChild<QStackedWidget*>()->setCurrentIndex(2);
        auto* address = m_page->findChild<QLineEdit*>(QStringLiteral("address"));
        address->setText(QStringLiteral("hf-mirror.com"));
        button("addHub")->click();
        QCOMPARE(m_bridge->settings().hubs.size(), 2u);
        const QString mirror = m_bridge->settings().hubs.back().endpoint.url.toString();
        const auto of = [&](const char* name, const QString& hub) -> QWidget* {
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // the former rows
            QWidget* found = nullptr;
            for (QWidget* each : m_page->findChildren<QWidget*>(QLatin1String(name)))
                if (each->parentWidget()->objectName() == hub)
                    found = each;
            return found;
        };
        QWidget* next = of("hubToken", m_bridge->settings().hubs.front().endpoint.url.toString());
        QStringList names;
        for (int i = 0; next && i < 40 && next != address; ++i, next = next->nextInFocusChain())
            if (next->objectName().startsWith(QLatin1String("hub")))
                names << next->objectName();
        QCOMPARE(next, address);
        QCOMPARE(names.join(QLatin1Char(' ')),
                 QStringLiteral("hubToken hubUp hubAway hubToken hubUp hubAway"));
        of("hubUp", mirror)->setFocus();
        QTest::keyClick(of("hubUp", mirror), Qt::Key_Space);
        QTRY_COMPARE(m_bridge->settings().hubs.front().endpoint.url.toString(), mirror);
        QCOMPARE(m_page->focusWidget(), of("hubToken", mirror)); // the first cannot go up
        of("hubAway", mirror)->setFocus();
        QTest::keyClick(of("hubAway", mirror), Qt::Key_Space);
        QTRY_COMPARE(m_bridge->settings().hubs.size(), 1u);
        QCOMPARE(m_page->focusWidget(), address);
    }

    /// In a narrow window the list of models and what is chosen stand side by side, nothing is cut off.
    void aNarrowWindowHasRoomForBoth() {
        open();
        choose();
        const auto right = [this](QWidget* each) {
            return each->mapTo(m_page.get(), QPoint(each->width(), 0)).x();
        };
        auto* results = m_page->findChild<QWidget*>(QStringLiteral("results"));
        auto* files = view("files");
        auto* page = m_page->findChild<QWidget*>(QStringLiteral("openPage"));
        QVERIFY(results && files && page);
        QTRY_VERIFY(page->isVisible());
        const int row = files->sizeHintForRow(0);
        m_page->resize(m_theme.px(684), m_page->height());
        QTRY_VERIFY(right(results) < files->mapTo(m_page.get(), QPoint()).x());
        QTRY_VERIFY(right(files) <= m_page->width() && right(page) <= m_page->width());
        // A file's name keeps its line, what it needs gets one of its own, and the list has room for all.
        const QModelIndex last = files->model()->index(files->model()->rowCount() - 1, 0);
        QTRY_VERIFY(files->visualRect(last).height() > row);
        QTRY_VERIFY(files->viewport()->rect().contains(files->visualRect(last)));
        m_page->resize(m_theme.px(1280), m_page->height());
        QTRY_COMPARE(files->visualRect(last).height(), row);
    }

    void hubsAreAddedMeasuredAndKept() {
        open();
        auto* address = m_page->findChild<QLineEdit*>(QStringLiteral("address"));
        address->setText(QStringLiteral("http://example.com"));
        button("addHub")->click();
        QTRY_VERIFY(allText(*m_page->findChild<QWidget*>(QStringLiteral("address"))->parentWidget())
                        .contains(QStringLiteral("hub.insecure_endpoint")));
        QCOMPARE(m_bridge->settings().hubs.size(), 1u);
        address->setText(QStringLiteral("hf-mirror.com"));
        button("addHub")->click();
        QCOMPARE(m_bridge->settings().hubs.size(), 2u);
        QVERIFY(address->text().isEmpty());
        QSignalSpy tested(m_bridge.get(), &HubBridge::endpointTested);
        m_bridge->testEndpoint(m_bridge->settings().hubs.front().endpoint);
        QTRY_COMPARE_WITH_TIMEOUT(tested.size(), 1, 15'000);
        m_page->findChild<QStackedWidget*>()->setCurrentIndex(2);
        QVERIFY2(allText(*m_page).contains(QStringLiteral("answers after")), qPrintable(allText(*m_page)));
        m_page.reset();
        m_downloads.reset();
        m_bridge.reset();
        m_bridge = std::make_unique<HubBridge>(m_services);
        m_bridge->startQueue();
        QCOMPARE(m_bridge->settings().hubs.size(), 2u);
        QCOMPARE(m_bridge->settings().hubs.back().endpoint.url.host(), QStringLiteral("hf-mirror.com"));
    }

    void theQueueSurvivesARestart() {
        m_hub->sendSlowly(40);
        m_services.machine = nullptr;
        open();
        choose();
        QTRY_VERIFY(button("download")->isVisibleTo(m_page.get()));
        button("download")->click();
        QTRY_VERIFY(!m_bridge->downloads().empty() && m_bridge->downloads().front().download.bytesDone > 0);
        m_page.reset();
        m_downloads.reset();
        m_bridge.reset();
        m_hub->setFaults(nullptr);
        m_bridge = std::make_unique<HubBridge>(m_services);
        m_bridge->startQueue();
        QTRY_VERIFY_WITH_TIMEOUT(!m_bridge->downloads().empty() &&
                                     m_bridge->downloads().front().download.state ==
                                         hub::DownloadState::Finished,
                                 20'000);
    }

    void windowNeverWaitsForAHub() {
        m_hub->setFaults([](const HubRequest&) {
            Fault fault;
            fault.kind = Fault::RedirectTo;
            fault.target = "http://127.0.0.1:1/never";
            return fault;
        });
        open();
        QElapsedTimer timer;
        timer.start();
        m_page.reset();
        m_downloads.reset();
        m_bridge.reset();
        QVERIFY(timer.elapsed() < 3'000);
    }

    void everythingIsTranslatable() {
        open();
        class Marking final : public QTranslator {
        public:
            bool isEmpty() const override { return false; }
            QString translate(const char*, const char* text, const char*, int) const override {
                return QLatin1Char('>') + QString::fromUtf8(text);
            }
        } marking;
        QCoreApplication::installTranslator(&marking);
        QCoreApplication::sendPostedEvents();
        for (const char* name :
             {"pause", "openFolder", "addHub", "testHubs", "download", "openPage", "remove", "clear"})
            QVERIFY2(button(name)->text().startsWith(u'>'), name);
        QCoreApplication::removeTranslator(&marking);
    }

private:
    void open(bool show = true) {
        m_bridge = std::make_unique<HubBridge>(m_services);
        m_bridge->startQueue();
        m_downloads = std::make_unique<DownloadsModel>(*m_bridge);
        m_page = std::make_unique<DiscoverPage>(m_theme, *m_bridge, *m_downloads);
        m_page->resize(1284, 860);
        if (show)
            m_page->show();
    }
    /// Waits for the list and picks its first model.
    void choose() {
        auto* list = view("results");
        QTRY_VERIFY(list->model()->rowCount() > 0);
        list->setCurrentIndex(list->model()->index(0, 0));
    }
    QStringList allButtons() {
        QStringList texts;
        for (const auto* one : m_page->findChildren<Button*>())
            texts << one->text();
        return texts;
    }
    QListView* view(const char* name) { return m_page->findChild<QListView*>(QLatin1String(name)); }
    Button* button(const char* name) { return m_page->findChild<Button*>(QLatin1String(name)); }
    QModelIndex row() { return view("downloads")->model()->index(0, 0); }
    hub::DownloadState state() {
        return static_cast<hub::DownloadState>(row().isValid() ? row().data(DownloadsModel::StateRole).toInt()
                                                               : -1);
    }
    QString cardText() {
        QString all;
        for (const auto* text : m_page->findChildren<QTextEdit*>())
            all += text->toPlainText();
        return all;
    }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<LocalHub> m_hub;
    HubServices m_services;
    QString m_arrived;
    std::unique_ptr<HubBridge> m_bridge;
    std::unique_ptr<DownloadsModel> m_downloads;
    std::unique_ptr<DiscoverPage> m_page;
};

QTEST_MAIN(TestDiscover)
#include "test_discover.moc"
