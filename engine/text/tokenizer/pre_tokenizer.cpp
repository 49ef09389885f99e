#include "engine/text/tokenizer/pre_tokenizer.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <string>
#include <utility>

#include "engine/text/tokenizer/utf8.h"

namespace hearth::text {

namespace {

template <auto Free>
struct PcreDelete {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using Code = std::unique_ptr<pcre2_code, PcreDelete<pcre2_code_free>>;
using CompileContext = std::unique_ptr<pcre2_compile_context, PcreDelete<pcre2_compile_context_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, PcreDelete<pcre2_match_context_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, PcreDelete<pcre2_match_data_free>>;
using JitStack = std::unique_ptr<pcre2_jit_stack, PcreDelete<pcre2_jit_stack_free>>;

/// Steps back that one match may take. The expressions step back at most once for each character of a word,
/// so this admits words of tens of megabytes, and stops an expression that explodes within a second.
constexpr std::uint32_t kMatchLimit = 100'000'000;
/// Memory of one match: in the interpreter, and of the compiled matcher.
constexpr std::uint32_t kHeapLimitKib = 256 * 1024;
constexpr std::size_t kFirstJitStack = 64 * 1024, kLargestJitStack = std::size_t{128} << 20;

/// `\s` means the characters with the property White_Space, as in the libraries for which the expressions
/// were written; PCRE2's own `\s` adds U+180E.
std::string withWhiteSpace(std::string_view expression) {
    std::string out;
    for (std::size_t i = 0; i < expression.size(); ++i) {
        if (expression[i] != '\\' || i + 1 == expression.size()) {
            out.push_back(expression[i]);
            continue;
        }
        const char kind = expression[++i];
        if (kind == 's')
            out.append("\\p{White_Space}");
        else if (kind == 'S')
            out.append("\\P{White_Space}");
        else
            out.append({'\\', kind});
    }
    return out;
}

Result<Code> compileOne(const char* expression) {
    const std::string pattern = withWhiteSpace(expression);
    const CompileContext context(pcre2_compile_context_create(nullptr));
    int error = 0;
    PCRE2_SIZE offset = 0;
    Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                            PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK | PCRE2_DOLLAR_ENDONLY |
                                PCRE2_NO_AUTO_CAPTURE,
                            &error, &offset, context.get()));
    if (!code)
        return fail("tokenizer.bad_expression", "PCRE2 error " + std::to_string(error) + " in " + pattern,
                    offset);
    // Without the compiler (hardened systems forbid it) the interpreter does the same more slowly.
    pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);
    return code;
}

/// What one call of split() needs beside the expressions; confined to that call.
class Matcher {
public:
    Matcher() : m_context(pcre2_match_context_create(nullptr)) {
        if (!m_context)
            return;
        pcre2_set_match_limit(m_context.get(), kMatchLimit);
        pcre2_set_heap_limit(m_context.get(), kHeapLimitKib);
    }

    /// Finds the first match in `text` from `from` on: nullopt for none.
    Result<std::optional<std::pair<std::size_t, std::size_t>>> find(const pcre2_code* code,
                                                                    std::string_view text, std::size_t from) {
        if (!m_data)
            m_data.reset(pcre2_match_data_create(1, nullptr));
        if (!m_data || !m_context)
            return fail("tokenizer.match_limit", "no memory for matching");
        int result = match(code, text, from);
        if (result == PCRE2_ERROR_JIT_STACKLIMIT && !m_stack) {
            m_stack.reset(pcre2_jit_stack_create(kFirstJitStack, kLargestJitStack, nullptr));
            pcre2_jit_stack_assign(m_context.get(), nullptr, m_stack.get());
            result = match(code, text, from);
        }
        if (result == PCRE2_ERROR_NOMATCH)
            return std::nullopt;
        if (result < 0)
            return fail("tokenizer.match_limit",
                        "cutting the text into words took too many steps (PCRE2 error " +
                            std::to_string(result) + ")",
                        from);
        const PCRE2_SIZE* range = pcre2_get_ovector_pointer(m_data.get());
        return std::pair<std::size_t, std::size_t>{range[0], range[1]};
    }

private:
    int match(const pcre2_code* code, std::string_view text, std::size_t from) {
        return pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                           PCRE2_NO_UTF_CHECK, m_data.get(), m_context.get());
    }

    MatchContext m_context;
    MatchData m_data;
    JitStack m_stack;
};

/// Cuts `piece`, which begins at `base`, at the borders of all matches.
Result<void> cut(const pcre2_code* code, std::string_view piece, std::size_t base, Matcher& matcher,
                 std::vector<std::uint32_t>& ends) {
    const auto push = [&](std::size_t end) {
        const auto value = static_cast<std::uint32_t>(base + end);
        if (end > 0 && (ends.empty() || ends.back() < value))
            ends.push_back(value);
    };
    for (std::size_t at = 0; at < piece.size();) {
        HEARTH_TRY(const auto found, matcher.find(code, piece, at));
        if (!found)
            break;
        push(found->first);
        push(found->second);
        at = found->second;
        // No expression of the table matches nothing, but one that did must not stand still.
        if (found->first == found->second && at < piece.size())
            at += utf8Step(piece.substr(at)).length;
    }
    push(piece.size());
    return {};
}

} // namespace

struct PreTokenizer::State {
    std::vector<Code> codes;
};

PreTokenizer::PreTokenizer(std::unique_ptr<State> state) : m_state(std::move(state)) {}
PreTokenizer::PreTokenizer(PreTokenizer&&) noexcept = default;
PreTokenizer& PreTokenizer::operator=(PreTokenizer&&) noexcept = default;
PreTokenizer::~PreTokenizer() = default;

Result<PreTokenizer> PreTokenizer::compile(const PreTokenizerRule& rule) {
    auto state = std::make_unique<State>();
    for (const char* expression : rule.expressions) {
        HEARTH_TRY(Code code, compileOne(expression));
        state->codes.push_back(std::move(code));
    }
    return PreTokenizer(std::move(state));
}

Result<std::vector<std::uint32_t>> PreTokenizer::split(std::string_view text) const {
    std::vector<std::uint32_t> ends, before;
    if (text.empty())
        return ends;
    ends.push_back(static_cast<std::uint32_t>(text.size()));
    Matcher matcher;
    for (const Code& code : m_state->codes) {
        before.swap(ends);
        ends.clear();
        ends.reserve(before.size() + text.size() / 4);
        std::size_t begin = 0;
        for (const std::uint32_t end : before) {
            HEARTH_CHECK(cut(code.get(), text.substr(begin, end - begin), begin, matcher, ends));
            begin = end;
        }
    }
    return ends;
}

} // namespace hearth::text
