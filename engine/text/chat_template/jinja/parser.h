#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/text/chat_template/chat_template.h"
#include "engine/text/chat_template/jinja/ast.h"
#include "engine/text/chat_template/jinja/token.h"

namespace hearth::text::jinja {

/// Recursive descent over the tokens, with the grammar and the precedences of Jinja 3.1. Nesting is bounded,
/// so that neither the parser nor what walks its tree can exhaust the stack.
class Parser {
public:
    Parser(std::vector<Token> tokens, std::size_t maximumDepth);
    /// Raises template.syntax and template.limit faults.
    [[nodiscard]] Program parse();

private:
    class Level;

    // parser.cpp: tokens
    [[nodiscard]] const Token& current() const { return m_tokens[m_at]; }
    [[nodiscard]] const Token& ahead() const {
        return m_tokens[m_at + 1 < m_tokens.size() ? m_at + 1 : m_at];
    }
    Token next();
    bool skipOperator(std::string_view symbol);
    bool skipName(std::string_view name);
    void expectOperator(std::string_view symbol);
    void expect(TokenKind kind, const char* what);
    std::string expectName();
    [[noreturn]] void unexpected(const char* wanted) const;
    [[nodiscard]] NameId intern(const std::string& name);
    [[nodiscard]] static Value text(std::string content);

    // parser_statement.cpp
    using Ends = std::initializer_list<std::string_view>;
    [[nodiscard]] Body parseBody(Ends ends);
    [[nodiscard]] Body parseBlock(Ends ends);
    [[nodiscard]] bool atEnd(Ends ends) const;
    void parseStatement(Body& out);
    void parseIf(Stmt& stmt);
    void parseFor(Stmt& stmt);
    void parseSet(Stmt& stmt);
    void parseMacro(Stmt& stmt);
    void parseCallBlock(Stmt& stmt);
    void parseWith(Stmt& stmt);
    void parseMacroBody(MacroCode& macro, std::string_view end);
    [[nodiscard]] Signature parseSignature();
    [[nodiscard]] Target parseTarget(bool allowNamespace, bool endsAtIn);
    [[nodiscard]] Target parseTargetItem();
    [[nodiscard]] Body parseInnerBlock(Ends ends);

    // parser_expression.cpp
    [[nodiscard]] ExprPtr make(ExprKind kind, std::uint32_t offset) const;
    [[nodiscard]] ExprPtr finish(ExprPtr expr) const;
    [[nodiscard]] ExprPtr join(ExprKind kind, ExprPtr left, ExprPtr right, Operator op = Operator::Add) const;
    [[nodiscard]] ExprPtr parseTuple(bool withCondition = true, std::string_view endName = {},
                                     bool inParentheses = false);
    [[nodiscard]] ExprPtr parseExpression(bool withCondition = true);
    [[nodiscard]] ExprPtr parseConditional();
    [[nodiscard]] ExprPtr parseOr();
    [[nodiscard]] ExprPtr parseAnd();
    [[nodiscard]] ExprPtr parseNot();
    [[nodiscard]] ExprPtr parseCompare();
    [[nodiscard]] ExprPtr parseSum();
    [[nodiscard]] ExprPtr parseConcat();
    [[nodiscard]] ExprPtr parseProduct();
    [[nodiscard]] ExprPtr parsePower();
    [[nodiscard]] ExprPtr parseUnary(bool withFilter = true);
    [[nodiscard]] ExprPtr parsePrimary();
    [[nodiscard]] ExprPtr parseList();
    [[nodiscard]] ExprPtr parseDict();
    [[nodiscard]] ExprPtr parsePostfix(ExprPtr expr);
    [[nodiscard]] ExprPtr parseFilterOrTest(ExprPtr expr);
    [[nodiscard]] ExprPtr parseSubscript(ExprPtr expr);
    [[nodiscard]] ExprPtr parseCall(ExprPtr expr);
    [[nodiscard]] ExprPtr parseFilter(ExprPtr expr, bool startInline = false);
    [[nodiscard]] ExprPtr parseTest(ExprPtr expr);
    [[nodiscard]] std::unique_ptr<CallParts> parseArguments();
    [[nodiscard]] std::string parseDottedName();
    void noteUnknown(const char* why, const std::string& name, std::uint32_t offset);

    struct Unknown {
        const char* why;
        std::string name;
        std::uint32_t offset;
    };
    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    std::size_t m_depth = 0;
    const std::size_t m_maximumDepth;
    std::size_t m_loops = 0;
    bool m_soft =
        false; ///< inside an if: unknown filters are reported when reached, as a template may test for them
    std::vector<Unknown> m_unknown;
    std::vector<MacroCode*> m_macros; ///< those around the current place
    Program m_program;
    std::unordered_map<std::string, NameId> m_ids;
};

/// Counts one level of nesting while it lives.
class Parser::Level {
public:
    explicit Level(Parser& parser);
    ~Level() { --m_parser.m_depth; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

private:
    Parser& m_parser;
};

} // namespace hearth::text::jinja
