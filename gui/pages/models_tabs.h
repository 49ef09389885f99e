#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <QAbstractTableModel>
#include <QWidget>

#include "gui/bridge/library_bridge.h"
#include "gui/theme/theme.h"

class QLineEdit;
class QPlainTextEdit;
class QTableView;
class QVBoxLayout;

namespace hearth::gui {

class Button;
class Card;
class ErrorBox;
class ModelsSealing;
class PartBars;
class QualityPlot;
class SearchField;
class SectionHeader;
class ShareBar;
class TextLabel;
class Toggle;

/// The versions of a model: lineage, figures, default and rollback, and the chart of size against quality.
class ModelsVersions : public QWidget {
    Q_OBJECT
public:
    ModelsVersions(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);
    void setVersion(qint64 version);

Q_SIGNALS:
    void opened(qint64 version);
    void removeAsked(qint64 version);
    void compareAsked(qint64 version);
    void failed(const hearth::Error& error);

protected:
    void changeEvent(QEvent* event) override;

private:
    void show();
    void measure(qint64 version);
    QWidget* makeRow(const workbench::LibraryModel& model, const workbench::LibraryVersion& version);

    Theme& m_theme;
    LibraryBridge& m_bridge;
    qint64 m_version = 0;
    SectionHeader *m_title, *m_chartTitle;
    QVBoxLayout* m_rows;
    QualityPlot* m_plot;
    Button* m_rollBack;
};

/// Tensors as a table model: name, shape, type, size, share, error of the weights.
class TensorTable : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Shape, Type, Size, Share, WeightError, Columns };
    using QAbstractTableModel::QAbstractTableModel;
    /// `errors`: of tensors that were quantised here, by name.
    void setDetails(std::shared_ptr<const workbench::ModelDetails> details,
                    std::map<std::string, double> errors);
    void retranslate() { Q_EMIT headerDataChanged(Qt::Horizontal, 0, Columns - 1); }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const workbench::ModelDetails> m_details;
    std::map<std::string, double> m_errors;
};

/// What takes the space inside a file, as a picture and tensor by tensor; metadata below.
class ModelsTensors : public QWidget {
    Q_OBJECT
public:
    explicit ModelsTensors(Theme& theme, QWidget* parent = nullptr);
    void setDetails(std::shared_ptr<const workbench::ModelDetails> details,
                    const workbench::VersionQuality& quality);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void show();
    Theme& m_theme;
    std::shared_ptr<const workbench::ModelDetails> m_details;
    std::map<std::string, double> m_errors;
    SectionHeader *m_title, *m_tableTitle, *m_metaTitle;
    ShareBar* m_bar;
    SearchField* m_search;
    TensorTable* m_table;
    QTableView* m_view;
    QPlainTextEdit* m_metadata;
};

/// The chat template, one of the person's own in its place, and what it makes of a conversation.
class ModelsTemplate : public QWidget {
    Q_OBJECT
public:
    ModelsTemplate(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);
    void setVersion(qint64 version);
    void setDetails(std::shared_ptr<const workbench::ModelDetails> details);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void showSource();
    void keepDraft();
    void tryIt();
    void save();

    Theme& m_theme;
    LibraryBridge& m_bridge;
    qint64 m_version = 0;
    std::shared_ptr<const workbench::ModelDetails> m_details;
    std::optional<QString> m_draft; ///< the person's own text while it is not saved
    SectionHeader *m_title, *m_tryTitle;
    TextLabel *m_ownWord, *m_origin;
    Toggle* m_own;
    QPlainTextEdit *m_source, *m_result;
    QLineEdit *m_system, *m_question;
    Button *m_try, *m_save;
    ErrorBox* m_error;
};

/// The files of a version: where, how large, whether they are as they were.
class ModelsFiles : public QWidget {
    Q_OBJECT
public:
    ModelsFiles(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);
    void setVersion(qint64 version);

Q_SIGNALS:
    void moveAsked(qint64 version);

protected:
    void changeEvent(QEvent* event) override;

private:
    void show();
    Theme& m_theme;
    LibraryBridge& m_bridge;
    qint64 m_version = 0;
    SectionHeader* m_title;
    QVBoxLayout* m_rows;
    Button *m_verify, *m_accept, *m_move, *m_folder;
    ModelsSealing* m_sealing;
};

} // namespace hearth::gui
