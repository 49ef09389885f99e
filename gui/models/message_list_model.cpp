#include "gui/models/message_list_model.h"

#include <algorithm>

namespace hearth::gui {

using store::Message;
using store::RowId;

namespace {

struct Opened {
    store::Conversation header;
    std::size_t first = 0;
    std::vector<Message> messages;
};

bool sameOnScreen(const Message& a, const Message& b) {
    return a.content == b.content && a.reasoning == b.reasoning && a.state == b.state &&
           a.errorCode == b.errorCode && a.statsJson == b.statsJson && a.siblingIndex == b.siblingIndex &&
           a.siblingCount == b.siblingCount;
}

} // namespace

MessageListModel::MessageListModel(HistoryBridge& history, QObject* parent)
    : QAbstractListModel(parent), m_history(history) {}

void MessageListModel::open(RowId conversation) {
    ++m_generation;
    beginResetModel();
    m_conversation = conversation;
    m_header = {};
    m_rows.clear();
    m_first = 0;
    m_fetching = false;
    endResetModel();
    if (conversation == 0) {
        Q_EMIT opened(0);
        return;
    }
    m_history.request(
        this,
        [conversation](workbench::ChatHistory& history) -> Result<Opened> {
            Opened out;
            HEARTH_TRY(out.header, history.store().conversation(conversation));
            HEARTH_TRY(const auto length, history.store().branchLength(conversation));
            out.first = length > kPage ? length - kPage : 0;
            HEARTH_TRY(out.messages, history.store().branch(conversation, out.first, kPage));
            return out;
        },
        [this, generation = m_generation](Result<Opened> result) {
            if (generation != m_generation)
                return;
            if (!result) {
                Q_EMIT failed(result.error());
                return;
            }
            m_header = std::move(result->header);
            m_first = result->first;
            overlay(result->messages);
            if (!result->messages.empty()) {
                beginInsertRows({}, 0, static_cast<int>(result->messages.size()) - 1);
                m_rows = std::move(result->messages);
                endInsertRows();
            }
            Q_EMIT opened(m_conversation);
        });
}

void MessageListModel::fetchOlder() {
    fetchOlderTo(firstIndex() - static_cast<qint64>(kPage));
}

void MessageListModel::fetchOlderTo(qint64 index) {
    const std::size_t from = static_cast<std::size_t>(std::max<qint64>(index, 0));
    if (!canFetchOlder() || from >= m_first)
        return;
    m_fetching = true;
    const std::size_t count = m_first - from;
    m_history.request(
        this,
        [conversation = m_conversation, from, count](workbench::ChatHistory& history) {
            return history.store().branch(conversation, from, count);
        },
        [this, generation = m_generation](Result<std::vector<Message>> page) {
            if (generation != m_generation)
                return;
            m_fetching = false;
            if (!page) {
                Q_EMIT failed(page.error());
                return;
            }
            if (page->empty())
                return;
            const std::size_t taken = page->size();
            beginInsertRows({}, 0, static_cast<int>(taken) - 1);
            m_rows.insert(m_rows.begin(), std::make_move_iterator(page->begin()),
                          std::make_move_iterator(page->end()));
            m_first -= taken;
            endInsertRows();
        });
}

void MessageListModel::refreshFrom(qint64 index) {
    if (m_conversation == 0)
        return;
    const std::size_t from = std::max(m_first, static_cast<std::size_t>(std::max<qint64>(index, 0)));
    m_history.request(
        this,
        [conversation = m_conversation,
         from](workbench::ChatHistory& history) -> Result<std::vector<Message>> {
            HEARTH_TRY(const auto length, history.store().branchLength(conversation));
            return history.store().branch(conversation, from, length > from ? length - from : 0);
        },
        [this, from, generation = m_generation](Result<std::vector<Message>> messages) {
            if (generation != m_generation)
                return;
            if (messages)
                replaceFrom(from, std::move(*messages));
            else
                Q_EMIT failed(messages.error());
        });
}

void MessageListModel::refreshTail() {
    const qint64 end = firstIndex() + rowCount();
    refreshFrom(end - 4); // the last two turns: what a begun or ended turn can touch
}

void MessageListModel::replaceFrom(std::size_t index, std::vector<Message> messages) {
    if (index < m_first)
        return; // older pages came in between; they hold what was asked for
    overlay(messages);
    std::size_t row = std::min(index - m_first, m_rows.size()), taken = 0;
    for (; row < m_rows.size() && taken < messages.size() && m_rows[row].id == messages[taken].id;
         ++row, ++taken) {
        Message& mine = m_rows[row];
        const bool same = sameOnScreen(mine, messages[taken]);
        mine = std::move(messages[taken]);
        if (!same)
            Q_EMIT dataChanged(this->index(static_cast<int>(row)), this->index(static_cast<int>(row)));
    }
    if (row < m_rows.size()) {
        beginRemoveRows({}, static_cast<int>(row), rowCount() - 1);
        m_rows.resize(row);
        endRemoveRows();
    }
    if (taken < messages.size()) {
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(messages.size() - taken) - 1);
        m_rows.insert(m_rows.end(),
                      std::make_move_iterator(messages.begin() + static_cast<std::ptrdiff_t>(taken)),
                      std::make_move_iterator(messages.end()));
        endInsertRows();
    }
}

void MessageListModel::overlay(std::vector<Message>& messages) const {
    for (Message& message : messages) {
        if (message.id == m_live.message && message.state == store::MessageState::Streaming) {
            message.content = m_live.content;
            message.reasoning = m_live.reasoning;
        }
    }
}

void MessageListModel::append(RowId message, const QString& content, const QString& reasoning) {
    if (message != m_live.message)
        m_live = {message, {}, {}};
    m_live.content += content.toStdString();
    m_live.reasoning += reasoning.toStdString();
    showLive();
}

void MessageListModel::setStreamed(RowId message, const QString& content, const QString& reasoning) {
    m_live = {message, content.toStdString(), reasoning.toStdString()};
    showLive();
}

void MessageListModel::showLive() {
    const int row = rowOf(m_live.message);
    if (row < 0)
        return;
    Message& target = m_rows[static_cast<std::size_t>(row)];
    target.content = m_live.content;
    target.reasoning = m_live.reasoning;
    Q_EMIT dataChanged(index(row), index(row), {ContentRole, ReasoningRole});
}

int MessageListModel::rowOf(RowId message) const {
    // Streaming asks for one of the last rows many times a second.
    const auto found =
        std::find_if(m_rows.rbegin(), m_rows.rend(), [&](const auto& row) { return row.id == message; });
    return found == m_rows.rend() ? -1 : static_cast<int>(m_rows.rend() - found) - 1;
}

const Message* MessageListModel::messageAt(int row) const {
    return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

int MessageListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant MessageListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Message& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case ContentRole:
        return QString::fromStdString(row.content);
    case IdRole:
        return qint64{row.id};
    case IsUserRole:
        return row.role == store::Role::User;
    case ReasoningRole:
        return QString::fromStdString(row.reasoning);
    case StateRole:
        return static_cast<int>(row.state);
    case StatsRole:
        return QString::fromStdString(row.statsJson);
    case ErrorCodeRole:
        return QString::fromStdString(row.errorCode);
    case ModelNameRole:
        return QString::fromStdString(row.modelName);
    case SiblingIndexRole:
        return row.siblingIndex;
    case SiblingCountRole:
        return row.siblingCount;
    default:
        return {};
    }
}

} // namespace hearth::gui
