#include "gui/delegates/hub_delegates.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QPainter>
#include <QWidget>

#include "engine/hardware/predict/predict.h"
#include "gui/models/downloads_model.h"
#include "gui/models/hub_files_model.h"
#include "gui/models/hub_results_model.h"
#include "gui/theme/human.h"
#include "gui/widgets/error_text.h"

namespace hearth::gui {

namespace {

constexpr int kLine = 22, kPad = 10, kGap = 4, kBar = 6; ///< px at scale 1
constexpr int kWideFile = 440;                           ///< px at scale 1: name and needs in one line

const QString kDot = QStringLiteral(" · ");

/// A class for the sake of the translations' context.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::HubDelegates)
};

} // namespace

QString fitWord(int fit) {
    switch (fit) {
    case static_cast<int>(hardware::Fit::Comfortable):
        return Words::tr("comfortable");
    case static_cast<int>(hardware::Fit::Tight):
        return Words::tr("tight");
    case static_cast<int>(hardware::Fit::DoesNotFit):
        return Words::tr("does not fit");
    default:
        return {};
    }
}

QSize HubRowDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    const int width = option.widget ? option.widget->width() : option.rect.width();
    return {m_theme.px(120), m_theme.px(lines(width) * kLine + 2 * kPad + kGap)};
}

QRect HubRowDelegate::line(const QRect& place, int number) const {
    return {place.left(), place.top() + m_theme.px(number * kLine), place.width(), m_theme.px(kLine)};
}

void HubRowDelegate::write(QPainter& painter, const QRect& place, const QString& text, TextRole role,
                           ColourRole colour, Qt::Alignment align, Qt::TextElideMode elide) const {
    painter.setFont(m_theme.font(role));
    painter.setPen(m_theme.colour(colour));
    painter.drawText(place, Qt::AlignVCenter | align,
                     QFontMetrics(painter.font()).elidedText(text, elide, std::max(0, place.width())));
}

int HubRowDelegate::chip(QPainter& painter, int left, const QRect& line_, const QString& text,
                         ColourRole ground, ColourRole ink) const {
    if (text.isEmpty())
        return left;
    painter.setFont(m_theme.font(TextRole::Small));
    const int width = QFontMetrics(painter.font()).horizontalAdvance(text) + m_theme.space(4);
    const int height = m_theme.px(20);
    const QRectF place(left, line_.center().y() - height / 2.0, width, height);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.colour(ground));
    painter.drawRoundedRect(place, height / 2.0, height / 2.0);
    painter.setPen(m_theme.colour(ink));
    painter.drawText(place, Qt::AlignCenter, text);
    return left + width;
}

void HubRowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect row = option.rect.adjusted(0, 0, 0, -m_theme.px(kGap));
    drawGround(*painter, QRectF(row).adjusted(1, 1, -1, -1), option, Ground::Tinted);
    const int pad = m_theme.px(kPad);
    paintRow(*painter, row.adjusted(pad, pad, -pad, -pad), index);
    painter->restore();
}

void HubResultDelegate::paintRow(QPainter& painter, const QRect& place, const QModelIndex& index) const {
    using Model = HubResultsModel;
    const QRect top = line(place, 0), below = line(place, 1);
    QRect name = top;
    if (index.data(Model::GatedRole).toBool()) {
        const int side = m_theme.smallIconSize();
        painter.drawPixmap(top.right() - side, top.center().y() - side / 2,
                           m_theme.pixmap(QStringLiteral("lock"), ColourRole::Muted, side,
                                          painter.device()->devicePixelRatioF()));
        name.setRight(top.right() - side - m_theme.space(2));
    }
    write(painter, name, index.data(Model::NameRole).toString(), TextRole::Strong, ColourRole::Text,
          Qt::AlignLeft, Qt::ElideMiddle);
    QStringList facts;
    facts << index.data(Model::OwnerRole).toString();
    if (const double parameters = index.data(Model::ParametersRole).toDouble(); parameters > 0)
        facts << humanParameters(static_cast<std::uint64_t>(parameters));
    facts << index.data(Model::LicenceRole).toString();
    facts.removeAll(QString());
    const QString count =
        Words::tr("%1 downloads").arg(humanCount(index.data(Model::DownloadsRole).toULongLong()));
    painter.setFont(m_theme.font(TextRole::Small));
    const int width = QFontMetrics(painter.font()).horizontalAdvance(count);
    write(painter, below, count, TextRole::Small, ColourRole::MutedStrong, Qt::AlignRight);
    write(painter, below.adjusted(0, 0, -width - m_theme.space(2), 0), facts.join(kDot), TextRole::Small,
          ColourRole::MutedStrong);
}

int HubFileDelegate::lines(int width) const {
    return width >= m_theme.px(kWideFile) ? 2 : 3;
}

void HubFileDelegate::paintRow(QPainter& painter, const QRect& place, const QModelIndex& index) const {
    using Model = HubFilesModel;
    const QRect top = line(place, 0), below = line(place, 1);
    const QString type = index.data(Model::QuantisationRole).toString();
    write(painter, top, type.isEmpty() ? Words::tr("unknown quantisation") : type, TextRole::Strong,
          ColourRole::Text);
    painter.setFont(m_theme.font(TextRole::Strong));
    int left = top.left() +
               QFontMetrics(painter.font())
                   .horizontalAdvance(type.isEmpty() ? Words::tr("unknown quantisation") : type) +
               m_theme.space(2);
    const int fit = index.data(Model::FitRole).toInt();
    const QString verdict = fitWord(fit);
    if (!verdict.isEmpty()) {
        const bool good = fit == static_cast<int>(hardware::Fit::Comfortable);
        const bool tight = fit == static_cast<int>(hardware::Fit::Tight);
        left = chip(painter, left, top, verdict,
                    good    ? ColourRole::GoodSoft
                    : tight ? ColourRole::CautionSoft
                            : ColourRole::BadSoft,
                    good    ? ColourRole::GoodText
                    : tight ? ColourRole::CautionText
                            : ColourRole::BadText) +
               m_theme.space(2);
    }
    const int here = index.data(Model::HereRole).toInt();
    chip(painter, left, top,
         here == static_cast<int>(Model::Here::Yes)      ? Words::tr("downloaded")
         : here == static_cast<int>(Model::Here::Coming) ? Words::tr("downloading")
                                                         : QString(),
         ColourRole::Chip, ColourRole::MutedStrong);
    const auto bytes = index.data(Model::BytesRole).toULongLong();
    write(painter, top, bytes > 0 ? humanBytes(bytes) : Words::tr("size unknown"), TextRole::Body,
          ColourRole::Text, Qt::AlignRight);
    QString needs;
    if (const auto memory = index.data(Model::MemoryRole).toULongLong(); memory > 0)
        needs = Words::tr("needs %1 of memory").arg(humanBytes(memory));
    if (const double speed = index.data(Model::SpeedRole).toDouble(); speed > 0)
        needs += kDot + Words::tr("about %1 tokens/s").arg(humanRate(speed));
    const bool narrow = place.height() >= m_theme.px(3 * kLine);
    int beside = 0; // of the name
    if (!narrow && !needs.isEmpty()) {
        painter.setFont(m_theme.font(TextRole::Small));
        beside = QFontMetrics(painter.font()).horizontalAdvance(needs) + m_theme.space(3);
    }
    write(painter, narrow ? line(place, 2) : below, needs, TextRole::Small, ColourRole::MutedStrong,
          narrow ? Qt::AlignLeft : Qt::AlignRight);
    QString name = index.data(Model::NameRole).toString();
    if (const int parts = index.data(Model::PartsRole).toInt(); parts > 1)
        name += kDot + Words::tr("%n part(s)", nullptr, parts);
    write(painter, below.adjusted(0, 0, -beside, 0), name, TextRole::Small, ColourRole::MutedStrong,
          Qt::AlignLeft, Qt::ElideMiddle);
}

QString DownloadDelegate::stateText(const QModelIndex& index) {
    using Model = DownloadsModel;
    using State = hub::DownloadState;
    const auto amount = [&] {
        const auto total = index.data(Model::BytesRole).toULongLong();
        const auto done = index.data(Model::DoneRole).toULongLong();
        return total > 0 ? Words::tr("%1 of %2").arg(humanBytes(done), humanBytes(total)) : humanBytes(done);
    };
    const auto percent = [&]() -> QString {
        return QString::number(
                   static_cast<int>(100 * std::max(0.0, index.data(Model::FractionRole).toDouble()))) +
               QStringLiteral(" %");
    };
    const QString code = index.data(Model::ProblemRole).toString();
    const auto problem = [&] { return errorText(Error{code.toStdString(), {}}).title; };
    switch (static_cast<State>(index.data(Model::StateRole).toInt())) {
    case State::Queued:
        return Words::tr("Waiting for its turn");
    case State::Paused:
        return (code.isEmpty() ? Words::tr("Paused") : problem()) + kDot + amount();
    case State::Finished:
        return code.isEmpty() ? Words::tr("Done, verified") + kDot +
                                    humanBytes(index.data(Model::BytesRole).toULongLong())
                              : problem();
    case State::Failed:
        return problem();
    case State::Active:
        break;
    }
    switch (static_cast<hub::TransferPhase>(index.data(Model::PhaseRole).toInt())) {
    case hub::TransferPhase::Verifying:
        return Words::tr("Verifying") + kDot + percent();
    case hub::TransferPhase::Comparing:
        return Words::tr("Comparing with a second copy") + kDot + percent();
    case hub::TransferPhase::Waiting:
        return problem() + kDot +
               Words::tr("tries again in %1")
                   .arg(humanDuration(std::ceil(index.data(Model::WaitRole).toDouble())));
    case hub::TransferPhase::Receiving: {
        const double speed = index.data(Model::SpeedRole).toDouble(),
                     left = index.data(Model::RemainingRole).toDouble();
        QString text = amount() + kDot +
                       (speed > 0 ? Words::tr("%1/s").arg(humanBytes(static_cast<std::uint64_t>(speed)))
                                  : Words::tr("nothing comes at the moment"));
        if (left >= 0)
            text += kDot + Words::tr("%1 left").arg(humanDuration(left));
        if (const int connections = index.data(Model::ConnectionsRole).toInt(); connections > 1)
            text += kDot + Words::tr("%n connection(s)", nullptr, connections);
        return text;
    }
    case hub::TransferPhase::Resolving:
        break;
    }
    return Words::tr("Asking %1").arg(index.data(Model::EndpointRole).toString());
}

void DownloadDelegate::paintRow(QPainter& painter, const QRect& place, const QModelIndex& index) const {
    using Model = DownloadsModel;
    const QRect top = line(place, 0), middle = line(place, 1), below = line(place, 2);
    const auto state = Model::stateOf(index);
    const bool failed = state == hub::DownloadState::Failed;
    const QString name = index.data(Model::NameRole).toString();
    const QString type = index.data(Model::QuantisationRole).toString();
    painter.setFont(m_theme.font(TextRole::Small));
    const int typeWidth =
        type.isEmpty() ? 0 : QFontMetrics(painter.font()).horizontalAdvance(type) + m_theme.space(6);
    painter.setFont(m_theme.font(TextRole::Strong));
    const int nameWidth = std::min(QFontMetrics(painter.font()).horizontalAdvance(name) + m_theme.px(2),
                                   top.width() * 2 / 3 - typeWidth);
    write(painter, QRect(top.left(), top.top(), nameWidth, top.height()), name, TextRole::Strong,
          ColourRole::Text, Qt::AlignLeft, Qt::ElideMiddle);
    const int after = chip(painter, top.left() + nameWidth + m_theme.space(2), top, type, ColourRole::Chip,
                           ColourRole::MutedStrong);
    QStringList facts{index.data(Model::RepositoryRole).toString()};
    if (const double parameters = index.data(Model::ParametersRole).toDouble(); parameters > 0)
        facts << humanParameters(static_cast<std::uint64_t>(parameters));
    if (const auto memory = index.data(Model::MemoryRole).toULongLong(); memory > 0)
        facts << Words::tr("needs %1 of memory").arg(humanBytes(memory));
    const QRect beside(after + m_theme.space(3), top.top(),
                       std::max(0, top.right() - after - m_theme.space(3)), top.height());
    // Whole facts rather than the ends of all: the name says most of what the repository's does.
    painter.setFont(m_theme.font(TextRole::Small));
    while (facts.size() > 1 &&
           QFontMetrics(painter.font()).horizontalAdvance(facts.join(kDot)) > beside.width())
        facts.removeFirst();
    write(painter, beside, facts.join(kDot), TextRole::Small, ColourRole::MutedStrong, Qt::AlignRight,
          Qt::ElideMiddle);

    const int height = m_theme.px(kBar);
    const QRectF bar(middle.left(), middle.center().y() - height / 2.0, middle.width(), height);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.colour(ColourRole::Border));
    painter.drawRoundedRect(bar, height / 2.0, height / 2.0);
    const double fraction =
        state == hub::DownloadState::Finished ? 1 : index.data(Model::FractionRole).toDouble();
    if (fraction > 0) {
        const bool done =
            state == hub::DownloadState::Finished ||
            index.data(Model::PhaseRole).toInt() == static_cast<int>(hub::TransferPhase::Verifying);
        painter.setBrush(m_theme.colour(failed                                ? ColourRole::Bad
                                        : done                                ? ColourRole::Good
                                        : state == hub::DownloadState::Paused ? ColourRole::Caution
                                                                              : ColourRole::Accent));
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(),
                                       std::max<double>(height, bar.width() * std::min(1.0, fraction)),
                                       height),
                                height / 2.0, height / 2.0);
    }
    write(painter, below, stateText(index), TextRole::Small,
          failed ? ColourRole::BadText : ColourRole::MutedStrong);
}

} // namespace hearth::gui
