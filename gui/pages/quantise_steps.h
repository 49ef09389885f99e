#pragma once

#include <map>
#include <memory>
#include <optional>

#include <QAbstractTableModel>
#include <QWidget>

#include "gui/bridge/library_bridge.h"
#include "gui/theme/theme.h"

class QBoxLayout;
class QButtonGroup;
class QGridLayout;
class QRadioButton;
class QTableView;

namespace hearth::gui {

class Button;
class Card;
class ComboBox;
class ErrorBox;
class NumberField;
class NumberLabel;
class SearchField;
class SectionHeader;
class SegmentedControl;
class TextLabel;
class Toggle;

/// The steps of a wizard as numbered dots with words; those that are done carry a tick.
class StepBar : public QWidget {
    Q_OBJECT
public:
    explicit StepBar(Theme& theme, QWidget* parent = nullptr);
    void setSteps(const QStringList& steps);
    void setCurrent(int step);
    [[nodiscard]] QSize sizeHint() const override { return {m_theme.px(600), m_theme.px(30)}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {m_theme.px(320), m_theme.px(30)}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& m_theme;
    QStringList m_steps;
    int m_current = 0;
};

/// A plan's tensors, for choosing types by hand.
class PlanTable : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Shape, From, To, Size, Columns };
    using QAbstractTableModel::QAbstractTableModel;
    void setPlan(const optimize::QuantizePlan& plan);
    [[nodiscard]] const optimize::QuantizePlan& plan() const { return m_plan; }
    void setType(const QList<int>& rows, DType type);
    /// Name and type of what was changed by hand.
    [[nodiscard]] const std::map<std::string, std::string>& chosen() const { return m_chosen; }
    void forgetChosen() { m_chosen.clear(); }
    void retranslate() { Q_EMIT headerDataChanged(Qt::Horizontal, 0, Columns - 1); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    optimize::QuantizePlan m_plan;
    std::map<std::string, std::string> m_chosen;
};

/// Which form the new version is to have: a preset, or types found under a budget, and tensor by tensor.
class TargetStep : public QWidget {
    Q_OBJECT
public:
    TargetStep(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);
    void setSource(qint64 version);
    /// Fills what this step decides.
    void fill(workbench::QuantiseRequest& request) const;
    [[nodiscard]] QString label() const;
    [[nodiscard]] bool ready() const { return m_planned; }

Q_SIGNALS:
    void readyChanged();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makePresets();
    QWidget* makeBudget();
    QWidget* makeEditor();
    void retranslate();
    void makeRows();
    void replan();
    void showPlan();
    void showBits();
    [[nodiscard]] std::uint64_t budgetBytes() const;

    Theme& m_theme;
    LibraryBridge& m_bridge;
    qint64 m_source = 0;
    QString m_mix = QStringLiteral("Q4_K_M");
    bool m_planned = false;
    quint64 m_asked = 0;
    SectionHeader *m_title, *m_budgetTitle, *m_editorTitle;
    TextLabel *m_explanation, *m_summary, *m_unit, *m_lossyWord;
    QBoxLayout* m_columns;
    QGridLayout* m_presets;
    std::vector<workbench::MixBits> m_mixBits; ///< of the source; empty until read
    std::map<QString, NumberLabel*> m_bits;    ///< by preset
    QButtonGroup* m_group = nullptr;
    Toggle *m_budget, *m_lossy;
    QWidget* m_lossyRow;
    NumberField* m_megabytes;
    SegmentedControl* m_budgetKind;
    Button* m_findTypes;
    ErrorBox* m_error;
    SearchField* m_search;
    ComboBox* m_type;
    Button* m_give;
    PlanTable* m_table;
    QTableView* m_view;
};

/// What the errors of the weights are judged by.
class CalibrationStep : public QWidget {
    Q_OBJECT
public:
    explicit CalibrationStep(Theme& theme, QWidget* parent = nullptr);
    [[nodiscard]] QString choice() const; ///< "none", "builtin" or a path
    [[nodiscard]] bool measures() const;
    void offerOwn(bool may); ///< a text of one's own

Q_SIGNALS:
    void changed();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    Theme& m_theme;
    SectionHeader *m_title, *m_measureTitle;
    QRadioButton *m_builtin, *m_own, *m_none;
    TextLabel *m_builtinWords, *m_ownWords, *m_noneWords, *m_measureWord;
    Button* m_choose;
    Toggle* m_measure;
    QString m_file;
};

} // namespace hearth::gui
