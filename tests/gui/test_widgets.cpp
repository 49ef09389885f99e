#include <QEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QStyle>
#include <QStyleOptionComboBox>
#include <QTest>
#include <QVBoxLayout>

#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"
#include "gui/widgets/surfaces.h"
#include "tests/gui/patience.h"

using namespace hearth;
using namespace hearth::gui;

class TestWidgets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void segmentsAreChosenByMouseAndKeys() {
        SegmentedControl control(m_theme, QStringLiteral("Colours"));
        control.setChoices({QStringLiteral("One"), QStringLiteral("Two"), QStringLiteral("Three")});
        QSignalSpy chosen(&control, &SegmentedControl::chosen);
        control.resize(control.sizeHint());
        control.show();
        QTest::keyClick(&control, Qt::Key_Right);
        QCOMPARE(control.currentIndex(), 1);
        QTest::mouseClick(&control, Qt::LeftButton, {}, QPoint(control.width() - 10, control.height() / 2));
        QCOMPARE(control.currentIndex(), 2);
        QTest::keyClick(&control, Qt::Key_Right); // nothing beyond the last
        QCOMPARE(chosen.count(), 2);
        QCOMPARE(control.accessibleName(), QStringLiteral("Colours: Three"));
        control.setCurrentIndex(0);
        QCOMPARE(chosen.count(), 2);
    }

    void toggleSwitchesWithSpaceAndClick() {
        Toggle toggle(m_theme, QStringLiteral("On"));
        QSignalSpy toggled(&toggle, &QAbstractButton::toggled);
        toggle.resize(toggle.sizeHint());
        toggle.show();
        QTest::keyClick(&toggle, Qt::Key_Space);
        QVERIFY(toggle.isChecked());
        QTest::mouseClick(&toggle, Qt::LeftButton);
        QVERIFY(!toggle.isChecked());
        QCOMPARE(toggled.count(), 2);
    }

    void sliderAndNumberAgree() {
        LabelledSlider field(m_theme, {0, 2, 0.05, 0.8, 2});
        field.setTexts(QStringLiteral("Temperature"), QStringLiteral("How adventurous."));
        field.setValue(0.8);
        QSignalSpy changed(&field, &LabelledSlider::changed);
        auto* slider = field.findChild<QSlider*>();
        auto* number = field.findChild<QDoubleSpinBox*>();
        auto* reset = field.findChild<IconButton*>();
        QVERIFY(slider && number && reset);
        QVERIFY(reset->isHidden());
        slider->setValue(slider->value() + 4);
        QCOMPARE(field.value(), 1.0);
        QCOMPARE(number->value(), 1.0);
        QCOMPARE(changed.count(), 1);
        QVERIFY(!reset->isHidden());
        number->setValue(2);
        QCOMPARE(slider->value(), slider->maximum());
        reset->click();
        QCOMPARE(field.value(), 0.8);
        QCOMPARE(changed.count(), 3);
        field.setValue(1.5);
        QCOMPARE(changed.count(), 3);
        QCOMPARE(slider->accessibleName(), QStringLiteral("Temperature"));
    }

    void toastUndoesOnceAndNewerReplacesOlder() {
        QWidget window;
        window.resize(600, 400);
        window.show();
        ToastHost toasts(m_theme, &window);
        int undone = 0;
        toasts.showUndo(QStringLiteral("first"), [&] { ++undone; });
        toasts.showUndo(QStringLiteral("second"), [&] { undone += 10; });
        QCOMPARE(visibleButtons(window).size(), 1);
        QTest::mouseClick(visibleButtons(window).first(), Qt::LeftButton);
        QCOMPARE(undone, 10);
        QVERIFY(!toasts.isShowing());
    }

    void errorBoxSpeaksAndHelps() {
        ErrorBox box(m_theme);
        QVERIFY(box.isHidden());
        box.setAction(QStringLiteral("Choose another…"));
        box.showError(Error{"workbench.no_model", "no model"});
        QVERIFY(!box.isHidden());
        QCOMPARE(box.accessibleName(), QStringLiteral("No model is open"));
        QSignalSpy asked(&box, &ErrorBox::actionRequested);
        box.findChild<Button*>()->click();
        QCOMPARE(asked.count(), 1);
        box.clear();
        QVERIFY(box.isHidden());
    }

    void errorBoxPutsItsButtonWhereThereIsRoom() {
        QWidget window;
        auto* column = new QVBoxLayout(&window);
        auto* box = new ErrorBox(m_theme);
        box->setAction(QStringLiteral("Choose another model…"));
        box->showError(Error{"workbench.no_model", "no model"});
        column->addWidget(box);
        column->addStretch(1);
        window.resize(900, 400);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const auto* button = box->findChild<Button*>();
        const auto* words = box->findChild<TextLabel*>();
        QVERIFY(button->x() > words->geometry().right());
        window.resize(300, 500);
        QTRY_VERIFY(button->y() > words->geometry().bottom());
        QVERIFY(button->width() >= button->sizeHint().width());
        window.resize(900, 400);
        QTRY_VERIFY(button->x() > words->geometry().right());
    }

    void etaKnowsOnlyWhatItMeasured() {
        EtaEstimator eta;
        eta.update(0.0, 0);
        QVERIFY(eta.remaining(0.5) < 0); // too early
        for (int i = 1; i <= 10; ++i)
            eta.update(0.05 * i, 0.5 * i);
        const double left = eta.remaining(5);
        QVERIFY2(std::abs(left - 5) < 0.2, qPrintable(QString::number(left)));
        QVERIFY(eta.remaining(11) < 0); // stalled
        eta.update(0.1, 12);            // began anew
        QVERIFY(eta.remaining(12) < 0);
    }

    void elidedLabelTellsTheWholeText() {
        ElidedLabel label(m_theme, TextRole::Body, ColourRole::Text,
                          QStringLiteral("/a/rather/long/path/to/a/model.gguf"));
        label.resize(60, label.sizeHint().height());
        label.show();
        QCOMPARE(label.toolTip(), label.text());
        label.resize(label.sizeHint());
        QVERIFY(label.toolTip().isEmpty());
    }

    void labelsNeverReadMarkup() {
        TextLabel label(m_theme, TextRole::Body, ColourRole::Text,
                        QStringLiteral("<img src='http://example.org/x.png'>"));
        QCOMPARE(label.textFormat(), Qt::PlainText);
    }

    /// A header that asks for a layout whenever it was laid out would keep the program busy for ever.
    void aPageHeaderComesToRest() {
        class Counter final : public QObject {
        public:
            int requests = 0;
            bool eventFilter(QObject*, QEvent* event) override {
                requests += event->type() == QEvent::LayoutRequest;
                return false;
            }
        } counter;
        PageHeader header(m_theme, QStringLiteral("A page with a long title"));
        header.actions()->addWidget(new Button(m_theme, ButtonKind::Plain, QStringLiteral("An action")));
        header.show();
        for (const int width : {900, 200}) { // beside the title, and below it
            header.resize(width, header.height());
            QTest::qWait(50);
            header.installEventFilter(&counter);
            counter.requests = 0;
            QTest::qWait(50);
            header.removeEventFilter(&counter);
            QCOMPARE(counter.requests, 0);
        }
    }

    void theWayBackStandsBeforeTheTitle() {
        PageHeader header(m_theme, QStringLiteral("A page"));
        auto* back = new IconButton(m_theme, QStringLiteral("chevron-left"), QStringLiteral("Back"));
        auto* chip = new Chip(m_theme, QStringLiteral("Chip"));
        header.beside()->addWidget(chip);
        header.setBack(back);
        header.resize(600, header.height());
        header.show();
        const auto* title = header.findChild<TextLabel*>();
        QVERIFY(back->geometry().right() < title->geometry().left());
        QVERIFY(title->geometry().right() < chip->geometry().left());
        QVERIFY(header.minimumSizeHint().width() > back->width() + title->width() + chip->width());
    }

    /// How far work has come says what time is left; how much of something is used does not.
    void aShareHasNoTimeLeft() {
        ProgressLine work(m_theme), share(m_theme), still(m_theme);
        share.setIsShare(true);
        for (ProgressLine* line : {&work, &share, &still}) {
            line->setText(QStringLiteral("Words"));
            line->resize(400, line->sizeHint().height());
        }
        for (const double fraction : {0.1, 0.2, 0.3, 0.4}) {
            work.setFraction(fraction);
            share.setFraction(fraction);
            QTest::qWait(800);
        }
        still.setFraction(0.4);
        const QImage wanted = still.grab().toImage();
        QVERIFY(work.grab().toImage() != wanted);
        QCOMPARE(share.grab().toImage(), wanted);
    }

    void aChoiceThatClosedDoesNotLookPointedAt() {
        ComboBox box(m_theme);
        box.addItems({QStringLiteral("One"), QStringLiteral("Two")});
        box.show();
        box.setAttribute(Qt::WA_UnderMouse);
        box.showPopup();
        box.hidePopup();
        QVERIFY(!box.underMouse());
    }

    void aChoiceThatIsTooLongEndsInDots() {
        ComboBox box(m_theme);
        box.resize(120, box.sizeHint().height());
        QStyleOptionComboBox option;
        option.initFrom(&box);
        const int room =
            box.style()
                ->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, &box)
                .width();
        const auto drawn = [&box](const QString& text) {
            box.clear();
            box.addItem(text);
            return box.grab().toImage();
        };
        const QString text = QStringLiteral("Most downloaded of all");
        const QImage image = drawn(text);
        QStringList same; // what fits, dots included, and looks as this does
        for (int length = 1; length < text.size(); ++length) {
            const QString cut = text.left(length) + QChar(0x2026);
            if (box.fontMetrics().horizontalAdvance(cut) <= room && drawn(cut) == image)
                same << cut;
        }
        QCOMPARE(same.size(), 1);
        QVERIFY(drawn(QStringLiteral("All")) != drawn(QStringLiteral("Al") + QChar(0x2026)));
    }

    void rowsMadeAnewKeepTheKeyboardAndTheirPlace() {
        QWidget window;
        auto* first = new QPushButton;
        auto* last = new QPushButton;
        auto* rows = new QVBoxLayout;
        auto* column = new QVBoxLayout(&window);
        column->addWidget(first);
        column->addWidget(new TextLabel(m_theme, TextRole::Body, ColourRole::Text)); // no stop of Tab
        column->addLayout(rows);
        column->addWidget(last);
        const auto fill = [&](const QStringList& names, bool mayMove) {
            const FreshRows fresh(rows);
            for (const QString& name : names) {
                auto* row = new QWidget;
                row->setObjectName(name);
                auto* line = new QHBoxLayout(row);
                for (const char* what : {"show", "move"}) {
                    auto* button = new QPushButton(name);
                    button->setObjectName(QLatin1String(what));
                    button->setEnabled(mayMove || button->objectName() == QLatin1String("show"));
                    line->addWidget(button);
                }
                rows->addWidget(row);
            }
        };
        const auto at = [&](int row, const char* what) {
            return rows->itemAt(row)->widget()->findChild<QPushButton*>(QLatin1String(what));
        };
        const QStringList two{QStringLiteral("a"), QStringLiteral("b")};
        fill(two, true);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const std::vector<QWidget*> order{first,         at(0, "show"), at(0, "move"),
                                          at(1, "show"), at(1, "move"), last};
        for (std::size_t i = 1; i < order.size(); ++i) {
            QWidget* next = order[i - 1]->nextInFocusChain();
            while (next->focusPolicy() == Qt::NoFocus)
                next = next->nextInFocusChain();
            QCOMPARE(next, order[i]);
        }
        QPushButton* former = at(1, "move");
        former->setFocus();
        fill({QStringLiteral("b"), QStringLiteral("c")}, true);
        QCOMPARE(window.focusWidget(), at(0, "move")); // in its row, wherever that stands now
        QVERIFY(former->isHidden() || former->parentWidget()->isHidden());
        fill(two, false);
        QCOMPARE(window.focusWidget(), at(1, "show")); // the first there that takes it
        fill({QStringLiteral("a")}, true);
        QCOMPARE(window.focusWidget(), last); // its row is gone
        fill({}, true);
        QCOMPARE(window.focusWidget(), last); // it was elsewhere
        first->setFocus();
        fill(two, true);
        QCOMPARE(window.focusWidget(), first);
        QTRY_VERIFY(at(0, "show")->isVisible());
        QTest::keyClick(first, Qt::Key_Tab);
        QCOMPARE(window.focusWidget(), at(0, "show"));
        fill(two, true);
        QCOMPARE(window.focusWidget(), at(0, "show"));
        QTest::keyClick(at(0, "show"), Qt::Key_Tab); // at once
        QCOMPARE(window.focusWidget(), at(0, "move"));
    }

    void searchFieldClearsWithEscape() {
        SearchField field(m_theme);
        field.setHint(QStringLiteral("Search"));
        QCOMPARE(field.accessibleName(), QStringLiteral("Search"));
        field.show();
        QTest::keyClicks(&field, QStringLiteral("abc"));
        QTest::keyClick(&field, Qt::Key_Escape);
        QVERIFY(field.text().isEmpty());
    }

private:
    static QList<QPushButton*> visibleButtons(const QWidget& window) {
        QList<QPushButton*> visible;
        for (auto* button : window.findChildren<QPushButton*>())
            if (button->isVisible())
                visible << button;
        return visible;
    }

    Theme m_theme;
};

QTEST_MAIN(TestWidgets)
#include "test_widgets.moc"
