#include <algorithm>

#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/parser.h"

namespace hearth::text::jinja {

namespace {

constexpr std::string_view kUnsupportedTags[] = {"include", "import",     "from", "extends",
                                                 "block",   "autoescape", "do"};

std::string listed(std::initializer_list<std::string_view> names) {
    std::string out;
    for (const std::string_view name : names)
        out += (out.empty() ? "'" : " or '") + std::string(name) + "'";
    return out;
}

} // namespace

bool Parser::atEnd(Ends ends) const {
    return std::any_of(ends.begin(), ends.end(),
                       [&](std::string_view name) { return current().isName(name); });
}

/// Up to one of the tags in `ends`, whose name is then the current token; without any, to the end of the
/// template.
Body Parser::parseBody(Ends ends) {
    const Level level(*this);
    Body body;
    for (;;) {
        switch (current().kind) {
        case TokenKind::Data: {
            auto stmt = std::make_unique<Stmt>();
            stmt->kind = StmtKind::Text;
            stmt->offset = current().offset;
            stmt->text = next().text;
            body.push_back(std::move(stmt));
            break;
        }
        case TokenKind::VariableBegin: {
            auto stmt = std::make_unique<Stmt>();
            stmt->kind = StmtKind::Print;
            stmt->offset = next().offset;
            stmt->values.push_back(parseTuple());
            expect(TokenKind::VariableEnd, "'}}'");
            body.push_back(std::move(stmt));
            break;
        }
        case TokenKind::BlockBegin:
            static_cast<void>(next());
            if (atEnd(ends))
                return body;
            parseStatement(body);
            expect(TokenKind::BlockEnd, "'%}'");
            break;
        default:
            if (ends.size())
                syntaxFault(reason::kUnclosed, "the template ends where " + listed(ends) + " is missing",
                            current().offset);
            return body;
        }
    }
}

/// What follows the opening tag's expressions: its end, and the body up to one of `ends`.
Body Parser::parseBlock(Ends ends) {
    skipOperator(":");
    expect(TokenKind::BlockEnd, "'%}'");
    return parseBody(ends);
}

/// A body that is a frame of its own in Jinja: unknown filters in it are reported at once.
Body Parser::parseInnerBlock(Ends ends) {
    const bool soft = std::exchange(m_soft, false);
    Body body = parseBlock(ends);
    m_soft = soft;
    return body;
}

void Parser::parseStatement(Body& out) {
    const Level level(*this);
    auto stmt = std::make_unique<Stmt>();
    stmt->offset = current().offset;
    if (current().kind != TokenKind::Name)
        unexpected("the name of a tag");
    const std::string tag = next().text;
    if (tag == "if")
        parseIf(*stmt);
    else if (tag == "for")
        parseFor(*stmt);
    else if (tag == "set")
        parseSet(*stmt);
    else if (tag == "macro")
        parseMacro(*stmt);
    else if (tag == "call")
        parseCallBlock(*stmt);
    else if (tag == "with")
        parseWith(*stmt);
    else if (tag == "print") {
        stmt->kind = StmtKind::Print;
        while (current().kind != TokenKind::BlockEnd) {
            if (!stmt->values.empty())
                expectOperator(",");
            stmt->values.push_back(parseExpression());
        }
    } else if (tag == "filter") {
        stmt->kind = StmtKind::FilterBlock;
        stmt->values.push_back(parseFilter(make(ExprKind::Input, stmt->offset), true));
        stmt->body = parseInnerBlock({"endfilter"});
        static_cast<void>(next());
    } else if (tag == "generation") { // Hugging Face's mark for what the model wrote; renders what is inside
        stmt->kind = StmtKind::Scope;
        stmt->body = parseInnerBlock({"endgeneration"});
        static_cast<void>(next());
    } else if (tag == "break" || tag == "continue") {
        if (m_loops == 0)
            syntaxFault(reason::kUnexpected, "'" + tag + "' outside of a loop", stmt->offset);
        stmt->kind = tag == "break" ? StmtKind::Break : StmtKind::Continue;
    } else if (std::find(std::begin(kUnsupportedTags), std::end(kUnsupportedTags), tag) !=
               std::end(kUnsupportedTags))
        syntaxFault(reason::kUnsupported, "the tag '" + tag + "' is not supported", stmt->offset);
    else
        syntaxFault(reason::kUnknownTag, "unknown tag '" + tag + "'", stmt->offset);
    out.push_back(std::move(stmt));
}

void Parser::parseIf(Stmt& stmt) {
    stmt.kind = StmtKind::If;
    const bool soft = std::exchange(m_soft, true);
    for (;;) {
        ExprPtr test = parseTuple(false);
        Body body = parseBlock({"elif", "else", "endif"});
        stmt.branches.emplace_back(std::move(test), std::move(body));
        if (skipName("elif"))
            continue;
        if (skipName("else")) {
            stmt.body = parseBlock({"endif"});
        }
        static_cast<void>(next());
        break;
    }
    m_soft = soft;
}

void Parser::parseFor(Stmt& stmt) {
    stmt.kind = StmtKind::For;
    stmt.targets.push_back(parseTarget(false, true));
    if (!skipName("in"))
        unexpected("'in'");
    stmt.values.push_back(parseTuple(false, "recursive"));
    const bool soft = std::exchange(m_soft, false);
    stmt.values.push_back(skipName("if") ? parseExpression() : nullptr);
    if (current().isName("recursive"))
        syntaxFault(reason::kUnsupported, "recursive loops are not supported", current().offset);
    ++m_loops;
    stmt.body = parseBlock({"endfor", "else"});
    --m_loops;
    if (skipName("else"))
        stmt.otherwise = parseBlock({"endfor"});
    static_cast<void>(next());
    m_soft = soft;
}

void Parser::parseSet(Stmt& stmt) {
    stmt.targets.push_back(parseTarget(true, false));
    if (skipOperator("=")) {
        stmt.kind = StmtKind::Assign;
        stmt.values.push_back(parseTuple());
        return;
    }
    stmt.kind = StmtKind::AssignBlock;
    stmt.values.push_back(current().isOperator("|") ? parseFilter(make(ExprKind::Input, stmt.offset))
                                                    : nullptr);
    stmt.body = parseInnerBlock({"endset"});
    static_cast<void>(next());
}

Signature Parser::parseSignature() {
    Signature signature;
    expectOperator("(");
    while (!current().isOperator(")")) {
        if (!signature.names.empty())
            expectOperator(",");
        const std::uint32_t offset = current().offset;
        const Target target = parseTargetItem();
        if (target.kind != Target::Kind::Name ||
            std::find(signature.names.begin(), signature.names.end(), target.name) != signature.names.end())
            syntaxFault(reason::kUnexpected, "a parameter must be a name of its own", offset);
        if (skipOperator("="))
            signature.defaults.push_back(parseExpression());
        else if (!signature.defaults.empty())
            syntaxFault(reason::kUnexpected, "a parameter without default follows one with a default",
                        offset);
        signature.names.push_back(target.name);
    }
    expectOperator(")");
    return signature;
}

void Parser::parseMacroBody(MacroCode& macro, std::string_view end) {
    const std::size_t loops = std::exchange(m_loops, 0); // a loop around a macro is not the macro's loop
    m_macros.push_back(&macro);
    macro.body = parseInnerBlock({end});
    m_macros.pop_back();
    m_loops = loops;
    static_cast<void>(next());
}

void Parser::parseMacro(Stmt& stmt) {
    stmt.kind = StmtKind::Macro;
    stmt.macro = std::make_unique<MacroCode>();
    stmt.macro->name = parseTargetItem().name;
    stmt.macro->signature = parseSignature();
    parseMacroBody(*stmt.macro, "endmacro");
}

void Parser::parseCallBlock(Stmt& stmt) {
    stmt.kind = StmtKind::CallBlock;
    stmt.macro = std::make_unique<MacroCode>();
    stmt.macro->anonymous = true;
    if (current().isOperator("("))
        stmt.macro->signature = parseSignature();
    const std::uint32_t offset = current().offset;
    stmt.values.push_back(parseExpression());
    if (stmt.values[0]->kind != ExprKind::Call)
        syntaxFault(reason::kUnexpected, "expected a call after 'call'", offset);
    parseMacroBody(*stmt.macro, "endcall");
}

void Parser::parseWith(Stmt& stmt) {
    stmt.kind = StmtKind::With;
    while (current().kind != TokenKind::BlockEnd) {
        if (!stmt.targets.empty())
            expectOperator(",");
        stmt.targets.push_back(parseTarget(false, false));
        expectOperator("=");
        stmt.values.push_back(parseExpression());
    }
    stmt.body = parseInnerBlock({"endwith"});
    static_cast<void>(next());
}

Target Parser::parseTargetItem() {
    const Level level(*this);
    Target target;
    if (skipOperator("(")) {
        target = parseTarget(false, false);
        expectOperator(")");
        return target;
    }
    const std::uint32_t offset = current().offset;
    const std::string name = expectName();
    for (const std::string_view constant : {"true", "false", "none", "True", "False", "None"})
        if (name == constant)
            syntaxFault(reason::kUnexpected, "can't assign to '" + name + "'", offset);
    target.name = intern(name);
    return target;
}

Target Parser::parseTarget(bool allowNamespace, bool endsAtIn) {
    Target target;
    if (allowNamespace && ahead().isOperator(".")) {
        target.kind = Target::Kind::NamespaceAttribute;
        target.name = intern(expectName());
        m_program.loaded[target.name] = true;
        expectOperator(".");
        target.attribute = text(expectName());
        return target;
    }
    const auto ends = [&] {
        return current().kind == TokenKind::BlockEnd || current().isOperator(")") ||
               (endsAtIn && current().isName("in"));
    };
    target = parseTargetItem();
    if (!current().isOperator(","))
        return target;
    Target tuple;
    tuple.kind = Target::Kind::Tuple;
    tuple.parts.push_back(std::move(target));
    while (skipOperator(",") && !ends())
        tuple.parts.push_back(parseTargetItem());
    return tuple;
}

} // namespace hearth::text::jinja
