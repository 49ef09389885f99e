#pragma once

#include <initializer_list>
#include <memory>

#include "engine/security/crypto/secure_bytes.h"

class QDialog;
class QHBoxLayout;
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

/// What was typed, in secure memory that can be passed on, and the field emptied; null, and the error in the
/// box, where that memory is not to be had. The box is empty otherwise.
[[nodiscard]] std::shared_ptr<security::SecureBytes> takeSecret(SecretField& field, ErrorBox& error);
[[nodiscard]] std::shared_ptr<security::SecureBytes> takeSecret(NewPasswordFields& fields, ErrorBox& error);

/// Buttons at the right edge, in this order.
QHBoxLayout* dialogButtons(std::initializer_list<QWidget*> buttons);

} // namespace hearth::gui
