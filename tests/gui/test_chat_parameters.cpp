#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSlider>

#include "engine/sampling/sampling_ranges.h"
#include "engine/sampling/stop_matcher.h"
#include "gui/pages/chat_parameter_lists.h"
#include "gui/pages/chat_parameters.h"
#include "gui/pages/chat_sampling_fields.h"
#include "gui/pages/chat_sidebar.h"
#include "gui/widgets/buttons.h"
#include "tests/gui/chat_bench.h"

using namespace hearth;
using namespace hearth::gui;

/// The panel of a chat's parameters, by mouse and keys, down to what the engine gets and what is on disk.
class TestChatParameters : public test::ChatTest {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        begin();
        open();
        m_bench->load();
    }
    void cleanup() { end(); }

    void everyFieldHasARangeAndWords() {
        for (const SamplingField& field : samplingFields()) {
            QVERIFY2(sampling::fieldRange(field.name), field.name);
            QVERIFY2(!field.title().isEmpty() && !field.explanation().isEmpty(), field.name);
            sampling::SamplingParams params;
            QVERIFY2(std::abs(field.get(params) - sampling::fieldRange(field.name)->defaultValue) < 1e-6,
                     field.name);
            field.set(params, sampling::fieldRange(field.name)->usualMaximum);
            QVERIFY2(std::abs(field.get(params) - sampling::fieldRange(field.name)->usualMaximum) < 1e-6,
                     field.name);
            QVERIFY2(params.validate().has_value(), field.name);
        }
    }

    void mirostatTakesThePlaceOfTheTruncations() {
        QVERIFY(slider("Top-k") && slider("Typical-p"));
        QVERIFY(!slider("Mirostat target (tau)"));
        QTest::mouseClick(toggle("Mirostat 2"), Qt::LeftButton);
        QVERIFY(!slider("Top-k") && !slider("Top-p") && !slider("Min-p") && !slider("Typical-p"));
        QVERIFY(slider("Mirostat target (tau)") && slider("Mirostat rate (eta)"));
        number("Mirostat target (tau)")->setValue(3.5);
        number("Mirostat rate (eta)")->setValue(0.2);
        const auto sent = say().sampling;
        QVERIFY(sent.mirostat);
        QCOMPARE(sent.mirostatTau, 3.5F);
        QCOMPARE(sent.mirostatEta, 0.2F);
    }

    void dryShowsItsFieldsWhenItIsOn() {
        QVERIFY(!slider("DRY base") && !slider("DRY allowed length") && !slider("DRY window"));
        number("DRY")->setValue(0.8);
        QVERIFY(slider("DRY base") && slider("DRY allowed length") && slider("DRY window"));
        number("DRY base")->setValue(2);
        number("DRY allowed length")->setValue(4);
        number("DRY window")->setValue(512);
        const auto sent = say().sampling;
        QCOMPARE(sent.dryMultiplier, 0.8F);
        QCOMPARE(sent.dryBase, 2.0F);
        QCOMPARE(sent.dryAllowedLength, 4);
        QCOMPARE(sent.dryWindow, 512);
    }

    void stopTextsAreCheckedAndSent() {
        auto* list = m_bench->page.findChild<StopList*>();
        auto* field = list->findChild<QLineEdit*>();
        type(field, QStringLiteral("\\n\\nUser:"));
        QCOMPARE(list->stops(), std::vector<std::string>{"\n\nUser:"});
        QCOMPARE(field->text(), QString());
        type(field, QStringLiteral("\\n\\nUser:"));
        QVERIFY(problem(list).contains(QLatin1String("already")));
        type(field, QStringLiteral("结束"));
        QCOMPARE(list->stops().size(), std::size_t(2));
        QVERIFY(problem(list).isEmpty());
        field->setText(QString(int(sampling::kMaxStopBytes) + 1, QLatin1Char('x')));
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(!problem(list).isEmpty()); // the engine's own rule
        QCOMPARE(list->stops().size(), std::size_t(2));
        QCOMPARE(say().stopStrings, (std::vector<std::string>{"\n\nUser:", "结束"}));
        auto* remove = button(list, "Remove \\n\\nUser:");
        QVERIFY2(remove,
                 "the answer that ended changed nothing in the list, so its rows are there all the time");
        QTest::mouseClick(remove, Qt::LeftButton);
        QCOMPARE(list->stops(), std::vector<std::string>{"结束"});
        QCOMPARE(say().stopStrings, std::vector<std::string>{"结束"});
    }

    void biasesByTextAndByNumber() {
        auto* list = m_bench->page.findChild<BiasList*>();
        auto* field = list->findChild<QLineEdit*>();
        type(field, QStringLiteral("word")); // the tests' model: 100 + the length
        QTRY_COMPARE(list->biases(), (BiasList::Biases{{104, BiasList::kFirst}}));
        QTRY_VERIFY(button(list, "Remove “word” 104"));
        type(field, QStringLiteral("\" blank\""));
        QTRY_VERIFY(list->biases().contains(106));
        type(field, QStringLiteral("77"));
        QTRY_VERIFY(list->biases().contains(77));
        QTRY_VERIFY(button(list, "Remove “word77” 77"));

        type(field, QStringLiteral("two words"));
        QTRY_VERIFY(problem(list).contains(QStringLiteral("“two” 103")));
        QVERIFY(problem(list).contains(QStringLiteral("“ words” 106")));
        type(field, QStringLiteral("5000"));
        QTRY_VERIFY(problem(list).contains(QLatin1String("no token of this number")));
        type(field, QStringLiteral("77"));
        QTRY_VERIFY(problem(list).contains(QLatin1String("already")));
        QCOMPARE(list->biases().size(), std::size_t(3));

        for (auto* spin : list->findChildren<QDoubleSpinBox*>())
            if (spin->accessibleName() == QStringLiteral("“word” 104"))
                spin->setValue(-100);
        QTest::mouseClick(button(list, "Remove “word77” 77"), Qt::LeftButton);
        QCOMPARE(say().sampling.logitBias, (BiasList::Biases{{104, -100}, {106, BiasList::kFirst}}));
    }

    void withoutAModelOnlyNumbersAreTaken() {
        m_bench->engine.eject();
        QTRY_VERIFY(!m_bench->engine.model());
        auto* list = m_bench->page.findChild<BiasList*>();
        auto* field = list->findChild<QLineEdit*>();
        type(field, QStringLiteral("word"));
        QVERIFY(problem(list).contains(QLatin1String("Open one first")));
        type(field, QStringLiteral("42"));
        QVERIFY(list->biases().contains(42));
        QTRY_VERIFY(button(list, "Remove Token 42"));
    }

    void whatIsSetIsSavedWithTheChatAndComesBack() {
        QTest::mouseClick(toggle("Mirostat 2"), Qt::LeftButton);
        number("DRY")->setValue(0.5);
        auto* stops = m_bench->page.findChild<StopList*>();
        type(stops->findChild<QLineEdit*>(), QStringLiteral("END"));
        auto* biases = m_bench->page.findChild<BiasList*>();
        type(biases->findChild<QLineEdit*>(), QStringLiteral("word"));
        QTRY_VERIFY(biases->biases().contains(104));
        say();
        const auto id = m_bench->page.conversation();
        QVERIFY(id != 0);
        type(stops->findChild<QLineEdit*>(), QStringLiteral("STOP")); // a chat that is on disk already
        m_bench->page.flush();
        open();
        m_bench->page.openConversation(id);
        stops = m_bench->page.findChild<StopList*>();
        QTRY_COMPARE(stops->stops(), (std::vector<std::string>{"END", "STOP"}));
        QVERIFY(toggle("Mirostat 2")->isChecked());
        QVERIFY(slider("DRY base"));
        biases = m_bench->page.findChild<BiasList*>();
        QCOMPARE(biases->biases(), (BiasList::Biases{{104, BiasList::kFirst}}));
        QTRY_VERIFY(button(biases, "Remove Token 104")); // no model, no name
        m_bench->load();
        QTRY_VERIFY(button(biases, "Remove “word104” 104"));

        for (auto* candidate : panel()->findChildren<QAbstractButton*>())
            if (candidate->text() == QLatin1String("Reset to the usual values"))
                candidate->click();
        QVERIFY(stops->stops().empty() && biases->biases().empty());
        QVERIFY(!toggle("Mirostat 2")->isChecked() && !slider("DRY base") && slider("Top-k"));
        const auto sent = say();
        QVERIFY(sent.stopStrings.empty() && sent.sampling.logitBias.empty() && !sent.sampling.mirostat);
    }

    /// Until those of a chat are read nothing can be set: what stands there is the former chat's.
    void nothingIsSetBeforeAChatIsRead() {
        number("DRY")->setValue(0.5);
        say();
        const auto id = m_bench->page.conversation();
        m_bench->page.newChat();
        QTRY_COMPARE(number("DRY")->value(), 0.0);
        {
            const test::ChatBench::SlowDisk slow(*m_bench);
            m_bench->page.openConversation(id);
            QVERIFY(!panel()->isEnabled());
        }
        QTRY_VERIFY(panel()->isEnabled());
        QCOMPARE(number("DRY")->value(), 0.5);
    }

    /// A chat that is written to the disk, and a model that has been loaded, take nothing from who types.
    void whatIsTypedStaysWhateverArrives() {
        QPlainTextEdit* prompt = nullptr;
        for (auto* edit : panel()->findChildren<QPlainTextEdit*>())
            if (edit->accessibleName() == QLatin1String("System prompt"))
                prompt = edit;
        QVERIFY(prompt);
        m_bench->page.setOwnDefaults([](const QString&) {
            ChatPage::OwnDefaults own;
            own.systemPrompt = QStringLiteral("Of the model.");
            own.params.emplace().sampling.dryMultiplier = 2;
            return own;
        });
        number("DRY")->setValue(0.5);
        QTest::keyClicks(prompt, QStringLiteral("Mi"));
        m_bench->load();
        QTest::keyClicks(prompt, QStringLiteral("ne."));
        QCOMPARE(prompt->toPlainText(), QStringLiteral("Mine."));
        QCOMPARE(number("DRY")->value(), 0.5);

        auto* stops = m_bench->page.findChild<StopList*>();
        auto* field = stops->findChild<QLineEdit*>();
        {
            const test::ChatBench::SlowDisk slow(*m_bench);
            m_bench->say("hello");
            field->setFocus();
            QTest::keyClicks(field, QStringLiteral("half"));
            number("DRY")->setValue(0.75);
        }
        QTRY_VERIFY(m_bench->page.conversation() != 0 && !m_bench->controller.isBusy());
        static_cast<void>(m_bench->texts()); // what the page asked of the history has been answered
        QCOMPARE(field->text(), QStringLiteral("half"));
        QCOMPARE(number("DRY")->value(), 0.75);
        QCOMPARE(prompt->toPlainText(), QStringLiteral("Mine."));
        QTest::keyClick(field, Qt::Key_Return);
        const auto params = say();
        QCOMPARE(params.stopStrings, std::vector<std::string>{"half"});
        QCOMPARE(params.sampling.dryMultiplier, 0.75F);
    }

    /// In a narrow window the chat keeps its room: the list of chats goes while the parameters are shown.
    void aNarrowWindowShowsTheParametersInPlaceOfTheList() {
        open();
        auto& page = m_bench->page;
        auto* list = page.findChild<ChatSidebar*>();
        const QSize before = page.size();
        page.resize(m_theme.px(1100), before.height());
        QVERIFY(list->isVisible() && panel()->isVisible());
        page.resize(m_theme.px(684), before.height());
        QVERIFY(!list->isVisible() && panel()->isVisible());
        QVERIFY(panel()->mapTo(&page, QPoint(panel()->width(), 0)).x() <= page.width());
        page.focusSearch(); // needs the list
        QVERIFY(list->isVisible() && !panel()->isVisible());
        page.resize(before);
    }

private:
    void open() {
        start();
        m_bench->button("Parameters of this chat")->click();
        QVERIFY(panel()->isVisible());
    }
    [[nodiscard]] ChatParameters* panel() const { return m_bench->page.findChild<ChatParameters*>(); }
    /// The parameters that the next answer is asked for with.
    runtime::GenerationParams say() {
        const std::size_t before = m_script->answered.size();
        m_bench->say("hello");
        [&] { QTRY_VERIFY(m_script->answered.size() > before && !m_bench->controller.isBusy()); }();
        return m_script->answered.empty() ? runtime::GenerationParams() : m_script->answered.back().params;
    }
    static void type(QLineEdit* field, const QString& text) {
        field->clear();
        field->setFocus();
        for (const QChar letter : text)
            letter.unicode() < 0x80 ? QTest::keyClick(field, letter.toLatin1()) : field->insert(letter);
        QTest::keyClick(field, Qt::Key_Return);
    }
    /// By accessible name, visible.
    [[nodiscard]] QSlider* slider(const char* name) const {
        for (auto* candidate : panel()->findChildren<QSlider*>())
            if (candidate->accessibleName() == QLatin1String(name) && candidate->isVisibleTo(panel()))
                return candidate;
        return nullptr;
    }
    [[nodiscard]] QDoubleSpinBox* number(const char* name) const {
        for (auto* candidate : panel()->findChildren<QDoubleSpinBox*>())
            if (candidate->accessibleName() == QLatin1String(name))
                return candidate;
        return nullptr;
    }
    [[nodiscard]] QAbstractButton* toggle(const char* name) const {
        for (auto* candidate : panel()->findChildren<Toggle*>())
            if (candidate->accessibleName() == QLatin1String(name))
                return candidate;
        return nullptr;
    }
    [[nodiscard]] static QAbstractButton* button(QWidget* in, const char* name) {
        for (auto* candidate : in->findChildren<QAbstractButton*>())
            if (candidate->toolTip() == QString::fromUtf8(name) && candidate->isVisibleTo(in))
                return candidate;
        return nullptr;
    }
    /// The words in red below a list.
    [[nodiscard]] static QString problem(QWidget* list) {
        const auto labels = list->findChildren<QLabel*>(QStringLiteral("problem"));
        return labels.size() == 1 && labels.front()->isVisibleTo(list) ? labels.front()->text() : QString();
    }
};

QTEST_MAIN(TestChatParameters)
#include "test_chat_parameters.moc"
