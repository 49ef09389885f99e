#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/text/chat_template/jinja/ast.h"
#include "engine/text/chat_template/jinja/run.h"

namespace hearth::text::jinja {

/// The variables of a loop, macro or block. What is not here is looked for outside; setting stays here.
struct Scope final : Object {
    Scope* outer = nullptr;
    std::vector<std::pair<NameId, Value>> variables;
    explicit Scope(Scope* o) : outer(o) {}
    [[nodiscard]] Value* find(NameId name);
    void set(Run& run, NameId name, Value value);
};

/// Runs a program once. Confined to one thread.
class Evaluator {
public:
    Evaluator(const Program& program, Run& run);
    /// Gives the template a variable; ignored when it does not mention the name.
    void define(std::string_view name, Value value);
    [[nodiscard]] std::string render();

private:
    enum class Flow : std::uint8_t { Normal, Break, Continue };
    friend struct Macro;

    // evaluator_statements.cpp
    Flow execute(const Body& body);
    Flow execute(const Stmt& stmt);
    Flow executeIf(const Stmt& stmt);
    Flow executeFor(const Stmt& stmt);
    Flow executeWith(const Stmt& stmt);
    Flow executeScope(const Stmt& stmt);
    Flow executeFilterBlock(const Stmt& stmt);
    Flow executeAssignBlock(const Stmt& stmt);
    void executeCallBlock(const Stmt& stmt);
    void print(const Stmt& stmt);
    void write(std::string_view text);
    void assign(const Target& target, const Value& value);
    [[nodiscard]] std::string captured(const Body& body, Flow& flow);
    [[nodiscard]] std::string callMacro(const MacroCode& code, Scope* definedIn, Arguments& arguments);
    void bindParameters(const MacroCode& code, Arguments& arguments, bool callerIsParameter);

    // evaluator_expressions.cpp
    [[nodiscard]] Value evaluate(const Expr& expr);
    [[nodiscard]] Value evaluateName(const Expr& expr);
    [[nodiscard]] Value evaluateItems(const Expr& expr);
    [[nodiscard]] Value evaluateDict(const Expr& expr);
    [[nodiscard]] Value evaluateSlice(const Expr& expr);
    [[nodiscard]] Value evaluateCall(const Expr& expr);
    [[nodiscard]] Value evaluateNative(const Expr& expr);
    [[nodiscard]] Value evaluateConcat(const Expr& expr);
    [[nodiscard]] Value evaluateCompare(const Expr& expr);
    [[nodiscard]] Value evaluateConditional(const Expr& expr);
    [[nodiscard]] bool compare(CompareOp op, const Value& a, const Value& b);
    void evaluateArguments(const CallParts& parts, Arguments& out);

    const Program& m_program;
    Run& m_run;
    Scope* m_scope;
    std::string m_out;
    Value m_input;                               ///< of the filter chain that is about to run
    std::vector<std::optional<Value>> m_globals; ///< built-in functions met so far, by NameId
};

} // namespace hearth::text::jinja
