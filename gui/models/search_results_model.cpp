#include "gui/models/search_results_model.h"

#include <algorithm>
#include <utility>

#include <QDateTime>
#include <QLocale>

namespace hearth::gui {

QString SearchResultsModel::before(const SearchResult& row) {
    return row.thoughts ? tr("Thoughts: ", "in front of an excerpt") : QString();
}

void SearchResultsModel::setResults(std::vector<SearchResult> results) {
    if (results == m_rows)
        return;
    beginResetModel();
    m_rows = std::move(results);
    endResetModel();
}

const SearchResult* SearchResultsModel::at(int row) const {
    return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

int SearchResultsModel::rowOf(store::RowId conversation, store::RowId message) const {
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const SearchResult& row) {
        return row.conversation == conversation && row.message == message;
    });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int SearchResultsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant SearchResultsModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const SearchResult& row = m_rows[static_cast<std::size_t>(index.row())];
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(row.timeMs);
    switch (role) {
    case Qt::DisplayRole:
    case TitleRole:
        return row.title.isEmpty() ? tr("Untitled chat") : row.title;
    case Qt::AccessibleTextRole: {
        const QString day = QLocale().toString(time.date(), QLocale::ShortFormat);
        const QString title = row.trashed ? tr("%1 (in the trash)").arg(index.data(TitleRole).toString())
                                          : index.data(TitleRole).toString();
        if (row.message == 0)
            return tr("%1, title, %2").arg(title, day);
        return (row.own        ? tr("%1, your message of %2: %3")
                : row.thoughts ? tr("%1, thoughts before the answer of %2: %3")
                               : tr("%1, answer of %2: %3"))
            .arg(title, day, row.excerpt);
    }
    case ConversationRole:
        return qint64{row.conversation};
    case MessageRole:
        return qint64{row.message};
    case ExcerptRole:
        return QString(before(row) + row.excerpt);
    case MarkAtRole:
        return row.markAt + static_cast<int>(before(row).size());
    case MarkLengthRole:
        return row.markLength;
    case TimeRole:
        return time;
    case OwnRole:
        return row.own;
    case TrashedRole:
        return row.trashed;
    default:
        return {};
    }
}

} // namespace hearth::gui
