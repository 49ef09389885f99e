#include "engine/server/api_answer.h"

#include <nlohmann/json.hpp>

namespace hearth::server {

namespace {

using nlohmann::ordered_json;

std::string dump(const ordered_json& value) {
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

const char* finishOf(runtime::StopReason reason) {
    switch (reason) {
    case runtime::StopReason::MaxTokens:
    case runtime::StopReason::Context:
        return "length";
    case runtime::StopReason::EndOfTurn:
    case runtime::StopReason::StopString:
    case runtime::StopReason::Cancelled:
    case runtime::StopReason::Loop:
        break;
    }
    return "stop";
}

ordered_json usageOf(std::span<const runtime::GenerationResult> results) {
    std::size_t generated = 0, reasoning = 0;
    for (const auto& result : results) {
        generated += result.stats.generatedTokens;
        reasoning += result.stats.reasoningTokens;
    }
    const std::size_t prompt = results.empty() ? 0 : results.front().stats.promptTokens;
    const std::size_t reused = results.empty() ? 0 : results.front().stats.reusedTokens;
    return {{"prompt_tokens", prompt},
            {"completion_tokens", generated},
            {"total_tokens", prompt + generated},
            {"prompt_tokens_details", {{"cached_tokens", reused}}},
            {"completion_tokens_details", {{"reasoning_tokens", reasoning}}}};
}

ordered_json frame(const std::string& id, const char* object, std::int64_t created,
                   const std::string& model) {
    return {{"id", id}, {"object", object}, {"created", created}, {"model", model}};
}

ordered_json entryOf(const workbench::ServedModel& model) {
    return {
        {"id", model.id}, {"object", "model"}, {"created", model.createdMs / 1000}, {"owned_by", "hearth"}};
}

} // namespace

ApiAnswer::ApiAnswer(ApiKind kind, std::string id, std::string model, std::int64_t created, bool includeUsage)
    : m_kind(kind), m_id(std::move(id)), m_model(std::move(model)), m_created(created),
      m_includeUsage(includeUsage) {}

std::string ApiAnswer::whole(std::span<const runtime::GenerationResult> results) const {
    const bool chat = m_kind == ApiKind::Chat;
    ordered_json out = frame(m_id, chat ? "chat.completion" : "text_completion", m_created, m_model);
    out["choices"] = ordered_json::array();
    for (std::size_t i = 0; i < results.size(); ++i) {
        ordered_json choice{{"index", i}};
        if (chat) {
            choice["message"] = {{"role", "assistant"}, {"content", results[i].answer}};
            if (!results[i].reasoning.empty())
                choice["message"]["reasoning_content"] = results[i].reasoning;
        } else {
            choice["text"] = results[i].answer;
        }
        choice["logprobs"] = nullptr;
        choice["finish_reason"] = finishOf(results[i].stop);
        out["choices"].push_back(std::move(choice));
    }
    out["usage"] = usageOf(results);
    return dump(out);
}

namespace {

ordered_json choiceOf(ApiKind kind, std::size_t answer, ordered_json delta, ordered_json finish) {
    ordered_json choice{{"index", answer}};
    if (kind == ApiKind::Chat)
        choice["delta"] = std::move(delta);
    else
        choice["text"] = std::move(delta);
    choice["logprobs"] = nullptr;
    choice["finish_reason"] = std::move(finish);
    return choice;
}

} // namespace

std::string event(const std::string& data) {
    return "data: " + data + "\n\n";
}

std::string ApiAnswer::opening(std::size_t answer) const {
    if (m_kind != ApiKind::Chat)
        return {};
    ordered_json out = frame(m_id, "chat.completion.chunk", m_created, m_model);
    out["choices"] =
        ordered_json::array({choiceOf(m_kind, answer, {{"role", "assistant"}, {"content", ""}}, nullptr)});
    if (m_includeUsage)
        out["usage"] = nullptr;
    return event(dump(out));
}

std::string ApiAnswer::piece(std::size_t answer, const runtime::Piece& piece) const {
    if (piece.text.empty())
        return {};
    const bool chat = m_kind == ApiKind::Chat;
    ordered_json out = frame(m_id, chat ? "chat.completion.chunk" : "text_completion", m_created, m_model);
    ordered_json delta = piece.text;
    if (chat)
        delta = ordered_json{
            {piece.kind == runtime::PieceKind::Reasoning ? "reasoning_content" : "content", piece.text}};
    out["choices"] = ordered_json::array({choiceOf(m_kind, answer, std::move(delta), nullptr)});
    if (m_includeUsage)
        out["usage"] = nullptr;
    return event(dump(out));
}

std::string ApiAnswer::closing(std::span<const runtime::GenerationResult> results) const {
    const bool chat = m_kind == ApiKind::Chat;
    const char* object = chat ? "chat.completion.chunk" : "text_completion";
    std::string text;
    for (std::size_t i = 0; i < results.size(); ++i) {
        ordered_json out = frame(m_id, object, m_created, m_model);
        out["choices"] = ordered_json::array({choiceOf(
            m_kind, i, chat ? ordered_json::object() : ordered_json(""), finishOf(results[i].stop))});
        if (m_includeUsage)
            out["usage"] = nullptr;
        text += event(dump(out));
    }
    if (m_includeUsage) {
        ordered_json out = frame(m_id, object, m_created, m_model);
        out["choices"] = ordered_json::array();
        out["usage"] = usageOf(results);
        text += event(dump(out));
    }
    return text + event("[DONE]");
}

std::string modelList(const std::vector<workbench::ServedModel>& models) {
    ordered_json out{{"object", "list"}, {"data", ordered_json::array()}};
    for (const auto& model : models)
        out["data"].push_back(entryOf(model));
    return dump(out);
}

std::string modelEntry(const workbench::ServedModel& model) {
    return dump(entryOf(model));
}

} // namespace hearth::server
