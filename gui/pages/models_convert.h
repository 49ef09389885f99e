#pragma once

#include <QWidget>

#include "gui/bridge/library_bridge.h"
#include "gui/theme/theme.h"

class QLineEdit;

namespace hearth::gui {

class Button;
class ComboBox;
class ErrorBox;
class IconButton;
class PageHeader;
class SectionHeader;
class TextLabel;

/// A folder as Hugging Face publishes models becomes a model of the library.
class ModelsConvert : public QWidget {
    Q_OBJECT
public:
    ModelsConvert(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);
    void setFolder(const QString& folder);

Q_SIGNALS:
    void backAsked();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void start();

    Theme& m_theme;
    LibraryBridge& m_bridge;
    QString m_folder;
    PageHeader* m_header;
    IconButton* m_back;
    Button* m_start;
    SectionHeader* m_title;
    TextLabel *m_path, *m_typeWord, *m_nameWord, *m_about;
    ComboBox* m_type;
    QLineEdit* m_name;
    ErrorBox* m_error;
};

} // namespace hearth::gui
