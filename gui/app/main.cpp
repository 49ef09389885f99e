#include <cstdio>
#include <cstdlib>

#include <QApplication>
#include <QElapsedTimer>
#include <QMessageBox>

#include "engine/base/log.h"
#include "engine/workbench/data_paths.h"
#include "gui/app/application.h"
#include "gui/app/command_line.h"
#include "gui/app/file_log.h"
#include "gui/app/quit_signals.h"
#include "gui/shell/single_instance.h"
#include "gui/widgets/error_text.h"

namespace {

constexpr int kExitUsage = 2, kExitNoDisplay = 3;

void print(std::FILE* to, const QString& text) {
    std::fputs(text.toLocal8Bit().constData(), to);
}

/// Qt ends a program without a display with an abort; on Unix that can be seen beforehand.
bool displayMissing(const QStringList& arguments) {
#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)
    return qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") &&
           qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && !arguments.contains(QLatin1String("-platform"));
#else
    Q_UNUSED(arguments)
    return false;
#endif
}

int tellAndQuit(QApplication& qt, const hearth::Error& error) {
    const hearth::gui::ErrorText text = hearth::gui::errorText(error);
    print(stderr, QString::fromStdString(error.message()) + QLatin1Char('\n'));
    QMessageBox box(QMessageBox::Critical, QStringLiteral("Hearth"), text.title);
    box.setInformativeText(text.explanation + QLatin1Char('\n') + text.advice);
    box.show();
    qt.exec();
    return EXIT_FAILURE;
}

} // namespace

int main(int argc, char** argv) {
    QElapsedTimer sinceStart;
    sinceStart.start();

    QStringList raw;
    for (int i = 0; i < argc; ++i)
        raw << QString::fromLocal8Bit(argv[i]);
    // Help and version are for terminals too, so they come before anything that wants a display.
    if (raw.contains(QLatin1String("--help")) || raw.contains(QLatin1String("-h"))) {
        print(stdout, hearth::gui::CommandLine::usage());
        return EXIT_SUCCESS;
    }
    if (raw.contains(QLatin1String("--version")) || raw.contains(QLatin1String("-v"))) {
        print(stdout, QStringLiteral("hearth " HEARTH_VERSION "\n"));
        return EXIT_SUCCESS;
    }
    if (displayMissing(raw)) {
        print(stderr, QStringLiteral(
                          "hearth: there is no display to open a window on; hearthctl works without one.\n"));
        return kExitNoDisplay;
    }

    QApplication qt(argc, argv);
    QApplication::setApplicationName(QStringLiteral("hearth"));
    QApplication::setApplicationDisplayName(QStringLiteral("Hearth"));
    QApplication::setApplicationVersion(QStringLiteral(HEARTH_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("hearth"));

    const auto line = hearth::gui::CommandLine::parse(QApplication::arguments());
    if (!line.error.isEmpty()) {
        print(stderr, QStringLiteral("hearth: ") + line.error + QStringLiteral("\n\n") +
                          hearth::gui::CommandLine::usage());
        return kExitUsage;
    }
    if (!line.dataDir.isEmpty())
        qputenv("HEARTH_DATA_DIR", line.dataDir.toLocal8Bit());
    const auto paths = hearth::workbench::DataPaths::prepare();
    if (!paths)
        return tellAndQuit(qt, paths.error());

    hearth::gui::SingleInstance instance(QString::fromStdString(paths->data.string()));
    if (instance.handOver(line.modelFile))
        return EXIT_SUCCESS;
    hearth::gui::startFileLog(paths->logs);
    if (!instance.listen())
        hearth::log(hearth::LogLevel::Warning, "app", "other starts will not find this copy");

    int code = EXIT_SUCCESS;
    {
        hearth::gui::Application application(qt, *paths, sinceStart);
        QObject::connect(&instance, &hearth::gui::SingleInstance::started, &application,
                         &hearth::gui::Application::activate);
        hearth::gui::QuitSignals signals;
        QObject::connect(&signals, &hearth::gui::QuitSignals::quitRequested, &application,
                         [&] { application.window().close(); });
        application.start(line.modelFile);
        code = qt.exec();
    }
    hearth::gui::flushFileLog();
    return code;
}
