#pragma once

#include "gui/widgets/surfaces.h"

class QHBoxLayout;

namespace hearth::gui {

class Button;
class ElidedLabel;
class EngineBridge;
class IconButton;
class ModelPickerModel;
class ProgressLine;

/// The band above the chat: which model is in memory, how big, how it is coming along while it loads, and a
/// picker for another one. The page's actions stand at its right end.
class ChatModelBar : public Ground {
    Q_OBJECT

public:
    ChatModelBar(Theme& theme, EngineBridge& engine, ModelPickerModel& models, QWidget* parent = nullptr);

    [[nodiscard]] QHBoxLayout* actions() { return m_actions; }
    void openPicker();

Q_SIGNALS:
    void openAsked(const QString& path);
    void chooseFileAsked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    class PickerButton;
    void retranslate();
    void showState();
    void showProgress(const QString& phase, quint64 done, quint64 total);

    Theme& m_theme;
    EngineBridge& m_engine;
    ModelPickerModel& m_models;
    PickerButton* m_picker;
    ElidedLabel* m_facts;
    ProgressLine* m_progress;
    Button* m_cancel;
    IconButton* m_eject;
    QHBoxLayout* m_actions;
};

} // namespace hearth::gui
