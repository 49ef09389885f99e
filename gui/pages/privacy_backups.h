#pragma once

#include "gui/pages/privacy_card.h"

namespace hearth::gui {

class Button;
class TextLabel;

/// Backups of the chats of who is before the window: made, looked into, put back, removed.
class BackupsCard : public PrivacyCard {
    Q_OBJECT
public:
    BackupsCard(Theme& theme, PrivacyBridge& bridge);
    void refresh() override;
    /// For a history that does not open: there is nothing to back up.
    void onlyRestore() { m_mayMake = false; }
    /// Reads a backup, says what it holds and what would be replaced, and asks.
    void look(const std::filesystem::path& backup);

Q_SIGNALS:
    void listed(int count);
    void restored(bool worked);

private:
    void retranslate() override;
    void show(const std::vector<workbench::BackupFile>& backups);
    void askToRestore(const std::filesystem::path& backup, const workbench::RestorePreview& preview);
    [[nodiscard]] static QString reasonWord(workbench::BackupReason reason);
    [[nodiscard]] static QString contentsText(const store::HistoryContents& contents);

    Button *m_make, *m_all;
    TextLabel* m_none;
    QGridLayout* m_grid;
    bool m_showAll = false, m_mayMake = true;
};

} // namespace hearth::gui
