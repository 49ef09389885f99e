#pragma once

#include <optional>

#include <QWidget>

#include "engine/hardware/predict/advise.h"
#include "gui/theme/theme.h"

class QGridLayout;

namespace hearth::gui {

class Chip;
class TextLabel;

/// The arithmetic behind a prediction: verdict and reason, memory term by term, the time of one token term by
/// term, and what follows from them.
class FitDetail : public QWidget {
    Q_OBJECT
public:
    explicit FitDetail(Theme& theme, QWidget* parent = nullptr);
    void show(const QString& title, const hardware::Prediction& prediction,
              const std::optional<hardware::OffloadEstimate>& gpu);

private:
    void add(const QString& name, const QString& how, const QString& amount, bool strong);
    void addSpeeds(const hardware::Prediction& prediction);

    Theme& m_theme;
    TextLabel *m_title, *m_reason;
    Chip* m_verdict;
    QGridLayout* m_terms;
};

} // namespace hearth::gui
