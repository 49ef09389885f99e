#include <algorithm>

#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"

namespace hearth::text::jinja {

namespace {

bool isSequence(const Value& value) {
    return value.is(Kind::List) || value.is(Kind::Tuple);
}

int compareNumbers(const Value& a, const Value& b) {
    // long double holds every 64-bit integer and every double exactly on the processors that we build for;
    // where it does not, integers are still compared as integers.
    if (a.isInteger() && b.isInteger())
        return a.asInt() < b.asInt() ? -1 : a.asInt() > b.asInt();
    const auto wide = [](const Value& v) {
        return v.isInteger() ? static_cast<long double>(v.asInt()) : static_cast<long double>(v.asDouble());
    };
    return wide(a) < wide(b) ? -1 : wide(a) > wide(b) ? 1 : wide(a) == wide(b) ? 0 : 2;
}

bool equalDicts(Run& run, const Dict& a, Dict& b) {
    if (a.entries.size() != b.entries.size())
        return false;
    return std::all_of(a.entries.begin(), a.entries.end(), [&](const Dict::Entry& entry) {
        const Value* other = b.find(entry.key);
        return other && equals(run, entry.value, *other);
    });
}

bool equalRanges(const Range& a, const Range& b) {
    if (a.size() != b.size())
        return false;
    return a.size() == 0 || (a.start == b.start && (a.size() == 1 || a.step == b.step));
}

[[noreturn]] void notComparable(const Value& a, const Value& b, std::string_view symbol) {
    runtimeFault(reason::kType, "'" + std::string(symbol) + "' not supported between instances of '" +
                                    std::string(typeName(a)) + "' and '" + std::string(typeName(b)) + "'");
}

} // namespace

bool identical(const Value& a, const Value& b) {
    if (a.kind() != b.kind())
        return false;
    switch (a.kind()) {
    case Kind::None:
        return true;
    case Kind::Bool:
    case Kind::Int:
        return a.asInt() == b.asInt();
    case Kind::Float:
        return false;
    case Kind::Undefined:
        return a.text() == b.text();
    case Kind::String:
        return a.text() == b.text() || (a.str() == b.str() && a.str().size() <= 1);
    default:
        return a.object() == b.object();
    }
}

bool equals(Run& run, const Value& a, const Value& b) {
    run.step();
    if (a.isNumber() && b.isNumber())
        return compareNumbers(a, b) == 0;
    if (a.kind() != b.kind())
        return false;
    switch (a.kind()) {
    case Kind::Undefined:
    case Kind::None:
        return true;
    case Kind::String:
        return a.text() == b.text() || a.str() == b.str();
    case Kind::List:
    case Kind::Tuple: {
        if (a.object() == b.object())
            return true;
        const Run::Nested nested(run, Run::kDataLevel);
        const auto &left = a.items().values, &right = b.items().values;
        return left.size() == right.size() &&
               std::equal(left.begin(), left.end(), right.begin(),
                          [&](const Value& x, const Value& y) { return equals(run, x, y); });
    }
    case Kind::Dict: {
        if (a.object() == b.object())
            return true;
        const Run::Nested nested(run, Run::kDataLevel);
        return equalDicts(run, a.dict(), b.dict());
    }
    case Kind::Range:
        return equalRanges(a.range(), b.range());
    default:
        return a.object() == b.object();
    }
}

bool lessThan(Run& run, const Value& a, const Value& b, std::string_view symbol) {
    run.step();
    if (a.isNumber() && b.isNumber())
        return compareNumbers(a, b) == -1;
    if (a.is(Kind::Undefined))
        undefinedFault(a);
    if (b.is(Kind::Undefined))
        undefinedFault(b);
    if (a.is(Kind::String) && b.is(Kind::String))
        return a.str() < b.str(); // the order of UTF-8 is the order of code points
    if (!isSequence(a) || a.kind() != b.kind())
        notComparable(a, b, symbol);
    const Run::Nested nested(run, Run::kDataLevel);
    const auto &left = a.items().values, &right = b.items().values;
    for (std::size_t i = 0; i < left.size() && i < right.size(); ++i)
        if (!equals(run, left[i], right[i]))
            return lessThan(run, left[i], right[i], symbol);
    return left.size() < right.size();
}

bool contains(Run& run, const Value& container, const Value& item) {
    switch (container.kind()) {
    case Kind::String:
        if (!item.is(Kind::String))
            runtimeFault(reason::kType,
                         "'in <string>' requires string as left operand, not " + std::string(typeName(item)));
        run.reserve(container.str().size());
        return container.str().find(item.str()) != std::string::npos;
    case Kind::Dict:
        return container.dict().find(item) != nullptr;
    case Kind::Range:
        if (item.isInteger())
            return container.range().contains(item.asInt());
        break;
    case Kind::View:
        if (container.view().of == View::Of::Keys)
            return container.view().dict->find(item) != nullptr;
        break;
    default:
        break;
    }
    Iterator* iterator = iterate(run, container);
    for (Value value; iterator->next(run, value);)
        if (identical(value, item) || equals(run, value, item))
            return true;
    return false;
}

} // namespace hearth::text::jinja
