#include "gui/pages/models_sealing.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

#include "gui/pages/dialog_parts.h"
#include "gui/pages/sealing_dialogs.h"
#include "gui/pages/secret_field.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

using security::Action;
using Task = LibraryBridge::Task;

namespace {

constexpr int kWidth = 500; ///< px at scale 1

} // namespace

SealModelDialog::SealModelDialog(Theme& theme, const QString& name, bool own, bool belongs, QWidget* parent)
    : QDialog(parent), m_own(own), m_how(new SegmentedControl(theme)),
      m_meaning(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_password(new NewPasswordFields(theme)), m_remove(new QCheckBox), m_error(new ErrorBox(theme)),
      m_seal(new Button(theme, ButtonKind::Primary, tr("Seal"))) {
    setObjectName(QStringLiteral("sealModelDialog"));
    setWindowTitle(tr("Seal %1").arg(name));
    m_how->setObjectName(QStringLiteral("sealHow"));
    m_how->setAccessibleName(tr("What opens the model"));
    m_how->setChoices({tr("With my key"), tr("With a password")});
    m_how->setVisible(own);
    m_meaning->setWordWrap(true);
    m_remove->setObjectName(QStringLiteral("sealRemove"));
    m_remove->setText(tr("Overwrite and remove the readable file"));
    m_remove->setChecked(belongs);
    bindFont(m_remove, theme, TextRole::Body);
    auto* limits = new TextLabel(
        theme, TextRole::Small, ColourRole::Muted,
        (belongs
             ? QString()
             : tr("The readable file lies in a place of another program, which cannot use it any more when "
                  "it is gone.") +
                   QLatin1Char(' ')) +
            tr("What overwriting cannot promise: file systems that write elsewhere (copy on write, "
               "snapshots), "
               "flash memory and backups may keep former copies."));
    limits->setWordWrap(true);
    m_seal->setObjectName(QStringLiteral("sealModelNow"));
    m_seal->setDefault(true);
    auto* cancel = new Button(theme, ButtonKind::Plain, tr("Cancel"));
    cancel->setObjectName(QStringLiteral("sealModelCancel"));
    auto* column = dressDialog(this, theme, kWidth);
    column->addWidget(
        new SectionHeader(theme, windowTitle(),
                          tr("The file is encrypted and from then on opened into memory only, never to the "
                             "disk. What the library "
                             "knows about it (its name, family, size, notes) stays readable.")));
    for (QWidget* each :
         {static_cast<QWidget*>(m_how), static_cast<QWidget*>(m_meaning), static_cast<QWidget*>(m_password),
          static_cast<QWidget*>(m_remove), static_cast<QWidget*>(limits), static_cast<QWidget*>(m_error)})
        column->addWidget(each);
    column->addLayout(dialogButtons({cancel, m_seal}));
    connect(cancel, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(m_seal, &QAbstractButton::clicked, this, &SealModelDialog::submit);
    connect(m_how, &SegmentedControl::chosen, this, &SealModelDialog::assess);
    connect(m_password, &NewPasswordFields::edited, this, &SealModelDialog::assess);
    connect(m_password, &NewPasswordFields::submitted, this, &SealModelDialog::submit);
    assess();
}

bool SealModelDialog::byPassword() const {
    return !m_own || m_how->currentIndex() == 1;
}

void SealModelDialog::assess() {
    m_meaning->setText(
        byPassword() ? tr("It opens for whoever knows the password. Nobody can find it out for you.")
                     : tr("It opens for you alone, while you are signed in. Whoever else uses this model "
                          "cannot open it any more."));
    m_password->setVisible(byPassword());
    m_seal->setEnabled(!byPassword() || m_password->isUsable());
}

void SealModelDialog::submit() {
    if (!m_seal->isEnabled())
        return;
    ModelKey key;
    key.isPassword = byPassword();
    if (key.isPassword && !(key.secret = takeSecret(*m_password, *m_error)))
        return;
    Q_EMIT chosen(key, m_remove->isChecked());
    accept();
}

ModelsSealing::ModelsSealing(Theme& theme, LibraryBridge& bridge, QWidget* parent)
    : Card(theme, parent), m_theme(theme), m_bridge(bridge), m_title(new SectionHeader(theme)),
      m_error(new ErrorBox(theme)), m_line(new ProgressLine(theme)),
      m_start(new Button(theme, ButtonKind::Plain)), m_cancel(new Button(theme, ButtonKind::Plain)) {
    setObjectName(QStringLiteral("modelsSealing"));
    m_start->setObjectName(QStringLiteral("sealModel"));
    m_start->setIconName(QStringLiteral("lock"));
    m_cancel->setObjectName(QStringLiteral("cancelSealing"));
    m_error->setDismissable(true);
    auto* line = new QHBoxLayout;
    line->addWidget(m_start);
    line->addWidget(m_line, 1);
    line->addWidget(m_cancel);
    line->addStretch(0);
    body()->addWidget(m_title);
    body()->addWidget(m_error);
    body()->addLayout(line);
    connect(m_start, &QAbstractButton::clicked, this, &ModelsSealing::ask);
    connect(m_cancel, &QAbstractButton::clicked, &bridge, &LibraryBridge::cancelTask);
    connect(&bridge, &LibraryBridge::changed, this, &ModelsSealing::show);
    connect(&bridge, &LibraryBridge::taskChanged, this, [this] {
        m_line->restart();
        m_line->setFraction(-1);
        show();
    });
    connect(&bridge, &LibraryBridge::taskProgress, this, [this](double fraction) {
        if (m_line->isVisible())
            m_line->setFraction(fraction);
    });
    show();
}

void ModelsSealing::setVersion(qint64 version) {
    m_version = version;
    m_error->clear();
    show();
}

void ModelsSealing::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        show();
    Card::changeEvent(event);
}

void ModelsSealing::show() {
    const auto* version = m_bridge.version(m_version);
    const bool sealed = version && version->sealed();
    const Task task = m_bridge.task();
    const bool busy = task == Task::Seal || task == Task::Unseal;
    // Whoever began with the keyboard goes on with it, though buttons change.
    const QWidget* keyboard = window()->focusWidget();
    const bool here = keyboard == m_start || keyboard == m_cancel;
    setVisible(version && m_bridge.may(sealed ? Action::Export : Action::Change));
    m_title->setTexts(
        sealed ? tr("Sealed") : tr("Sealing"),
        sealed ? tr("The file is encrypted and opened into memory only. Its tensors and chat "
                    "template cannot be looked at, and nothing can be made from it, before it is "
                    "readable again.")
               : tr("Encrypts the file, so that whoever reads the disk cannot use or copy the model."));
    m_start->setText(sealed ? tr("Make it readable again…") : tr("Seal…"));
    m_start->setVisible(!busy);
    m_start->setEnabled(task == Task::None && version && version->files.size() == 1 &&
                        version->state() != workbench::FileState::Missing);
    m_start->setToolTip(version && version->files.size() > 1
                            ? tr("A model in several files has to be merged first (hearthctl merge).")
                            : QString());
    m_line->setVisible(busy);
    m_line->setText(task == Task::Unseal ? tr("Opening") : tr("Sealing and reading back"));
    m_cancel->setVisible(busy);
    m_cancel->setText(tr("Cancel"));
    if (here && isVisible())
        (busy ? m_cancel : m_start)->setFocus();
}

void ModelsSealing::ask() {
    const auto* version = m_bridge.version(m_version);
    if (!version || m_asking)
        return;
    m_error->clear();
    if (version->sealed())
        return askToOpen();
    m_asking = true;
    m_bridge.askKey({}, this, [this](const Result<ModelKey>& key) {
        m_asking = false;
        if (key)
            askToSeal(key->secret != nullptr);
        else
            m_error->showError(key.error());
    });
}

void ModelsSealing::askToSeal(bool own) {
    const auto* model = m_bridge.modelOfVersion(m_version);
    const auto* version = m_bridge.version(m_version);
    if (!model || !version || version->files.empty())
        return;
    auto* dialog = new SealModelDialog(m_theme, QString::fromStdString(model->name + " " + version->label),
                                       own, workbench::ownedByLibrary(version->files.front().mode), this);
    connect(dialog, &SealModelDialog::chosen, this, &ModelsSealing::seal);
    dialog->open();
}

void ModelsSealing::seal(const ModelKey& key, bool removeReadable) {
    const auto start = [this, removeReadable, version = m_version](const ModelKey& with) {
        m_bridge.seal(
            version, with, removeReadable, this,
            [this, removeReadable](const Result<workbench::SealedVersion>& done) {
                showEnd(done ? std::nullopt : std::optional(done.error()));
                if (!done)
                    return;
                if (done->notRemoved)
                    m_error->showError(*done->notRemoved);
                else if (done->readableLeft)
                    m_error->showText(
                        ErrorBox::Severity::Info, tr("The model is sealed; a readable copy is left"),
                        removeReadable ? tr("The same bytes have another name on this disk, or the file "
                                            "was only pointed to.")
                                       : tr("The library does not list it any more."),
                        tr("Remove it yourself when nobody needs it."));
                Q_EMIT ended(true);
            });
    };
    if (key.isPassword)
        return start(key);
    m_bridge.askKey({}, this, [this, start](const Result<ModelKey>& own) {
        if (own)
            start(*own);
        else
            m_error->showError(own.error());
    });
}

void ModelsSealing::askToOpen() {
    const auto* model = m_bridge.modelOfVersion(m_version);
    const auto* version = m_bridge.version(m_version);
    if (!model || !version)
        return;
    auto* box = new QMessageBox(
        QMessageBox::Question, tr("Make %1 readable again?").arg(QString::fromStdString(model->name)),
        tr("A readable file takes the place of the sealed one: everybody who reads the disk can use and copy "
           "the model then."),
        QMessageBox::Cancel, this);
    box->setObjectName(QStringLiteral("unsealModelBox"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setDefaultButton(QMessageBox::Cancel);
    auto* agree = box->addButton(tr("Make it readable"), QMessageBox::AcceptRole);
    agree->setObjectName(QStringLiteral("unsealModelNow"));
    const QString path = QString::fromStdString(version->path().string());
    connect(agree, &QAbstractButton::clicked, this, [this, path] {
        m_bridge.askKey(path, this, [this, path](const Result<ModelKey>& key) {
            if (!key)
                return m_error->showError(key.error());
            if (!key->isPassword)
                return open(*key);
            auto* dialog = new UnsealDialog(m_theme, tr("Make a sealed model readable"),
                                            path.section(QLatin1Char('/'), -1), this);
            connect(dialog, &UnsealDialog::typed, this, [this, dialog](const SharedSecret& password) {
                dialog->accept();
                open({password, true});
            });
            dialog->open();
        });
    });
    box->open();
}

void ModelsSealing::open(const ModelKey& key) {
    m_bridge.unseal(m_version, key, this, [this](const Result<std::filesystem::path>& done) {
        showEnd(done ? std::nullopt : std::optional(done.error()));
        if (done)
            Q_EMIT ended(false);
    });
}

void ModelsSealing::showEnd(const std::optional<Error>& error) {
    m_error->clear();
    if (error && error->code != kCancelled) // the person's own wish needs no message
        m_error->showError(*error);
    show();
}

} // namespace hearth::gui
