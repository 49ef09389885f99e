#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/text/chat_template/jinja/value.h"

namespace hearth::text::jinja {

// What Python does with values. Everything that can fail raises a Fault (template.runtime).

/// type(value).__name__
[[nodiscard]] std::string_view typeName(const Value& value);
[[nodiscard]] bool truth(Run& run, const Value& value);
/// What using an undefined value raises.
[[noreturn]] void undefinedFault(const Value& value);

// --- text ---

[[nodiscard]] std::string toText(Run& run, const Value& value);    ///< str(value)
[[nodiscard]] std::string represent(Run& run, const Value& value); ///< repr(value)
[[nodiscard]] std::string formatReal(double value);                ///< repr of a float

/// json.dumps(value, ensure_ascii, indent, separators, sort_keys), as Hugging Face's `tojson` calls it.
struct JsonStyle {
    bool ensureAscii = false;
    bool sortKeys = false;
    std::optional<std::string> indent; ///< of one level
    std::optional<std::string> itemSeparator, keySeparator;
};
[[nodiscard]] std::string toJson(Run& run, const Value& value, const JsonStyle& style);

// --- comparison ---

[[nodiscard]] bool equals(Run& run, const Value& a, const Value& b);
[[nodiscard]] bool identical(const Value& a, const Value& b); ///< Python's `is`
/// `symbol` is what the fault names.
[[nodiscard]] bool lessThan(Run& run, const Value& a, const Value& b, std::string_view symbol = "<");
[[nodiscard]] bool contains(Run& run, const Value& container, const Value& item);

// --- arithmetic ---

enum class Operator : std::uint8_t { Add, Subtract, Multiply, Divide, FloorDivide, Modulo, Power };
[[nodiscard]] Value arithmetic(Run& run, Operator op, const Value& a, const Value& b);
[[nodiscard]] Value negate(const Value& value);
[[nodiscard]] Value plus(const Value& value);

/// "format" % arguments, where a tuple gives several and a dict named ones.
[[nodiscard]] std::string formatPercent(Run& run, std::string_view format, const Value& arguments);
/// "format".format(arguments)
[[nodiscard]] std::string formatBraces(Run& run, std::string_view format, const Arguments& arguments);

// --- access ---

[[nodiscard]] Value getAttribute(Run& run, const Value& object, const Value& name); ///< object.name
/// getattr(object, name) alone; undefined when there is no such attribute.
[[nodiscard]] Value getAttributeOnly(Run& run, const Value& object, const Value& name);
[[nodiscard]] Value getItem(Run& run, const Value& object, const Value& key); ///< object[key]
/// object[start:stop:step]; none stands for what is left out.
[[nodiscard]] Value getSlice(Run& run, const Value& object, const Value& start, const Value& stop,
                             const Value& step);
[[nodiscard]] Value call(Run& run, const Value& callee, Arguments& arguments);
/// A method of a string, list, tuple or dict bound to `self`; nullptr when there is none of that name.
[[nodiscard]] Function* boundMethod(Run& run, const Value& self, std::string_view name);

// --- iteration ---

/// iter(value); raises a type fault for what is not iterable.
[[nodiscard]] Iterator* iterate(Run& run, const Value& value);
[[nodiscard]] bool isIterable(const Value& value);
/// list(value)
[[nodiscard]] std::vector<Value> toVector(Run& run, const Value& value);
/// len(value); nothing where Python raises.
[[nodiscard]] std::optional<std::uint64_t> lengthOf(Run& run, const Value& value);
/// An entry of a dict view.
[[nodiscard]] Value viewEntry(Run& run, const View& view, const Dict::Entry& entry);

// --- conversion of arguments ---

/// operator.index(value): an int or bool; raises a type fault naming `what`.
[[nodiscard]] std::int64_t toIndex(const Value& value, std::string_view what);
[[nodiscard]] const std::string& toStringArgument(const Value& value, std::string_view what);

} // namespace hearth::text::jinja
