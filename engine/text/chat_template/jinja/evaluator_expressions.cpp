#include "engine/text/chat_template/jinja/arguments.h"
#include "engine/text/chat_template/jinja/evaluator.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/operations.h"

namespace hearth::text::jinja {

Value Evaluator::evaluate(const Expr& expr) {
    const Run::Nested nested(m_run, Run::kEvaluatorLevel);
    m_run.step();
    switch (expr.kind) {
    case ExprKind::Constant:
        return expr.constant;
    case ExprKind::Input:
        return m_input;
    case ExprKind::Name:
        return evaluateName(expr);
    case ExprKind::List:
    case ExprKind::Tuple:
        return evaluateItems(expr);
    case ExprKind::Dict:
        return evaluateDict(expr);
    case ExprKind::Attribute:
        return getAttribute(m_run, evaluate(*expr.parts[0]), expr.constant);
    case ExprKind::Item: {
        const Value object = evaluate(*expr.parts[0]);
        return getItem(m_run, object, evaluate(*expr.parts[1]));
    }
    case ExprKind::Slice:
        return evaluateSlice(expr);
    case ExprKind::Call:
        return evaluateCall(expr);
    case ExprKind::Filter:
    case ExprKind::Test:
        return evaluateNative(expr);
    case ExprKind::Negate:
        return negate(evaluate(*expr.parts[0]));
    case ExprKind::Plus:
        return plus(evaluate(*expr.parts[0]));
    case ExprKind::Not:
        return Value::boolean(!truth(m_run, evaluate(*expr.parts[0])));
    case ExprKind::And:
    case ExprKind::Or: {
        Value left = evaluate(*expr.parts[0]);
        return truth(m_run, left) == (expr.kind == ExprKind::Or) ? left : evaluate(*expr.parts[1]);
    }
    case ExprKind::Binary: {
        const Value left = evaluate(*expr.parts[0]);
        return arithmetic(m_run, expr.op, left, evaluate(*expr.parts[1]));
    }
    case ExprKind::Concat:
        return evaluateConcat(expr);
    case ExprKind::Compare:
        return evaluateCompare(expr);
    case ExprKind::Conditional:
        return evaluateConditional(expr);
    }
    return {};
}

Value Evaluator::evaluateName(const Expr& expr) {
    for (Scope* scope = m_scope; scope; scope = scope->outer)
        if (const Value* found = scope->find(expr.name))
            return *found;
    std::optional<Value>& known = m_globals[expr.name];
    if (!known) {
        const std::string& name = m_program.names[expr.name];
        const Native* global = findGlobal(name);
        known = global
                    ? Value::function(m_run.make<NativeFunction>(global->name, global->code, Value::none()))
                    : m_run.undefined("'" + name + "' is undefined");
    }
    return *known;
}

Value Evaluator::evaluateItems(const Expr& expr) {
    std::vector<Value> values;
    values.reserve(expr.parts.size());
    for (const ExprPtr& part : expr.parts)
        values.push_back(evaluate(*part));
    return expr.kind == ExprKind::List ? m_run.list(std::move(values)) : m_run.tuple(std::move(values));
}

Value Evaluator::evaluateDict(const Expr& expr) {
    Dict* dict = m_run.make<Dict>();
    for (std::size_t i = 0; i + 1 < expr.parts.size(); i += 2) {
        const Value key = evaluate(*expr.parts[i]);
        dict->set(m_run, key, evaluate(*expr.parts[i + 1]));
    }
    return Value::dict(dict);
}

Value Evaluator::evaluateSlice(const Expr& expr) {
    const Value object = evaluate(*expr.parts[0]);
    const auto bound = [&](std::size_t i) {
        return expr.parts[i] ? evaluate(*expr.parts[i]) : Value::none();
    };
    const Value start = bound(1), stop = bound(2);
    return getSlice(m_run, object, start, stop, bound(3));
}

void Evaluator::evaluateArguments(const CallParts& parts, Arguments& out) {
    for (const ExprPtr& part : parts.positional)
        out.positional.push_back(evaluate(*part));
    if (parts.star)
        for (Value& value : toVector(m_run, evaluate(*parts.star)))
            out.positional.push_back(std::move(value));
    for (const auto& [name, part] : parts.named)
        out.named.emplace_back(name, evaluate(*part));
    if (!parts.doubleStar)
        return;
    const Value more = evaluate(*parts.doubleStar);
    if (!more.is(Kind::Dict))
        runtimeFault(reason::kType,
                     "argument after ** must be a mapping, not " + std::string(typeName(more)));
    for (const Dict::Entry& entry : more.dict().entries) {
        const std::string& name = toStringArgument(entry.key, "a keyword");
        for (const auto& [known, value] : out.named)
            if (known == name)
                runtimeFault(reason::kType, "got multiple values for keyword argument '" + name + "'");
        out.named.emplace_back(name, entry.value);
    }
}

Value Evaluator::evaluateCall(const Expr& expr) {
    const Value callee = evaluate(*expr.parts[0]);
    Arguments arguments;
    evaluateArguments(*expr.call, arguments);
    return call(m_run, callee, arguments);
}

Value Evaluator::evaluateNative(const Expr& expr) {
    if (!expr.native)
        runtimeFault(expr.kind == ExprKind::Filter ? reason::kUnknownFilter : reason::kUnknownTest,
                     "there is no filter or test named '" + expr.constant.str() + "'");
    const Value self = evaluate(*expr.parts[0]);
    Arguments arguments;
    evaluateArguments(*expr.call, arguments);
    return expr.native->code(m_run, self, arguments);
}

Value Evaluator::evaluateConcat(const Expr& expr) {
    std::string out;
    for (const ExprPtr& part : expr.parts) {
        out += toText(m_run, evaluate(*part));
        m_run.checkFits(out.size());
    }
    return m_run.string(std::move(out));
}

bool Evaluator::compare(CompareOp op, const Value& a, const Value& b) {
    switch (op) {
    case CompareOp::Equal:
        return equals(m_run, a, b);
    case CompareOp::NotEqual:
        return !equals(m_run, a, b);
    case CompareOp::Less:
        return lessThan(m_run, a, b, "<");
    case CompareOp::LessEqual:
        return lessThan(m_run, a, b, "<=") || equals(m_run, a, b);
    case CompareOp::Greater:
        return lessThan(m_run, b, a, ">");
    case CompareOp::GreaterEqual:
        return lessThan(m_run, b, a, ">=") || equals(m_run, a, b);
    case CompareOp::In:
        return contains(m_run, b, a);
    case CompareOp::NotIn:
        return !contains(m_run, b, a);
    }
    return false;
}

Value Evaluator::evaluateCompare(const Expr& expr) {
    Value left = evaluate(*expr.parts[0]);
    for (std::size_t i = 0; i < expr.comparisons.size(); ++i) {
        Value right = evaluate(*expr.parts[i + 1]);
        if (!compare(expr.comparisons[i], left, right))
            return Value::boolean(false);
        left = std::move(right);
    }
    return Value::boolean(true);
}

Value Evaluator::evaluateConditional(const Expr& expr) {
    if (truth(m_run, evaluate(*expr.parts[1])))
        return evaluate(*expr.parts[0]);
    if (expr.parts[2])
        return evaluate(*expr.parts[2]);
    return m_run.undefined("the inline if-expression evaluated to false and no else section was defined.");
}

} // namespace hearth::text::jinja
