#include <algorithm>

#include "engine/text/chat_template/jinja/evaluator.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/operations.h"

namespace hearth::text::jinja {

/// A macro, or the body of a call block: code with the scope that it was written in.
struct Macro final : Function {
    Evaluator& evaluator;
    const MacroCode& code;
    Scope* definedIn;
    Macro(Evaluator& e, const MacroCode& c, Scope* s) : evaluator(e), code(c), definedIn(s) {}
    Value call(Run& run, Arguments& arguments) override {
        return run.string(evaluator.callMacro(code, definedIn, arguments));
    }
    [[nodiscard]] std::string represent() const override {
        return code.anonymous ? "<Macro anonymous>"
                              : "<Macro '" + evaluator.m_program.names[code.name] + "'>";
    }
    [[nodiscard]] Value attribute(Run& run, std::string_view name) override {
        if (name == "name")
            return code.anonymous ? Value::none() : run.string(evaluator.m_program.names[code.name]);
        if (name == "caller")
            return Value::boolean(code.usesCaller);
        if (name == "catch_kwargs")
            return Value::boolean(code.usesKwargs);
        if (name == "catch_varargs")
            return Value::boolean(code.usesVarargs);
        if (name != "arguments")
            return Function::attribute(run, name);
        std::vector<Value> names;
        for (const NameId id : code.signature.names)
            names.push_back(run.string(evaluator.m_program.names[id]));
        return run.tuple(std::move(names));
    }
};

namespace {

/// Puts a value back when the scope ends, also by a fault.
template <class T>
class Restore {
public:
    Restore(T& place, T value) : m_place(place), m_old(std::exchange(place, std::move(value))) {}
    ~Restore() { m_place = std::move(m_old); }
    Restore(const Restore&) = delete;
    Restore& operator=(const Restore&) = delete;

private:
    T& m_place;
    T m_old;
};

} // namespace

Value* Scope::find(NameId name) {
    for (auto& [id, value] : variables)
        if (id == name)
            return &value;
    return nullptr;
}

void Scope::set(Run& run, NameId name, Value value) {
    if (Value* known = find(name)) {
        *known = std::move(value);
        return;
    }
    run.reserve(sizeof(Value));
    variables.emplace_back(name, std::move(value));
}

Evaluator::Evaluator(const Program& program, Run& run)
    : m_program(program), m_run(run), m_scope(run.make<Scope>(nullptr)), m_globals(program.names.size()) {}

void Evaluator::define(std::string_view name, Value value) {
    const auto& names = m_program.names;
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end())
        m_scope->set(m_run, static_cast<NameId>(found - names.begin()), std::move(value));
}

std::string Evaluator::render() {
    static_cast<void>(execute(m_program.body));
    return std::move(m_out);
}

void Evaluator::write(std::string_view text) {
    if (text.size() > m_run.limits().outputBytes - m_out.size())
        limitFault("output", m_run.limits().outputBytes);
    m_run.reserve(text.size());
    m_run.checkFits(m_out.size() + text.size());
    m_out += text;
}

Evaluator::Flow Evaluator::execute(const Body& body) {
    for (const auto& stmt : body)
        if (const Flow flow = execute(*stmt); flow != Flow::Normal)
            return flow;
    return Flow::Normal;
}

Evaluator::Flow Evaluator::execute(const Stmt& stmt) {
    const Run::Nested nested(m_run, Run::kEvaluatorLevel);
    m_run.step();
    switch (stmt.kind) {
    case StmtKind::Text:
        write(stmt.text);
        return Flow::Normal;
    case StmtKind::Print:
        print(stmt);
        return Flow::Normal;
    case StmtKind::If:
        return executeIf(stmt);
    case StmtKind::For:
        return executeFor(stmt);
    case StmtKind::Assign:
        assign(stmt.targets[0], evaluate(*stmt.values[0]));
        return Flow::Normal;
    case StmtKind::AssignBlock:
        return executeAssignBlock(stmt);
    case StmtKind::Macro:
        m_scope->set(m_run, stmt.macro->name,
                     Value::function(m_run.make<Macro>(*this, *stmt.macro, m_scope)));
        return Flow::Normal;
    case StmtKind::CallBlock:
        executeCallBlock(stmt);
        return Flow::Normal;
    case StmtKind::FilterBlock:
        return executeFilterBlock(stmt);
    case StmtKind::With:
        return executeWith(stmt);
    case StmtKind::Scope:
        return executeScope(stmt);
    case StmtKind::Break:
        return Flow::Break;
    case StmtKind::Continue:
        return Flow::Continue;
    }
    return Flow::Normal;
}

void Evaluator::print(const Stmt& stmt) {
    for (const ExprPtr& expr : stmt.values) {
        const Value value = evaluate(*expr);
        if (value.is(Kind::String)) // the common case, without a copy
            write(value.str());
        else
            write(toText(m_run, value));
    }
}

Evaluator::Flow Evaluator::executeIf(const Stmt& stmt) {
    for (const auto& [test, body] : stmt.branches)
        if (truth(m_run, evaluate(*test)))
            return execute(body);
    return execute(stmt.body);
}

namespace {

/// The items that pass the filter of a for statement. `loop` is not theirs to see.
template <class Test>
struct FilteredItems final : Iterator {
    Iterator* source;
    Test test;
    FilteredItems(Iterator* s, Test t) : source(s), test(std::move(t)) {}
    bool next(Run& run, Value& out) override {
        const Run::Nested nested(run, Run::kDataLevel);
        while (source->next(run, out))
            if (test(out))
                return true;
        return false;
    }
};

} // namespace

Evaluator::Flow Evaluator::executeFor(const Stmt& stmt) {
    const Value iterable = evaluate(*stmt.values[0]);
    Loop* loop = m_run.make<Loop>();
    loop->iterable = iterable;
    loop->source = iterate(m_run, iterable);
    Scope* outer = m_scope;
    if (const Expr* filter = stmt.values[1].get()) {
        Scope* filterScope = m_run.make<Scope>(outer);
        const auto test = [this, filter, filterScope, &stmt](const Value& item) {
            const Restore<Scope*> scope(m_scope, filterScope);
            filterScope->variables.clear();
            assign(stmt.targets[0], item);
            return truth(m_run, evaluate(*filter));
        };
        loop->source = m_run.make<FilteredItems<decltype(test)>>(loop->source, test);
        loop->iterable = Value::iterator(loop->source);
    }
    bool completed = false; // Jinja's else runs when no pass reached the end of the body, also after a break
    {
        Scope* inner = m_run.make<Scope>(outer);
        const Restore<Scope*> scope(m_scope, inner);
        const auto loopName = std::find(m_program.names.begin(), m_program.names.end(), "loop");
        const bool usesLoop = loopName != m_program.names.end();
        while (loop->advance(m_run)) {
            m_run.step();
            inner->variables.clear();
            if (usesLoop)
                inner->set(m_run, static_cast<NameId>(loopName - m_program.names.begin()), Value::loop(loop));
            assign(stmt.targets[0], loop->current);
            const Flow flow = execute(stmt.body);
            if (flow == Flow::Break)
                break;
            completed |= flow == Flow::Normal;
        }
    }
    if (completed || stmt.otherwise.empty())
        return Flow::Normal;
    const Restore<Scope*> scope(m_scope, m_run.make<Scope>(outer));
    return execute(stmt.otherwise);
}

Evaluator::Flow Evaluator::executeWith(const Stmt& stmt) {
    std::vector<Value> values;
    for (const ExprPtr& expr : stmt.values)
        values.push_back(evaluate(*expr));
    const Restore<Scope*> scope(m_scope, m_run.make<Scope>(m_scope));
    for (std::size_t i = 0; i < values.size(); ++i)
        assign(stmt.targets[i], values[i]);
    return execute(stmt.body);
}

Evaluator::Flow Evaluator::executeScope(const Stmt& stmt) {
    const Restore<Scope*> scope(m_scope, m_run.make<Scope>(m_scope));
    return execute(stmt.body);
}

/// What a body writes, kept instead of written, in a scope of its own.
std::string Evaluator::captured(const Body& body, Flow& flow) {
    Restore<std::string> out(m_out, {});
    const Restore<Scope*> scope(m_scope, m_run.make<Scope>(m_scope));
    flow = execute(body);
    return std::move(m_out);
}

Evaluator::Flow Evaluator::executeFilterBlock(const Stmt& stmt) {
    Flow flow{};
    std::string text = captured(stmt.body, flow);
    if (flow != Flow::Normal) // leaving the loop leaves the filter unfinished, and its text with it
        return flow;
    m_input = m_run.string(std::move(text));
    write(toText(m_run, evaluate(*stmt.values[0])));
    return Flow::Normal;
}

Evaluator::Flow Evaluator::executeAssignBlock(const Stmt& stmt) {
    Flow flow{};
    std::string text = captured(stmt.body, flow);
    if (flow != Flow::Normal)
        return flow;
    Value value = m_run.string(std::move(text));
    if (stmt.values[0]) {
        m_input = value;
        value = evaluate(*stmt.values[0]);
    }
    assign(stmt.targets[0], value);
    return Flow::Normal;
}

void Evaluator::executeCallBlock(const Stmt& stmt) {
    const Expr& expr = *stmt.values[0];
    const Value callee = evaluate(*expr.parts[0]);
    Arguments arguments;
    evaluateArguments(*expr.call, arguments);
    arguments.named.emplace_back("caller", Value::function(m_run.make<Macro>(*this, *stmt.macro, m_scope)));
    write(toText(m_run, call(m_run, callee, arguments)));
}

void Evaluator::assign(const Target& target, const Value& value) {
    switch (target.kind) {
    case Target::Kind::Name:
        m_scope->set(m_run, target.name, value);
        return;
    case Target::Kind::NamespaceAttribute: {
        const Value* found = nullptr;
        for (Scope* scope = m_scope; scope && !found; scope = scope->outer)
            found = scope->find(target.name);
        if (!found || !found->is(Kind::Namespace))
            runtimeFault(reason::kType, "cannot assign attribute on non-namespace object");
        found->nameSpace().attributes.set(m_run, target.attribute, value);
        return;
    }
    case Target::Kind::Tuple: {
        const std::vector<Value> values = toVector(m_run, value);
        if (values.size() != target.parts.size())
            runtimeFault(reason::kValue, std::to_string(values.size()) + " values to unpack, expected " +
                                             std::to_string(target.parts.size()));
        for (std::size_t i = 0; i < values.size(); ++i)
            assign(target.parts[i], values[i]);
        return;
    }
    }
}

std::string Evaluator::callMacro(const MacroCode& code, Scope* definedIn, Arguments& arguments) {
    const Run::Nested nested(m_run, Run::kMacroLevel);
    Scope* inner = m_run.make<Scope>(definedIn);
    const Restore<Scope*> scope(m_scope, inner);
    const auto& names = code.signature.names;
    const bool callerIsParameter =
        std::any_of(names.begin(), names.end(), [&](NameId id) { return m_program.names[id] == "caller"; });
    bindParameters(code, arguments, callerIsParameter);
    Restore<std::string> out(m_out, {});
    static_cast<void>(execute(code.body));
    return std::move(m_out);
}

void Evaluator::bindParameters(const MacroCode& code, Arguments& arguments, bool callerIsParameter) {
    const auto& names = code.signature.names;
    const std::size_t required = names.size() - code.signature.defaults.size();
    const std::string& macroName = m_program.names.empty() ? std::string() : m_program.names[code.name];
    const auto define = [&](const char* name, Value value) {
        const auto found = std::find(m_program.names.begin(), m_program.names.end(), name);
        if (found != m_program.names.end())
            m_scope->set(m_run, static_cast<NameId>(found - m_program.names.begin()), std::move(value));
    };
    auto& named = arguments.named;
    const auto take = [&](std::string_view name) -> std::optional<Value> {
        const auto found =
            std::find_if(named.begin(), named.end(), [&](const auto& e) { return e.first == name; });
        if (found == named.end())
            return std::nullopt;
        Value value = std::move(found->second);
        named.erase(found);
        return value;
    };
    std::vector<std::optional<Value>> given(names.size());
    for (std::size_t i = 0; i < names.size(); ++i)
        given[i] = i < arguments.positional.size() ? std::optional(arguments.positional[i])
                                                   : take(m_program.names[names[i]]);
    if (code.usesCaller && !callerIsParameter)
        define("caller", take("caller").value_or(m_run.undefined("No caller defined")));
    if (code.usesKwargs) {
        Dict* rest = m_run.make<Dict>();
        for (const auto& [name, value] : named)
            rest->set(m_run, m_run.string(name), value);
        define("kwargs", Value::dict(rest));
    } else if (!named.empty())
        runtimeFault(reason::kType,
                     "macro '" + macroName + "' takes no keyword argument '" + named[0].first + "'");
    if (code.usesVarargs) {
        const std::size_t used = std::min(names.size(), arguments.positional.size());
        define("varargs", m_run.tuple({arguments.positional.begin() + static_cast<std::ptrdiff_t>(used),
                                       arguments.positional.end()}));
    } else if (arguments.positional.size() > names.size())
        runtimeFault(reason::kType, "macro '" + macroName + "' takes not more than " +
                                        std::to_string(names.size()) + " argument(s)");
    // In order: a default may refer to the parameters before it.
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!given[i] && i >= required)
            given[i] = evaluate(*code.signature.defaults[i - required]);
        if (!given[i])
            given[i] = m_run.undefined("parameter '" + m_program.names[names[i]] + "' was not provided");
        m_scope->set(m_run, names[i], *given[i]);
    }
}

} // namespace hearth::text::jinja
