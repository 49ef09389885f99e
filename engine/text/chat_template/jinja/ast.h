#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/value.h"

namespace hearth::text::jinja {

struct Native;
struct Expr;
struct Stmt;
using ExprPtr = std::unique_ptr<Expr>;
using Body = std::vector<std::unique_ptr<Stmt>>;
/// A variable's name, as its place in Program::names.
using NameId = std::uint32_t;

/// The arguments of a call, filter or test.
struct CallParts {
    std::vector<ExprPtr> positional;
    std::vector<std::pair<std::string, ExprPtr>> named;
    ExprPtr star, doubleStar;
};

enum class CompareOp : std::uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, In, NotIn };

enum class ExprKind : std::uint8_t {
    Constant,    ///< constant
    Input,       ///< what a filter block or a filtered assignment filters
    Name,        ///< name
    List,        ///< parts
    Tuple,       ///< parts
    Dict,        ///< parts: key, value, key, value, …
    Attribute,   ///< parts[0].constant
    Item,        ///< parts[0][parts[1]]
    Slice,       ///< parts[0][parts[1]:parts[2]:parts[3]], null where left out
    Call,        ///< parts[0](call)
    Filter,      ///< parts[0]|native(call)
    Test,        ///< parts[0] is native(call)
    Negate,      ///< -parts[0]
    Plus,        ///< +parts[0]
    Not,         ///< not parts[0]
    And,         ///< parts[0] and parts[1]
    Or,          ///< parts[0] or parts[1]
    Binary,      ///< parts[0] op parts[1]
    Concat,      ///< parts joined as text
    Compare,     ///< parts[0] comparisons[0] parts[1] comparisons[1] parts[2] …
    Conditional, ///< parts[0] if parts[1] else parts[2], which may be null
};

struct Expr {
    ExprKind kind = ExprKind::Constant;
    Operator op = Operator::Add;
    NameId name = 0;
    std::uint32_t offset = 0;
    std::uint32_t height = 1;       ///< levels of nesting below and including this
    const Native* native = nullptr; ///< null for a name that does not exist, reported when reached
    Value constant;                 ///< also the name of an attribute, filter or test
    std::vector<ExprPtr> parts;
    std::vector<CompareOp> comparisons;
    std::unique_ptr<CallParts> call;
};

/// What a value is assigned to.
struct Target {
    enum class Kind : std::uint8_t { Name, Tuple, NamespaceAttribute };
    Kind kind = Kind::Name;
    NameId name = 0;
    Value attribute; ///< of a namespace: its name
    std::vector<Target> parts;
};

/// The parameters of a macro or call block.
struct Signature {
    std::vector<NameId> names;
    std::vector<ExprPtr> defaults; ///< of the last ones
};

struct MacroCode {
    NameId name = 0;
    bool anonymous = false; ///< the body of a call block
    Signature signature;
    Body body;
    bool usesCaller = false, usesKwargs = false, usesVarargs = false;
};

enum class StmtKind : std::uint8_t {
    Text,        ///< text
    Print,       ///< values
    If,          ///< branches, body for else
    For,         ///< target, values[0] iterated, values[1] the filter or null; body, otherwise
    Assign,      ///< target = values[0]
    AssignBlock, ///< target = body, through the filters of values[0] unless null
    Macro,       ///< macro
    CallBlock,   ///< values[0] is the call, macro its caller
    FilterBlock, ///< values[0] filters body
    With,        ///< targets = values, for body
    Scope,       ///< body
    Break,
    Continue,
};

struct Stmt {
    StmtKind kind = StmtKind::Text;
    std::uint32_t offset = 0;
    std::string text;
    std::vector<ExprPtr> values;
    std::vector<Target> targets;
    std::vector<std::pair<ExprPtr, Body>> branches;
    Body body, otherwise;
    std::unique_ptr<MacroCode> macro;
};

/// A parsed template. Immutable; may be run by several threads at a time.
struct Program {
    Body body;
    std::vector<std::string> names;
    std::vector<bool> loaded; ///< by NameId: whether the template reads the variable
};

} // namespace hearth::text::jinja
