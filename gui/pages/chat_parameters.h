#pragma once

#include <vector>

#include <QTimer>

#include "engine/runtime/session.h"
#include "gui/widgets/surfaces.h"

class QPlainTextEdit;

namespace hearth::gui {

class BiasList;
class Button;
class ComboBox;
class EngineBridge;
class IconButton;
class LabelledSlider;
class NumberField;
class StopList;
class TextLabel;
class Toggle;

/// The panel beside a chat: its system prompt, how the next token is chosen, and what happens at the end of
/// the context. Ranges come from the engine's own table. Changes are reported after a short pause. Borrows
/// the bridge.
class ChatParameters : public Ground {
    Q_OBJECT

public:
    ChatParameters(Theme& theme, EngineBridge& engine, QWidget* parent = nullptr);
    ~ChatParameters() override;

    /// Another chat is being opened: reports what is waiting and takes nothing until show(), for what stands
    /// there is the former one's.
    void leave();
    /// Shows a chat's values; `usual` is what "reset" goes back to. Emits nothing.
    void show(const QString& systemPrompt, const runtime::GenerationParams& params,
              const runtime::GenerationParams& usual);
    /// Says that the built-in Guide, which is in memory, answers without what is set here.
    void setGuide(bool guide);
    [[nodiscard]] QString systemPrompt() const;
    [[nodiscard]] const runtime::GenerationParams& params() const { return m_params; }
    /// Reports a change that is still waiting, now.
    void flush();

Q_SIGNALS:
    void changed();
    void closeAsked();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    struct Slider;
    void addSliders(QVBoxLayout* column);
    void showWhatCounts();
    void retranslate();
    void fill();
    void touch();

    Theme& m_theme;
    TextLabel *m_title, *m_guideNote, *m_promptLabel, *m_samplingLabel, *m_lengthLabel, *m_policyLabel,
        *m_policyHint, *m_seedLabel, *m_maxLabel, *m_loopLabel, *m_thinkLabel, *m_mirostatLabel,
        *m_mirostatHint;
    IconButton* m_close;
    QPlainTextEdit* m_prompt;
    std::vector<Slider> m_sliders;
    NumberField *m_seed, *m_maxTokens;
    ComboBox* m_policy;
    Toggle *m_loops, *m_think, *m_mirostat;
    BiasList* m_biases;
    StopList* m_stops;
    Button* m_reset;
    runtime::GenerationParams m_params, m_usual;
    QTimer m_delay;
    bool m_filling = false;
};

} // namespace hearth::gui
