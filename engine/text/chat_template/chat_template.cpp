#include "engine/text/chat_template/chat_template.h"

#include <algorithm>
#include <new>

#include <nlohmann/json.hpp>

#include "engine/text/chat_template/jinja/evaluator.h"
#include "engine/text/chat_template/jinja/parser.h"
#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/unicode.h"
#include "engine/text/chat_template/message_values.h"

namespace hearth::text {

struct ChatTemplate::Impl {
    std::string source;
    TemplateLimits limits;
    jinja::Program program;
};

namespace {

// Beyond this the counts of nesting could let the evaluator exhaust a thread's stack.
constexpr std::size_t kMaximumDepth = 250;

/// The module's border: what the interpreter raises becomes an error.
template <class Work>
auto guarded(Work&& work) -> Result<decltype(work())> {
    try {
        return work();
    } catch (jinja::Fault& fault) {
        return tl::unexpected<Error>(std::move(fault.error));
    } catch (const std::bad_alloc&) {
        return tl::unexpected<Error>(
            Error{"template.limit", "there is not enough memory for the template"}.with("limit", "memory"));
    }
}

} // namespace

ChatTemplate::ChatTemplate() = default;
ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;
ChatTemplate& ChatTemplate::operator=(ChatTemplate&&) noexcept = default;
ChatTemplate::~ChatTemplate() = default;

Result<ChatTemplate> ChatTemplate::parse(std::string_view source, TemplateLimits limits) {
    limits.depth = std::min(limits.depth, kMaximumDepth);
    return guarded([&] {
        if (source.empty())
            throw jinja::Fault{Error{"template.empty", "the template is empty"}};
        if (source.size() > limits.sourceBytes)
            jinja::limitFault("source", limits.sourceBytes);
        if (!jinja::isValidUtf8(source))
            throw jinja::Fault{Error{"template.encoding", "the template is not valid UTF-8"}};
        if (const std::size_t nul = source.find('\0'); nul != std::string_view::npos)
            throw jinja::Fault{Error{"template.encoding", "the template contains a NUL character", nul}};
        auto impl = std::make_unique<Impl>();
        impl->source = source;
        impl->limits = limits;
        impl->program = jinja::Parser(jinja::tokenize(source), limits.depth).parse();
        ChatTemplate made;
        made.m_impl = std::move(impl);
        return made;
    });
}

Result<std::string> ChatTemplate::render(const TemplateInput& input) const {
    return guarded([&] {
        jinja::Run run(m_impl->limits, input.now);
        jinja::Evaluator evaluator(m_impl->program, run);
        defineVariables(run, evaluator, input);
        return evaluator.render();
    });
}

const std::string& ChatTemplate::source() const {
    return m_impl->source;
}

bool ChatTemplate::mentions(std::string_view variable) const {
    const jinja::Program& program = m_impl->program;
    const auto found = std::find(program.names.begin(), program.names.end(), variable);
    return found != program.names.end() &&
           program.loaded[static_cast<std::size_t>(found - program.names.begin())];
}

std::string_view defaultChatTemplate() {
    return "{%- for message in messages %}\n"
           "    {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}\n"
           "{%- endfor %}\n"
           "{%- if add_generation_prompt %}\n"
           "    {{- '<|im_start|>assistant\\n' }}\n"
           "{%- endif %}\n";
}

} // namespace hearth::text
