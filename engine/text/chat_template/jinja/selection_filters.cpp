#include <unordered_set>

#include "engine/text/chat_template/jinja/arguments.h"
#include "engine/text/chat_template/jinja/attribute_path.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"

// The filters that give generators: nothing happens before something asks for their items.

namespace hearth::text::jinja {

namespace {

struct SourceIterator : Iterator {
    Value value;
    Iterator* source = nullptr;
    explicit SourceIterator(Value v) : value(std::move(v)) {}

protected:
    /// The next item of what is filtered. Anything false, none for example, counts as empty.
    bool pull(Run& run, Value& out) {
        const Run::Nested nested(run, Run::kDataLevel); // generators over generators
        if (!source && !truth(run, value))
            return false;
        if (!source)
            source = iterate(run, value);
        return source->next(run, out);
    }
};

struct MapIterator final : SourceIterator {
    const Native* filter = nullptr; ///< or else an attribute
    Arguments arguments;
    AttributePath path;
    std::optional<Value> otherwise;
    using SourceIterator::SourceIterator;
    bool next(Run& run, Value& out) override {
        Value item;
        if (!pull(run, item))
            return false;
        if (filter) {
            Arguments copy = arguments;
            out = filter->code(run, item, copy);
        } else
            out = path.of(run, item, otherwise);
        return true;
    }
};

Value map(Run& run, const Value& self, Arguments& arguments) {
    MapIterator* iterator = run.make<MapIterator>(self);
    if (arguments.positional.empty() && !arguments.named.empty()) {
        const Parameters p(arguments, "map", {"attribute", "default"}, 1);
        iterator->path = AttributePath(run, p[0]);
        if (p.some(1))
            iterator->otherwise = p[1];
        return Value::iterator(iterator);
    }
    if (arguments.positional.empty())
        runtimeFault(reason::kType, "map requires a filter argument");
    const std::string& name = toStringArgument(arguments.positional[0], "the filter's name");
    iterator->filter = findFilter(name);
    if (!iterator->filter)
        runtimeFault(reason::kUnknownFilter, "No filter named '" + name + "'.");
    iterator->arguments = arguments;
    iterator->arguments.positional.erase(iterator->arguments.positional.begin());
    return Value::iterator(iterator);
}

struct SelectIterator final : SourceIterator {
    const Native* test = nullptr; ///< or else the truth of the value
    Arguments arguments;
    AttributePath path;
    bool keep = true;
    using SourceIterator::SourceIterator;
    bool next(Run& run, Value& out) override {
        while (pull(run, out)) {
            const Value looked = path.of(run, out);
            Arguments copy = arguments;
            if (truth(run, test ? test->code(run, looked, copy) : looked) == keep)
                return true;
        }
        return false;
    }
};

Value selectFrom(Run& run, const Value& self, Arguments& arguments, bool keep, bool byAttribute) {
    SelectIterator* iterator = run.make<SelectIterator>(self);
    iterator->keep = keep;
    Arguments rest = arguments;
    if (byAttribute) {
        if (rest.positional.empty())
            runtimeFault(reason::kType, "Missing parameter for attribute name");
        iterator->path = AttributePath(run, rest.positional[0]);
        rest.positional.erase(rest.positional.begin());
    }
    if (!rest.positional.empty()) {
        const std::string& name = toStringArgument(rest.positional[0], "the test's name");
        iterator->test = findTest(name);
        if (!iterator->test)
            runtimeFault(reason::kUnknownTest, "No test named '" + name + "'.");
        rest.positional.erase(rest.positional.begin());
    }
    iterator->arguments = std::move(rest);
    return Value::iterator(iterator);
}

Value select(Run& run, const Value& self, Arguments& a) {
    return selectFrom(run, self, a, true, false);
}
Value reject(Run& run, const Value& self, Arguments& a) {
    return selectFrom(run, self, a, false, false);
}
Value selectAttr(Run& run, const Value& self, Arguments& a) {
    return selectFrom(run, self, a, true, true);
}
Value rejectAttr(Run& run, const Value& self, Arguments& a) {
    return selectFrom(run, self, a, false, true);
}

struct UniqueIterator final : Iterator {
    Iterator* source;
    AttributePath path;
    bool caseSensitive = false;
    std::unordered_set<std::string> seen;
    explicit UniqueIterator(Iterator* s) : source(s) {}
    bool next(Run& run, Value& out) override {
        const Run::Nested nested(run, Run::kDataLevel);
        while (source->next(run, out)) {
            const Value key = path.of(run, out);
            std::string text = hashKey(caseSensitive ? key : withoutCase(run, key));
            run.hold(text.size());
            if (seen.insert(std::move(text)).second)
                return true;
        }
        return false;
    }
};

Value unique(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "unique", {"case_sensitive", "attribute"});
    UniqueIterator* iterator = run.make<UniqueIterator>(iterate(run, self));
    iterator->caseSensitive = p.flag(run, 0, false);
    iterator->path = AttributePath(run, p[1]);
    return Value::iterator(iterator);
}

Value items(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "items", {});
    if (self.is(Kind::Undefined))
        return Value::iterator(iterate(run, self));
    if (!self.is(Kind::Dict))
        runtimeFault(reason::kType, "Can only get item pairs from a mapping.");
    View* view = run.make<View>();
    view->dict = &self.dict();
    view->of = View::Of::Items;
    return Value::iterator(iterate(run, Value::view(view)));
}

struct BatchIterator final : Iterator {
    Iterator* source;
    std::int64_t size;
    Value fill;
    Value pending;
    bool hasPending = false;
    BatchIterator(Iterator* s, std::int64_t n, Value f) : source(s), size(n), fill(std::move(f)) {}
    bool next(Run& run, Value& out) override {
        const Run::Nested nested(run, Run::kDataLevel);
        out = run.list({});
        List& list = out.items();
        if (hasPending)
            run.append(list, std::move(pending));
        hasPending = false;
        for (Value item; source->next(run, item);) {
            if (static_cast<std::int64_t>(list.values.size()) == size) {
                pending = item;
                hasPending = true;
                return true;
            }
            run.append(list, item);
        }
        if (list.values.empty())
            return false;
        while (!fill.is(Kind::None) && static_cast<std::int64_t>(list.values.size()) < size) {
            run.step();
            run.append(list, fill);
        }
        return true;
    }
};

Value batch(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "batch", {"linecount", "fill_with"}, 1);
    return Value::iterator(run.make<BatchIterator>(iterate(run, self), toIndex(p[0], "linecount"),
                                                   p.has(1) ? p[1] : Value::none()));
}

Value slice(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "slice", {"slices", "fill_with"}, 1);
    const std::vector<Value> values = toVector(run, self);
    const std::int64_t slices = toIndex(p[0], "slices");
    if (slices == 0)
        runtimeFault(reason::kDivision, "integer division or modulo by zero");
    const Value out = run.list({});
    const auto size = static_cast<std::int64_t>(values.size());
    std::int64_t at = 0;
    for (std::int64_t i = 0; i < slices; ++i) {
        run.step();
        const bool extra = i < size % slices;
        const std::int64_t end = at + size / slices + (extra ? 1 : 0);
        const Value part = run.list({values.begin() + at, values.begin() + end});
        if (p.some(1) && !extra)
            run.append(part.items(), p[1]);
        run.append(out.items(), part);
        at = end;
    }
    return Value::iterator(iterate(run, out));
}

Value attribute(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "attr", {"name"}, 1);
    static_cast<void>(toStringArgument(p[0], "name"));
    if (self.is(Kind::Undefined))
        undefinedFault(self);
    return getAttributeOnly(run, self, p[0]);
}

constexpr std::array kSelectionFilters{
    Native{"map", map},
    Native{"select", select},
    Native{"reject", reject},
    Native{"selectattr", selectAttr},
    Native{"rejectattr", rejectAttr},
    Native{"unique", unique},
    Native{"items", items},
    Native{"batch", batch},
    Native{"slice", slice},
    Native{"attr", attribute},
};

} // namespace

const Native* findSelectionFilter(std::string_view name) {
    return findNative(kSelectionFilters, name);
}

} // namespace hearth::text::jinja
