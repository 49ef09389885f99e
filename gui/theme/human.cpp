#include "gui/theme/human.h"

#include <cmath>

#include <QCoreApplication>

namespace hearth::gui {

namespace {

constexpr char16_t kNarrowSpace = u'\u202F';

struct HumanText {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::HumanText)
};

/// Three significant figures without a needless exponent: 2.38, 31.4, 190.
QString threeFigures(double value) {
    const int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return QString::number(value, 'f', decimals);
}

QString scaled(double value, std::initializer_list<const char*> units) {
    auto unit = units.begin();
    while (value >= 999.5 && unit + 1 != units.end()) {
        value /= 1000;
        ++unit;
    }
    const bool whole = unit == units.begin();
    const QString number = whole ? QString::number(value, 'f', 0) : threeFigures(value);
    const QString name = QString::fromLatin1(*unit);
    return name.isEmpty() ? number : number + QChar(QChar::Nbsp) + name;
}

} // namespace

QString humanBytes(std::uint64_t bytes) {
    return scaled(static_cast<double>(bytes), {"B", "KB", "MB", "GB", "TB"});
}

QString humanCount(std::uint64_t count) {
    QString digits = QString::number(count);
    for (qsizetype i = digits.size() - 3; i > 0; i -= 3)
        digits.insert(i, QChar(kNarrowSpace));
    return digits;
}

QString humanRate(double perSecond) {
    return perSecond < 99.95 ? QString::number(perSecond, 'f', 1)
                             : humanCount(static_cast<std::uint64_t>(std::llround(perSecond)));
}

QString humanParameters(std::uint64_t count) {
    return scaled(static_cast<double>(count), {"", "K", "M", "B", "T"});
}

QString humanDuration(double seconds) {
    if (seconds < 9.95)
        return HumanText::tr("%1 s").arg(QString::number(seconds, 'f', seconds < 0.995 ? 2 : 1));
    if (seconds < 99.5)
        return HumanText::tr("%1 s").arg(std::lround(seconds));
    const auto minutes = std::lround(seconds / 60);
    if (minutes < 60)
        return HumanText::tr("%1 min").arg(minutes);
    return HumanText::tr("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
}

} // namespace hearth::gui
