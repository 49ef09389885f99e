#include <algorithm>

#include "engine/text/chat_template/jinja/arguments.h"
#include "engine/text/chat_template/jinja/attribute_path.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/groups.h"
#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/ordering.h"
#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/text_operations.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

namespace {

Value length(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "length", {});
    const auto size = lengthOf(run, self);
    if (!size)
        runtimeFault(reason::kType, "object of type '" + std::string(typeName(self)) + "' has no len()");
    if (*size > static_cast<std::uint64_t>(INT64_MAX))
        runtimeFault(reason::kOverflow, "the length does not fit a 64-bit integer");
    return Value::integer(static_cast<std::int64_t>(*size));
}

Value defaultTo(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "default", {"default_value", "boolean"});
    if (self.is(Kind::Undefined) || (p.flag(run, 1, false) && !truth(run, self)))
        return p.has(0) ? p[0] : run.string("");
    return self;
}

Value first(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "first", {});
    Value out;
    return iterate(run, self)->next(run, out) ? out : run.undefined("No first item, sequence was empty.");
}

/// reversed(value) as a list; nothing where Python refuses.
std::optional<std::vector<Value>> reversed(Run& run, const Value& value) {
    if (value.is(Kind::Iterator) || value.is(Kind::Loop) || !isIterable(value))
        return std::nullopt;
    std::vector<Value> values = toVector(run, value);
    std::reverse(values.begin(), values.end());
    return values;
}

Value last(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "last", {});
    if (self.is(Kind::List) || self.is(Kind::Tuple))
        return self.items().values.empty() ? run.undefined("No last item, sequence was empty.")
                                           : self.items().values.back();
    const auto values = reversed(run, self);
    if (!values)
        runtimeFault(reason::kType, "'" + std::string(typeName(self)) + "' object is not reversible");
    return values->empty() ? run.undefined("No last item, sequence was empty.") : values->front();
}

Value reverse(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "reverse", {});
    if (self.is(Kind::String)) {
        std::u32string points = toPoints(self.str());
        std::reverse(points.begin(), points.end());
        return run.string(toUtf8(points));
    }
    if (auto values = reversed(run, self))
        return Value::iterator(iterate(run, run.list(std::move(*values))));
    if (!isIterable(self))
        runtimeFault(reason::kType, "argument must be iterable");
    std::vector<Value> values = toVector(run, self);
    std::reverse(values.begin(), values.end());
    return run.list(std::move(values));
}

Value toList(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "list", {});
    return run.list(toVector(run, self));
}

Value join(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "join", {"d", "attribute"});
    const std::string separator = p.has(0) ? toText(run, p[0]) : "";
    const AttributePath path(run, p[1]);
    std::string out;
    bool isFirst = true;
    Iterator* iterator = iterate(run, self);
    for (Value item; iterator->next(run, item); isFirst = false) {
        if (!isFirst)
            out += separator;
        out += toText(run, path.of(run, item));
        run.step(separator.size() / 64);
        run.checkFits(out.size());
    }
    return run.string(std::move(out));
}

Value sort(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "sort", {"reverse", "case_sensitive", "attribute"});
    const bool caseSensitive = p.flag(run, 1, false);
    std::vector<AttributePath> paths;
    if (p.has(2) && p[2].is(Kind::String))
        for (std::string& part : splitAt(p[2].str(), ",", -1, false))
            paths.emplace_back(run, run.string(std::move(part)));
    else
        paths.emplace_back(run, p[2]);
    const std::vector<Value> values = toVector(run, self);
    std::vector<Value> keys;
    for (const Value& value : values) {
        std::vector<Value> key;
        for (const AttributePath& path : paths) {
            const Value part = path.of(run, value);
            key.push_back(caseSensitive ? part : withoutCase(run, part));
        }
        keys.push_back(run.list(std::move(key)));
    }
    return run.list(sortedBy(run, values, keys, p.flag(run, 0, false)));
}

Value dictSort(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "dictsort", {"case_sensitive", "by", "reverse"});
    const bool caseSensitive = p.flag(run, 0, false);
    const std::string by = p.has(1) ? toStringArgument(p[1], "by") : "key";
    if (by != "key" && by != "value")
        runtimeFault(reason::kValue, "You can only sort by either \"key\" or \"value\"");
    if (self.is(Kind::Undefined))
        undefinedFault(self);
    if (!self.is(Kind::Dict))
        runtimeFault(reason::kType, "'" + std::string(typeName(self)) + "' object has no attribute 'items'");
    std::vector<Value> pairs, keys;
    for (const Dict::Entry& entry : self.dict().entries) {
        pairs.push_back(run.tuple({entry.key, entry.value}));
        const Value& key = by == "key" ? entry.key : entry.value;
        keys.push_back(caseSensitive ? key : withoutCase(run, key));
    }
    return run.list(sortedBy(run, pairs, keys, p.flag(run, 2, false)));
}

Value extreme(Run& run, const Value& self, Arguments& arguments, bool largest) {
    const Parameters p(arguments, largest ? "max" : "min", {"case_sensitive", "attribute"});
    const bool caseSensitive = p.flag(run, 0, false);
    const AttributePath path(run, p[1]);
    Value best, bestKey;
    bool any = false;
    Iterator* iterator = iterate(run, self);
    for (Value item; iterator->next(run, item);) {
        Value key = path.of(run, item);
        if (!caseSensitive)
            key = withoutCase(run, key);
        if (!any || (largest ? lessThan(run, bestKey, key, ">") : lessThan(run, key, bestKey))) {
            best = item;
            bestKey = key;
        }
        any = true;
    }
    return any ? best : run.undefined("No aggregated item, sequence was empty.");
}
Value minimum(Run& run, const Value& self, Arguments& arguments) {
    return extreme(run, self, arguments, false);
}
Value maximum(Run& run, const Value& self, Arguments& arguments) {
    return extreme(run, self, arguments, true);
}

Value sum(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "sum", {"attribute", "start"});
    Value total = p.has(1) ? p[1] : Value::integer(0);
    if (total.is(Kind::String))
        runtimeFault(reason::kType, "sum() can't sum strings [use ''.join(seq) instead]");
    const AttributePath path(run, p[0]);
    Iterator* iterator = iterate(run, self);
    for (Value item; iterator->next(run, item);)
        total = arithmetic(run, Operator::Add, total, path.of(run, item));
    return total;
}

Value groupBy(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "groupby", {"attribute", "default", "case_sensitive"}, 1);
    const bool caseSensitive = p.flag(run, 2, false);
    const AttributePath path(run, p[0]);
    const std::optional<Value> otherwise = p.some(1) ? std::optional(p[1]) : std::nullopt;
    const auto keyOf = [&](const Value& item) {
        const Value key = path.of(run, item, otherwise);
        return caseSensitive ? key : withoutCase(run, key);
    };
    const std::vector<Value> values = toVector(run, self);
    std::vector<Value> keys;
    keys.reserve(values.size());
    for (const Value& value : values)
        keys.push_back(keyOf(value));
    Value groups = run.list({});
    Value current;
    List* members = nullptr;
    for (const Value& value : sortedBy(run, values, keys, false)) {
        const Value key = keyOf(value);
        if (!members || !equals(run, key, current)) {
            current = key;
            const Value list = run.list({});
            members = &list.items();
            Group* group = run.make<Group>();
            group->values = {path.of(run, value, otherwise), list};
            run.append(groups.items(), Value::tuple(group));
        }
        run.append(*members, value);
    }
    return groups;
}

constexpr std::array kSequenceFilters{
    Native{"length", length}, Native{"count", length}, Native{"default", defaultTo}, Native{"d", defaultTo},
    Native{"first", first},   Native{"last", last},    Native{"reverse", reverse},   Native{"list", toList},
    Native{"join", join},     Native{"sort", sort},    Native{"dictsort", dictSort}, Native{"min", minimum},
    Native{"max", maximum},   Native{"sum", sum},      Native{"groupby", groupBy},
};

} // namespace

const Native* findSequenceFilter(std::string_view name) {
    return findNative(kSequenceFilters, name);
}

} // namespace hearth::text::jinja
