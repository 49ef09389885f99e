#include <algorithm>

#include "engine/text/chat_template/jinja/groups.h"
#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

namespace {

std::string describe(const Value& object) {
    return object.is(Kind::None) ? "None" : std::string(typeName(object)) + " object";
}

Value missing(Run& run, const Value& object, const Value& key) {
    if (key.is(Kind::String))
        return run.undefined("'" + describe(object) + "' has no attribute '" + key.str() + "'");
    return run.undefined(describe(object) + " has no element " + represent(run, key));
}

/// Names with two underscores lead to a language's internals; here there are none, and asking is refused.
void refuseInternals(std::string_view name) {
    if (name.starts_with("__"))
        runtimeFault(reason::kForbidden, "access to '" + std::string(name) + "' is not allowed");
}

/// getattr(object, name) without falling back to items; false where Python raises AttributeError.
bool attributeOf(Run& run, const Value& object, std::string_view name, Value& out) {
    switch (object.kind()) {
    case Kind::Namespace:
        if (const Value* found = object.nameSpace().attributes.find(name)) {
            out = *found;
            return true;
        }
        return false;
    case Kind::Loop:
        out = object.loop().attribute(run, name);
        return !out.is(Kind::Undefined) || name == "previtem" || name == "nextitem";
    case Kind::Function:
        out = object.function().attribute(run, name);
        return !out.is(Kind::Undefined);
    case Kind::Range:
        if (name != "start" && name != "stop" && name != "step")
            break;
        out = Value::integer(name == "start"  ? object.range().start
                             : name == "stop" ? object.range().stop
                                              : object.range().step);
        return true;
    case Kind::Tuple:
        if (const auto* group = dynamic_cast<const Group*>(object.object()); group && name == "grouper") {
            out = group->values[0];
            return true;
        } else if (group && name == "list") {
            out = group->values[1];
            return true;
        }
        break;
    default:
        break;
    }
    Function* method = boundMethod(run, object, name);
    if (method)
        out = Value::function(method);
    return method != nullptr;
}

/// The place of an index that counts from the end when negative; false when outside.
bool place(std::int64_t index, std::uint64_t size, std::uint64_t& out) {
    if (index < 0) {
        if (static_cast<std::uint64_t>(-(index + 1)) >= size)
            return false;
        out = size - static_cast<std::uint64_t>(-(index + 1)) - 1;
        return true;
    }
    out = static_cast<std::uint64_t>(index);
    return out < size;
}

bool itemOf(Run& run, const Value& object, const Value& key, Value& out) {
    if (object.is(Kind::Dict)) {
        if (key.is(Kind::List) || key.is(Kind::Dict) || key.is(Kind::View))
            return false;
        const Value* found = object.dict().find(key);
        if (found)
            out = *found;
        return found != nullptr;
    }
    if (!key.isInteger())
        return false;
    std::uint64_t at = 0;
    switch (object.kind()) {
    case Kind::List:
    case Kind::Tuple:
        if (!place(key.asInt(), object.items().values.size(), at))
            return false;
        out = object.items().values[at];
        return true;
    case Kind::Range:
        if (!place(key.asInt(), object.range().size(), at))
            return false;
        out = Value::integer(object.range().at(at));
        return true;
    case Kind::String: {
        const Text& text = *object.text();
        if (!place(key.asInt(), text.points, at))
            return false;
        if (text.ascii()) {
            out = run.string(std::string(1, text.bytes[at]));
            return true;
        }
        run.reserve(text.bytes.size());
        std::size_t byte = byteOfPoint(text.bytes, at);
        const std::size_t begin = byte;
        static_cast<void>(nextPoint(text.bytes, byte));
        out = run.string(text.bytes.substr(begin, byte - begin));
        return true;
    }
    default:
        return false;
    }
}

/// Python's slice.indices(): the places that a slice names, first, step and how many.
struct Places {
    std::int64_t start = 0, step = 1;
    std::uint64_t count = 0;
};

Places resolve(const Value& start, const Value& stop, const Value& step, std::uint64_t size) {
    const auto number = [](const Value& value) {
        if (!value.isInteger())
            runtimeFault(reason::kType, "slice indices must be integers or None");
        return value.asInt();
    };
    Places places;
    places.step = step.is(Kind::None) ? 1 : number(step);
    if (places.step == 0)
        runtimeFault(reason::kValue, "slice step cannot be zero");
    const auto length = static_cast<std::int64_t>(size);
    const std::int64_t lowest = places.step < 0 ? -1 : 0, highest = places.step < 0 ? length - 1 : length;
    const auto bound = [&](const Value& value, std::int64_t missingValue) {
        if (value.is(Kind::None))
            return missingValue;
        std::int64_t at = number(value);
        if (at < 0)
            at = at < -length ? -1 : at + length; // anything below −1 means the same
        return std::clamp(at, lowest, highest);
    };
    places.start = bound(start, places.step < 0 ? highest : lowest);
    const std::int64_t end = bound(stop, places.step < 0 ? lowest : highest);
    Range range;
    range.start = places.start;
    range.stop = end;
    range.step = places.step;
    places.count = range.size();
    return places;
}

Value sliceText(Run& run, const Text& text, const Places& places) {
    const auto first = static_cast<std::size_t>(std::max<std::int64_t>(places.start, 0));
    run.reserve(text.bytes.size());
    if (places.step == 1) {
        const std::size_t begin =
            text.ascii() ? std::min(first, text.bytes.size()) : byteOfPoint(text.bytes, first);
        const std::string_view rest = std::string_view(text.bytes).substr(begin);
        const std::size_t length = text.ascii() ? places.count : byteOfPoint(rest, places.count);
        return run.string(std::string(rest.substr(0, length)));
    }
    const std::u32string points = toPoints(text.bytes);
    std::string out;
    for (std::uint64_t i = 0; i < places.count; ++i)
        appendPoint(
            out, points[static_cast<std::size_t>(places.start + static_cast<std::int64_t>(i) * places.step)]);
    return run.string(std::move(out));
}

} // namespace

void undefinedFault(const Value& value) {
    runtimeFault(reason::kUndefined, value.text() ? value.text()->bytes : "the value is undefined");
}

Value getAttribute(Run& run, const Value& object, const Value& name) {
    run.step();
    if (object.is(Kind::Undefined))
        undefinedFault(object);
    refuseInternals(name.str());
    Value out;
    if (attributeOf(run, object, name.str(), out) || itemOf(run, object, name, out))
        return out;
    return missing(run, object, name);
}

Value getAttributeOnly(Run& run, const Value& object, const Value& name) {
    run.step();
    refuseInternals(name.str());
    Value out;
    return attributeOf(run, object, name.str(), out) ? out : missing(run, object, name);
}

Value getItem(Run& run, const Value& object, const Value& key) {
    run.step();
    if (object.is(Kind::Undefined))
        undefinedFault(object);
    Value out;
    if (itemOf(run, object, key, out))
        return out;
    if (key.is(Kind::String)) {
        refuseInternals(key.str());
        if (attributeOf(run, object, key.str(), out))
            return out;
    }
    return missing(run, object, key);
}

Value getSlice(Run& run, const Value& object, const Value& start, const Value& stop, const Value& step) {
    run.step();
    switch (object.kind()) {
    case Kind::Undefined:
        undefinedFault(object);
    case Kind::String:
        return sliceText(run, *object.text(), resolve(start, stop, step, object.text()->points));
    case Kind::List:
    case Kind::Tuple: {
        const auto& values = object.items().values;
        const Places places = resolve(start, stop, step, values.size());
        std::vector<Value> out;
        out.reserve(places.count);
        for (std::uint64_t i = 0; i < places.count; ++i)
            out.push_back(
                values[static_cast<std::size_t>(places.start + static_cast<std::int64_t>(i) * places.step)]);
        return object.is(Kind::List) ? run.list(std::move(out)) : run.tuple(std::move(out));
    }
    case Kind::Range: {
        const Range& range = object.range();
        if (range.size() > static_cast<std::uint64_t>(INT64_MAX))
            runtimeFault(reason::kOverflow, "the range is too long for a slice");
        const Places places = resolve(start, stop, step, range.size());
        Range* out = run.make<Range>();
        if (__builtin_mul_overflow(range.step, places.step, &out->step))
            runtimeFault(reason::kOverflow, "the result does not fit a 64-bit integer");
        out->start = range.at(static_cast<std::uint64_t>(places.start));
        out->stop = static_cast<std::int64_t>(static_cast<std::uint64_t>(out->start) +
                                              places.count * static_cast<std::uint64_t>(out->step));
        return Value::range(out);
    }
    case Kind::Dict:
        runtimeFault(reason::kType, "unhashable type: 'slice'");
    default:
        runtimeFault(reason::kType, "'" + std::string(typeName(object)) + "' object is not subscriptable");
    }
}

Value call(Run& run, const Value& callee, Arguments& arguments) {
    run.step();
    if (callee.is(Kind::Undefined))
        undefinedFault(callee);
    if (!callee.is(Kind::Function))
        runtimeFault(reason::kType, "'" + std::string(typeName(callee)) + "' object is not callable");
    return callee.function().call(run, arguments);
}

} // namespace hearth::text::jinja
