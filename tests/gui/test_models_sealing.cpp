// Sealing a model from its page, and making it readable again.
#include <filesystem>

#include <QCheckBox>
#include <QFile>
#include <QLineEdit>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "engine/security/crypto/sealed_memory.h"
#include "gui/pages/models_details.h"
#include "gui/pages/models_sealing.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "tests/gui/patience.h"
#include "tests/gui/visible_text.h"
#include "tests/support/test_data.h"

using namespace hearth;
using namespace hearth::gui;
using hearth::test::allText;
using security::Action;
namespace fs = std::filesystem;

namespace {

constexpr int kLong = 60'000; ///< ms; a loaded machine is slow
const QString kPassword = QStringLiteral("a long password of the model");

} // namespace

class TestModelsSealing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        LibraryServices services;
        services.files = {path("jobs.db"), path("library.db"), path("jobs")};
        services.library.folder = path("models");
        services.threads = 1;
        services.machine = [] {
            return std::pair(hardware::Measurement{}, hardware::MemoryRoom{4'000'000'000, 8'000'000'000});
        };
        services.foreign = [] { return std::vector<workbench::ForeignFolder>(); };
        services.volumes = [](const std::vector<fs::path>&) { return std::vector<workbench::Volume>(); };
        m_bridge = std::make_unique<LibraryBridge>(services);
        m_asked.clear();
        m_refused = {};
        m_bridge->setGuard([this](Action action, const QString& file, const LibraryBridge::Answer& answer) {
            m_asked << action;
            answer(m_refused == action ? Result<void>(fail("permission.denied", file.toStdString()))
                                       : Result<void>());
        });
        m_page = std::make_unique<ModelsDetails>(m_theme, *m_bridge);
        m_page->resize(1000, 800);
        fs::copy_file(test::golden("llama-Q4_0.gguf"), path("from.gguf"));
        m_bridge->import({QString::fromStdString(path("from.gguf").string())}, workbench::FileMode::Copied);
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        QTRY_VERIFY_WITH_TIMEOUT(m_bridge->task() == LibraryBridge::Task::None, kLong);
        m_version = m_bridge->models().front().versions.front().id;
        m_page->setVersion(m_version);
        m_page->showTab(4); // Files
        static_cast<QWidget&>(*m_page).show();
    }
    void cleanup() {
        m_page.reset();
        m_bridge.reset();
        m_folder.reset();
    }

    void withAPasswordWithoutProfiles() {
        QTRY_VERIFY_WITH_TIMEOUT(button("sealModel")->isEnabled(), kLong);
        const fs::path plain = file();
        button("sealModel")->setFocus();
        button("sealModel")->click();
        auto* dialog = m_page->findChild<SealModelDialog*>();
        QVERIFY(dialog);
        QVERIFY(!dialog->findChild<SegmentedControl*>(QStringLiteral("sealHow"))->isVisibleTo(dialog));
        QVERIFY(allText(*dialog).contains(QStringLiteral("copy on write")));
        auto* now = dialog->findChild<QAbstractButton*>(QStringLiteral("sealModelNow"));
        QVERIFY(!now->isEnabled());
        typePassword(*dialog);
        QVERIFY(now->isEnabled());
        QVERIFY(dialog->findChild<QCheckBox*>(QStringLiteral("sealRemove"))->isChecked());
        QSignalSpy ended(card(), &ModelsSealing::ended), noted(m_bridge.get(), &LibraryBridge::ended);
        bool couldBeStopped = false; // with the keyboard, which began it
        const auto watch = connect(m_bridge.get(), &LibraryBridge::taskChanged, card(), [&] {
            couldBeStopped = couldBeStopped || m_page->focusWidget() == button("cancelSealing");
        });
        now->click();
        QVERIFY(ended.wait(kLong));
        QVERIFY(couldBeStopped);
        QTRY_COMPARE(m_page->focusWidget(), button("sealModel"));
        disconnect(watch);
        QVERIFY(ended.back().front().toBool());
        QVERIFY(!fs::exists(plain));
        QCOMPARE(security::sealedBy(plain.string() + ".sealed"), security::SealedBy::Password);
        QVERIFY(m_asked.contains(Action::Change));
        QTRY_VERIFY(!noted.isEmpty());
        QCOMPARE(noted.back().back().toString(), QString());
        QTRY_VERIFY(m_bridge->version(m_version) && m_bridge->version(m_version)->sealed());
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("sealed")));
        QVERIFY(!button("quantise")->isEnabled());
        QVERIFY(!errorShown()); // a sealed head is no broken file

        // Back, with a wrong password first.
        QTRY_VERIFY_WITH_TIMEOUT(button("sealModel")->isEnabled(), kLong);
        for (const QString& typed : {QStringLiteral("another long password"), kPassword}) {
            agreeToOpen();
            QTRY_VERIFY(m_page->findChild<QLineEdit*>(QStringLiteral("unsealPassword")));
            auto* field = m_page->findChild<QLineEdit*>(QStringLiteral("unsealPassword"));
            field->setFocus();
            QTest::keyClicks(field, typed);
            m_page->findChild<QAbstractButton*>(QStringLiteral("unsealNow"))->click();
            QTRY_VERIFY(!m_page->findChild<QLineEdit*>(QStringLiteral("unsealPassword")));
            if (typed != kPassword) {
                QTRY_VERIFY_WITH_TIMEOUT(errorShown(), kLong);
                QVERIFY(allText(*card()).contains(QStringLiteral("assword")));
                QVERIFY(m_bridge->version(m_version)->sealed());
                QTRY_VERIFY_WITH_TIMEOUT(button("sealModel")->isEnabled(), kLong);
            }
        }
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 2, kLong);
        QVERIFY(!ended.back().front().toBool());
        QVERIFY(fs::exists(plain));
        QVERIFY(m_asked.contains(Action::Export));
        QTRY_VERIFY(button("quantise")->isEnabled());
    }

    void withOnesOwnKeyOrAPassword() {
        m_bridge->setKeys([](const QString& file, const LibraryBridge::KeyAnswer& answer) {
            ModelKey key;
            const auto sealed = security::sealedBy(file.toStdString());
            key.isPassword = sealed == security::SealedBy::Password;
            if (!key.isPassword) {
                key.secret =
                    std::make_shared<security::SecureBytes>(std::move(*security::SecureBytes::make(32)));
                key.secret->bytes()[0] = std::byte{9};
            }
            answer(key);
        });
        QTRY_VERIFY_WITH_TIMEOUT(button("sealModel")->isEnabled(), kLong);
        const fs::path plain = file();
        button("sealModel")->click();
        auto* dialog = m_page->findChild<SealModelDialog*>();
        QVERIFY(dialog);
        auto* how = dialog->findChild<SegmentedControl*>(QStringLiteral("sealHow"));
        QVERIFY(how->isVisibleTo(dialog));
        auto* now = dialog->findChild<QAbstractButton*>(QStringLiteral("sealModelNow"));
        QVERIFY(now->isEnabled()); // nothing has to be typed for one's own key
        QVERIFY(allText(*dialog).contains(QStringLiteral("for you alone")));
        how->setCurrentIndex(1);
        Q_EMIT how->chosen(1);
        QVERIFY(!now->isEnabled());
        how->setCurrentIndex(0);
        Q_EMIT how->chosen(0);
        dialog->findChild<QCheckBox*>(QStringLiteral("sealRemove"))->setChecked(false);
        QSignalSpy ended(card(), &ModelsSealing::ended);
        now->click();
        QVERIFY(ended.wait(kLong));
        QCOMPARE(security::sealedBy(plain.string() + ".sealed"), security::SealedBy::Key);
        QVERIFY(fs::exists(plain)); // it was to stay, and that is said
        QTRY_VERIFY(allText(*card()).contains(QStringLiteral("a readable copy is left")));
        fs::remove(plain);
        QTRY_VERIFY_WITH_TIMEOUT(m_bridge->version(m_version)->sealed(), kLong);
        QTRY_VERIFY_WITH_TIMEOUT(button("sealModel")->isEnabled(), kLong);
        agreeToOpen();
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 2, kLong); // no password is asked for
        QVERIFY(fs::exists(plain));
    }

    void refusedCancelledAndInUse() {
        QTRY_VERIFY_WITH_TIMEOUT(button("sealModel")->isEnabled(), kLong);
        const fs::path plain = file();
        QSignalSpy ended(card(), &ModelsSealing::ended);
        // Declined in the dialog: the keyboard is where it was.
        button("sealModel")->setFocus();
        button("sealModel")->click();
        m_page->findChild<QAbstractButton*>(QStringLiteral("sealModelCancel"))->click();
        QTRY_VERIFY(!m_page->findChild<SealModelDialog*>());
        QCOMPARE(m_page->focusWidget(), button("sealModel"));
        // By the gate.
        m_refused = Action::Change;
        sealNow();
        QTRY_VERIFY_WITH_TIMEOUT(errorShown(), kLong);
        m_refused = {};
        // Stopped: no message, nothing left.
        QTRY_VERIFY(!m_page->findChild<SealModelDialog*>());
        connect(m_bridge.get(), &LibraryBridge::taskChanged, m_bridge.get(), [this] {
            if (m_bridge->task() == LibraryBridge::Task::Seal)
                m_bridge->cancelTask();
        });
        sealNow();
        QTRY_VERIFY_WITH_TIMEOUT(m_bridge->task() == LibraryBridge::Task::None, kLong);
        QTRY_VERIFY_WITH_TIMEOUT(!errorShown(), kLong);
        m_bridge->disconnect(m_bridge.get());
        QVERIFY(fs::exists(plain));
        QVERIFY(!fs::exists(plain.string() + ".sealed"));
        // Open in a program.
        QFile open(QString::fromStdString(plain.string()));
        QVERIFY(open.open(QIODevice::ReadOnly));
        QTRY_VERIFY_WITH_TIMEOUT(button("sealModel")->isEnabled(), kLong);
        QTRY_VERIFY(!m_page->findChild<SealModelDialog*>());
        sealNow();
        QTRY_VERIFY_WITH_TIMEOUT(allText(*card()).contains(QStringLiteral("A program has the model open")),
                                 kLong);
        QVERIFY(ended.isEmpty());
    }

    void whoMayNotIsNotOfferedIt() {
        m_bridge->setRights(Rights());
        m_page->setVersion(m_version);
        QVERIFY(!card()->isVisibleTo(m_page.get()));
    }

private:
    fs::path path(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }
    fs::path file() const { return m_bridge->version(m_version)->path(); }
    QAbstractButton* button(const char* name) const {
        return m_page->findChild<QAbstractButton*>(QString::fromLatin1(name));
    }
    ModelsSealing* card() const { return m_page->findChild<ModelsSealing*>(); }
    bool errorShown() const {
        for (const auto* box : m_page->findChildren<ErrorBox*>())
            if (box->isVisibleTo(m_page.get()))
                return true;
        return false;
    }
    static void typePassword(QDialog& dialog) {
        for (auto* field : dialog.findChildren<QLineEdit*>()) {
            field->setFocus();
            QTest::keyClicks(field, kPassword);
        }
    }
    void sealNow() {
        button("sealModel")->click();
        auto* dialog = m_page->findChild<SealModelDialog*>();
        QVERIFY(dialog);
        typePassword(*dialog);
        dialog->findChild<QAbstractButton*>(QStringLiteral("sealModelNow"))->click();
    }
    void agreeToOpen() {
        button("sealModel")->click();
        auto* box = m_page->findChild<QMessageBox*>(QStringLiteral("unsealModelBox"));
        QVERIFY(box);
        box->findChild<QAbstractButton*>(QStringLiteral("unsealModelNow"))->click();
    }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<LibraryBridge> m_bridge;
    std::unique_ptr<ModelsDetails> m_page;
    QList<Action> m_asked;
    std::optional<Action> m_refused;
    qint64 m_version = 0;
};

QTEST_MAIN(TestModelsSealing)
#include "test_models_sealing.moc"
