#include "gui/app/command_line.h"

#include <QCommandLineParser>
#include <QFileInfo>

namespace hearth::gui {

CommandLine CommandLine::parse(const QStringList& arguments) {
    QCommandLineParser parser;
    const QCommandLineOption help(QStringList{QStringLiteral("h"), QStringLiteral("help")});
    const QCommandLineOption version(QStringList{QStringLiteral("v"), QStringLiteral("version")});
    const QCommandLineOption dataDir(QStringLiteral("data-dir"), {}, QStringLiteral("DIR"));
    parser.addOptions({help, version, dataDir});

    CommandLine line;
    const bool understood = parser.parse(arguments);
    line.help = parser.isSet(help);
    line.version = parser.isSet(version);
    const QStringList files = parser.positionalArguments();
    if (!understood)
        line.error = parser.errorText();
    else if (files.size() > 1)
        line.error = QStringLiteral("Only one model file can be opened at a time.");
    else if (parser.isSet(dataDir) && parser.value(dataDir).isEmpty())
        line.error = QStringLiteral("--data-dir needs a folder.");
    if (!line.error.isEmpty())
        return line;
    if (!files.isEmpty())
        line.modelFile = QFileInfo(files.first()).absoluteFilePath();
    if (parser.isSet(dataDir))
        line.dataDir = QFileInfo(parser.value(dataDir)).absoluteFilePath();
    return line;
}

QString CommandLine::usage() {
    return QStringLiteral("Usage: hearth [FILE.gguf] [--data-dir DIR]\n"
                          "\n"
                          "  FILE.gguf        a model to open\n"
                          "  --data-dir DIR   keep chats, settings, cache and logs below DIR\n"
                          "  -h, --help       this text\n"
                          "  -v, --version    the version\n"
                          "\n"
                          "hearthctl does the same from a terminal, without a display.\n");
}

} // namespace hearth::gui
