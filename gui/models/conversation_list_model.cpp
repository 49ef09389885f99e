#include "gui/models/conversation_list_model.h"

#include <algorithm>
#include <utility>

#include <QDateTime>

#include "gui/models/model_picker_model.h"

namespace hearth::gui {

using store::Conversation;
using store::RowId;

namespace {

struct Refreshed {
    Conversation row;
    RowId first = 0; ///< the most recently used of the list that is shown
};

} // namespace

ConversationListModel::ConversationListModel(HistoryBridge& history, QObject* parent)
    : QAbstractListModel(parent), m_history(history) {
    connect(&m_history, &HistoryBridge::conversationChanged, this, &ConversationListModel::refreshRow);
}

void ConversationListModel::setFilter(const QString& text) {
    if (text == m_filter)
        return;
    m_filter = text;
    reload();
}

void ConversationListModel::setTrash(bool trash) {
    if (trash == m_trash)
        return;
    m_trash = trash;
    reload();
}

void ConversationListModel::reload() {
    ++m_generation;
    beginResetModel();
    m_rows.clear();
    m_complete = m_fetching = m_loadedOnce = false;
    endResetModel();
    fetchMore({});
}

int ConversationListModel::rowOf(RowId conversation) const {
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const auto& row) { return row.id == conversation; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

RowId ConversationListModel::idAt(int row) const {
    return row >= 0 && row < rowCount() ? m_rows[static_cast<std::size_t>(row)].id : 0;
}

int ConversationListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

ConversationListModel::Group ConversationListModel::groupOf(qint64 updatedMs, const QDate& today) {
    const QDate day = QDateTime::fromMSecsSinceEpoch(updatedMs).date();
    if (day >= today)
        return Group::Today;
    if (day == today.addDays(-1))
        return Group::Yesterday;
    return day >= today.addDays(1 - today.dayOfWeek()) ? Group::ThisWeek : Group::Earlier;
}

QVariant ConversationListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Conversation& row = m_rows[static_cast<std::size_t>(index.row())];
    const auto modelName = [&] {
        return ModelPickerModel::describe(QString::fromStdString(row.modelPath)).name;
    };
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
    case TitleRole:
        return QString::fromStdString(row.title);
    case Qt::AccessibleTextRole:
        return tr("%1, %n message(s)", nullptr, static_cast<int>(row.messageCount))
            .arg(QString::fromStdString(row.title));
    case IdRole:
        return qint64{row.id};
    case ModelRole:
        return modelName();
    case MessageCountRole:
        return qint64{row.messageCount};
    case UpdatedRole:
        return QDateTime::fromMSecsSinceEpoch(row.updatedMs);
    case GroupRole:
        return QVariant::fromValue(groupOf(row.updatedMs, QDate::currentDate()));
    default:
        return {};
    }
}

Qt::ItemFlags ConversationListModel::flags(const QModelIndex& index) const {
    const auto flags = QAbstractListModel::flags(index);
    return index.isValid() && !m_trash ? flags | Qt::ItemIsEditable : flags;
}

bool ConversationListModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole ||
        !checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return false;
    const QString title = value.toString().simplified();
    if (title.isEmpty())
        return false;
    rename(idAt(index.row()), title);
    return true;
}

void ConversationListModel::rename(RowId conversation, const QString& title) {
    if (const int row = rowOf(conversation); row >= 0) { // shown at once; the write confirms it
        m_rows[static_cast<std::size_t>(row)].title = title.toStdString();
        Q_EMIT dataChanged(index(row), index(row));
    }
    m_history.write(
        [conversation, title = title.toStdString()](workbench::ChatHistory& history) {
            return history.store().rename(conversation, title);
        },
        conversation);
}

void ConversationListModel::setTrashed(RowId conversation, bool trashed) {
    if (const int row = rowOf(conversation); row >= 0 && trashed != m_trash)
        removeAt(row);
    m_history.write(
        [=](workbench::ChatHistory& history) { return history.store().setTrashed(conversation, trashed); },
        conversation);
}

void ConversationListModel::purge(RowId conversation) {
    if (const int row = rowOf(conversation); row >= 0)
        removeAt(row);
    m_history.write([=](workbench::ChatHistory& history) { return history.store().purge(conversation); });
}

void ConversationListModel::removeAt(int row) {
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    endRemoveRows();
}

bool ConversationListModel::canFetchMore(const QModelIndex& parent) const {
    return !parent.isValid() && !m_complete && !m_fetching;
}

void ConversationListModel::fetchMore(const QModelIndex& parent) {
    if (!canFetchMore(parent))
        return;
    m_fetching = true;
    m_history.request(
        this,
        [trash = m_trash, filter = m_filter.toStdString(),
         offset = m_rows.size()](workbench::ChatHistory& history) {
            return history.store().conversations(trash, filter, offset, kPage);
        },
        [this, generation = m_generation](Result<std::vector<Conversation>> page) {
            if (generation != m_generation)
                return;
            m_fetching = false;
            m_loadedOnce = true;
            if (!page) {
                m_complete = true; // no endless retries; reload() asks again
                Q_EMIT failed(page.error());
                return;
            }
            m_complete = page->size() < kPage;
            // A conversation that changed meanwhile may be here already.
            std::erase_if(*page, [&](const auto& row) { return rowOf(row.id) >= 0; });
            if (!page->empty()) {
                beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(page->size()) - 1);
                std::move(page->begin(), page->end(), std::back_inserter(m_rows));
                endInsertRows();
            }
            Q_EMIT pageLoaded();
        });
}

bool ConversationListModel::belongs(const Conversation& conversation) const {
    return conversation.trashedMs.has_value() == m_trash &&
           (m_filter.isEmpty() ||
            QString::fromStdString(conversation.title).contains(m_filter, Qt::CaseInsensitive));
}

void ConversationListModel::refreshRow(RowId conversation) {
    m_history.request(
        this,
        [=, trash = m_trash,
         filter = m_filter.toStdString()](workbench::ChatHistory& history) -> Result<Refreshed> {
            HEARTH_TRY(auto row, history.store().conversation(conversation));
            HEARTH_TRY(const auto first, history.store().conversations(trash, filter, 0, 1));
            return Refreshed{std::move(row), first.empty() ? 0 : first.front().id};
        },
        [this, conversation, generation = m_generation](const Result<Refreshed>& result) {
            if (generation != m_generation)
                return; // the list was read anew since, and holds this change
            if (result && belongs(result->row)) {
                place(result->row, result->first == conversation);
            } else if (const int row = rowOf(conversation); row >= 0) {
                removeAt(row);
            }
        });
}

void ConversationListModel::place(const Conversation& conversation, bool first) {
    const int from = rowOf(conversation.id);
    if (from < 0) {
        // Out of the trash: the store's order follows use, which the time shows unless the clock was set
        // back.
        const auto position =
            first ? m_rows.begin() : std::find_if(m_rows.begin(), m_rows.end(), [&](const Conversation& row) {
                return std::pair(row.updatedMs, row.id) < std::pair(conversation.updatedMs, conversation.id);
            });
        const int to = static_cast<int>(position - m_rows.begin());
        if (to == rowCount() && !m_complete && !first)
            return; // belongs into a page that has not been read
        beginInsertRows({}, to, to);
        m_rows.insert(position, conversation);
        endInsertRows();
        return;
    }
    m_rows[static_cast<std::size_t>(from)] = conversation;
    if (first && from > 0) {
        beginMoveRows({}, from, from, {}, 0);
        std::rotate(m_rows.begin(), m_rows.begin() + from, m_rows.begin() + from + 1);
        endMoveRows();
    }
    const int now = first ? 0 : from;
    Q_EMIT dataChanged(index(now), index(std::min(now + 1, rowCount() - 1))); // the next may lose its heading
}

void ConversationListModel::refreshPresentation() {
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

} // namespace hearth::gui
