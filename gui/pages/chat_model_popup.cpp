#include "gui/pages/chat_model_popup.h"

#include <algorithm>

#include <QListView>
#include <QPainter>
#include <QVBoxLayout>

#include "gui/delegates/model_delegate.h"
#include "gui/models/model_picker_model.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

constexpr int kWidth = 440, kMaxListHeight = 420; ///< px at scale 1

} // namespace

ChatModelPopup::ChatModelPopup(Theme& theme, ModelPickerModel& models, QWidget* parent)
    : QFrame(parent, Qt::Popup | Qt::FramelessWindowHint), m_theme(theme), m_models(models),
      m_list(new QListView(this)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setAttribute(Qt::WA_TranslucentBackground);
    m_list->setModel(&models);
    m_list->setItemDelegate(new ModelDelegate(theme, m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setAccessibleName(tr("Models"));
    m_list->viewport()->setAutoFillBackground(false);
    auto* empty = new TextLabel(
        theme, TextRole::Small, ColourRole::Muted,
        tr("Models that you open, and those in your model folders, will be listed here."), this);
    empty->setWordWrap(true);
    auto* file = new Button(theme, ButtonKind::Plain, tr("Open a model file…"), this);
    file->setIconName(QStringLiteral("open"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(2), theme.space(2), theme.space(2), theme.space(2));
    column->setSpacing(theme.space(2));
    column->addWidget(m_list);
    column->addWidget(empty);
    column->addWidget(file);
    m_list->setVisible(models.rowCount() > 0);
    empty->setVisible(models.rowCount() == 0);

    const auto open = [this](const QModelIndex& index) {
        const QString path = index.data(ModelPickerModel::PathRole).toString();
        close();
        Q_EMIT openAsked(path);
    };
    connect(m_list, &QListView::clicked, this, open);
    connect(m_list, &QListView::activated, this, open);
    connect(file, &QPushButton::clicked, this, [this] {
        close();
        Q_EMIT chooseFileAsked();
    });
}

void ChatModelPopup::openBelow(QWidget* anchor) {
    int rows = 0;
    for (int row = 0; row < m_models.rowCount() && rows < m_theme.px(kMaxListHeight); ++row)
        rows += m_list->sizeHintForRow(row);
    m_list->setFixedHeight(std::min(rows + 2, m_theme.px(kMaxListHeight)));
    setFixedWidth(m_theme.px(kWidth));
    adjustSize();
    move(anchor->mapToGlobal(QPoint(0, anchor->height() + m_theme.space(1))));
    show();
    if (m_models.rowCount() > 0) {
        m_list->setCurrentIndex(m_models.index(0, 0));
        m_list->setFocus();
    }
}

void ChatModelPopup::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(m_theme.colour(ColourRole::Border));
    painter.setBrush(m_theme.colour(ColourRole::Surface));
    const int radius = m_theme.radius(Radius::Card);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

} // namespace hearth::gui
