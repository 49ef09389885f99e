#include <algorithm>
#include <array>
#include <utility>

#include "engine/text/chat_template/jinja/arguments.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/parser.h"

namespace hearth::text::jinja {

ExprPtr Parser::make(ExprKind kind, std::uint32_t offset) const {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->offset = offset;
    return expr;
}

/// Works out the height; long chains such as a.b.c… nest to the left without the parser recursing.
ExprPtr Parser::finish(ExprPtr expr) const {
    const auto raise = [&](const ExprPtr& part) {
        if (part)
            expr->height = std::max(expr->height, part->height + 1);
    };
    std::for_each(expr->parts.begin(), expr->parts.end(), raise);
    if (expr->call) {
        std::for_each(expr->call->positional.begin(), expr->call->positional.end(), raise);
        for (const auto& [name, value] : expr->call->named)
            raise(value);
        raise(expr->call->star);
        raise(expr->call->doubleStar);
    }
    if (expr->height > m_maximumDepth)
        limitFault("depth", m_maximumDepth, expr->offset);
    return expr;
}

ExprPtr Parser::join(ExprKind kind, ExprPtr left, ExprPtr right, Operator op) const {
    ExprPtr expr = make(kind, left->offset);
    expr->op = op;
    expr->parts.push_back(std::move(left));
    expr->parts.push_back(std::move(right));
    return finish(std::move(expr));
}

ExprPtr Parser::parseTuple(bool withCondition, std::string_view endName, bool inParentheses) {
    const std::uint32_t offset = current().offset;
    const auto ends = [&] {
        return current().kind == TokenKind::VariableEnd || current().kind == TokenKind::BlockEnd ||
               current().isOperator(")") || (!endName.empty() && current().isName(endName));
    };
    std::vector<ExprPtr> parts;
    bool isTuple = false;
    while (!ends()) {
        parts.push_back(parseExpression(withCondition));
        if (!skipOperator(","))
            break;
        isTuple = true;
    }
    if (!isTuple && !parts.empty())
        return std::move(parts[0]);
    if (parts.empty() && !inParentheses)
        unexpected("an expression");
    ExprPtr tuple = make(ExprKind::Tuple, offset);
    tuple->parts = std::move(parts);
    return finish(std::move(tuple));
}

ExprPtr Parser::parseExpression(bool withCondition) {
    const Level level(*this);
    return withCondition ? parseConditional() : parseOr();
}

ExprPtr Parser::parseConditional() {
    const std::size_t unknown = m_unknown.size();
    ExprPtr expr = parseOr();
    while (skipName("if")) {
        ExprPtr conditional = make(ExprKind::Conditional, expr->offset);
        conditional->parts.push_back(std::move(expr));
        conditional->parts.push_back(parseOr());
        conditional->parts.push_back(skipName("else") ? parseExpression() : nullptr);
        expr = finish(std::move(conditional));
        m_unknown.resize(unknown); // in a condition they count only when reached
    }
    return expr;
}

ExprPtr Parser::parseOr() {
    ExprPtr left = parseAnd();
    while (skipName("or"))
        left = join(ExprKind::Or, std::move(left), parseAnd());
    return left;
}

ExprPtr Parser::parseAnd() {
    ExprPtr left = parseNot();
    while (skipName("and"))
        left = join(ExprKind::And, std::move(left), parseNot());
    return left;
}

ExprPtr Parser::parseNot() {
    if (!current().isName("not"))
        return parseCompare();
    const Level level(*this);
    ExprPtr expr = make(ExprKind::Not, next().offset);
    expr->parts.push_back(parseNot());
    return finish(std::move(expr));
}

ExprPtr Parser::parseCompare() {
    constexpr std::array<std::pair<std::string_view, CompareOp>, 6> symbols{
        {{"==", CompareOp::Equal},
         {"!=", CompareOp::NotEqual},
         {"<", CompareOp::Less},
         {"<=", CompareOp::LessEqual},
         {">", CompareOp::Greater},
         {">=", CompareOp::GreaterEqual}}};
    ExprPtr first = parseSum();
    ExprPtr compare;
    for (;;) {
        CompareOp op{};
        const auto* symbol = std::find_if(symbols.begin(), symbols.end(), [&](const auto& entry) {
            return current().isOperator(entry.first);
        });
        if (symbol != symbols.end()) {
            op = symbol->second;
            static_cast<void>(next());
        } else if (skipName("in"))
            op = CompareOp::In;
        else if (current().isName("not") && ahead().isName("in")) {
            static_cast<void>(next());
            static_cast<void>(next());
            op = CompareOp::NotIn;
        } else
            break;
        if (!compare) {
            compare = make(ExprKind::Compare, first->offset);
            compare->parts.push_back(std::move(first));
        }
        compare->comparisons.push_back(op);
        compare->parts.push_back(parseSum());
    }
    if (compare)
        return finish(std::move(compare));
    return first;
}

ExprPtr Parser::parseSum() {
    ExprPtr left = parseConcat();
    for (;;) {
        if (skipOperator("+"))
            left = join(ExprKind::Binary, std::move(left), parseConcat(), Operator::Add);
        else if (skipOperator("-"))
            left = join(ExprKind::Binary, std::move(left), parseConcat(), Operator::Subtract);
        else
            return left;
    }
}

ExprPtr Parser::parseConcat() {
    ExprPtr first = parseProduct();
    if (!current().isOperator("~"))
        return first;
    ExprPtr concat = make(ExprKind::Concat, first->offset);
    concat->parts.push_back(std::move(first));
    while (skipOperator("~"))
        concat->parts.push_back(parseProduct());
    return finish(std::move(concat));
}

ExprPtr Parser::parseProduct() {
    ExprPtr left = parsePower();
    for (;;) {
        if (skipOperator("*"))
            left = join(ExprKind::Binary, std::move(left), parsePower(), Operator::Multiply);
        else if (skipOperator("/"))
            left = join(ExprKind::Binary, std::move(left), parsePower(), Operator::Divide);
        else if (skipOperator("//"))
            left = join(ExprKind::Binary, std::move(left), parsePower(), Operator::FloorDivide);
        else if (skipOperator("%"))
            left = join(ExprKind::Binary, std::move(left), parsePower(), Operator::Modulo);
        else
            return left;
    }
}

ExprPtr Parser::parsePower() {
    ExprPtr left = parseUnary();
    while (skipOperator("**"))
        left = join(ExprKind::Binary, std::move(left), parseUnary(), Operator::Power);
    return left;
}

ExprPtr Parser::parseUnary(bool withFilter) {
    const Level level(*this);
    ExprPtr expr;
    if (current().isOperator("-") || current().isOperator("+")) {
        const bool minus = current().isOperator("-");
        expr = make(minus ? ExprKind::Negate : ExprKind::Plus, next().offset);
        expr->parts.push_back(parseUnary(false));
        expr = finish(std::move(expr));
    } else
        expr = parsePrimary();
    expr = parsePostfix(std::move(expr));
    return withFilter ? parseFilterOrTest(std::move(expr)) : std::move(expr);
}

ExprPtr Parser::parsePrimary() {
    const Token& token = current();
    ExprPtr expr = make(ExprKind::Constant, token.offset);
    switch (token.kind) {
    case TokenKind::Name:
        if (token.text == "true" || token.text == "True" || token.text == "false" || token.text == "False")
            expr->constant = Value::boolean(token.text[0] == 't' || token.text[0] == 'T');
        else if (token.text == "none" || token.text == "None")
            expr->constant = Value::none();
        else {
            expr->kind = ExprKind::Name;
            expr->name = intern(token.text);
            m_program.loaded[expr->name] = true;
            for (MacroCode* macro : m_macros) {
                macro->usesCaller |= token.text == "caller";
                macro->usesKwargs |= token.text == "kwargs";
                macro->usesVarargs |= token.text == "varargs";
            }
        }
        static_cast<void>(next());
        return expr;
    case TokenKind::String: {
        std::string content;
        while (current().kind == TokenKind::String)
            content += next().text;
        expr->constant = text(std::move(content));
        return expr;
    }
    case TokenKind::Integer:
        expr->constant = Value::integer(next().integer);
        return expr;
    case TokenKind::Float:
        expr->constant = Value::real(next().real);
        return expr;
    default:
        break;
    }
    if (skipOperator("(")) {
        expr = parseTuple(true, {}, true);
        expectOperator(")");
        return expr;
    }
    if (token.isOperator("["))
        return parseList();
    if (token.isOperator("{"))
        return parseDict();
    unexpected("an expression");
}

ExprPtr Parser::parseList() {
    ExprPtr list = make(ExprKind::List, next().offset);
    while (!current().isOperator("]")) {
        list->parts.push_back(parseExpression());
        if (!current().isOperator("]"))
            expectOperator(",");
    }
    expectOperator("]");
    return finish(std::move(list));
}

ExprPtr Parser::parseDict() {
    ExprPtr dict = make(ExprKind::Dict, next().offset);
    while (!current().isOperator("}")) {
        dict->parts.push_back(parseExpression());
        expectOperator(":");
        dict->parts.push_back(parseExpression());
        if (!current().isOperator("}"))
            expectOperator(",");
    }
    expectOperator("}");
    return finish(std::move(dict));
}

ExprPtr Parser::parsePostfix(ExprPtr expr) {
    for (;;) {
        if (current().isOperator(".") || current().isOperator("["))
            expr = parseSubscript(std::move(expr));
        else if (current().isOperator("("))
            expr = parseCall(std::move(expr));
        else
            return expr;
    }
}

ExprPtr Parser::parseFilterOrTest(ExprPtr expr) {
    for (;;) {
        if (current().isOperator("|"))
            expr = parseFilter(std::move(expr));
        else if (current().isName("is"))
            expr = parseTest(std::move(expr));
        else if (current().isOperator("("))
            expr = parseCall(std::move(expr));
        else
            return expr;
    }
}

ExprPtr Parser::parseSubscript(ExprPtr expr) {
    const std::uint32_t offset = current().offset;
    if (skipOperator(".")) {
        const bool named = current().kind == TokenKind::Name;
        if (!named && current().kind != TokenKind::Integer)
            unexpected("a name or a number");
        ExprPtr access = make(named ? ExprKind::Attribute : ExprKind::Item, offset);
        access->parts.push_back(std::move(expr));
        const Token token = next();
        if (named)
            access->constant = text(token.text);
        else {
            access->parts.push_back(make(ExprKind::Constant, token.offset));
            access->parts.back()->constant = Value::integer(token.integer);
        }
        return finish(std::move(access));
    }
    expectOperator("[");
    const auto stops = [&] { return current().isOperator(":") || current().isOperator("]"); };
    ExprPtr access = make(ExprKind::Item, offset);
    access->parts.push_back(std::move(expr));
    access->parts.push_back(stops() ? nullptr : parseExpression());
    if (current().isOperator(",")) { // a[b, c] asks for the tuple
        ExprPtr tuple = make(ExprKind::Tuple, offset);
        tuple->parts.push_back(std::move(access->parts[1]));
        while (skipOperator(","))
            tuple->parts.push_back(parseExpression());
        access->parts[1] = finish(std::move(tuple));
    } else if (skipOperator(":")) {
        access->kind = ExprKind::Slice;
        access->parts.push_back(stops() ? nullptr : parseExpression());
        access->parts.push_back(skipOperator(":") && !stops() ? parseExpression() : nullptr);
    } else if (!access->parts[1])
        unexpected("an index");
    expectOperator("]");
    return finish(std::move(access));
}

ExprPtr Parser::parseCall(ExprPtr expr) {
    ExprPtr call = make(ExprKind::Call, current().offset);
    call->parts.push_back(std::move(expr));
    call->call = parseArguments();
    return finish(std::move(call));
}

std::unique_ptr<CallParts> Parser::parseArguments() {
    auto parts = std::make_unique<CallParts>();
    const std::uint32_t offset = current().offset;
    const auto ensure = [&](bool valid) {
        if (!valid)
            syntaxFault(reason::kUnexpected, "invalid syntax for function call expression", offset);
    };
    expectOperator("(");
    while (!current().isOperator(")")) {
        if (skipOperator("*")) {
            ensure(!parts->star && !parts->doubleStar);
            parts->star = parseExpression();
        } else if (skipOperator("**")) {
            ensure(!parts->doubleStar);
            parts->doubleStar = parseExpression();
        } else if (current().kind == TokenKind::Name && ahead().isOperator("=")) {
            ensure(!parts->doubleStar);
            std::string name = next().text;
            static_cast<void>(next());
            const bool twice = std::any_of(parts->named.begin(), parts->named.end(),
                                           [&](const auto& entry) { return entry.first == name; });
            ensure(!twice);
            parts->named.emplace_back(std::move(name), parseExpression());
        } else {
            ensure(!parts->star && !parts->doubleStar && parts->named.empty());
            parts->positional.push_back(parseExpression());
        }
        if (!current().isOperator(")"))
            expectOperator(",");
    }
    expectOperator(")");
    return parts;
}

std::string Parser::parseDottedName() {
    std::string name = expectName();
    while (skipOperator("."))
        name += '.' + expectName();
    return name;
}

ExprPtr Parser::parseFilter(ExprPtr expr, bool startInline) {
    while (startInline || skipOperator("|")) {
        startInline = false;
        ExprPtr filter = make(ExprKind::Filter, current().offset);
        const std::string name = parseDottedName();
        filter->native = findFilter(name);
        if (!filter->native)
            noteUnknown(reason::kUnknownFilter, name, filter->offset);
        filter->constant = text(name);
        filter->parts.push_back(std::move(expr));
        filter->call = current().isOperator("(") ? parseArguments() : std::make_unique<CallParts>();
        expr = finish(std::move(filter));
    }
    return expr;
}

ExprPtr Parser::parseTest(ExprPtr expr) {
    ExprPtr test = make(ExprKind::Test, next().offset);
    const bool negated = skipName("not");
    const std::string name = parseDottedName();
    test->native = findTest(name);
    if (!test->native)
        noteUnknown(reason::kUnknownTest, name, test->offset);
    test->constant = text(name);
    test->parts.push_back(std::move(expr));
    const Token& token = current();
    const bool isOperand = token.kind == TokenKind::Name || token.kind == TokenKind::String ||
                           token.kind == TokenKind::Integer || token.kind == TokenKind::Float ||
                           token.isOperator("[") || token.isOperator("{");
    if (token.isOperator("("))
        test->call = parseArguments();
    else {
        test->call = std::make_unique<CallParts>();
        if (isOperand && !token.isName("else") && !token.isName("or") && !token.isName("and")) {
            if (token.isName("is"))
                syntaxFault(reason::kUnexpected, "You cannot chain multiple tests with is", token.offset);
            const Level level(*this);
            test->call->positional.push_back(parsePostfix(parsePrimary()));
        }
    }
    test = finish(std::move(test));
    if (!negated)
        return test;
    ExprPtr inverse = make(ExprKind::Not, test->offset);
    inverse->parts.push_back(std::move(test));
    return finish(std::move(inverse));
}

} // namespace hearth::text::jinja
