#pragma once

#include <QByteArray>
#include <QLocalServer>
#include <QObject>

namespace hearth::gui {

/// One running copy per person and data folder: a second start hands its request (a model file to open, or
/// nothing) to the first and ends. GUI thread.
///
/// The meeting place is a local socket that only its owner may enter; its name is made from the person's
/// identity and the data folder. A request is one UTF-8 line of at most kMaxRequest bytes; anything else is
/// dropped.
class SingleInstance : public QObject {
    Q_OBJECT
public:
    static constexpr qint64 kMaxRequest = 32 * 1024;

    explicit SingleInstance(const QString& dataFolder, QObject* parent = nullptr);

    /// True when another copy took the request; this one should end. Waits at most half a second, and only
    /// when another copy seems to be there.
    [[nodiscard]] bool handOver(const QString& modelFile) const;
    /// Becomes the copy that others find. False when that is not possible (the program works without).
    bool listen();

    [[nodiscard]] const QString& name() const { return m_name; }

Q_SIGNALS:
    /// Another copy was started; `modelFile` is an absolute path, or empty.
    void started(const QString& modelFile);

private:
    void accept();

    QString m_name;
    QLocalServer m_server;
};

} // namespace hearth::gui
