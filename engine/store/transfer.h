#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/store/history.h"

namespace hearth::store {

enum class ExportFormat {
    Json,     ///< everything: all branches, states, statistics, parameters; importJson() reads it back
    Markdown, ///< the branch on screen, for reading and publishing
    PlainText ///< the same without marks
};

/// Where the text goes, piece by piece; an error stops the export.
using TextSink = std::function<Result<void>(std::string_view)>;

/// Writes one conversation, or with nullopt all of them that are not in the trash (most recently used first).
/// Texts leave the codec: what comes out is readable by everyone who gets it. UTF-8; bytes of a message that
/// are not become U+FFFD. Use on the history's thread. Errors: those of History, of `sink`, base.cancelled.
///
/// The JSON is one object: "format": "hearth-conversations", "version": 1, "conversations": a list of objects
/// with title, created_ms, updated_ms, model_path, system_prompt, parameters (an object, or absent), active
/// (index of the active leaf in messages, or absent) and messages: a list with, each, parent (index in the
/// list, or absent), role "system" | "user" | "assistant", state "complete" | "stopped" | "failed",
/// created_ms, content and where they are not empty reasoning, model, error, stats.
[[nodiscard]] Result<void> exportConversations(History& history, std::optional<RowId> conversation,
                                               ExportFormat format, const TextSink& sink,
                                               std::stop_token stop = {});

/// Adds the conversations of an exported JSON text, all of them or none; returns their new ids in the file's
/// order, which is also their order in the list. Errors: import.bad_json (with the offset), import.not_ours,
/// import.newer_version, import.too_deep, import.bad_value (args conversation, message, key), store.*,
/// base.cancelled.
///
/// Also reads everything about a person ("format": "hearth-person", see security::exportPerson()), in which
/// every entry of "conversations" is an object with such an export of one under "export", its "draft" and
/// whether it is "in_trash": the trash stays trash, drafts come along.
[[nodiscard]] Result<std::vector<RowId>> importJson(History& history, std::string_view json,
                                                    std::stop_token stop = {});

} // namespace hearth::store
