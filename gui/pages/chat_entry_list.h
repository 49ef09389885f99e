#pragma once

#include <vector>

#include <QWidget>

#include "gui/theme/theme.h"

class QLineEdit;
class QVBoxLayout;

namespace hearth::gui {

class IconButton;
class TextLabel;

/// A short list that a person adds to by typing: a title, what it is for, a row with a remove button for each
/// entry (and a number, where the list has them), a field, and below it what was wrong with the last one. The
/// owner checks what is typed and holds the entries. GUI thread.
class EntryList : public QWidget {
    Q_OBJECT

public:
    struct Entry {
        QString text;      ///< shown as it is, never as markup
        double number = 0; ///< only in a list with numbers
    };
    struct Numbers { ///< the range of each entry's number
        double minimum = 0, maximum = 0, step = 1;
    };

    explicit EntryList(Theme& theme, std::optional<Numbers> numbers = std::nullopt,
                       QWidget* parent = nullptr);

    void setTexts(const QString& title, const QString& explanation, const QString& hint);
    void setEntries(std::vector<Entry> entries);
    void showProblem(const QString& problem); ///< empty = none
    void clearField();                        ///< what was typed has become an entry
    void clearField(const QString& typed);    ///< unless something else stands there by now

Q_SIGNALS:
    void addAsked(const QString& typed);
    void removeAsked(int entry);
    void numberChanged(int entry, double number);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void addRow(int index);
    void retranslate();

    Theme& m_theme;
    std::optional<Numbers> m_numbers;
    std::vector<Entry> m_entries;
    TextLabel *m_title, *m_explanation, *m_problem;
    QVBoxLayout* m_rows;
    QLineEdit* m_field;
    IconButton* m_add;
};

} // namespace hearth::gui
