// The hubs of the Discover page: their rows, tokens and the proxy.

#include <QDialog>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTest>

#include "tests/gui/discover_bench.h"
#include "tests/gui/visible_text.h"

using namespace hearth;
using namespace hearth::gui;
using hearth::test::allText;
using hearth::test::DiscoverBench;
using hearth::test::LocalHub;

class TestDiscoverHubs : public DiscoverBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { prepare(); }
    void cleanup() { clear(); }

    void tokensAreKeptSealedAndUsed() {
        LocalHub::Repository secret;
        secret.files["s-Q4_0.gguf"] = bytesOf("llama-Q4_0.gguf");
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
};

QTEST_MAIN(TestDiscoverHubs)
#include "test_discover_hubs.moc"
