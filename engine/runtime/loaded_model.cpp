#include "engine/runtime/loaded_model.h"

#include <algorithm>

#include "engine/base/available_memory.h"
#include "engine/base/log.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/model/model.h"
#include "engine/runtime/prompt.h"

namespace hearth::runtime {

namespace {

constexpr std::size_t kDefaultContext = 8192;

std::size_t resolveContext(std::size_t wanted, const model::ModelConfig& config) {
    return std::min(wanted ? wanted : kDefaultContext, config.trainedContext);
}

struct Template {
    text::ChatTemplate compiled;
    bool own = false;
    std::optional<Error> problem;
};

/// The file's template, or the stated default when there is none or it cannot be understood: a model with a
/// broken template is still a model.
Result<Template> readTemplate(const format::GgufFile& file, const std::string& own) {
    std::optional<Error> problem;
    const auto source = own.empty() ? file.getString("tokenizer.chat_template") : std::string_view(own);
    if (source && !source->empty()) {
        auto parsed = text::ChatTemplate::parse(*source);
        if (parsed)
            return Template{std::move(*parsed), true, std::nullopt};
        problem = std::move(parsed).error();
        log(LogLevel::Warning, "runtime", "the model's chat template is not usable: " + problem->message());
    }
    HEARTH_TRY(auto parsed, text::ChatTemplate::parse(text::defaultChatTemplate()));
    return Template{std::move(parsed), false, std::move(problem)};
}

Result<MemoryNeed> memoryNeed(const model::ModelConfig& config, std::uint64_t weights,
                              const LoadOptions& options) {
    const auto cache = model::KvCache::bytesFor(
        config, {.context = options.contextTokens, .type = options.kvType, .batch = kMaxBatch});
    if (!cache)
        return fail("model.bad_value", "the KV cache's size does not fit 64 bits");
    MemoryNeed need;
    need.weights = weights;
    need.kvCache = *cache;
    need.buffers =
        model::Model::bufferBytes(config, options.contextTokens, std::min(kMaxBatch, options.contextTokens));
    return need;
}

Result<void> checkMemory(const MemoryNeed& need) {
    if (need.total() <= need.available)
        return {};
    return tl::unexpected<Error>(
        Error{"memory.not_enough", "the model needs " + std::to_string(need.total()) + " bytes, " +
                                       std::to_string(need.available) + " are available"}
            .with("needed_bytes", std::to_string(need.total()))
            .with("weights_bytes", std::to_string(need.weights))
            .with("kv_bytes", std::to_string(need.kvCache))
            .with("buffer_bytes", std::to_string(need.buffers))
            .with("available_bytes", std::to_string(need.available)));
}

} // namespace

namespace {

/// A full prompt batch: taken while loading, so that a short memory is an error here and never later.
kernels::Compute::Limits largestStep(const model::ModelConfig& config, std::size_t context) {
    return {.tokens = std::min(kMaxBatch, context),
            .cols = std::max({config.dim, config.feedForward, config.expertFeedForward,
                              config.heads * std::max(config.headDim, config.valueDim)}),
            .heads = config.heads,
            .kvHeads = config.kvHeads,
            .keyDim = config.headDim,
            .valueDim = config.valueDim,
            .positions = context};
}

} // namespace

struct LoadedModel::Impl {
    std::filesystem::path path;
    LoadOptions options;
    format::GgufFile file; // weights may refer to its map
    std::unique_ptr<const text::Tokenizer> tokenizer;
    Template chatTemplate;
    MemoryNeed memory;
    std::unique_ptr<kernels::Compute> compute;
    std::unique_ptr<model::Model> model;
    std::unique_ptr<PromptBuilder> prompts;
};

Result<std::shared_ptr<LoadedModel>> LoadedModel::load(const std::filesystem::path& path, ThreadPool& pool,
                                                       const LoadOptions& options, std::stop_token stop,
                                                       const ProgressSink& progress) {
    if (progress)
        progress({"load.open", 0, 0});
    HEARTH_TRY(auto file,
               options.bytes ? format::GgufFile::parse(*options.bytes) : format::GgufFile::open(path));
    HEARTH_TRY(auto config, model::ModelConfig::fromGguf(file));
    HEARTH_TRY(const std::uint64_t weightBytes, model::Model::check(config, file));
    HEARTH_TRY(auto tokenizer, text::Tokenizer::fromGguf(file));
    HEARTH_TRY(auto chatTemplate, readTemplate(file, options.chatTemplate));
    LoadOptions resolved = options;
    resolved.contextTokens = resolveContext(options.contextTokens, config);
    HEARTH_TRY(MemoryNeed memory, memoryNeed(config, weightBytes, resolved));
    const auto available = options.availableBytes ? options.availableBytes : availableMemory();
    memory.available = available.value_or(0);
    if (options.checkMemory && available)
        HEARTH_CHECK(checkMemory(memory));
    HEARTH_TRY(const kernels::Isa isa, kernels::chooseIsa());

    auto impl = std::make_unique<Impl>(Impl{.path = path,
                                            .options = resolved,
                                            .file = std::move(file),
                                            .tokenizer = std::move(tokenizer),
                                            .chatTemplate = std::move(chatTemplate),
                                            .memory = memory,
                                            .compute = std::make_unique<kernels::Compute>(isa, pool),
                                            .model = nullptr,
                                            .prompts = nullptr});
    HEARTH_TRY(impl->model,
               model::Model::load(std::move(config), impl->file, *impl->compute, std::move(stop), progress));
    HEARTH_CHECK(impl->model->reserve(resolved.contextTokens, std::min(kMaxBatch, resolved.contextTokens)));
    HEARTH_CHECK(impl->compute->reserve(largestStep(impl->model->config(), resolved.contextTokens)));
    impl->memory.weights = impl->model->weightBytes();
    impl->prompts = std::make_unique<PromptBuilder>(*impl->tokenizer, impl->chatTemplate.compiled);
    return std::shared_ptr<LoadedModel>(new LoadedModel(std::move(impl)));
}

LoadedModel::LoadedModel(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
LoadedModel::~LoadedModel() = default;

const model::ModelConfig& LoadedModel::config() const {
    return m_impl->model->config();
}
const text::Tokenizer& LoadedModel::tokenizer() const {
    return *m_impl->tokenizer;
}
const text::ChatTemplate& LoadedModel::chatTemplate() const {
    return m_impl->chatTemplate.compiled;
}
bool LoadedModel::hasOwnTemplate() const {
    return m_impl->chatTemplate.own;
}
const std::optional<Error>& LoadedModel::templateProblem() const {
    return m_impl->chatTemplate.problem;
}
model::Model& LoadedModel::model() {
    return *m_impl->model;
}
kernels::Compute& LoadedModel::compute() {
    return *m_impl->compute;
}
const std::filesystem::path& LoadedModel::path() const {
    return m_impl->path;
}
const LoadOptions& LoadedModel::options() const {
    return m_impl->options;
}
MemoryNeed LoadedModel::memory() const {
    return m_impl->memory;
}
std::size_t LoadedModel::vocabularySize() const {
    return m_impl->tokenizer->vocabularySize();
}
const PromptBuilder& LoadedModel::prompts() const {
    return *m_impl->prompts;
}

} // namespace hearth::runtime
