#include <algorithm>

#include "engine/text/chat_template/jinja/arguments.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/ordering.h"
#include "engine/text/chat_template/jinja/run.h"

// The methods of lists, tuples and dicts.

namespace hearth::text::jinja {

namespace {

/// The place of an index for insert(), which clamps where reading would fail.
std::size_t clampIndex(std::int64_t index, std::size_t size) {
    const auto length = static_cast<std::int64_t>(size);
    if (index < 0)
        index = index < -length ? 0 : index + length;
    return static_cast<std::size_t>(std::min(index, length));
}

Value append(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "append", {""}, 1);
    run.append(self.items(), p[0]);
    return Value::none();
}

Value extend(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "extend", {""}, 1);
    if (p[0].object() == self.object()) { // its own growth must not feed it
        for (std::size_t i = 0, n = self.items().values.size(); i < n; ++i)
            run.append(self.items(), Value(self.items().values[i]));
        return Value::none();
    }
    Iterator* iterator = iterate(run, p[0]);
    for (Value item; iterator->next(run, item);)
        run.append(self.items(), item);
    return Value::none();
}

Value insert(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "insert", {"", ""}, 2);
    auto& values = self.items().values;
    const std::size_t at = clampIndex(toIndex(p[0], "insert"), values.size());
    run.append(self.items(), p[1]);
    std::rotate(values.begin() + static_cast<std::ptrdiff_t>(at), values.end() - 1, values.end());
    return Value::none();
}

Value popItem(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "pop", {""});
    auto& values = self.items().values;
    if (values.empty())
        runtimeFault(reason::kIndex, "pop from empty list");
    std::int64_t at = p.integer(0, -1);
    const auto length = static_cast<std::int64_t>(values.size());
    if (at < -length || at >= length)
        runtimeFault(reason::kIndex, "pop index out of range");
    at += at < 0 ? length : 0;
    Value out = values[static_cast<std::size_t>(at)];
    values.erase(values.begin() + at);
    return out;
}

std::size_t find(Run& run, const std::vector<Value>& values, const Value& wanted, std::size_t from,
                 std::size_t to) {
    for (std::size_t i = from; i < std::min(to, values.size()); ++i)
        if (identical(values[i], wanted) || equals(run, values[i], wanted))
            return i;
    runtimeFault(reason::kValue, "the value is not in the list");
}

Value removeItem(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "remove", {""}, 1);
    auto& values = self.items().values;
    values.erase(values.begin() + static_cast<std::ptrdiff_t>(find(run, values, p[0], 0, values.size())));
    return Value::none();
}

Value clearList(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "clear", {});
    self.items().values.clear();
    return Value::none();
}

Value copyList(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "copy", {});
    return run.list(self.items().values);
}

Value reverseList(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "reverse", {});
    std::reverse(self.items().values.begin(), self.items().values.end());
    return Value::none();
}

Value sortList(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "sort", {"reverse"});
    std::vector<Value> keys = self.items().values;
    self.items().values = sortedBy(run, self.items().values, keys, p.flag(run, 0, false));
    return Value::none();
}

Value index(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "index", {"", "", ""}, 1);
    const std::vector<Value> values = toVector(run, self);
    const std::size_t from = clampIndex(p.integer(1, 0), values.size());
    const std::size_t to = clampIndex(p.integer(2, static_cast<std::int64_t>(values.size())), values.size());
    return Value::integer(static_cast<std::int64_t>(find(run, values, p[0], from, to)));
}

Value count(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "count", {""}, 1);
    std::int64_t total = 0;
    Iterator* iterator = iterate(run, self);
    for (Value item; iterator->next(run, item);)
        total += identical(item, p[0]) || equals(run, item, p[0]);
    return Value::integer(total);
}

Value viewOf(Run& run, const Value& self, View::Of of) {
    View* view = run.make<View>();
    view->dict = &self.dict();
    view->of = of;
    return Value::view(view);
}

Value keys(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "keys", {});
    return viewOf(run, self, View::Of::Keys);
}
Value values(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "values", {});
    return viewOf(run, self, View::Of::Values);
}
Value items(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "items", {});
    return viewOf(run, self, View::Of::Items);
}

Value get(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "get", {"", ""}, 1);
    if (const Value* found = self.dict().find(p[0]))
        return *found;
    return p.has(1) ? p[1] : Value::none();
}

Value setDefault(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "setdefault", {"", ""}, 1);
    if (const Value* found = self.dict().find(p[0]))
        return *found;
    Value value = p.has(1) ? p[1] : Value::none();
    self.dict().set(run, p[0], value);
    return value;
}

Value popKey(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "pop", {"", ""}, 1);
    if (const Value* found = self.dict().find(p[0])) {
        Value out = *found;
        self.dict().erase(p[0]);
        return out;
    }
    if (!p.has(1))
        runtimeFault(reason::kIndex, "no such key: " + represent(run, p[0]));
    return p[1];
}

Value update(Run& run, const Value& self, Arguments& arguments) {
    if (arguments.positional.size() > 1)
        runtimeFault(reason::kType, "update expected at most 1 argument");
    if (!arguments.positional.empty())
        mergeInto(run, self.dict(), arguments.positional[0]);
    for (auto& [name, value] : arguments.named)
        self.dict().set(run, run.string(name), value);
    return Value::none();
}

Value clearDict(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "clear", {});
    self.dict().clear();
    return Value::none();
}

Value copyDict(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "copy", {});
    Dict* copy = run.make<Dict>();
    mergeInto(run, *copy, self);
    return Value::dict(copy);
}

constexpr std::array kListMethods{
    Native{"append", append},       Native{"extend", extend},     Native{"insert", insert},
    Native{"pop", popItem},         Native{"remove", removeItem}, Native{"clear", clearList},
    Native{"copy", copyList},       Native{"index", index},       Native{"count", count},
    Native{"reverse", reverseList}, Native{"sort", sortList},
};
constexpr std::array kTupleMethods{Native{"index", index}, Native{"count", count}};
constexpr std::array kDictMethods{
    Native{"keys", keys},     Native{"values", values},   Native{"items", items},
    Native{"get", get},       Native{"pop", popKey},      Native{"setdefault", setDefault},
    Native{"update", update}, Native{"clear", clearDict}, Native{"copy", copyDict},
};

} // namespace

void mergeInto(Run& run, Dict& target, const Value& source) {
    if (source.is(Kind::Dict)) {
        if (&source.dict() == &target)
            return;
        for (const Dict::Entry& entry : source.dict().entries)
            target.set(run, entry.key, entry.value);
        return;
    }
    Iterator* iterator = iterate(run, source);
    for (Value item; iterator->next(run, item);) {
        const std::vector<Value> pair = toVector(run, item);
        if (pair.size() != 2)
            runtimeFault(reason::kValue, "dictionary update sequence element has length " +
                                             std::to_string(pair.size()) + "; 2 is required");
        target.set(run, pair[0], pair[1]);
    }
}

const Native* findListMethod(std::string_view name) {
    return findNative(kListMethods, name);
}
const Native* findTupleMethod(std::string_view name) {
    return findNative(kTupleMethods, name);
}
const Native* findDictMethod(std::string_view name) {
    return findNative(kDictMethods, name);
}

} // namespace hearth::text::jinja
