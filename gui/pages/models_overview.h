#pragma once

#include <QWidget>

#include "gui/bridge/library_bridge.h"
#include "gui/theme/theme.h"

class QGridLayout;
class QPlainTextEdit;

namespace hearth::gui {

class Button;
class Card;
class Chip;
class LabelledSlider;
class NumberField;
class SectionHeader;
class TextLabel;
class Toggle;

/// What a version is, what it takes and how fast it is, and how it is opened and talked to.
class ModelsOverview : public QWidget {
    Q_OBJECT
public:
    ModelsOverview(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);
    void setVersion(qint64 version);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeDefaults();
    void retranslate();
    void show();
    void showDefaults();
    void saveDefaults();

    Theme& m_theme;
    LibraryBridge& m_bridge;
    qint64 m_version = 0;
    SectionHeader *m_factsTitle, *m_memoryTitle, *m_defaultsTitle;
    QGridLayout *m_facts, *m_terms;
    Chip* m_verdict;
    TextLabel *m_reason, *m_noteWord, *m_contextWord, *m_samplingWord, *m_systemWord;
    QPlainTextEdit *m_note, *m_system;
    NumberField* m_context;
    Toggle* m_sampling;
    LabelledSlider *m_temperature, *m_topP;
    Button *m_saveNote, *m_saveDefaults;
};

} // namespace hearth::gui
