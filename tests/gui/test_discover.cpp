// The Discover page against a hub on this machine.

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTest>
#include <QTranslator>
#include <QVBoxLayout>

#include "gui/delegates/hub_delegates.h"
#include "gui/models/hub_files_model.h"
#include "gui/models/hub_results_model.h"
#include "gui/pages/discover_card.h"
#include "gui/widgets/fields.h"
#include "tests/gui/discover_bench.h"
#include "tests/gui/visible_text.h"

using namespace hearth;
using namespace hearth::gui;
using hearth::test::allText;
using hearth::test::DiscoverBench;
using hearth::test::Fault;
using hearth::test::HubRequest;
using hearth::test::LocalHub;

namespace {

QString plain(QString text) {
    return text.replace(QChar(0x00A0), u' ').replace(QChar(0x202F), u' ');
}

} // namespace

class TestDiscover : public DiscoverBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { prepare(); }
    void cleanup() { clear(); }

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
};

QTEST_MAIN(TestDiscover)
#include "test_discover.moc"
