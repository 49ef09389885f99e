#pragma once

#include <span>
#include <string_view>

/// For error_text.cpp and the files that hold its sentences.
namespace hearth::gui {

/// Sentences in English; {name} takes Error::arg(name), {name:bytes} and {name:count} write it for people,
/// {offset} is the place in the input, {detail} the technical text. When a number is missing the technical
/// detail stands instead.
struct ErrorSentences {
    const char* title;
    const char* explanation;
    const char* advice;
};

struct ErrorRow {
    std::string_view code;
    ErrorSentences say;
};

/// Profiles, rights, keys, the audit log.
[[nodiscard]] std::span<const ErrorRow> peopleErrors();
/// The library of models, jobs, quantising, converting.
[[nodiscard]] std::span<const ErrorRow> modelErrors();
/// Model hubs and downloads.
[[nodiscard]] std::span<const ErrorRow> hubErrors();
/// Backups, consents, rules, figures about use, chats from files.
[[nodiscard]] std::span<const ErrorRow> privacyErrors();

} // namespace hearth::gui
