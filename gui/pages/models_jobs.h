#pragma once

#include <vector>

#include "gui/bridge/library_bridge.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

class SectionHeader;

/// Jobs as rows: what, how far, cancel, go on, show. Unfinished ones, or the whole history of a model.
class JobsCard : public Card {
    Q_OBJECT
public:
    enum class Show { Open, HistoryOfModel };
    JobsCard(Theme& theme, LibraryBridge& bridge, Show show, QWidget* parent = nullptr);
    void setModel(qint64 model); ///< of the history

    [[nodiscard]] static QString phase(const std::string& phase); ///< of a job, translated
    [[nodiscard]] static QString state(const workbench::Job& job);
    [[nodiscard]] static QString what(const workbench::Job& job); ///< "Quantise to Q4_K_M"

Q_SIGNALS:
    void resultAsked(qint64 job);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void showProgress(qint64 job);
    QWidget* makeRow(const workbench::Job& job);

    Theme& m_theme;
    LibraryBridge& m_bridge;
    const Show m_show;
    qint64 m_model = 0;
    std::string m_phase; ///< that the running job is in: each has a speed of its own
    SectionHeader* m_title;
    QVBoxLayout* m_rows;
    std::vector<std::pair<qint64, class ProgressLine*>> m_lines;
};

} // namespace hearth::gui
