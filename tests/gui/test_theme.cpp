#include <QApplication>
#include <QDirIterator>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include "gui/theme/app_style.h"
#include "gui/theme/style_sheet.h"
#include "gui/theme/tabular.h"
#include "gui/theme/theme.h"
#include "tests/gui/patience.h"

using namespace hearth::gui;

namespace {

struct Pair {
    const char* name;
    ColourRole text, ground;
};

constexpr Pair kReadable[] = {
    {"text on background", ColourRole::Text, ColourRole::Background},
    {"text on surface", ColourRole::Text, ColourRole::Surface},
    {"text on side list", ColourRole::Text, ColourRole::SideList},
    {"text on rail", ColourRole::Text, ColourRole::Rail},
    {"text on own message", ColourRole::Text, ColourRole::AccentSoft},
    {"text on code", ColourRole::Text, ColourRole::CodeBackground},
    {"text on hover", ColourRole::Text, ColourRole::Hover},
    {"text that was found", ColourRole::Text, ColourRole::Mark},
    {"text on good", ColourRole::Text, ColourRole::GoodSoft},
    {"text on caution", ColourRole::Text, ColourRole::CautionSoft},
    {"text on bad", ColourRole::Text, ColourRole::BadSoft},
    {"muted on background", ColourRole::Muted, ColourRole::Background},
    {"muted on surface", ColourRole::Muted, ColourRole::Surface},
    {"muted on side list", ColourRole::Muted, ColourRole::SideList},
    {"muted on code", ColourRole::Muted, ColourRole::CodeBackground},
    {"rail words", ColourRole::MutedStrong, ColourRole::Rail},
    {"neutral chip", ColourRole::MutedStrong, ColourRole::Chip},
    {"segment not chosen", ColourRole::MutedStrong, ColourRole::Chip},
    {"code on bad notice", ColourRole::MutedStrong, ColourRole::BadSoft},
    {"quiet on own message", ColourRole::MutedStrong, ColourRole::AccentSoft},
    {"disabled primary", ColourRole::MutedStrong, ColourRole::Border},
    {"primary button", ColourRole::OnAccent, ColourRole::Accent},
    {"primary button, hover", ColourRole::OnAccent, ColourRole::AccentHover},
    {"link on background", ColourRole::AccentText, ColourRole::Background},
    {"link on surface", ColourRole::AccentText, ColourRole::Surface},
    {"link on own message", ColourRole::AccentText, ColourRole::AccentSoft},
    {"accent word on rail", ColourRole::AccentText, ColourRole::Rail},
    {"good chip", ColourRole::GoodText, ColourRole::GoodSoft},
    {"good on surface", ColourRole::GoodText, ColourRole::Surface},
    {"caution chip", ColourRole::CautionText, ColourRole::CautionSoft},
    {"caution on surface", ColourRole::CautionText, ColourRole::Surface},
    {"bad chip", ColourRole::BadText, ColourRole::BadSoft},
    {"bad on surface", ColourRole::BadText, ColourRole::Surface},
    {"bad on background", ColourRole::BadText, ColourRole::Background},
};

} // namespace

class TestTheme : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void contrastOfKnownColours() {
        QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
        // Worked example of WCAG: #777777 on white is 4.48:1.
        QVERIFY(std::abs(contrastRatio(QColor(0x777777), Qt::white) - 4.48) < 0.01);
    }

    void textIsReadable_data() {
        QTest::addColumn<QColor>("text");
        QTest::addColumn<QColor>("ground");
        for (const Palette* palette : {&lightPalette(), &darkPalette()})
            for (const Pair& pair : kReadable)
                QTest::addRow("%s: %s", palette->dark ? "dark" : "light", pair.name)
                    << (*palette)[pair.text] << (*palette)[pair.ground];
    }
    void textIsReadable() {
        QFETCH(QColor, text);
        QFETCH(QColor, ground);
        const double ratio = contrastRatio(text, ground);
        QVERIFY2(
            ratio >= 4.5,
            qPrintable(QStringLiteral("%1 on %2 has only %3:1").arg(text.name(), ground.name()).arg(ratio)));
    }

    void controlsStandOut() {
        for (const Palette* palette : {&lightPalette(), &darkPalette()}) {
            QVERIFY(contrastRatio(palette->accent, palette->surface) >= 3);    // focus ring, slider, switch
            QVERIFY(contrastRatio(palette->accent, palette->background) >= 3); // focus ring on a page
            QVERIFY(contrastRatio(palette->muted, palette->surface) >=
                    3); // check box frame, switch that is off
        }
    }

    void modeFollowsTheSystemOnlyWhenAsked() {
        Theme theme;
        theme.setSystemAppearance(false, false);
        QSignalSpy changed(&theme, &Theme::changed);
        QVERIFY(!theme.isDark());
        theme.setSystemAppearance(true, false);
        QVERIFY(theme.isDark());
        QCOMPARE(changed.count(), 1);
        theme.setMode(Theme::Mode::Light);
        QVERIFY(!theme.isDark());
        theme.setMode(Theme::Mode::Dark);
        theme.setSystemAppearance(false, false);
        QVERIFY(theme.isDark());
    }

    void everythingGrowsWithTheFontScale() {
        Theme theme;
        QCOMPARE(theme.font(TextRole::Title).pixelSize(), 19);
        QCOMPARE(theme.font(TextRole::Body).pixelSize(), 14);
        QCOMPARE(theme.font(TextRole::Small).pixelSize(), 12);
        QCOMPARE(theme.space(3), 12);
        theme.setFontScale(1.5);
        QCOMPARE(theme.font(TextRole::Body).pixelSize(), 21);
        QCOMPARE(theme.space(3), 18);
        QCOMPARE(theme.controlHeight(), 54);
        theme.setFontScale(99);
        QCOMPARE(theme.fontScale(), metrics::kMaxFontScale);
        theme.setFontScale(0);
        QCOMPARE(theme.fontScale(), metrics::kMinFontScale);
    }

    void reducedMotionStopsAnimations() {
        Theme theme;
        theme.setSystemAppearance(false, false);
        QVERIFY(theme.animationMs() > 0 && theme.animationMs() <= 150);
        theme.setSystemAppearance(false, true);
        QCOMPARE(theme.animationMs(), 0);
    }

    void everyIconIsDrawnInTheColourAsked_data() {
        Theme theme; // registers the icons
        QTest::addColumn<QString>("name");
        QDirIterator files(QStringLiteral(":/icons"), {QStringLiteral("*.svg")}, QDir::Files);
        while (files.hasNext()) {
            files.next();
            if (files.fileInfo().baseName() !=
                QLatin1String("hearth")) // the program's icon has colours of its own
                QTest::newRow(qPrintable(files.fileInfo().baseName())) << files.fileInfo().baseName();
        }
    }
    void everyIconIsDrawnInTheColourAsked() {
        QFETCH(QString, name);
        Theme theme;
        theme.setMode(Theme::Mode::Light);
        const QPixmap pixmap = theme.pixmap(name, ColourRole::Accent, 24, 2.0);
        QCOMPARE(pixmap.size(), QSize(48, 48));
        QCOMPARE(pixmap.devicePixelRatio(), 2.0);
        const QImage image = pixmap.toImage().convertToFormat(QImage::Format_ARGB32);
        int solid = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (const QColor pixel = image.pixelColor(x, y); pixel.alpha() == 255) {
                    ++solid;
                    QCOMPARE(pixel, theme.colour(ColourRole::Accent));
                }
        QVERIFY2(solid > 20, "hardly anything is drawn");
        QVERIFY(!theme.icon(name, ColourRole::Text).isNull());
    }

    void unknownIconIsNullAndSaidSo() {
        Theme theme;
        QTest::ignoreMessage(QtWarningMsg, "unknown icon no-such-icon");
        QVERIFY(theme.pixmap(QStringLiteral("no-such-icon"), ColourRole::Text).isNull());
    }

    void styleSheetHasNoOpenPlaces() {
        Theme theme;
        for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
            theme.setMode(mode);
            const QString sheet = styleSheet(theme);
            QVERIFY(!sheet.contains(u'@'));
            static const QRegularExpression open(QStringLiteral("#(?![0-9a-f]{6}\\b)"));
            QVERIFY2(!open.match(sheet).hasMatch(),
                     qPrintable(sheet.mid(open.match(sheet).capturedStart(), 30)));
            static const QRegularExpression file(QStringLiteral("url\\(([^)]+)\\)"));
            auto files = file.globalMatch(sheet);
            QVERIFY(files.hasNext());
            while (files.hasNext()) {
                const QString path = files.next().captured(1);
                QVERIFY2(QFile::exists(path), qPrintable(path));
            }
        }
    }

    void installedThemeReachesWidgets() {
        Theme theme;
        theme.setMode(Theme::Mode::Dark);
        theme.install(*qApp);
        QCOMPARE(qApp->palette().color(QPalette::Window), darkPalette().background);
        QCOMPARE(qApp->font().pixelSize(), 14);
        theme.setMode(Theme::Mode::Light);
        QCOMPARE(qApp->palette().color(QPalette::WindowText), lightPalette().text);
        qApp->setStyleSheet({});
        qApp->setStyle(QStringLiteral("Fusion")); // the style reads the theme, which goes out of scope here
    }

    void aMenusEntryIsTickedWithTheSpaceBar() {
        const Theme theme;
        AppStyle style(theme);
        QMenu menu;
        menu.setStyle(&style);
        QAction* entry = menu.addAction(QStringLiteral("Size"));
        entry->setCheckable(true);
        menu.popup({});
        menu.setActiveAction(entry);
        QTest::keyClick(&menu, Qt::Key_Space);
        QVERIFY(entry->isChecked());
    }

    /// Questions have signs of the product's family and not those of the toolkit.
    /// Who reads a long page with the keys sees that they move it; a page that does not scroll is no stop.
    void pagesThatScrollShowTheKeyboard() {
        Theme theme;
        theme.install(*qApp);
        QWidget window;
        auto* before = new QPushButton(&window);
        QScrollArea area(&window);
        area.setWidget(new QWidget);
        area.setGeometry(0, 40, 200, 100);
        area.widget()->resize(150, 80);
        window.resize(200, 140);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QCOMPARE(area.focusPolicy(), Qt::NoFocus);
        area.widget()->resize(150, 400);
        QTRY_COMPARE(area.focusPolicy(), Qt::StrongFocus);
        const auto rings = area.findChildren<QWidget*>(QStringLiteral("scrollRing"));
        QCOMPARE(rings.size(), 1);
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        before->setFocus();
        QVERIFY(!rings.front()->isVisible());
        QTest::keyClick(before, Qt::Key_Tab);
        QVERIFY(area.hasFocus() && rings.front()->isVisible());
        QCOMPARE(rings.front()->size(), area.size());
        QTest::keyClick(&area, Qt::Key_PageDown);
        QVERIFY(area.verticalScrollBar()->value() > 0);
        before->setFocus();
        QVERIFY(!rings.front()->isVisible());
        qApp->setStyleSheet({});
        qApp->setStyle(QStringLiteral("Fusion")); // as above
    }

    void signsOfQuestionsAreThemed() {
        const Theme theme;
        const AppStyle style(theme);
        for (const auto& [sign, colour] : {std::pair{QStyle::SP_MessageBoxQuestion, ColourRole::Accent},
                                           std::pair{QStyle::SP_MessageBoxInformation, ColourRole::Accent},
                                           std::pair{QStyle::SP_MessageBoxWarning, ColourRole::Caution},
                                           std::pair{QStyle::SP_MessageBoxCritical, ColourRole::Bad}}) {
            const QImage image = style.standardIcon(sign, nullptr, nullptr).pixmap(32, 32).toImage();
            bool found = false, other = false;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    if (const QColor at = image.pixelColor(x, y); at.alpha() == 255)
                        (at.rgb() == theme.colour(colour).rgb() ? found : other) = true;
            QVERIFY(found && !other);
        }
    }

    void digitsTakeEqualWidths() {
        Theme theme;
        const QFontMetricsF metrics(theme.font(TextRole::Small));
        const qreal ones = tabularWidth(metrics, QStringLiteral("1111"));
        QCOMPARE(tabularWidth(metrics, QStringLiteral("4008")), ones);
        QVERIFY(ones >= metrics.horizontalAdvance(QStringLiteral("1111")));
        QCOMPARE(tabularWidth(metrics, QStringLiteral("tokens")),
                 metrics.horizontalAdvance(QStringLiteral("tokens")));
    }
};

QTEST_MAIN(TestTheme)
#include "test_theme.moc"
