#pragma once

#include <QObject>

class QSocketNotifier;

namespace hearth::gui {

/// Turns the system's polite requests to end (SIGTERM at the end of a desktop session, SIGINT, SIGHUP) into a
/// signal in the GUI thread, so that the program closes its window instead of dropping dead. One object at a
/// time; does nothing on systems without these signals.
class QuitSignals : public QObject {
    Q_OBJECT
public:
    explicit QuitSignals(QObject* parent = nullptr);
    ~QuitSignals() override;

Q_SIGNALS:
    void quitRequested();

private:
    QSocketNotifier* m_notifier = nullptr;
};

} // namespace hearth::gui
