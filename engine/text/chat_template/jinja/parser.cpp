#include "engine/text/chat_template/jinja/parser.h"

#include "engine/text/chat_template/jinja/fault.h"

namespace hearth::text::jinja {

namespace {

std::string describe(const Token& token) {
    switch (token.kind) {
    case TokenKind::Data:
        return "template text";
    case TokenKind::VariableBegin:
        return "'{{'";
    case TokenKind::VariableEnd:
        return "'}}'";
    case TokenKind::BlockBegin:
        return "'{%'";
    case TokenKind::BlockEnd:
        return "'%}'";
    case TokenKind::End:
        return "the end of the template";
    case TokenKind::String:
        return "a string";
    default:
        return "'" + token.text + "'";
    }
}

} // namespace

Parser::Parser(std::vector<Token> tokens, std::size_t maximumDepth)
    : m_tokens(std::move(tokens)), m_maximumDepth(maximumDepth) {}

Parser::Level::Level(Parser& parser) : m_parser(parser) {
    if (++m_parser.m_depth > m_parser.m_maximumDepth)
        limitFault("depth", m_parser.m_maximumDepth, m_parser.current().offset);
}

Program Parser::parse() {
    m_program.body = parseBody({});
    if (!m_unknown.empty())
        syntaxFault(m_unknown[0].why, "there is no filter or test named '" + m_unknown[0].name + "'",
                    m_unknown[0].offset);
    return std::move(m_program);
}

Token Parser::next() {
    Token token = m_tokens[m_at];
    if (m_at + 1 < m_tokens.size())
        ++m_at;
    return token;
}

bool Parser::skipOperator(std::string_view symbol) {
    const bool there = current().isOperator(symbol);
    if (there)
        static_cast<void>(next());
    return there;
}

bool Parser::skipName(std::string_view name) {
    const bool there = current().isName(name);
    if (there)
        static_cast<void>(next());
    return there;
}

void Parser::expectOperator(std::string_view symbol) {
    if (!skipOperator(symbol))
        unexpected(("'" + std::string(symbol) + "'").c_str());
}

void Parser::expect(TokenKind kind, const char* what) {
    if (current().kind != kind)
        unexpected(what);
    static_cast<void>(next());
}

std::string Parser::expectName() {
    if (current().kind != TokenKind::Name)
        unexpected("a name");
    return next().text;
}

void Parser::unexpected(const char* wanted) const {
    syntaxFault(current().kind == TokenKind::End ? reason::kUnclosed : reason::kUnexpected,
                "expected " + std::string(wanted) + ", found " + describe(current()), current().offset);
}

NameId Parser::intern(const std::string& name) {
    const auto [found, fresh] = m_ids.emplace(name, static_cast<NameId>(m_program.names.size()));
    if (fresh) {
        m_program.names.push_back(name);
        m_program.loaded.push_back(false);
    }
    return found->second;
}

Value Parser::text(std::string content) {
    return Value::string(std::make_shared<const Text>(std::move(content), nullptr));
}

void Parser::noteUnknown(const char* why, const std::string& name, std::uint32_t offset) {
    if (!m_soft)
        m_unknown.push_back({why, name, offset});
}

} // namespace hearth::text::jinja
