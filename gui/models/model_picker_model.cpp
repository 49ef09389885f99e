#include "gui/models/model_picker_model.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <utility>

#include <QFileInfo>
#include <QRegularExpression>
#include <QThreadPool>

namespace hearth::gui {

using workbench::ModelEntry;

namespace {

std::vector<std::filesystem::path> paths(const QStringList& list) {
    std::vector<std::filesystem::path> out;
    for (const QString& path : list)
        out.emplace_back(path.toStdU16String());
    return out;
}

QString text(const std::filesystem::path& path) {
    return QString::fromStdU16String(path.u16string());
}

/// The library's models, under its names, after the recent ones.
void addInstalled(std::vector<ModelEntry>& models, const QList<QPair<QString, QString>>& installed) {
    for (const auto& [path, name] : installed) {
        const std::filesystem::path file(path.toStdU16String());
        const auto listed = std::find_if(models.begin(), models.end(),
                                         [&](const ModelEntry& entry) { return entry.path == file; });
        if (listed != models.end()) {
            listed->facts.name = name.toStdString();
        } else if (auto facts = workbench::readModelFacts(file)) {
            facts->name = name.toStdString();
            models.push_back({.path = file, .facts = std::move(*facts), .problem = {}});
        }
    }
    std::stable_sort(models.begin(), models.end(), [](const ModelEntry& a, const ModelEntry& b) {
        return a.recent || b.recent ? a.recent && !b.recent : a.facts.name < b.facts.name;
    });
}

/// At the end, once, also where a model folder holds it.
void addGuide(std::vector<ModelEntry>& models, const std::filesystem::path& guide) {
    std::erase_if(models, [&](const ModelEntry& entry) { return entry.path == guide; });
    if (auto facts = workbench::readModelFacts(guide))
        models.push_back({.path = guide, .facts = std::move(*facts), .problem = {}});
}

bool sameOnScreen(const ModelEntry& a, const ModelEntry& b) {
    return a.path == b.path && a.recent == b.recent && a.facts.name == b.facts.name &&
           a.facts.quantisation == b.facts.quantisation && a.facts.fileBytes == b.facts.fileBytes &&
           a.problem.has_value() == b.problem.has_value();
}

} // namespace

/// Shared with the pool thread; `owner` is only touched under the mutex, so a scan that outlives the model
/// delivers nowhere.
struct ModelPickerModel::Scan {
    std::stop_source stop;
    std::mutex mutex;
    ModelPickerModel* owner = nullptr;
};

ModelPickerModel::ModelPickerModel(QObject* parent) : QAbstractListModel(parent) {}

ModelPickerModel::~ModelPickerModel() {
    if (m_scan) {
        m_scan->stop.request_stop();
        const std::lock_guard lock(m_scan->mutex);
        m_scan->owner = nullptr;
    }
}

ModelPickerModel::File ModelPickerModel::describe(const QString& path) {
    static const QRegularExpression type(
        QStringLiteral("[-_.]((?:I?Q\\d(?:_K(?:_[SML])?|_[01]|_NL|_XX?S|_[SM])?)|B?F16|F32)$"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression part(QStringLiteral("-\\d{5}-of-\\d{5}$"));
    File out{QFileInfo(path).completeBaseName().remove(part), {}};
    if (const auto match = type.match(out.name); match.hasMatch()) {
        out.quantisation = match.captured(1).toUpper();
        out.name.truncate(match.capturedStart());
    }
    return out;
}

void ModelPickerModel::setRecent(const QStringList& paths) {
    m_recent = paths;
    rescan();
}

void ModelPickerModel::setFolders(const QStringList& folders) {
    m_folders = folders;
    rescan();
}

void ModelPickerModel::setInstalled(QList<QPair<QString, QString>> models) {
    if (models == m_installed)
        return;
    m_installed = std::move(models);
    rescan();
}

void ModelPickerModel::setGuide(const QString& path) {
    m_guide = path;
    rescan();
}

QString ModelPickerModel::guideName() {
    return tr("Hearth Guide (small built-in helper)");
}

void ModelPickerModel::rescan() {
    if (!std::exchange(m_scheduled, true))
        QMetaObject::invokeMethod(this, &ModelPickerModel::scan, Qt::QueuedConnection);
}

void ModelPickerModel::scan() {
    m_scheduled = false;
    if (m_scan)
        m_scan->stop.request_stop();
    m_scan = std::make_shared<Scan>();
    m_scan->owner = this;
    QThreadPool::globalInstance()->start([scan = m_scan, folders = paths(m_folders), recent = paths(m_recent),
                                          installed = m_installed, guide = paths({m_guide})] {
        auto listing = workbench::listModels(folders, recent, scan->stop.get_token());
        if (listing)
            addInstalled(listing->models, installed);
        if (listing && !guide.front().empty())
            addGuide(listing->models, guide.front());
        const std::lock_guard lock(scan->mutex);
        if (!listing || !scan->owner)
            return;
        QMetaObject::invokeMethod(
            scan->owner,
            [owner = scan->owner, scan, models = std::move(listing->models)]() mutable {
                if (owner->m_scan != scan)
                    return;
                owner->setEntries(std::move(models));
                Q_EMIT owner->scanFinished();
            },
            Qt::QueuedConnection);
    });
}

void ModelPickerModel::setEntries(std::vector<ModelEntry> entries) {
    if (std::ranges::equal(entries, m_entries, sameOnScreen))
        return; // an open popup keeps its place
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

int ModelPickerModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant ModelPickerModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ModelEntry& entry = m_entries[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case NameRole:
        return isGuide(text(entry.path)) ? guideName() : QString::fromStdString(entry.facts.name);
    case GuideRole:
        return isGuide(text(entry.path));
    case Qt::ToolTipRole:
    case PathRole:
        return text(entry.path);
    case QuantisationRole:
        return QString::fromStdString(entry.facts.quantisation);
    case BytesRole:
        return static_cast<qulonglong>(entry.facts.fileBytes);
    case RecentRole:
        return entry.recent;
    case ProblemRole:
        return entry.problem ? QString::fromStdString(entry.problem->code) : QString();
    default:
        return {};
    }
}

} // namespace hearth::gui
