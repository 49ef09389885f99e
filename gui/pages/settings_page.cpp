#include "gui/pages/settings_page.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QDesktopServices>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QPointer>
#include <QSignalBlocker>
#include <QUrl>
#include <QVBoxLayout>

#include "gui/bridge/settings_bridge.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/error_text.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"
#include "gui/widgets/page_parts.h"
#include "gui/widgets/setting_row.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

using workbench::Settings;

namespace {

constexpr std::size_t kContexts[] = {2048, 4096, 8192, 16384, 32768, 65536, 131072};

QString text(const std::filesystem::path& path) {
    return QString::fromStdString(path.string());
}

std::filesystem::path path(const QString& text) {
    return std::filesystem::path(text.toStdString());
}

/// Selects the entry that carries `value`; an unusual value (from the file) gets an entry of its own.
void select(ComboBox* box, std::size_t value) {
    const QSignalBlocker quiet(box);
    int index = box->findData(QVariant::fromValue<qulonglong>(value));
    if (index < 0) {
        box->addItem(humanCount(value), QVariant::fromValue<qulonglong>(value));
        index = box->count() - 1;
    }
    box->setCurrentIndex(index);
}

void addSeparated(Card* card, Theme& theme, std::initializer_list<QWidget*> rows) {
    bool first = true;
    for (QWidget* row : rows) {
        if (!std::exchange(first, false))
            card->body()->addWidget(new Divider(theme));
        card->body()->addWidget(row);
    }
}

} // namespace

SettingsPage::SettingsPage(Theme& theme, SettingsBridge& settings, ToastHost& toasts, Facts facts,
                           QWidget* parent)
    : QWidget(parent), m_theme(theme), m_settings(settings), m_toasts(toasts), m_facts(std::move(facts)),
      m_header(new PageHeader(theme)), m_problem(new ErrorBox(theme)) {
    auto* column = new ReadingColumn(theme);
    m_cards = column->body();
    m_cards->addWidget(m_problem);
    m_cards->addWidget(appearanceCard());
    QWidget* notifications = notificationsCard();
    m_cards->addWidget(notifications);
    notifications->setVisible(m_facts.hasNotifications);
    QWidget *engine = engineCard(), *folders = foldersCard();
    for (QWidget* card : {engine, folders}) {
        m_cards->addWidget(card);
        card->setVisible(m_facts.mayChange);
    }
    column->body()->addStretch(1);
    stackPage(this, m_header, column);

    m_problem->setDismissable(true);
    connect(&settings, &SettingsBridge::changed, this, &SettingsPage::show);
    connect(&settings, &SettingsBridge::saveFailed, this,
            [this](const Error& error) { m_problem->showError(error); });
    retranslate();
    show();
    showProblems();
}

QWidget* SettingsPage::appearanceCard() {
    m_language = new ComboBox(m_theme);
    m_language->setObjectName(QStringLiteral("language"));
    m_mode = new SegmentedControl(m_theme);
    m_mode->setObjectName(QStringLiteral("theme"));
    m_fontScale = new LabelledSlider(
        m_theme, {Settings::kMinFontScale * 100, Settings::kMaxFontScale * 100, 5, 100, 0});
    m_fontScale->setObjectName(QStringLiteral("fontScale"));
    m_fontScale->setSuffix(QStringLiteral(" %"));
    m_languageRow = new SettingRow(m_theme, m_language);
    m_modeRow = new SettingRow(m_theme, m_mode);
    m_appearanceTitle = new SectionHeader(m_theme);

    auto* card = new Card(m_theme);
    card->body()->addWidget(m_appearanceTitle);
    addSeparated(card, m_theme, {m_languageRow, m_modeRow, m_fontScale});

    connect(m_language, &QComboBox::activated, this, [this](int index) {
        m_settings.change([&](Settings& s) { s.language = static_cast<workbench::Language>(index); });
    });
    connect(m_mode, &SegmentedControl::chosen, this, [this](int index) {
        m_settings.change([&](Settings& s) { s.theme = static_cast<workbench::Theme>(index); });
    });
    connect(m_fontScale, &LabelledSlider::changed, this,
            [this](double percent) { m_settings.change([&](Settings& s) { s.fontScale = percent / 100; }); });
    return card;
}

QWidget* SettingsPage::notificationsCard() {
    m_notifications = new Toggle(m_theme);
    m_notifications->setObjectName(QStringLiteral("notifications"));
    m_notificationsRow = new SettingRow(m_theme, m_notifications);
    m_notificationsTitle = new SectionHeader(m_theme);

    auto* card = new Card(m_theme);
    card->body()->addWidget(m_notificationsTitle);
    card->body()->addWidget(m_notificationsRow);
    connect(m_notifications, &QAbstractButton::toggled, this,
            [this](bool on) { m_settings.change([on](Settings& s) { s.notifications = on; }); });
    return card;
}

QWidget* SettingsPage::engineCard() {
    m_threads = new ComboBox(m_theme);
    m_threads->setObjectName(QStringLiteral("threads"));
    m_context = new ComboBox(m_theme);
    m_context->setObjectName(QStringLiteral("context"));
    m_kvType = new SegmentedControl(m_theme);
    m_kvType->setObjectName(QStringLiteral("kvType"));
    m_policy = new SegmentedControl(m_theme);
    m_policy->setObjectName(QStringLiteral("policy"));
    m_loadLast = new Toggle(m_theme);
    m_loadLast->setObjectName(QStringLiteral("loadLast"));
    m_threadsRow = new SettingRow(m_theme, m_threads);
    m_contextRow = new SettingRow(m_theme, m_context);
    m_kvRow = new SettingRow(m_theme, m_kvType);
    m_policyRow = new SettingRow(m_theme, m_policy);
    m_loadLastRow = new SettingRow(m_theme, m_loadLast);
    m_engineTitle = new SectionHeader(m_theme);

    auto* card = new Card(m_theme);
    card->body()->addWidget(m_engineTitle);
    addSeparated(card, m_theme, {m_threadsRow, m_contextRow, m_kvRow, m_policyRow, m_loadLastRow});

    connect(m_threads, &QComboBox::activated, this, [this](int index) {
        change([threads = m_threads->itemData(index).toULongLong()](Settings& s) { s.threads = threads; });
    });
    connect(m_context, &QComboBox::activated, this, [this](int index) {
        change(
            [tokens = m_context->itemData(index).toULongLong()](Settings& s) { s.defaultContext = tokens; });
    });
    connect(m_kvType, &SegmentedControl::chosen, this, [this](int index) {
        change(
            [index](Settings& s) { s.kvType = index == 0 ? kernels::KvType::F16 : kernels::KvType::Q8_0; });
    });
    connect(m_policy, &SegmentedControl::chosen, this, [this](int index) {
        change([index](Settings& s) {
            s.contextPolicy = index == 0 ? runtime::ContextPolicy::Stop : runtime::ContextPolicy::DropOldest;
        });
    });
    connect(m_loadLast, &QAbstractButton::toggled, this,
            [this](bool on) { change([on](Settings& s) { s.loadLastModelAtStart = on; }); });
    return card;
}

QWidget* SettingsPage::foldersCard() {
    m_foldersTitle = new SectionHeader(m_theme);
    m_folders = new QVBoxLayout;
    m_folders->setSpacing(m_theme.space(1));
    m_addFolder = new Button(m_theme, ButtonKind::Plain);
    m_addFolder->setIconName(QStringLiteral("plus"));
    m_addFolder->setObjectName(QStringLiteral("addFolder"));
    m_openData = new Button(m_theme, ButtonKind::Plain);
    m_openData->setIconName(QStringLiteral("folder"));
    m_dataRow = new SettingRow(m_theme, m_openData);

    auto* card = new Card(m_theme);
    card->body()->addWidget(m_foldersTitle);
    card->body()->addLayout(m_folders);
    card->body()->addWidget(m_addFolder, 0, Qt::AlignLeft);
    card->body()->addWidget(new Divider(m_theme));
    card->body()->addWidget(m_dataRow);

    connect(m_addFolder, &QAbstractButton::clicked, this, &SettingsPage::addFolder);
    connect(m_openData, &QAbstractButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_facts.dataFolder)); });
    return card;
}

void SettingsPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        show();
        if (m_problem->isVisibleTo(this))
            showProblems();
    }
    QWidget::changeEvent(event);
}

void SettingsPage::retranslate() {
    m_header->setTitle(tr("Settings"));
    m_appearanceTitle->setTexts(tr("Appearance"), {});
    {
        const QSignalBlocker quiet(m_language);
        m_language->clear();
        // Each language is named in itself, so that nobody has to read another one to find theirs.
        m_language->addItems({tr("As the system"), QStringLiteral("English"), QStringLiteral("简体中文")});
    }
    m_languageRow->setTexts(tr("Language"));
    m_mode->setChoices({tr("As the system"), tr("Light"), tr("Dark")},
                       {QStringLiteral("display"), QStringLiteral("sun"), QStringLiteral("moon")});
    m_modeRow->setTexts(tr("Colours"));
    m_fontScale->setTexts(tr("Text size"), tr("Texts, buttons and gaps grow together."));
    m_notificationsTitle->setTexts(tr("Notifications"), {});
    m_notificationsRow->setTexts(
        tr("Tell the desktop when long work ends"),
        tr("Downloads, imports, checks and jobs that end while this window is not in front. Model names and "
           "what was done, never what is in chats."));
    retranslateEngine();
    m_foldersTitle->setTexts(
        tr("Model folders"),
        tr("GGUF files in these folders and below are offered in the model list. The files stay "
           "where they are; nothing is copied."));
    m_addFolder->setText(tr("Add a folder…"));
    m_openData->setText(tr("Open"));
    m_dataRow->setTexts(tr("Data folder"),
                        tr("Chats and their backups: %1").arg(QDir::toNativeSeparators(m_facts.dataFolder)));
}

void SettingsPage::retranslateEngine() {
    m_engineTitle->setTexts(tr("Running models"), {});
    {
        const QSignalBlocker quiet(m_threads);
        m_threads->clear();
        m_threads->addItem(tr("Automatic (%n core(s))", nullptr, static_cast<int>(m_facts.usableCores)),
                           QVariant::fromValue<qulonglong>(0));
        for (std::size_t n = 1; n <= m_facts.usableCores; ++n)
            m_threads->addItem(QString::number(n), QVariant::fromValue<qulonglong>(n));
    }
    m_threadsRow->setTexts(tr("Threads"),
                           tr("How many processor cores compute an answer. Fewer leave room for other "
                              "programs; more than there are cores only slows down."));
    {
        const QSignalBlocker quiet(m_context);
        m_context->clear();
        m_context->addItem(tr("Automatic"), QVariant::fromValue<qulonglong>(0));
        for (const std::size_t tokens : kContexts)
            m_context->addItem(tr("%1 tokens").arg(humanCount(tokens)),
                               QVariant::fromValue<qulonglong>(tokens));
    }
    m_contextRow->setTexts(
        tr("Context"),
        tr("How much of a conversation the model can see. Longer contexts take more memory. Automatic: "
           "the model's own length, at most %1 tokens. Counts from the next time a model is opened.")
            .arg(humanCount(8192)));
    m_kvType->setChoices({tr("16 bit"), tr("8 bit")});
    m_kvRow->setTexts(
        tr("Context precision"),
        tr("8 bit halves the memory of the context at a small loss of accuracy. Counts from the next time "
           "a model is opened."));
    m_policy->setChoices({tr("Stop and say so"), tr("Leave out oldest")});
    m_policyRow->setTexts(
        tr("When the context is full"),
        tr("For new chats. Leaving out the oldest messages keeps the system prompt and says what was "
           "left out."));
    m_loadLastRow->setTexts(tr("Open the last model at start"), {});
}

void SettingsPage::show() {
    const Settings& s = m_settings.settings();
    const QSignalBlocker quietLanguage(m_language), quietNotifications(m_notifications),
        quietToggle(m_loadLast);
    m_language->setCurrentIndex(static_cast<int>(s.language));
    m_mode->setCurrentIndex(static_cast<int>(s.theme));
    m_fontScale->setValue(std::round(s.fontScale * 100));
    select(m_threads, s.threads);
    select(m_context, s.defaultContext);
    m_kvType->setCurrentIndex(s.kvType == kernels::KvType::F16 ? 0 : 1);
    m_policy->setCurrentIndex(s.contextPolicy == runtime::ContextPolicy::Stop ? 0 : 1);
    m_notifications->setChecked(s.notifications);
    m_loadLast->setChecked(s.loadLastModelAtStart);
    showFolders();
}

void SettingsPage::showFolders() {
    const FreshRows fresh(m_folders);
    for (const auto& entry : m_settings.settings().modelFolders) {
        const QString folder = text(entry);
        auto* row = new QWidget;
        row->setObjectName(folder);
        auto* line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        auto* name =
            new ElidedLabel(m_theme, TextRole::Body, ColourRole::Text, QDir::toNativeSeparators(folder));
        name->setElideMode(Qt::ElideMiddle);
        line->addWidget(name, 1);
        if (!QDir(folder).exists())
            line->addWidget(new Chip(m_theme, tr("not there"), Chip::Kind::Caution));
        auto* remove =
            new IconButton(m_theme, QStringLiteral("close"), tr("Take %1 off the list").arg(folder));
        connect(remove, &QAbstractButton::clicked, this, [this, folder] { removeFolder(folder); });
        line->addWidget(remove);
        m_folders->addWidget(row);
    }
}

void SettingsPage::showProblems() {
    const auto& problems = m_settings.problems();
    if (problems.empty())
        return;
    QStringList lines;
    for (const Error& problem : problems)
        lines << errorText(problem).explanation;
    lines.removeDuplicates();
    const ErrorText first = errorText(problems.front());
    const QString title =
        problems.size() == 1 ? first.title : tr("Some settings in the file were not usable");
    m_problem->showText(ErrorBox::Severity::Caution, title, lines.join(QLatin1Char('\n')),
                        first.advice + QLatin1Char('\n') + tr("File: %1").arg(m_settings.path()));
}

void SettingsPage::addCard(QWidget* card) {
    m_cards->insertWidget(1, card); // below what is wrong with the file
}

void SettingsPage::change(std::function<void(Settings&)> edit) {
    if (!m_facts.guard) {
        m_settings.change(edit);
        return;
    }
    m_facts.guard([this, self = QPointer(this), edit = std::move(edit)] {
        if (self)
            m_settings.change(edit);
    });
    show(); // until then, and after a refusal, the controls say what is in force
}

void SettingsPage::addFolder() {
    auto* dialog = new QFileDialog(this, tr("Choose a folder with models"), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
        change([folder](Settings& s) {
            if (std::find(s.modelFolders.begin(), s.modelFolders.end(), path(folder)) == s.modelFolders.end())
                s.modelFolders.push_back(path(folder));
        });
    });
    dialog->open();
}

void SettingsPage::removeFolder(const QString& folder) {
    const auto before = m_settings.settings().modelFolders;
    const auto remove = [this, folder, before] {
        m_settings.change([&](Settings& s) { std::erase(s.modelFolders, path(folder)); });
        m_toasts.showUndo(tr("Folder taken off the list; its files are untouched."),
                          [&settings = m_settings, before] {
                              settings.change([&](Settings& s) { s.modelFolders = before; });
                          });
    };
    if (m_facts.guard)
        m_facts.guard(remove);
    else
        remove();
}

} // namespace hearth::gui
