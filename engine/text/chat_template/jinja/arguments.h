#pragma once

#include <array>
#include <initializer_list>
#include <string_view>

#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/value.h"

namespace hearth::text::jinja {

/// The parameters of a built-in function, filled from a call as Python does: by position, then by name.
class Parameters {
public:
    static constexpr std::size_t kMaximum = 6;

    /// Raises a type fault for too many, unknown, doubled or missing arguments. An empty name in `names` can
    /// be passed by position only; the first `required` must be given.
    Parameters(Arguments& arguments, std::string_view function, std::initializer_list<std::string_view> names,
               std::size_t required = 0);

    [[nodiscard]] bool has(std::size_t i) const { return m_given[i]; }
    /// The argument; undefined when it was not given.
    [[nodiscard]] const Value& operator[](std::size_t i) const { return m_values[i]; }
    /// Whether it was given and is not none, the usual stand-in for "not given".
    [[nodiscard]] bool some(std::size_t i) const { return m_given[i] && !m_values[i].is(Kind::None); }
    [[nodiscard]] bool flag(Run& run, std::size_t i, bool otherwise) const {
        return m_given[i] ? truth(run, m_values[i]) : otherwise;
    }
    [[nodiscard]] std::int64_t integer(std::size_t i, std::int64_t otherwise) const {
        return m_given[i] ? toIndex(m_values[i], "argument") : otherwise;
    }

private:
    std::array<Value, kMaximum> m_values;
    std::array<bool, kMaximum> m_given{};
};

using NativeCode = Value (*)(Run& run, const Value& self, Arguments& arguments);

/// A built-in function, or a method bound to its object.
struct NativeFunction final : Function {
    std::string_view name;
    NativeCode code;
    Value self;
    NativeFunction(std::string_view n, NativeCode c, Value s) : name(n), code(c), self(std::move(s)) {}
    Value call(Run& run, Arguments& arguments) override { return code(run, self, arguments); }
    [[nodiscard]] std::string represent() const override {
        return "<built-in function " + std::string(name) + ">";
    }
};

/// A row of a table of built-ins.
struct Native {
    std::string_view name;
    NativeCode code;
};

/// The row of that name, or nullptr.
template <std::size_t N>
[[nodiscard]] const Native* findNative(const std::array<Native, N>& table, std::string_view name) {
    for (const Native& row : table)
        if (row.name == name)
            return &row;
    return nullptr;
}

// --- the tables, each in its own file ---

[[nodiscard]] const Native* findStringMethod(std::string_view name);
[[nodiscard]] const Native* findListMethod(std::string_view name);
[[nodiscard]] const Native* findTupleMethod(std::string_view name);
[[nodiscard]] const Native* findDictMethod(std::string_view name);
/// Filters get the filtered value as `self`, tests the tested one.
[[nodiscard]] const Native* findFilter(std::string_view name);
[[nodiscard]] const Native* findTextFilter(std::string_view name);
[[nodiscard]] const Native* findNumberFilter(std::string_view name);
[[nodiscard]] const Native* findSequenceFilter(std::string_view name);
[[nodiscard]] const Native* findSelectionFilter(std::string_view name);
[[nodiscard]] const Native* findTest(std::string_view name);
[[nodiscard]] const Native* findGlobal(std::string_view name);

} // namespace hearth::text::jinja
