#include "engine/optimize/measure/evaluation_text.h"

#include <algorithm>

#include "engine/runtime/loaded_model.h"

namespace hearth::optimize {

namespace {

constexpr std::size_t kShortest = 4; // leaves one scored token

} // namespace

Result<EvaluationText> EvaluationText::prepare(const runtime::LoadedModel& model, std::string_view utf8,
                                               const TextOptions& options) {
    EvaluationText out;
    out.vocabulary = model.config().vocabulary;
    out.context = std::min(options.context, model.config().trainedContext);
    if (out.context < kShortest)
        return fail("measure.bad_context",
                    "chunks of " + std::to_string(out.context) + " tokens are too short to measure");
    const text::Tokenizer& tokenizer = model.tokenizer();
    HEARTH_TRY(out.tokens, tokenizer.encode(utf8, text::Tokenizer::Specials::Plain));
    if (out.tokens.size() < kShortest)
        return tl::unexpected<Error>(Error{
            "measure.text_too_short", "the text has only " + std::to_string(out.tokens.size()) + " tokens"}
                                         .with("needed_tokens", std::to_string(kShortest))
                                         .with("found_tokens", std::to_string(out.tokens.size())));
    out.context = std::min(out.context, out.tokens.size());
    std::size_t chunks = out.tokens.size() / out.context;
    if (options.maxChunks)
        chunks = std::min(chunks, options.maxChunks);
    out.tokens.resize(chunks * out.context);
    const auto& specials = tokenizer.specials();
    if (specials.addBos && specials.bos)
        for (std::size_t i = 0; i < chunks; ++i)
            out.tokens[i * out.context] = *specials.bos;
    return out;
}

} // namespace hearth::optimize
