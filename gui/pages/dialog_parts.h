#pragma once

#include <functional>
#include <initializer_list>
#include <memory>

#include <QString>

#include "engine/security/crypto/secure_bytes.h"

class QDialog;
class QHBoxLayout;
class QMessageBox;
class QVBoxLayout;
class QWidget;

namespace hearth::gui {

class ErrorBox;
class NewPasswordFields;
class SecretField;
class Theme;

/// What dialogs that stand in front of a page have in common. Shown with open(), without blocking.

/// The dialog deletes itself when it is closed, is at least `width` wide (pixels at scale 1), and its content
/// goes into the column that is returned.
QVBoxLayout* dressDialog(QDialog* dialog, Theme& theme, int width);

/// A question over `parent`, not yet open, that deletes itself when it is closed; its answer by default is
/// "Cancel". What it says is never read as markup.
[[nodiscard]] QMessageBox* makeQuestion(QWidget* parent, const char* name, const QString& title,
                                        const QString& text);
/// Opens one whose other answer is `word`, the button "confirm": then `act` runs, as long as `parent` lives.
QMessageBox* openQuestion(QWidget* parent, const char* name, const QString& title, const QString& text,
                          const QString& word, std::function<void()> act);

/// What was typed, in secure memory that can be passed on, and the field emptied; null, and the error in the
/// box, where that memory is not to be had. The box is empty otherwise.
[[nodiscard]] std::shared_ptr<security::SecureBytes> takeSecret(SecretField& field, ErrorBox& error);
[[nodiscard]] std::shared_ptr<security::SecureBytes> takeSecret(NewPasswordFields& fields, ErrorBox& error);

/// Buttons at the right edge, in this order.
QHBoxLayout* dialogButtons(std::initializer_list<QWidget*> buttons);

} // namespace hearth::gui
