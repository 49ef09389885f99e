#pragma once

#include <QDialog>

#include "gui/bridge/library_bridge.h"
#include "gui/theme/theme.h"
#include "gui/widgets/surfaces.h"

class QCheckBox;

namespace hearth::gui {

class Button;
class ErrorBox;
class NewPasswordFields;
class ProgressLine;
class SectionHeader;
class SegmentedControl;
class TextLabel;

/// Asks how a model is to be sealed: with whose key, and what becomes of the readable file. Shown without
/// blocking; deletes itself.
class SealModelDialog : public QDialog {
    Q_OBJECT
public:
    /// `own` = the person has a key; `belongs` = the readable file is the library's.
    SealModelDialog(Theme& theme, const QString& name, bool own, bool belongs, QWidget* parent);

Q_SIGNALS:
    /// A key without a secret = the person's own.
    void chosen(const hearth::gui::ModelKey& key, bool removeReadable);

private:
    void submit();
    void assess();
    [[nodiscard]] bool byPassword() const;

    const bool m_own;
    SegmentedControl* m_how;
    TextLabel* m_meaning;
    NewPasswordFields* m_password;
    QCheckBox* m_remove;
    ErrorBox* m_error;
    Button* m_seal;
};

/// Seals the file of a version in its place, or makes it readable again. Says what it protects from and what
/// it cannot; shows how far it is.
class ModelsSealing : public Card {
    Q_OBJECT
public:
    ModelsSealing(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);
    void setVersion(qint64 version);

Q_SIGNALS:
    void ended(bool sealed); ///< it worked: the version is sealed now, or readable

protected:
    void changeEvent(QEvent* event) override;

private:
    void show();
    void ask();
    void askToSeal(bool own);
    void askToOpen();
    void seal(const ModelKey& key, bool removeReadable);
    void open(const ModelKey& key);
    void showEnd(const std::optional<Error>& error);

    Theme& m_theme;
    LibraryBridge& m_bridge;
    qint64 m_version = 0;
    bool m_asking = false; ///< for the person's key
    SectionHeader* m_title;
    ErrorBox* m_error;
    ProgressLine* m_line;
    Button *m_start, *m_cancel;
};

} // namespace hearth::gui
