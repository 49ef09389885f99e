#pragma once

#include <QWidget>

#include "gui/theme/theme.h"

class QAbstractButton;

namespace hearth::gui {

class RichText;

/// A model's reasoning, folded to one line ("Thoughts · 214 tokens · 4.1 s") that opens on a click.
class Thoughts : public QWidget {
    Q_OBJECT

public:
    explicit Thoughts(Theme& theme, QWidget* parent = nullptr);

    void setReasoning(const QString& text, bool streaming, quint64 tokens, double seconds);
    [[nodiscard]] int heightFor(int width);
    [[nodiscard]] bool isOpen() const;
    /// Unfolds it and marks words (folded, see find_text.h) for as long as it is unfolded.
    void open(const QString& needle);
    /// The first of them; empty when there is none.
    [[nodiscard]] QRect matchPlace() const;

Q_SIGNALS:
    void heightChanged();
    void linkAsked(const QString& target);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void fill();

    Theme& m_theme;
    QAbstractButton* m_fold;
    RichText* m_text = nullptr; ///< made when first opened
    QString m_reasoning, m_needle;
    bool m_streaming = false;
    quint64 m_tokens = 0;
    double m_seconds = 0;
};

} // namespace hearth::gui
