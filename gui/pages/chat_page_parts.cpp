#include "gui/pages/chat_page_parts.h"

#include <QHBoxLayout>
#include <QShortcut>
#include <QStackedWidget>

#include "gui/pages/chat_composer.h"
#include "gui/pages/chat_find_bar.h"
#include "gui/pages/chat_message_view.h"
#include "gui/pages/chat_model_bar.h"
#include "gui/pages/chat_parameters.h"
#include "gui/pages/chat_sidebar.h"
#include "gui/pages/guide_links.h"
#include "gui/pages/guide_welcome.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

namespace {

constexpr int kBottom = 20, kSide = 24, kNarrowest = 240; ///< px at scale 1
constexpr int kNarrowPage = 900, kNarrowList = 190; ///< below this width words become icons, px at scale 1

/// A widget of at most the reading column's width, centred.
QHBoxLayout* centred(QWidget* widget) {
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(widget, 1000);
    row->addStretch(1);
    return row;
}

} // namespace

ChatPage::Parts::Parts(Theme& theme_, ChatController& controller_, ModelPickerModel& models_, ChatPage& page)
    : theme(theme_), controller(controller_), models(models_), conversations(controller.history()),
      messages(controller.history()), search(controller.history()), desk(controller, messages),
      toasts(theme, &page), sidebar(new ChatSidebar(theme, conversations, search)),
      bar(new ChatModelBar(theme, controller.engine(), models)),
      parametersButton(new Button(theme, ButtonKind::Plain)),
      exportButton(new Button(theme, ButtonKind::Plain)), loadError(new ErrorBox(theme)),
      notice(new ErrorBox(theme)), offer(new ErrorBox(theme)), stack(new QStackedWidget),
      empty(new EmptyState(theme, QStringLiteral("flame"))),
      firstStep(new Button(theme, ButtonKind::Primary)), welcome(new GuideWelcome(theme)),
      links(new GuideLinks(theme)), view(new ChatMessageView(theme, highlighter, messages)),
      find(new ChatFindBar(theme, controller.history(), messages, *view)), composer(new ChatComposer(theme)),
      parameters(new ChatParameters(theme, controller.engine())),
      escape(new QShortcut(QKeySequence(Qt::Key_Escape), &page)) {
    parametersButton->setCheckable(true);
    bar->actions()->addWidget(parametersButton);
    bar->actions()->addWidget(exportButton);
    loadError->setDismissable(true);
    notice->setDismissable(true);
    offer->setDismissable(true);
    offer->setObjectName(QStringLiteral("protectionOffer"));
    view->setContext([this](const store::Message& message) { return desk.contextOf(message); });
    empty->actions()->addWidget(firstStep, 0, Qt::AlignHCenter);
    empty->actions()->addWidget(welcome, 0, Qt::AlignHCenter);
    stack->setMinimumWidth(theme.px(kNarrowest)); // less than its words ask for: the window decides
    stack->addWidget(empty);
    stack->addWidget(view);
    parameters->hide();
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    escape->setEnabled(false);
    layOut(page);
}

void ChatPage::Parts::layOut(ChatPage& page) {
    auto* content = new QVBoxLayout;
    content->setContentsMargins(0, 0, 0, theme.px(kBottom));
    content->setSpacing(theme.space(2));
    auto* top = centred(loadError);
    top->setContentsMargins(theme.px(kSide), theme.space(2), theme.px(kSide), 0);
    content->addWidget(find);
    content->addLayout(top);
    content->addWidget(stack, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{offer, notice, links, composer}) {
        auto* row = centred(widget);
        row->setContentsMargins(theme.px(kSide), 0, theme.px(kSide), 0);
        content->addLayout(row);
    }
    auto* middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addLayout(content, 1);
    middle->addWidget(parameters);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(bar);
    right->addLayout(middle, 1);
    auto* whole = new QHBoxLayout(&page);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(sidebar);
    whole->addWidget(new Divider(theme, Qt::Vertical));
    whole->addLayout(right, 1);
}

void ChatPage::Parts::fit(int pageWidth) {
    const bool narrow = pageWidth < theme.px(kNarrowPage);
    sidebar->setHidden(narrow && !parameters->isHidden()); // there is no room for both
    sidebar->setFixedWidth(theme.px(narrow ? kNarrowList : metrics::kSideListWidth));
    const int column = theme.px(metrics::kContentWidth);
    composer->setMaximumWidth(column + 2 * theme.px(kBottom));
    loadError->setMaximumWidth(column);
    notice->setMaximumWidth(column);
    offer->setMaximumWidth(column);
    links->setMaximumWidth(column);
    const auto show = [narrow](Button* button, const QString& word, const char* icon) {
        button->setText(narrow ? QString() : word);
        button->setIconName(narrow ? QString::fromLatin1(icon) : QString());
        button->setToolTip(narrow ? word : QString());
    };
    show(parametersButton, tr("Parameters"), "sliders");
    show(exportButton, tr("Export"), "export");
}

void ChatPage::Parts::retranslate(int pageWidth) {
    parametersButton->setAccessibleName(tr("Parameters of this chat"));
    exportButton->setAccessibleName(tr("Export this chat to a file"));
    firstStep->setText(tr("Open a model…"));
    fit(pageWidth);
}

bool ChatPage::Parts::hasGuide() const {
    const EngineBridge& engine = controller.engine();
    return engine.model() && engine.model()->isGuide && !engine.isLoading();
}

void ChatPage::Parts::describeEmptiness() {
    const bool loading = controller.engine().isLoading(), hasModel = controller.engine().model().has_value();
    firstStep->setVisible(!hasModel && !loading);
    // What the person has begun to write is theirs: a question at hand must not take its place.
    welcome->setVisible(hasGuide() && composer->text().trimmed().isEmpty());
    if (hasGuide()) {
        empty->setTexts(tr("Ask Hearth's small built-in helper"),
                        tr("The Guide is a very small model that comes with the program. It answers short "
                           "questions about Hearth and about running models on your own machine, each on its "
                           "own, and can be wrong. For everything else, open a model of your own above."));
        return;
    }
    empty->setTexts(tr("Talk with a model on your own machine"),
                    loading ? tr("The model is being loaded. You can write your first message meanwhile.")
                    : hasModel
                        ? tr("Write your first message below. Nothing of it leaves this computer.")
                        : tr("Open a model file (GGUF), or drop one anywhere on this window. Nothing that "
                             "you write leaves this computer."));
}

} // namespace hearth::gui
