#include "gui/models/library_model.h"

#include <algorithm>

#include <QDateTime>
#include <QLocale>
#include <QUrl>

#include <nlohmann/json.hpp>

#include "gui/theme/human.h"

namespace hearth::gui {

using workbench::FileState;

namespace {

const QString kNone = QStringLiteral("—");

QString shown(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

const workbench::LibraryVersion* parentOf(const workbench::LibraryModel& model,
                                          const workbench::LibraryVersion& version) {
    for (const auto& other : model.versions)
        if (other.id == version.parent)
            return &other;
    return nullptr;
}

/// What the models have in one field, each once, sorted; nothing for those that do not say.
QStringList occurring(const std::vector<workbench::LibraryModel>& models,
                      std::string workbench::LibraryModel::*field) {
    QStringList out;
    for (const auto& model : models)
        if (!(model.*field).empty())
            out << shown(model.*field);
    out.removeDuplicates();
    out.sort();
    return out;
}

} // namespace

LibraryModel::LibraryModel(LibraryBridge& bridge, QObject* parent)
    : QAbstractTableModel(parent), m_bridge(bridge) {
    connect(&bridge, &LibraryBridge::changed, this, &LibraryModel::rebuild);
    connect(&bridge, &LibraryBridge::fitChanged, this, [this] {
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, Columns - 1));
    });
    rebuild();
}

void LibraryModel::rebuild() {
    beginResetModel();
    m_rows.clear();
    m_models = m_bridge.models();
    for (const auto& model : m_models)
        for (const auto& version : model.versions) {
            QString words = shown(model.name + " " + version.label + " " + version.quantisation + " " +
                                  model.family + " " + model.licence + " " + model.note + " " + version.note +
                                  " " + version.source + " " + version.path().string());
            m_rows.push_back({&model, &version, words.toCaseFolded()});
        }
    endResetModel();
}

void LibraryModel::retranslate() {
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, Columns - 1));
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, Columns - 1);
}

int LibraryModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LibraryModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : Columns;
}

int LibraryModel::rowOf(qint64 version) const {
    for (std::size_t row = 0; row < m_rows.size(); ++row)
        if (m_rows[row].version->id == version)
            return static_cast<int>(row);
    return -1;
}

QStringList LibraryModel::families() const {
    return occurring(m_models, &workbench::LibraryModel::family);
}

QStringList LibraryModel::licences() const {
    return occurring(m_models, &workbench::LibraryModel::licence);
}

const QString& LibraryModel::unknown() {
    return kNone;
}

bool LibraryModel::isNumber(int column) {
    switch (column) {
    case Parameters:
    case Size:
    case Context:
    case Memory:
    case Speed:
    case LastUsed:
        return true;
    default:
        return false;
    }
}

QString LibraryModel::origin(const std::string& origin) {
    if (origin == "downloaded")
        return tr("downloaded");
    if (origin == "converted")
        return tr("converted folder");
    if (origin == "quantised")
        return tr("quantised here");
    if (origin == "trained")
        return tr("trained here");
    if (origin == "lm-studio")
        return QStringLiteral("LM Studio");
    if (origin == "jan")
        return QStringLiteral("Jan");
    if (origin == "gpt4all")
        return QStringLiteral("GPT4All");
    if (origin == "ollama")
        return QStringLiteral("Ollama");
    if (origin == "huggingface-cache")
        return QStringLiteral("Hugging Face");
    return tr("imported");
}

QString LibraryModel::lineage(const workbench::LibraryModel& model,
                              const workbench::LibraryVersion& version) {
    if (const auto* parent = parentOf(model, version)) {
        QString out = shown(parent->label) + QStringLiteral(" → ") + shown(version.label);
        const auto recipe = nlohmann::json::parse(version.recipe, nullptr, false);
        if (recipe.is_object() && recipe.contains("calibration") && recipe["calibration"] != "none")
            out = tr("%1, importance matrix").arg(out);
        return out;
    }
    const QString source = shown(version.source);
    return source.isEmpty() || version.origin == "converted"
               ? origin(version.origin)
               : origin(version.origin) + QStringLiteral(" · ") + source;
}

QString LibraryModel::shortSource(const workbench::LibraryModel& model,
                                  const workbench::LibraryVersion& version) {
    const QUrl url(shown(version.source).section(QLatin1Char('@'), 0, 0), QUrl::StrictMode);
    if (version.origin != "downloaded" || parentOf(model, version) || url.host().isEmpty())
        return lineage(model, version);
    return url.path().mid(1) + QStringLiteral(" · ") + url.host();
}

QString LibraryModel::when(qint64 ms) {
    if (ms <= 0)
        return tr("never");
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(ms);
    const qint64 days = time.date().daysTo(QDate::currentDate());
    if (days <= 0)
        return tr("today");
    if (days == 1)
        return tr("yesterday");
    if (days < 7)
        return tr("%n day(s) ago", nullptr, static_cast<int>(days));
    return QLocale().toString(time.date(), QLocale::ShortFormat);
}

QVariant LibraryModel::text(const Row& row, int column) const {
    const auto* fit = m_bridge.fit(row.version->id);
    switch (column) {
    case Name:
        return shown(row.model->name);
    case Version: {
        const QString label = row.version->isDefault && row.model->versions.size() > 1
                                  ? tr("%1 · default").arg(shown(row.version->label))
                                  : shown(row.version->label);
        return row.version->sealed() ? tr("%1 · sealed").arg(label) : label;
    }
    case Family:
        return row.model->family.empty() ? kNone : shown(row.model->family);
    case Parameters:
        return row.model->parameters ? humanParameters(row.model->parameters) : kNone;
    case Quantisation:
        return row.version->quantisation.empty() ? kNone : shown(row.version->quantisation);
    case Size:
        return humanBytes(row.version->bytes());
    case Context:
        return row.model->trainedContext ? humanCount(row.model->trainedContext) : kNone;
    case Licence:
        return row.model->licence.empty() ? kNone : shown(row.model->licence);
    case Memory:
        return fit ? humanBytes(fit->memoryBytes) : kNone;
    case Speed:
        return fit && fit->decodeTps > 0 ? tr("%1 t/s").arg(humanRate(fit->decodeTps)) : kNone;
    case Fit:
        if (row.version->state() == FileState::Missing)
            return tr("file missing");
        if (row.version->state() == FileState::Changed)
            return tr("file changed");
        if (!row.model->runnable)
            return tr("not supported");
        if (!fit)
            return row.version->sealed() ? tr("sealed") : QString();
        return fit->fit == hardware::Fit::Comfortable ? tr("comfortable")
               : fit->fit == hardware::Fit::Tight     ? tr("tight")
                                                      : tr("does not fit");
    case Source:
        return shortSource(*row.model, *row.version);
    case LastUsed:
        return when(row.version->lastUsedMs);
    default:
        return {};
    }
}

QVariant LibraryModel::sortKey(const Row& row, int column) const {
    const auto* fit = m_bridge.fit(row.version->id);
    switch (column) {
    case Parameters:
        return static_cast<qulonglong>(row.model->parameters);
    case Size:
        return static_cast<qulonglong>(row.version->bytes());
    case Context:
        return static_cast<qulonglong>(row.model->trainedContext);
    case Memory:
        return fit ? static_cast<qulonglong>(fit->memoryBytes) : 0ULL;
    case Speed:
        return fit ? fit->decodeTps : 0.0;
    case Fit:
        return row.version->state() == FileState::Missing ? 9 : fit ? static_cast<int>(fit->fit) : 8;
    case LastUsed:
        return static_cast<qlonglong>(row.version->lastUsedMs);
    default:
        return text(row, column).toString().toCaseFolded();
    }
}

/// A cell with its heading; the name with everything, for a card has one cell only.
QString LibraryModel::spoken(const Row& row, int column) const {
    QStringList words;
    for (int i = column == Name ? int(Version) : column; i <= (column == Name ? int(LastUsed) : column); ++i)
        if (const QString word = text(row, i).toString(); !word.isEmpty() && word != kNone)
            words << headerData(i, Qt::Horizontal, Qt::DisplayRole).toString() + QStringLiteral(": ") + word;
    if (column == Name)
        words.prepend(text(row, Name).toString());
    return words.join(QStringLiteral(", "));
}

QVariant LibraryModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        if (index.column() == Source)
            return lineage(*row.model, *row.version);
        return QString::fromStdString(row.version->path().string());
    case Qt::TextAlignmentRole:
        return int((isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::AccessibleTextRole:
        return spoken(row, index.column());
    case SortRole:
        return sortKey(row, index.column());
    case VersionRole:
        return static_cast<qint64>(row.version->id);
    case ModelRole:
        return static_cast<qint64>(row.model->id);
    case FitRole: {
        const auto* fit = m_bridge.fit(row.version->id);
        return fit ? static_cast<int>(fit->fit) : -1;
    }
    case StateRole:
        return static_cast<int>(row.version->state());
    case FamilyRole:
        return shown(row.model->family);
    case LicenceRole:
        return shown(row.model->licence);
    case SearchRole:
        return row.search;
    case RunnableRole:
        return row.model->runnable;
    default:
        return {};
    }
}

QVariant LibraryModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[]{tr("Model"),   tr("Version"), tr("Family"),   tr("Parameters"), tr("Quantisation"),
                          tr("Size"),    tr("Context"), tr("Memory"),   tr("Speed"),      tr("Fit"),
                          tr("Licence"), tr("Source"),  tr("Last used")};
    return section >= 0 && section < Columns ? names[section] : QVariant();
}

LibraryFilterModel::LibraryFilterModel(LibraryModel& model, QObject* parent)
    : QSortFilterProxyModel(parent), m_model(model) {
    setSortRole(LibraryModel::SortRole);
    setSourceModel(&model);
    sort(LibraryModel::Name);
}

void LibraryFilterModel::setText(const QString& text) {
    m_words = text.toCaseFolded().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

void LibraryFilterModel::setFamily(const QString& family) {
    m_family = family;
    invalidateFilter();
}

void LibraryFilterModel::setLicence(const QString& licence) {
    m_licence = licence;
    invalidateFilter();
}

void LibraryFilterModel::setOnlyFitting(bool only) {
    m_onlyFitting = only;
    invalidateFilter();
}

bool LibraryFilterModel::beginsModel(int row) const {
    return row == 0 ||
           index(row, 0).data(LibraryModel::ModelRole) != index(row - 1, 0).data(LibraryModel::ModelRole);
}

bool LibraryFilterModel::filterAcceptsRow(int row, const QModelIndex&) const {
    const QModelIndex index = m_model.index(row, 0);
    if (!m_family.isEmpty() && index.data(LibraryModel::FamilyRole).toString() != m_family)
        return false;
    if (!m_licence.isEmpty() && index.data(LibraryModel::LicenceRole).toString() != m_licence)
        return false;
    if (m_onlyFitting &&
        (index.data(LibraryModel::FitRole).toInt() == static_cast<int>(hardware::Fit::DoesNotFit) ||
         index.data(LibraryModel::StateRole).toInt() == static_cast<int>(FileState::Missing) ||
         !index.data(LibraryModel::RunnableRole).toBool()))
        return false;
    const QString words = index.data(LibraryModel::SearchRole).toString();
    return std::all_of(m_words.begin(), m_words.end(),
                       [&](const QString& word) { return words.contains(word); });
}

bool LibraryFilterModel::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const QVariant a = left.data(LibraryModel::SortRole), b = right.data(LibraryModel::SortRole);
    if (left.column() == LibraryModel::Name) {
        const int order = QString::localeAwareCompare(a.toString(), b.toString());
        if (order != 0)
            return order < 0;
        // Versions of one model in their own order, whichever way the names run.
        const bool before = left.row() < right.row();
        return sortOrder() == Qt::AscendingOrder ? before : !before;
    }
    if (a != b)
        return QSortFilterProxyModel::lessThan(left, right);
    return left.row() < right.row();
}

} // namespace hearth::gui
