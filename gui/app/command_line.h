#pragma once

#include <QString>
#include <QStringList>

namespace hearth::gui {

/// `hearth [file.gguf] [--data-dir DIR]`.
struct CommandLine {
    QString modelFile; ///< absolute, or empty
    QString dataDir;   ///< absolute, or empty
    bool help = false, version = false;
    QString error; ///< not empty: what is wrong with the arguments

    /// `arguments` as QCoreApplication::arguments(), the program's name first. Options of Qt's own have been
    /// taken out by then, or, before there is an application, are passed over.
    [[nodiscard]] static CommandLine parse(const QStringList& arguments);
    [[nodiscard]] static QString usage();
};

} // namespace hearth::gui
