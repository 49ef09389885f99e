#pragma once

#include <QWidget>

#include "gui/bridge/library_bridge.h"
#include "gui/theme/theme.h"

class QBoxLayout;
class QLineEdit;

namespace hearth::gui {

class Button;
class Card;
class CardGrid;
class ErrorBox;
class FactCard;
class PartBars;
class ProgressLine;
class QualityPlot;
class SectionHeader;
class TextLabel;

/// A version beside the one it was made from: figures, the chart of all versions, the person's own prompt,
/// and what became of each part.
class QuantiseCompare : public QWidget {
    Q_OBJECT
public:
    QuantiseCompare(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);
    void setVersion(qint64 version);
    [[nodiscard]] qint64 version() const { return m_version; }
    [[nodiscard]] static QString perplexity(double value); ///< with the decimals that tell versions apart

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makePrompt();
    void retranslate();
    void show();
    void showParts(const workbench::VersionQuality& quality);
    void followAsking();
    void showAnswers();
    void ask();
    [[nodiscard]] bool canAsk() const; ///< both can be read
    /// What the version was measured against, or made from; nullptr = it is not there (any more).
    [[nodiscard]] const workbench::LibraryVersion* reference() const;

    Theme& m_theme;
    LibraryBridge& m_bridge;
    qint64 m_version = 0;
    qint64 m_ask = 0;      ///< job that is being asked; −1 = on its way
    qint64 m_answered = 0; ///< job whose answers are shown
    FactCard *m_size, *m_speed, *m_perplexity, *m_divergence;
    SectionHeader *m_chartTitle, *m_promptTitle, *m_partsTitle;
    QBoxLayout* m_lower;
    QualityPlot* m_plot;
    TextLabel* m_more;
    QLineEdit* m_prompt;
    Button* m_askButton;
    ProgressLine* m_progress;
    ErrorBox* m_error;
    QWidget* m_answers;
    TextLabel *m_leftName, *m_rightName, *m_left, *m_right;
    PartBars* m_parts;
};

} // namespace hearth::gui
