#include "gui/app/file_log.h"

#include <memory>
#include <string>

#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

#include <QByteArray>
#include <QString>
#include <QtGlobal>

#include "engine/base/log.h"

namespace hearth::gui {

namespace {

constexpr std::size_t kMaxBytes = 2 * 1024 * 1024, kFiles = 3;

spdlog::level::level_enum levelOf(LogLevel level) {
    switch (level) {
    case LogLevel::Debug:
        return spdlog::level::debug;
    case LogLevel::Info:
        return spdlog::level::info;
    case LogLevel::Warning:
        return spdlog::level::warn;
    case LogLevel::Error:
        return spdlog::level::err;
    }
    return spdlog::level::info;
}

void qtMessage(QtMsgType type, const QMessageLogContext&, const QString& text) {
    LogLevel level = LogLevel::Debug;
    if (type == QtInfoMsg)
        level = LogLevel::Info;
    else if (type == QtWarningMsg)
        level = LogLevel::Warning;
    else if (type == QtCriticalMsg || type == QtFatalMsg)
        level = LogLevel::Error;
    log(level, "qt", text.toStdString());
    if (type == QtFatalMsg) // Qt ends the program next
        flushFileLog();
}

} // namespace

void startFileLog(const std::filesystem::path& folder) {
    std::shared_ptr<spdlog::logger> logger;
    try {
        logger = spdlog::rotating_logger_mt("hearth", (folder / "hearth.log").string(), kMaxBytes, kFiles);
    } catch (const spdlog::spdlog_ex&) {
        logger = spdlog::null_logger_mt("hearth");
    }
    const bool verbose = qgetenv("HEARTH_LOG") == "debug";
    logger->set_level(verbose ? spdlog::level::debug : spdlog::level::info);
    logger->flush_on(verbose ? spdlog::level::debug : spdlog::level::info);
    setLogSink([logger](LogLevel level, std::string_view area, std::string_view text) {
        logger->log(levelOf(level), "{}: {}", area, text);
    });
    qInstallMessageHandler(qtMessage);
}

void flushFileLog() {
    if (const auto logger = spdlog::get("hearth"))
        logger->flush();
}

} // namespace hearth::gui
