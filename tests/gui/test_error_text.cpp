#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include "gui/theme/human.h"
#include "gui/widgets/error_text.h"

using namespace hearth;
using namespace hearth::gui;

namespace {

/// Codes in the engine's and the bridge's sources: string literals whose first half is a ring's error prefix.
QMap<QString, QString> codesInSources() {
    static const QRegularExpression literal(
        QStringLiteral("\"((?:audit|backup|base|catalogue|chat|context|convert|crypto|folders|importance|"
                       "jobs|library|measure|quantize|safetensors|tokenizer_json|tokenizer_model|download|"
                       "file|gguf|guide|hub|identity|import|kernels|memory|model|parameters|paths|"
                       "permission|predict|privacy|report|sampling|settings|store|template|tokenizer|vault|"
                       "workbench)\\.[a-z][a-z0-9_]*)\""));
    QMap<QString, QString> codes;
    for (const char* folder : {"engine", "gui/bridge", "gui/models"}) {
        QDirIterator files(QStringLiteral(HEARTH_SOURCE_DIR "/") + QString::fromLatin1(folder),
                           {QStringLiteral("*.cpp"), QStringLiteral("*.h")}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            if (path.contains(QLatin1String("/engine/cli/")) ||
                path.contains(QLatin1String("/engine/server/")) ||
                path.contains(QLatin1String("/engine/optimize/train/")))
                continue; // errors of the terminal's own commands never reach the window
            QFile file(path);
            if (!file.open(QIODevice::ReadOnly))
                continue;
            auto found = literal.globalMatch(QString::fromUtf8(file.readAll()));
            while (found.hasNext())
                codes.insert(found.next().captured(1), path);
        }
    }
    // Not codes: names of files, of a key in model files, of fields of a report and of a permission.
    for (const char* name : {"guide.gguf",
                             "settings.json",
                             "memory.max",
                             "memory.current",
                             "memory.limit_in_bytes",
                             "memory.usage_in_bytes",
                             "memory.stat",
                             "tokenizer.chat_template",
                             "memory.available_bytes",
                             "memory.total_bytes",
                             "model.use",
                             "hub.json",
                             "hub.key",
                             "catalogue.json",
                             "report.key",
                             "audit.db",
                             "audit.head",
                             "audit.verify",
                             "vault.seal",
                             "vault.check",
                             "store.salvage",
                             "library.db",
                             "jobs.db",
                             "library.copy",
                             "library.hash",
                             "library.import",
                             "library.move",
                             "library.scan",
                             "library.seal",
                             "library.unseal",
                             "quantize.measure",
                             "convert.json",
                             "tokenizer.json",
                             "tokenizer.model",
                             "importance.gguf",
                             "measure.attention",
                             "measure.caches",
                             "measure.disk",
                             "measure.download",
                             "measure.kernels",
                             "measure.memory"})
        codes.remove(QString::fromLatin1(name));
    return codes;
}

} // namespace

class TestErrorText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void codesThatAreMadeOfTwoPartsHaveSentences() {
        // Their folder's name is put before them where they arise; the headers list them.
        for (const char* code :
             {"safetensors.too_deep", "safetensors.duplicate_tensor", "safetensors.duplicate_field",
              "safetensors.bad_metadata", "safetensors.bad_entry", "safetensors.bad_offsets",
              "safetensors.size_overflow", "safetensors.size_mismatch", "safetensors.zero_dimension",
              "safetensors.too_many_tensors", "tokenizer_json.no_model", "tokenizer_json.bad_merge",
              "tokenizer_json.duplicate_key", "tokenizer_json.unknown_normalizer",
              "tokenizer_model.bad_piece"})
            QVERIFY2(hasErrorText(code), code);
    }

    void everyCodeHasASentence() {
        const auto codes = codesInSources();
        QVERIFY2(codes.size() > 60, "the sources were not found");
        QStringList missing;
        for (auto code = codes.begin(); code != codes.end(); ++code)
            if (!hasErrorText(code.key().toStdString()))
                missing << code.key() + QStringLiteral(" (") +
                               code.value().section(QStringLiteral("/engine/"), -1) + QLatin1Char(')');
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QStringLiteral("\n  "))));
    }

    void numbersAreWrittenForPeople() {
        Error error{"memory.not_enough", "needs more"};
        error.args = {{"needed_bytes", "7650000000"},
                      {"weights_bytes", "6500000000"},
                      {"kv_bytes", "1000000000"},
                      {"buffer_bytes", "150000000"},
                      {"available_bytes", "512000000"}};
        const ErrorText text = errorText(error);
        QVERIFY2(text.explanation.contains(QStringLiteral("7.65\u00A0GB")), qPrintable(text.explanation));
        QVERIFY(text.explanation.contains(QStringLiteral("150\u00A0MB")));
        QVERIFY(!text.explanation.contains(u'{'));
        QVERIFY(!text.advice.isEmpty());
    }

    void contextNumbersAreGrouped() {
        Error error{"context.full", "too long"};
        error.args = {{"needed_tokens", "12345"}, {"context_tokens", "8192"}};
        QVERIFY(errorText(error).explanation.contains(QStringLiteral("12\u202F345")));
    }

    void onlyDownloadsSayWhatIsKept() {
        Error error{"hub.connection_lost", "the hub went away"};
        QVERIFY(!errorText(error).advice.contains(QStringLiteral("kept")));
        error.args = {{"received_bytes", "9000"}};
        QVERIFY(errorText(error).advice.endsWith(
            QStringLiteral("What was received is kept, and it goes on from there.")));
    }

    void offsetIsNamed() {
        const ErrorText text = errorText(Error{"gguf.truncated", "ends early", 4096});
        QVERIFY2(text.explanation.contains(QStringLiteral("4\u202F096")), qPrintable(text.explanation));
    }

    void missingNumbersFallBackToTheDetail() {
        const ErrorText text = errorText(Error{"context.full", "12 tokens do not fit 8"});
        QCOMPARE(text.explanation, QStringLiteral("12 tokens do not fit 8"));
        QVERIFY(!text.title.isEmpty());
    }

    void unknownCodeStillSpeaks() {
        const ErrorText text = errorText(Error{"future.thing", "something new"});
        QVERIFY(!text.title.isEmpty());
        QCOMPARE(text.explanation, QStringLiteral("something new"));
    }

    void braceInAnArgumentIsNotAPlaceholder() {
        Error error{"file.not_found", "gone"};
        error.args = {{"path", "/tmp/{offset}.gguf"}};
        QVERIFY(errorText(error).explanation.contains(QStringLiteral("/tmp/{offset}.gguf")));
    }

    void humanQuantities() {
        QCOMPARE(humanBytes(0), QStringLiteral("0\u00A0B"));
        QCOMPARE(humanBytes(999), QStringLiteral("999\u00A0B"));
        QCOMPARE(humanBytes(999'600), QStringLiteral("1.00\u00A0MB"));
        QCOMPARE(humanBytes(2'380'000'000), QStringLiteral("2.38\u00A0GB"));
        QCOMPARE(humanBytes(24'000'000'000), QStringLiteral("24.0\u00A0GB"));
        QCOMPARE(humanBytes(UINT64_MAX), QStringLiteral("18446744\u00A0TB"));
        QCOMPARE(humanCount(0), QStringLiteral("0"));
        QCOMPARE(humanCount(1'234'567), QStringLiteral("1\u202F234\u202F567"));
        QCOMPARE(humanRate(0.52), QStringLiteral("0.5"));
        QCOMPARE(humanRate(99.94), QStringLiteral("99.9"));
        QCOMPARE(humanRate(99.96), QStringLiteral("100"));
        QCOMPARE(humanRate(53193.9), QStringLiteral("53\u202F194"));
        QCOMPARE(humanParameters(4'020'000'000), QStringLiteral("4.02\u00A0B"));
        QCOMPARE(humanParameters(260), QStringLiteral("260"));
        QCOMPARE(humanDuration(0.18), QStringLiteral("0.18 s"));
        QCOMPARE(humanDuration(46), QStringLiteral("46 s"));
        QCOMPARE(humanDuration(7500), QStringLiteral("2 h 5 min"));
    }
};

QTEST_MAIN(TestErrorText)
#include "test_error_text.moc"
