#include <QDir>
#include <QFile>
#include <QLibraryInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include "engine/workbench/settings.h"
#include "gui/app/languages.h"
#include "gui/widgets/error_text.h"

using namespace hearth::gui;

namespace {

struct Entry {
    QString context, source;
    QStringList forms;
    bool unfinished = false;
};

QList<Entry> entriesOf(const QString& path) {
    QList<Entry> entries;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return entries;
    QXmlStreamReader xml(&file);
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QLatin1String("name"))
            context = xml.readElementText();
        else if (xml.name() == QLatin1String("message"))
            entries.append({context, {}, {}, false});
        else if (xml.name() == QLatin1String("source"))
            entries.last().source = xml.readElementText();
        else if (xml.name() == QLatin1String("translation")) {
            entries.last().unfinished = xml.attributes().hasAttribute(QStringLiteral("type"));
            const QString whole = xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
            entries.last().forms << whole;
        }
    }
    return entries;
}

QStringList unfinished(const QList<Entry>& entries) {
    QStringList list;
    for (const Entry& entry : entries)
        if (entry.unfinished || entry.forms.join(QString()).isEmpty())
            list << entry.context + QStringLiteral(": ") + entry.source;
    return list;
}

/// %1, %n and {name} of a text, sorted.
QStringList places(const QString& text) {
    static const QRegularExpression place(QStringLiteral("%(?:\\d|n)|\\{[a-z_:]+\\}"));
    QStringList found;
    auto matches = place.globalMatch(text);
    while (matches.hasNext())
        found << matches.next().captured();
    found.removeDuplicates();
    found.sort();
    return found;
}

QString catalogue(const char* language) {
    return QStringLiteral(HEARTH_SOURCE_DIR "/translations/hearth_%1.ts").arg(QLatin1String(language));
}

} // namespace

class TestTranslations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void catalogueIsComplete_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("atLeast");
        QTest::newRow("Chinese") << catalogue("zh_CN") << 300;
        QTest::newRow("English plural forms") << catalogue("en") << 3;
    }
    void catalogueIsComplete() {
        QFETCH(QString, file);
        QFETCH(int, atLeast);
        const auto entries = entriesOf(file);
        QVERIFY2(entries.size() >= atLeast, qPrintable(file));
        const QStringList open = unfinished(entries);
        QVERIFY2(open.isEmpty(), qPrintable(open.join(QLatin1Char('\n'))));
    }

    void placesSurviveTranslation() {
        for (const Entry& entry : entriesOf(catalogue("zh_CN")))
            for (const QString& form : entry.forms)
                QVERIFY2(places(form) == places(entry.source),
                         qPrintable(entry.source + QStringLiteral(" → ") + form));
    }

    /// Nothing in the sources is missing from the catalogues.
    void catalogueKnowsEverySource() {
        QString lupdate = QStandardPaths::findExecutable(
            QStringLiteral("lupdate"), {QLibraryInfo::path(QLibraryInfo::BinariesPath),
                                        QLibraryInfo::path(QLibraryInfo::LibraryExecutablesPath)});
        if (lupdate.isEmpty())
            QSKIP("lupdate is not installed");
        QTemporaryDir folder;
        const QString copy = folder.filePath(QStringLiteral("hearth_zh_CN.ts"));
        QVERIFY(QFile::copy(catalogue("zh_CN"), copy));
        QVERIFY(QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner));
        QProcess process;
        process.setWorkingDirectory(QStringLiteral(HEARTH_SOURCE_DIR));
        process.start(lupdate,
                      {QStringLiteral("-silent"), QStringLiteral("-no-obsolete"), QStringLiteral("-I"),
                       QStringLiteral("."), QStringLiteral("gui"), QStringLiteral("-ts"), copy});
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitCode(), 0);
        const QStringList open = unfinished(entriesOf(copy));
        QVERIFY2(open.isEmpty(), qPrintable(QStringLiteral("run translations/update.sh and translate:\n") +
                                            open.join(QLatin1Char('\n'))));
    }

    void switchingChangesWordsAtOnce() {
        Languages languages;
        languages.apply(hearth::workbench::Language::SimplifiedChinese);
        QCOMPARE(languages.current(), QStringLiteral("zh_CN"));
        const hearth::Error error{"workbench.no_model", "no model"};
        QCOMPARE(errorText(error).title, QStringLiteral("没有打开的模型"));
        languages.apply(hearth::workbench::Language::English);
        QCOMPARE(errorText(error).title, QStringLiteral("No model is open"));
    }

    void englishHasPlurals() {
        Languages languages;
        languages.apply(hearth::workbench::Language::English);
        const char* context = "hearth::gui::SettingsPage";
        QCOMPARE(QCoreApplication::translate(context, "Automatic (%n core(s))", nullptr, 1),
                 QStringLiteral("Automatic (1 core)"));
        QCOMPARE(QCoreApplication::translate(context, "Automatic (%n core(s))", nullptr, 2),
                 QStringLiteral("Automatic (2 cores)"));
    }

    void qtsOwnDialogsSpeakChinese() {
        Languages languages;
        languages.apply(hearth::workbench::Language::SimplifiedChinese);
        const QString cancel = QCoreApplication::translate("QPlatformTheme", "Cancel");
        if (cancel == QLatin1String("Cancel"))
            QSKIP("Qt's own translations were not installed when this was built");
        QCOMPARE(cancel, QStringLiteral("取消"));
    }

    void systemLanguage() {
        QCOMPARE(Languages::systemLanguage({QStringLiteral("zh-Hans-CN"), QStringLiteral("en")}),
                 QStringLiteral("zh_CN"));
        QCOMPARE(Languages::systemLanguage({QStringLiteral("zh_TW")}), QStringLiteral("zh_CN"));
        QCOMPARE(Languages::systemLanguage({QStringLiteral("de-DE"), QStringLiteral("zh-CN")}),
                 QStringLiteral("zh_CN"));
        QCOMPARE(Languages::systemLanguage({QStringLiteral("en-GB"), QStringLiteral("zh-CN")}),
                 QStringLiteral("en"));
        QCOMPARE(Languages::systemLanguage({QStringLiteral("fr-FR")}), QStringLiteral("en"));
        QCOMPARE(Languages::systemLanguage({}), QStringLiteral("en"));
    }
};

QTEST_MAIN(TestTranslations)
#include "test_translations.moc"
