#pragma once

#include <functional>

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <QWidget>

#include "engine/base/error.h"
#include "gui/theme/theme.h"
#include "gui/widgets/surfaces.h"

class QBoxLayout;
class QVariantAnimation;

namespace hearth::gui {

class Button;
class IconButton;
class TextLabel;

/// An error where the action was: what failed, why in numbers, what to do, and a button that helps. Hidden
/// until it has something to say.
class ErrorBox : public Card {
    Q_OBJECT
public:
    enum class Severity { Info, Caution, Bad };

    explicit ErrorBox(Theme& theme, QWidget* parent = nullptr);

    void showError(const Error& error); ///< in words of errorText()
    void showText(Severity severity, const QString& title, const QString& explanation,
                  const QString& advice = {});
    /// The button that helps; an empty text hides it.
    void setAction(const QString& text);
    void setDismissable(bool dismissable);
    void clear(); ///< hides the box

Q_SIGNALS:
    void actionRequested();
    void dismissed();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();
    void retranslate();
    void placeAction();

    Theme& m_theme;
    QBoxLayout* m_content; ///< the words, and the button beside or below them
    Severity m_severity = Severity::Bad;
    std::optional<Error> m_error;
    QLabel* m_icon;
    TextLabel *m_title, *m_explanation, *m_advice, *m_code;
    Button* m_action;
    IconButton* m_close;
};

/// Short messages that float above the bottom of a window, with an optional action (Undo). One at a time; a
/// newer one replaces the older. The message stays while the pointer or the focus is on it.
class ToastHost : public QObject {
    Q_OBJECT
public:
    static constexpr int kShowMs = 8000; ///< long enough to read and to reach Undo by keyboard

    ToastHost(Theme& theme, QWidget* over);
    ~ToastHost() override;

    void show(const QString& message);
    /// `undo` runs at most once, in the GUI thread, when the person presses the button.
    void showUndo(const QString& message, std::function<void()> undo);
    void hide();
    [[nodiscard]] bool isShowing() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    class Toast;
    void place();

    Theme& m_theme;
    QWidget* m_over;
    QPointer<Toast> m_toast;
    QTimer m_timer;
};

/// Estimates what remains from how fast it went lately. Says nothing until it knows (two seconds) and nothing
/// while nothing moves.
class EtaEstimator {
public:
    void restart();
    void update(double fraction, double nowSeconds);
    /// Seconds left, or a negative number when unknown or stalled.
    [[nodiscard]] double remaining(double nowSeconds) const;

private:
    double m_started = -1, m_lastMove = -1, m_fraction = 0, m_rate = 0;
};

/// A thin progress line with words below: what happens at the left, what remains at the right.
class ProgressLine : public QWidget {
    Q_OBJECT
public:
    explicit ProgressLine(Theme& theme, QWidget* parent = nullptr);

    void setText(const QString& text); ///< empty = no words, only the line
    /// 0…1; a negative fraction means busy without a known end.
    void setFraction(double fraction);
    void setColour(ColourRole colour);
    void restart(); ///< forgets the speed so far
    /// It shows how much of something is used, not how far work has come: no time is left then.
    void setIsShare(bool share);
    [[nodiscard]] double fraction() const { return m_fraction; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    [[nodiscard]] QString etaText() const;
    void updateMotion();

    Theme& m_theme;
    QString m_text;
    double m_fraction = 0;
    bool m_share = false;
    ColourRole m_colour = ColourRole::Accent;
    EtaEstimator m_eta;
    QElapsedTimer m_clock;
    QTimer m_tick;
    double m_phase = 0;
};

} // namespace hearth::gui
