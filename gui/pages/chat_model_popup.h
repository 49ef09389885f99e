#pragma once

#include <QFrame>

#include "gui/theme/theme.h"

class QListView;

namespace hearth::gui {

class ModelPickerModel;

/// What opens below the model's name: the models one can pick, and a way to any file. Deletes itself when
/// closed.
class ChatModelPopup : public QFrame {
    Q_OBJECT

public:
    ChatModelPopup(Theme& theme, ModelPickerModel& models, QWidget* parent);
    void openBelow(QWidget* anchor);

Q_SIGNALS:
    void openAsked(const QString& path);
    void chooseFileAsked();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& m_theme;
    ModelPickerModel& m_models;
    QListView* m_list;
};

} // namespace hearth::gui
