#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/text/chat_template/chat_template.h"

namespace hearth::text::jinja {

enum class TokenKind : std::uint8_t {
    Data,
    VariableBegin,
    VariableEnd,
    BlockBegin,
    BlockEnd,
    Name,
    String,
    Integer,
    Float,
    Operator,
    End,
};

struct Token {
    TokenKind kind = TokenKind::End;
    std::uint32_t offset = 0; ///< byte in the source, its line ends made one '\n'
    std::string text;         ///< data and strings unescaped, names and operators as written
    std::int64_t integer = 0;
    double real = 0;

    [[nodiscard]] bool isOperator(std::string_view symbol) const {
        return kind == TokenKind::Operator && text == symbol;
    }
    [[nodiscard]] bool isName(std::string_view name) const { return kind == TokenKind::Name && text == name; }
};

/// Splits a template into tokens, with whitespace control, trim_blocks and lstrip_blocks applied. The last
/// token is End. `source` is valid UTF-8. Raises template.syntax and template.encoding faults.
[[nodiscard]] std::vector<Token> tokenize(std::string_view source);

} // namespace hearth::text::jinja
