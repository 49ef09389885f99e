#include "engine/cli/arguments.h"
#include "engine/base/rate_text.h"

#include <array>
#include <charconv>
#include <cstdio>

#include <CLI/CLI.hpp>

#include "engine/cli/error_text.h"
#include "engine/cli/sizes.h"
#include "engine/cli/terminal.h"
#include "engine/runtime/prefix_cache.h"
#include "engine/runtime/speculation.h"
#include "engine/workbench/guide.h"

namespace hearth::cli {

void ModelArguments::addTo(CLI::App& command, Choice choice) {
    auto* file = command.add_option("-m,--model", model, "The GGUF file (any file of a split set)");
    if (choice == Choice::Required)
        file->required();
    else if (choice == Choice::GuideByDefault)
        file->description("The GGUF file (any file of a split set); without it, the small built-in Guide");
    command.add_option("-t,--threads", threads, "Threads; 0 = one per physical core")
        ->check(CLI::Range(0, 1024));
    command.add_option("-c,--context", context, "Context in tokens; 0 = the model's, at most 8192");
    command.add_option("--kv", kv, "Type of cached keys and values: f16, or q8_0 for half the memory")
        ->check(CLI::IsMember({"f16", "q8_0"}))
        ->capture_default_str();
    command.add_flag("--ignore-memory", ignoreMemory, "Load even when the memory does not seem to suffice");
    caller.addTo(command);
}

Result<void> ModelArguments::useGuideWithoutModel() {
    if (model.empty()) {
        HEARTH_TRY(model, workbench::findGuide());
    }
    return {};
}

runtime::LoadOptions ModelArguments::loadOptions() const {
    runtime::LoadOptions options;
    options.contextTokens = context;
    options.kvType = kv == "q8_0" ? kernels::KvType::Q8_0 : kernels::KvType::F16;
    options.checkMemory = !ignoreMemory;
    return options;
}

Result<Engine> loadEngine(const ModelArguments& arguments, std::stop_token stop,
                          std::shared_ptr<ModelGate> gate) {
    Engine engine;
    engine.gate = gate ? std::move(gate) : std::make_shared<ModelGate>(arguments.caller);
    HEARTH_CHECK(engine.gate->mayUse(arguments.model));
    engine.pool = std::make_unique<ThreadPool>(arguments.threads);
    runtime::LoadOptions options = arguments.loadOptions();
    HEARTH_TRY(options.bytes, engine.gate->bytesOf(arguments.model, stop, progressLine("opening")));
    clearProgressLine();
    auto model = runtime::LoadedModel::load(arguments.model, *engine.pool, options, std::move(stop),
                                            progressLine("loading " + arguments.model.filename().string()));
    clearProgressLine();
    if (!model)
        return tl::unexpected<Error>(std::move(model).error());
    engine.model = std::move(*model);
    return engine;
}

void GenerationArguments::addTo(CLI::App& command) {
    auto& s = params.sampling;
    const auto option = [&](const char* name, auto& field, const char* help) {
        command.add_option(name, field, help)->capture_default_str()->group("Sampling");
    };
    command
        .add_option("-n,--max-tokens", params.maxTokens, "At most this many new tokens; -1 = until the end")
        ->capture_default_str();
    command.add_option("--stop", params.stopStrings, "Stop when this text comes; may be given several times")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command.add_option("--context-policy", contextPolicy, "At a full context: stop, or drop-oldest turns")
        ->check(CLI::IsMember({"stop", "drop-oldest"}))
        ->capture_default_str();
    command
        .add_option("--draft", params.draftTokens,
                    "Guess up to this many tokens ahead (faster, the same text); 0 = never")
        ->check(CLI::Range(std::size_t{0}, runtime::kMaxDraft))
        ->capture_default_str();
    command.add_option("--draft-model", draftModel,
                       "Guess with this smaller model of the same vocabulary, not from the text so far");
    command.add_option(
        "--prefix-cache", prefixCache,
        "Keep evaluated beginnings of prompts in this folder and find them again in later runs; its "
        "files hold what the prompts say, unencrypted");
    command
        .add_option("--prefix-cache-size", prefixCacheSize, "The folder's limit; the longest unused go first")
        ->capture_default_str();
    command.add_flag("--no-loop-detection", noLoopDetection, "Do not stop endless repetition");
    command.add_flag("--no-thinking", noThinking, "Ask the chat template for an answer without reasoning");
    option("--temperature", s.temperature, "0 = always the likeliest token");
    option("--top-k", s.topK, "Only the K likeliest; 0 = off");
    option("--top-p", s.topP, "Only the likeliest that sum to P; 1 = off");
    option("--min-p", s.minP, "Only those at least P times as likely as the likeliest; 0 = off");
    option("--typical-p", s.typicalP, "Only the most typical that sum to P; 1 = off");
    option("--repeat-penalty", s.repetitionPenalty, "Divides the chance of what came already; 1 = off");
    option("--frequency-penalty", s.frequencyPenalty, "Per occurrence so far; 0 = off");
    option("--presence-penalty", s.presencePenalty, "Once for what came already; 0 = off");
    option("--penalty-window", s.penaltyWindow, "How far back penalties look; -1 = everything");
    option("--dry-multiplier", s.dryMultiplier, "Penalty for repeated sequences; 0 = off");
    option("--dry-base", s.dryBase, "Growth of that penalty per token");
    option("--dry-allowed-length", s.dryAllowedLength, "Repeated sequences up to this length are free");
    command.add_flag("--mirostat", s.mirostat, "Mirostat 2 in place of top-k, top-p, min-p and typical")
        ->group("Sampling");
    option("--mirostat-tau", s.mirostatTau, "Surprise that mirostat aims for");
    option("--mirostat-eta", s.mirostatEta, "How fast mirostat adapts");
    option("--seed", s.seed, "The same seed gives the same text; 0 = a new one each time");
    command
        .add_option("--logit-bias", logitBias,
                    "ID=BIAS, added to a token's logit; may be given several times")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group("Sampling");
    command.footer(
        "Order of sampling: logit bias; repetition, frequency and presence penalties; DRY; top-k; typical;\n"
        "top-p; min-p; temperature; draw. With mirostat: penalties, temperature, mirostat.\n");
}

Result<runtime::GenerationParams> GenerationArguments::resolve() const {
    runtime::GenerationParams out = params;
    for (const auto& entry : logitBias) {
        const auto equals = entry.find('=');
        sampling::TokenId id = 0;
        float bias = 0;
        const char* const end = entry.data() + entry.size();
        const bool good =
            equals != std::string::npos &&
            std::from_chars(entry.data(), entry.data() + equals, id).ptr == entry.data() + equals &&
            std::from_chars(entry.data() + equals + 1, end, bias).ptr == end && equals > 0 &&
            equals + 1 < entry.size();
        if (!good)
            return fail("usage.bad_logit_bias",
                        "a logit bias is written as ID=BIAS, for example 13=-2.5, not as \"" + entry + "\"");
        out.sampling.logitBias[id] = bias;
    }
    out.detectLoops = !noLoopDetection;
    out.enableThinking = !noThinking;
    out.contextPolicy =
        contextPolicy == "drop-oldest" ? runtime::ContextPolicy::DropOldest : runtime::ContextPolicy::Stop;
    HEARTH_CHECK(out.sampling.validate());
    return out;
}

Result<void> useDraftModel(const GenerationArguments& generation, const ModelArguments& model,
                           const Engine& engine, runtime::Session& session, std::stop_token stop) {
    if (generation.draftModel.empty())
        return {};
    HEARTH_CHECK(engine.gate->mayUse(generation.draftModel));
    runtime::LoadOptions options = model.loadOptions();
    options.contextTokens = session.contextTokens();
    auto draft =
        runtime::LoadedModel::load(generation.draftModel, *engine.pool, options, std::move(stop),
                                   progressLine("loading " + generation.draftModel.filename().string()));
    clearProgressLine();
    if (!draft)
        return tl::unexpected<Error>(std::move(draft).error());
    return session.setDraftModel(std::move(*draft));
}

Result<void> usePrefixCache(const GenerationArguments& generation, const Engine& engine,
                            runtime::Session& session) {
    if (generation.prefixCache.empty())
        return {};
    runtime::PrefixCacheOptions options;
    options.folder = generation.prefixCache;
    HEARTH_TRY(options.maxBytes, parseSize(generation.prefixCacheSize));
    HEARTH_TRY(auto cache, runtime::PrefixCache::open(*engine.model, options));
    session.setPrefixCache(std::move(cache));
    return {};
}

void noteProblems(const runtime::GenerationResult& result) {
    if (result.notKept)
        note("hearthctl: the prompt was not kept on disk: " + errorText(*result.notKept));
}

std::string statsText(const runtime::GenerationStats& stats) {
    std::array<char, 200> text{};
    const auto fresh = static_cast<double>(stats.promptTokens - stats.reusedTokens);
    std::snprintf(text.data(), text.size(),
                  "%zu tokens, %s tokens/s, first token after %.2f s, prompt %zu (%zu reused) at %s tokens/s",
                  stats.generatedTokens, rateText(stats.tokensPerSecond()).c_str(), stats.firstTokenSeconds,
                  stats.promptTokens, stats.reusedTokens,
                  rateText(stats.promptSeconds > 0 ? fresh / stats.promptSeconds : 0).c_str());
    std::string out = text.data();
    if (stats.restoredTokens > 0)
        out += ", " + std::to_string(stats.restoredTokens) + " from disk";
    if (stats.draftedTokens > 0)
        out += ", " + std::to_string(stats.acceptedDrafts) + " of " + std::to_string(stats.draftedTokens) +
               " guesses came true";
    return out;
}

std::string stopText(runtime::StopReason reason) {
    switch (reason) {
    case runtime::StopReason::MaxTokens:
        return "reached --max-tokens";
    case runtime::StopReason::Context:
        return "the context is full";
    case runtime::StopReason::Cancelled:
        return "stopped";
    case runtime::StopReason::Loop:
        return "ended an endless repetition";
    case runtime::StopReason::EndOfTurn:
    case runtime::StopReason::StopString:
        break;
    }
    return "";
}

} // namespace hearth::cli
