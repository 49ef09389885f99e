#include "gui/models/model_picker_model.h"

#include <algorithm>
#include <atomic>

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QMutex>
#include <QRegularExpression>
#include <QThreadPool>

namespace hearth::gui {

namespace {

/// "model-00002-of-00005.gguf" and later parts belong to the first part's entry.
bool isLaterPart(const QString& name) {
    static const QRegularExpression part(QStringLiteral("-(\\d{5})-of-\\d{5}\\.gguf$"),
                                         QRegularExpression::CaseInsensitiveOption);
    const auto match = part.match(name);
    return match.hasMatch() && match.captured(1) != QStringLiteral("00001");
}

} // namespace

/// Shared with the pool thread; `owner` is only touched under the mutex, so a scan that outlives the model
/// delivers nowhere.
struct ModelPickerModel::Scan {
    std::atomic<bool> cancelled{false};
    QMutex mutex;
    ModelPickerModel* owner = nullptr;
};

ModelPickerModel::ModelPickerModel(QObject* parent) : QAbstractListModel(parent) {}

ModelPickerModel::~ModelPickerModel() {
    if (m_scan) {
        m_scan->cancelled = true;
        const QMutexLocker lock(&m_scan->mutex);
        m_scan->owner = nullptr;
    }
}

ModelPickerModel::File ModelPickerModel::describe(const QString& path) {
    static const QRegularExpression type(
        QStringLiteral("[-_.]((?:I?Q\\d(?:_K(?:_[SML])?|_[01]|_NL|_XX?S|_[SM])?)|B?F16|F32)$"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression part(QStringLiteral("-\\d{5}-of-\\d{5}$"));
    const QFileInfo info(path);
    File out{path, info.completeBaseName().remove(part), {}, info.exists() ? info.size() : -1};
    if (const auto match = type.match(out.name); match.hasMatch()) {
        out.quantisation = match.captured(1).toUpper();
        out.name.truncate(match.capturedStart());
    }
    return out;
}

void ModelPickerModel::setRecent(const QStringList& paths) {
    m_recent = paths.mid(0, kMaxRecent);
    rescan();
}

void ModelPickerModel::setFolders(const QStringList& folders) {
    m_folders = folders;
    rescan();
}

void ModelPickerModel::setEntries(std::vector<File>& slot, std::vector<File> files, int firstRow) {
    if (!slot.empty()) {
        beginRemoveRows({}, firstRow, firstRow + static_cast<int>(slot.size()) - 1);
        slot.clear();
        endRemoveRows();
    }
    if (!files.empty()) {
        beginInsertRows({}, firstRow, firstRow + static_cast<int>(files.size()) - 1);
        slot = std::move(files);
        endInsertRows();
    }
}

void ModelPickerModel::rescan() {
    if (m_scan)
        m_scan->cancelled = true;
    m_scan = std::make_shared<Scan>();
    m_scan->owner = this;
    QThreadPool::globalInstance()->start([scan = m_scan, folders = m_folders, paths = m_recent] {
        std::vector<File> recent, found;
        for (const QString& path : paths)
            recent.push_back(describe(path));
        for (const QString& folder : folders) {
            const auto base = QDir(folder).absolutePath().count(QLatin1Char('/'));
            // No symbolic links: a cycle must not keep a thread busy.
            QDirIterator it(folder, {QStringLiteral("*.gguf")}, QDir::Files, QDirIterator::Subdirectories);
            while (it.hasNext() && !scan->cancelled && found.size() < std::size_t{kMaxFiles}) {
                const QString path = it.next();
                if (path.count(QLatin1Char('/')) - base <= kMaxDepth && !isLaterPart(path) &&
                    !paths.contains(path))
                    found.push_back(describe(path));
            }
        }
        std::sort(found.begin(), found.end(), [](const File& a, const File& b) {
            return QString::localeAwareCompare(a.name, b.name) < 0;
        });
        const QMutexLocker lock(&scan->mutex);
        if (scan->cancelled || !scan->owner)
            return;
        QMetaObject::invokeMethod(
            scan->owner,
            [owner = scan->owner, scan, recent = std::move(recent), found = std::move(found)]() mutable {
                if (owner->m_scan != scan)
                    return;
                owner->setEntries(owner->m_recentFiles, std::move(recent), 0);
                owner->setEntries(owner->m_found, std::move(found),
                                  static_cast<int>(owner->m_recentFiles.size()));
                Q_EMIT owner->scanFinished();
            },
            Qt::QueuedConnection);
    });
}

int ModelPickerModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_recentFiles.size() + m_found.size());
}

QVariant ModelPickerModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    const bool recent = row < m_recentFiles.size();
    const File& file = recent ? m_recentFiles[row] : m_found[row - m_recentFiles.size()];
    switch (role) {
    case Qt::DisplayRole:
    case NameRole:
        return file.name;
    case Qt::ToolTipRole:
    case PathRole:
        return file.path;
    case QuantisationRole:
        return file.quantisation;
    case BytesRole:
        return file.bytes;
    case RecentRole:
        return recent;
    default:
        return {};
    }
}

} // namespace hearth::gui
