// serve_hub [--slow BYTES] FOLDER: a hub on this machine for looking at the window with. Every
// FOLDER/OWNER/NAME is a repository; LICENCE, if there, holds its licence, DOWNLOADS a number. Prints its
// address and serves until it is ended.

#include <cstdio>
#include <filesystem>
#include <string>

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>

#include "tests/hub/local_hub.h"
#include "tests/support/test_data.h"

namespace {

namespace fs = std::filesystem;
using hearth::test::LocalHub;

std::string firstLine(const fs::path& file) {
    const std::string text = hearth::test::readText(file);
    return text.substr(0, text.find('\n'));
}

LocalHub::Repository repositoryAt(const fs::path& folder) {
    LocalHub::Repository out;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file())
            continue;
        const std::string name = fs::relative(entry.path(), folder).generic_string();
        if (name == "LICENCE")
            out.licence = firstLine(entry.path());
        else if (name == "DOWNLOADS")
            out.downloads = std::stoull(firstLine(entry.path()));
        else if (name == "GATED")
            out.gated = true;
        else
            out.files[name] = QByteArray::fromStdString(hearth::test::readText(entry.path()));
    }
    return out;
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    QCommandLineParser line;
    const QCommandLineOption slow(QStringLiteral("slow"),
                                  QStringLiteral("Bytes at a time, with pauses of 2 ms"),
                                  QStringLiteral("BYTES"));
    line.addOption(slow);
    line.process(application);
    if (line.positionalArguments().size() != 1) {
        std::fputs("usage: serve_hub [--slow BYTES] FOLDER\n", stderr);
        return 2;
    }
    LocalHub hub;
    const fs::path root = line.positionalArguments().front().toStdString();
    for (const auto& owner : fs::directory_iterator(root))
        if (owner.is_directory())
            for (const auto& name : fs::directory_iterator(owner.path()))
                if (name.is_directory())
                    hub.add(fs::relative(name.path(), root).generic_string(), repositoryAt(name.path()));
    if (const qint64 bytes = line.value(slow).toLongLong(); bytes > 0)
        hub.sendSlowly(bytes);
    std::printf("%s\n", qPrintable(hub.url().toString()));
    std::fflush(stdout);
    return QCoreApplication::exec();
}
