#pragma once

#include <array>
#include <optional>
#include <vector>

#include <QWidget>

#include "engine/hardware/measure/measurement.h"
#include "engine/hardware/probe/profile.h"
#include "gui/widgets/surfaces.h"

class QGridLayout;

namespace hearth::gui {

class ComboBox;
class SectionHeader;
class TextLabel;

/// Cards side by side, as many as fit with `columnWidth` (at scale 1) each, the rest below.
class CardGrid : public QWidget {
    Q_OBJECT
public:
    CardGrid(Theme& theme, int columnWidth, QWidget* parent = nullptr);
    void add(QWidget* card);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    Theme& m_theme;
    int m_columnWidth, m_columns = 0;
    QGridLayout* m_grid;
    std::vector<QWidget*> m_cards;
};

/// One fact in large letters: what it is about above, more about it below.
class FactCard : public Card {
    Q_OBJECT
public:
    explicit FactCard(Theme& theme, QWidget* parent = nullptr);
    void setTexts(const QString& about, const QString& value, const QString& more);

private:
    TextLabel *m_about, *m_value, *m_more;
};

/// Processor, memory, graphics and disk in four cards.
class HardwareOverview : public CardGrid {
    Q_OBJECT
public:
    explicit HardwareOverview(Theme& theme, QWidget* parent = nullptr);
    /// `measurement` may be null.
    void show(const hardware::HardwareProfile& profile, const hardware::Measurement* measurement);

private:
    FactCard *m_cpu, *m_memory, *m_gpu, *m_disk;
};

/// Everything else that was found, a line each.
class HardwareFacts : public Card {
    Q_OBJECT
public:
    explicit HardwareFacts(Theme& theme, QWidget* parent = nullptr);
    void show(const hardware::HardwareProfile& profile);

private:
    Theme& m_theme;
    SectionHeader* m_title;
    QGridLayout* m_grid;
};

/// The environment check: name, version, verdict and what to do.
class EnvironmentCard : public Card {
    Q_OBJECT
public:
    explicit EnvironmentCard(Theme& theme, QWidget* parent = nullptr);
    /// `checking` while the check still runs. The person may choose another system for the advice.
    void show(const std::vector<hardware::EnvironmentItem>& items, bool checking);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fillSystems();
    void showItems();

    Theme& m_theme;
    SectionHeader* m_title;
    ComboBox* m_system;
    std::array<QVBoxLayout*, 2> m_columns;
    std::vector<hardware::EnvironmentItem> m_items;
};

} // namespace hearth::gui
