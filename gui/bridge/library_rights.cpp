// Of LibraryBridge: who is asked before something is done.

#include <utility>

#include "gui/bridge/library_bridge.h"

namespace hearth::gui {

using namespace workbench;
using security::Action;

void LibraryBridge::whenAllowed(Action action, const QString& path, std::function<void()> work,
                                std::function<void(const Error&)> refused) {
    if (!m_guard)
        return work();
    m_guard(action, path, whenAnswered(std::move(work), std::move(refused)));
}

LibraryBridge::Answer LibraryBridge::whenAnswered(std::function<void()> work,
                                                  std::function<void(const Error&)> refused) {
    return [self = QPointer<LibraryBridge>(this), work = std::move(work),
            refused = std::move(refused)](const Result<void>& answer) {
        if (!self || self->m_shutDown)
            return;
        if (answer)
            work();
        else if (refused)
            refused(answer.error());
        else
            Q_EMIT self->failed(answer.error());
    };
}

void LibraryBridge::whenThingAllowed(Action action, Target target, std::function<void()> work,
                                     std::function<void(const Error&)> refused) {
    if (!m_thingGuard)
        return work();
    m_thingGuard(action, std::move(target), whenAnswered(std::move(work), std::move(refused)));
}

/// Somebody else's job needs the right over theirs.
void LibraryBridge::whenJobAllowed(JobId id, std::function<void()> work) {
    const Job* known = job(id);
    Target target = Target::of(security::Resource::Model, known ? known->owner : 0);
    target.object = "job " + std::to_string(id) + " of profile " + std::to_string(*target.owner);
    whenThingAllowed(Action::Create, std::move(target), std::move(work));
}

void LibraryBridge::whenAllAllowed(Action action, QStringList paths, std::function<void()> work,
                                   std::function<void(const Error&)> refused) {
    if (paths.isEmpty())
        return work();
    const QString first = paths.takeFirst();
    whenAllowed(
        action, first,
        [this, action, paths = std::move(paths), work = std::move(work), refused] {
            whenAllAllowed(action, paths, work, refused);
        },
        refused);
}

} // namespace hearth::gui
