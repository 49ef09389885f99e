#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

namespace {

/// Walks a list in place, so that what is appended meanwhile is seen, as in Python.
struct ListIterator final : Iterator {
    const List* list;
    std::size_t at = 0;
    explicit ListIterator(const List& l) : list(&l) {}
    bool next(Run& run, Value& out) override {
        if (at >= list->values.size())
            return false;
        run.step();
        out = list->values[at++];
        return true;
    }
};

struct DictIterator final : Iterator {
    View view;
    std::size_t at = 0, size;
    DictIterator(Dict& dict, View::Of of) : size(dict.entries.size()) {
        view.dict = &dict;
        view.of = of;
    }
    bool next(Run& run, Value& out) override {
        if (view.dict->entries.size() != size)
            runtimeFault(reason::kValue, "dictionary changed size during iteration");
        if (at >= size)
            return false;
        run.step();
        out = viewEntry(run, view, view.dict->entries[at++]);
        return true;
    }
};

struct RangeIterator final : Iterator {
    const Range* range;
    std::uint64_t at = 0, size;
    explicit RangeIterator(const Range& r) : range(&r), size(r.size()) {}
    bool next(Run& run, Value& out) override {
        if (at >= size)
            return false;
        run.step();
        out = Value::integer(range->at(at++));
        return true;
    }
};

struct TextIterator final : Iterator {
    std::shared_ptr<const Text> text;
    std::size_t at = 0;
    explicit TextIterator(std::shared_ptr<const Text> t) : text(std::move(t)) {}
    bool next(Run& run, Value& out) override {
        if (at >= text->bytes.size())
            return false;
        run.step();
        const std::size_t begin = at;
        static_cast<void>(nextPoint(text->bytes, at));
        out = run.string(text->bytes.substr(begin, at - begin));
        return true;
    }
};

struct EmptyIterator final : Iterator {
    bool next(Run&, Value&) override { return false; }
};

} // namespace

bool isIterable(const Value& value) {
    switch (value.kind()) {
    case Kind::None:
    case Kind::Bool:
    case Kind::Int:
    case Kind::Float:
    case Kind::Namespace:
    case Kind::Function:
        return false;
    default:
        return true;
    }
}

Iterator* iterate(Run& run, const Value& value) {
    switch (value.kind()) {
    case Kind::Undefined:
        return run.make<EmptyIterator>();
    case Kind::String:
        return run.make<TextIterator>(value.text());
    case Kind::List:
    case Kind::Tuple:
        return run.make<ListIterator>(value.items());
    case Kind::Dict:
        return run.make<DictIterator>(value.dict(), View::Of::Keys);
    case Kind::View:
        return run.make<DictIterator>(*value.view().dict, value.view().of);
    case Kind::Range:
        return run.make<RangeIterator>(value.range());
    case Kind::Iterator:
        return &value.iterator();
    default:
        runtimeFault(reason::kType, "'" + std::string(typeName(value)) + "' object is not iterable");
    }
}

std::vector<Value> toVector(Run& run, const Value& value) {
    std::vector<Value> out;
    Iterator* iterator = iterate(run, value);
    for (Value item; iterator->next(run, item);) {
        run.checkFits((out.size() + 1) * sizeof(Value));
        out.push_back(item);
    }
    return out;
}

std::optional<std::uint64_t> lengthOf(Run& run, const Value& value) {
    switch (value.kind()) {
    case Kind::Undefined:
        return 0;
    case Kind::String:
        return value.text()->points;
    case Kind::List:
    case Kind::Tuple:
        return value.items().values.size();
    case Kind::Dict:
        return value.dict().entries.size();
    case Kind::View:
        return value.view().dict->entries.size();
    case Kind::Range:
        return value.range().size();
    case Kind::Loop:
        return static_cast<std::uint64_t>(value.loop().length(run));
    default:
        return std::nullopt;
    }
}

bool truth(Run& run, const Value& value) {
    switch (value.kind()) {
    case Kind::None:
        return false;
    case Kind::Bool:
    case Kind::Int:
        return value.asInt() != 0;
    case Kind::Float:
        return value.asDouble() != 0;
    default:
        return lengthOf(run, value).value_or(1) != 0;
    }
}

Value viewEntry(Run& run, const View& view, const Dict::Entry& entry) {
    switch (view.of) {
    case View::Of::Keys:
        return entry.key;
    case View::Of::Values:
        return entry.value;
    case View::Of::Items:
        break;
    }
    return run.tuple({entry.key, entry.value});
}

std::int64_t toIndex(const Value& value, std::string_view what) {
    if (value.is(Kind::Undefined))
        undefinedFault(value);
    if (!value.isInteger())
        runtimeFault(reason::kType, std::string(what) + ": '" + std::string(typeName(value)) +
                                        "' object cannot be interpreted as an integer");
    return value.asInt();
}

const std::string& toStringArgument(const Value& value, std::string_view what) {
    if (value.is(Kind::Undefined))
        undefinedFault(value);
    if (!value.is(Kind::String))
        runtimeFault(reason::kType, std::string(what) + " must be str, not " + std::string(typeName(value)));
    return value.str();
}

bool Loop::peek(Run& run) {
    if (!hasAfter && !ended) {
        hasAfter = source->next(run, after);
        ended = !hasAfter;
    }
    return hasAfter;
}

bool Loop::advance(Run& run) {
    if (!peek(run))
        return false;
    ++index0;
    before = std::move(current);
    current = std::move(after);
    hasAfter = false;
    return true;
}

std::int64_t Loop::length(Run& run) {
    if (knownLength >= 0)
        return knownLength;
    if (!iterable.is(Kind::Iterator)) {
        knownLength = static_cast<std::int64_t>(lengthOf(run, iterable).value_or(0));
        return knownLength;
    }
    // A generator has to be run to its end to be counted; what it gave is kept for the rest of the loop.
    std::vector<Value> rest;
    for (Value item; source->next(run, item);) {
        run.checkFits((rest.size() + 1) * sizeof(Value));
        rest.push_back(item);
    }
    knownLength = static_cast<std::int64_t>(rest.size()) + index0 + 1 + (hasAfter ? 1 : 0);
    source = iterate(run, run.list(std::move(rest)));
    ended = false;
    return knownLength;
}

} // namespace hearth::text::jinja
