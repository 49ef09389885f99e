#pragma once

#include <functional>
#include <memory>

#include <QWidget>

#include "gui/bridge/hub_bridge.h"
#include "gui/theme/theme.h"

class QListView;
class QStackedWidget;

namespace hearth::gui {

class AnswerBody;
class Button;
class Chip;
class CodeHighlighter;
class EmptyState;
class ErrorBox;
class HubFilesModel;
class ReadingColumn;
class SectionHeader;
class TextLabel;

/// One model of a hub: what it is, its files with what they need on this machine, its card. The card is shown
/// as text; nothing in it is ever fetched.
class DiscoverDetails : public QWidget {
    Q_OBJECT
public:
    DiscoverDetails(Theme& theme, HubBridge& bridge, QWidget* parent = nullptr);
    ~DiscoverDetails() override;

    /// What a download goes through before it begins.
    void setGuard(std::function<void(std::function<void()>)> guard) { m_guard = std::move(guard); }
    void open(const hub::Endpoint& endpoint, const QString& repository);
    void close(); ///< back to "choose a model"

Q_SIGNALS:
    void downloadsAsked();
    void endpointsAsked();

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void show(const std::shared_ptr<const HubDetails>& details);
    void showError(const Error& error);
    void download();
    void chooseRow();
    void sizeFiles();
    void sizeCard();
    void askLink(const QString& target);
    void updateButton();
    void retranslate();

    Theme& m_theme;
    HubBridge& m_bridge;
    HubFilesModel* m_files;
    std::function<void(std::function<void()>)> m_guard;
    std::unique_ptr<CodeHighlighter> m_highlighter;
    hub::Endpoint m_endpoint;
    QString m_repository;
    std::optional<Error> m_problem;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    ReadingColumn* m_column;
    TextLabel *m_title, *m_facts, *m_state, *m_leftOut;
    Chip *m_licence, *m_gated;
    Button *m_page, *m_download;
    ErrorBox* m_error;
    SectionHeader *m_filesTitle, *m_cardTitle;
    QWidget *m_filesCard, *m_cardCard;
    QListView* m_list;
    AnswerBody* m_card;
    bool m_chosen = false; ///< the person pointed at a row
};

} // namespace hearth::gui
