#include "gui/pages/dialog_parts.h"

#include <utility>

#include <QDialog>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

#include "gui/pages/secret_field.h"
#include "gui/theme/theme.h"
#include "gui/widgets/feedback.h"

namespace hearth::gui {

QVBoxLayout* dressDialog(QDialog* dialog, Theme& theme, int width) {
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setMinimumWidth(theme.px(width));
    auto* column = new QVBoxLayout(dialog);
    const int edge = theme.space(6);
    column->setContentsMargins(edge, edge, edge, edge);
    column->setSpacing(theme.space(3));
    return column;
}

QMessageBox* makeQuestion(QWidget* parent, const char* name, const QString& title, const QString& text) {
    auto* box = new QMessageBox(QMessageBox::Question, title, text, QMessageBox::Cancel, parent);
    box->setObjectName(QString::fromLatin1(name));
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setDefaultButton(QMessageBox::Cancel);
    return box;
}

QMessageBox* openQuestion(QWidget* parent, const char* name, const QString& title, const QString& text,
                          const QString& word, std::function<void()> act) {
    auto* box = makeQuestion(parent, name, title, text);
    auto* button = box->addButton(word, QMessageBox::AcceptRole);
    button->setObjectName(QStringLiteral("confirm"));
    QObject::connect(button, &QAbstractButton::clicked, parent, std::move(act));
    box->open();
    return box;
}

namespace {

template <class Field>
std::shared_ptr<security::SecureBytes> taken(Field& field, ErrorBox& error) {
    auto secret = field.take();
    if (!secret) {
        error.showError(secret.error());
        return nullptr;
    }
    error.clear();
    return std::make_shared<security::SecureBytes>(std::move(*secret));
}

} // namespace

std::shared_ptr<security::SecureBytes> takeSecret(SecretField& field, ErrorBox& error) {
    return taken(field, error);
}

std::shared_ptr<security::SecureBytes> takeSecret(NewPasswordFields& fields, ErrorBox& error) {
    return taken(fields, error);
}

QHBoxLayout* dialogButtons(std::initializer_list<QWidget*> buttons) {
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    for (QWidget* button : buttons)
        row->addWidget(button);
    return row;
}

} // namespace hearth::gui
