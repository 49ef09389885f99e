#pragma once

#include <QModelIndex>
#include <QString>

class QWidget;

namespace hearth::gui {

class HubBridge;

// What a person does with a download, wherever it is shown. Indices are of DownloadsModel.

/// "Pause", "Go on" or "Try again"; "" for a finished one.
[[nodiscard]] QString stepWord(const QModelIndex& download);
/// Does what the word says.
void takeStep(HubBridge& bridge, const QModelIndex& download);
/// Takes it off the list, and asks before where bytes would be lost. `parent` owns the question; the bridge
/// outlives it.
void removeDownload(QWidget* parent, HubBridge& bridge, const QModelIndex& download);

} // namespace hearth::gui
