#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/runtime/session.h"
#include "engine/server/api_request.h"
#include "engine/workbench/serving/serving_desk.h"

namespace hearth::server {

/// Answers as JSON, whole or in pieces of a stream (server-sent events), each "data: {…}" with an empty line
/// behind it. A value; immutable.
class ApiAnswer {
public:
    /// `created` in Unix seconds.
    ApiAnswer(ApiKind kind, std::string id, std::string model, std::int64_t created, bool includeUsage);

    [[nodiscard]] std::string whole(std::span<const runtime::GenerationResult> results) const;

    /// The first piece of a chat's answer, which names the role; "" for a completion.
    [[nodiscard]] std::string opening(std::size_t answer) const;
    /// "" where the piece has no text, or is reasoning of a completion.
    [[nodiscard]] std::string piece(std::size_t answer, const runtime::Piece& piece) const;
    /// The ends of the answers, the usage where it was asked for, and "data: [DONE]".
    [[nodiscard]] std::string closing(std::span<const runtime::GenerationResult> results) const;

private:
    ApiKind m_kind;
    std::string m_id, m_model;
    std::int64_t m_created;
    bool m_includeUsage;
};

/// The list of /v1/models, and one entry of it.
[[nodiscard]] std::string modelList(const std::vector<workbench::ServedModel>& models);
[[nodiscard]] std::string modelEntry(const workbench::ServedModel& model);

/// "data: …" with an empty line behind it; `data` has no line breaks.
[[nodiscard]] std::string event(const std::string& data);

} // namespace hearth::server
