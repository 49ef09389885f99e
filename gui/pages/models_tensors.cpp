#include <QEvent>
#include <QHeaderView>
#include <QLocale>
#include <QPlainTextEdit>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include "engine/tensor/dtype.h"
#include "gui/pages/models_plots.h"
#include "gui/pages/models_tabs.h"
#include "gui/theme/human.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

namespace {

QString typeName(DType type) {
    const auto name = traitsOf(type).name;
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString share(double part, double whole) {
    return QLocale::c().toString(whole > 0 ? 100 * part / whole : 0, 'f', 1) + QStringLiteral(" %");
}

} // namespace

void TensorTable::setDetails(std::shared_ptr<const workbench::ModelDetails> details,
                             std::map<std::string, double> errors) {
    beginResetModel();
    m_details = std::move(details);
    m_errors = std::move(errors);
    endResetModel();
}

int TensorTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_details ? 0 : static_cast<int>(m_details->tensors.size());
}

int TensorTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : Columns;
}

QVariant TensorTable::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto& tensor = m_details->tensors[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole)
        return index.column() >= Size ? int(Qt::AlignRight | Qt::AlignVCenter)
                                      : int(Qt::AlignLeft | Qt::AlignVCenter);
    const auto error = m_errors.find(tensor.name);
    if (role == Qt::UserRole) // what sorting compares
        return index.column() == WeightError ? QVariant(error == m_errors.end() ? -1 : error->second)
               : index.column() >= Size      ? QVariant(static_cast<qulonglong>(tensor.bytes))
                                             : data(index, Qt::DisplayRole);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Name:
        return QString::fromStdString(tensor.name);
    case Shape: {
        QStringList shape;
        for (const auto extent : tensor.shape)
            shape << QString::number(extent);
        return shape.join(QStringLiteral(" × "));
    }
    case Type:
        return typeName(tensor.type);
    case Size:
        return humanBytes(tensor.bytes);
    case Share:
        return share(double(tensor.bytes), double(m_details->tensorBytes));
    default:
        return error == m_errors.end() ? QString() : QLocale::c().toString(error->second, 'g', 3);
    }
}

QVariant TensorTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section >= Size ? int(Qt::AlignRight | Qt::AlignVCenter)
                               : int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[]{tr("Tensor"), tr("Shape"), tr("Type"), tr("Size"), tr("Share"), tr("Weight error")};
    return section >= 0 && section < Columns ? names[section] : QVariant();
}

ModelsTensors::ModelsTensors(Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_title(new SectionHeader(theme)),
      m_tableTitle(new SectionHeader(theme)), m_metaTitle(new SectionHeader(theme)),
      m_bar(new ShareBar(theme)), m_search(new SearchField(theme)), m_table(new TensorTable(this)),
      m_view(new QTableView), m_metadata(new QPlainTextEdit) {
    auto* picture = new Card(theme);
    picture->body()->addWidget(m_title);
    picture->body()->addWidget(m_bar);
    auto* filter = new QSortFilterProxyModel(this);
    filter->setSortRole(Qt::UserRole);
    filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    filter->setSourceModel(m_table);
    m_view->setObjectName(QStringLiteral("tensors"));
    m_view->setModel(filter);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setShowGrid(false);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->verticalHeader()->hide();
    m_view->setTabKeyNavigation(false); // Tab leaves the table; arrows move in it
    m_view->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->setMinimumHeight(theme.px(260));
    m_view->viewport()->setAutoFillBackground(false);
    for (int column = 1; column < TensorTable::Columns; ++column)
        m_view->setColumnWidth(column, theme.px(column == 1 ? 130 : 90));
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(-1, Qt::AscendingOrder); // the file's own order
    m_search->setObjectName(QStringLiteral("tensorSearch"));
    auto* table = new Card(theme);
    table->body()->addWidget(m_tableTitle);
    table->body()->addWidget(m_search);
    table->body()->addWidget(m_view, 1);
    m_metadata->setReadOnly(true);
    m_metadata->setObjectName(QStringLiteral("metadata"));
    m_metadata->setMinimumHeight(theme.px(180));
    bindFont(m_metadata, theme, TextRole::Code);
    auto* metadata = new Card(theme);
    metadata->body()->addWidget(m_metaTitle);
    metadata->body()->addWidget(m_metadata);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.px(14));
    layout->addWidget(picture);
    layout->addWidget(table, 1);
    layout->addWidget(metadata);
    connect(m_search, &QLineEdit::textChanged, filter, &QSortFilterProxyModel::setFilterFixedString);
    retranslate();
}

void ModelsTensors::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        show();
    }
    QWidget::changeEvent(event);
}

void ModelsTensors::retranslate() {
    m_title->setTexts(tr("What takes the space"),
                      tr("Tensors of the same part in all layers, by their share."));
    m_metaTitle->setTexts(tr("Metadata"), {});
    m_bar->setAccessibleName(tr("What takes the space"));
    m_search->setHint(tr("Find a tensor"));
    m_view->setAccessibleName(tr("Every tensor"));
    m_metadata->setAccessibleName(tr("Metadata"));
    m_table->retranslate();
}

void ModelsTensors::setDetails(std::shared_ptr<const workbench::ModelDetails> details,
                               const workbench::VersionQuality& quality) {
    m_details = std::move(details);
    m_errors.clear();
    for (const auto& tensor : quality.tensors)
        m_errors[tensor.name] = tensor.error;
    show();
}

void ModelsTensors::show() {
    const auto& details = m_details;
    m_table->setDetails(details, m_errors);
    m_view->setColumnHidden(TensorTable::WeightError, m_errors.empty());
    m_tableTitle->setTexts(tr("Every tensor"),
                           m_errors.empty() ? QString()
                                            : tr("The error is what quantising lost of the weights: the "
                                                 "squared difference, relative to their squares."));
    std::vector<ShareBar::Part> parts;
    QString metadata;
    if (details) {
        for (const auto& group : details->groups)
            parts.push_back({QString::fromStdString(workbench::tensorPart(group.name)) + QLatin1Char(' ') +
                                 typeName(group.type) + (group.mixed ? QStringLiteral("…") : QString()),
                             share(double(group.bytes), double(details->tensorBytes)), double(group.bytes)});
        for (const auto& [key, value] : details->metadata)
            metadata += QString::fromStdString(key) + QStringLiteral(" = ") +
                        QString::fromStdString(value).replace(QLatin1Char('\n'), QStringLiteral("⏎")) +
                        QLatin1Char('\n');
    }
    m_bar->setParts(std::move(parts), tr("all others"));
    m_metadata->setPlainText(metadata);
}

} // namespace hearth::gui
