#include "engine/text/chat_template/jinja/arguments.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/unicode.h"

// What may stand after `is`.

namespace hearth::text::jinja {

namespace {

template <bool (*Test)(const Value&)>
Value plain(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "test", {});
    return Value::boolean(Test(self));
}

bool isDefined(const Value& v) {
    return !v.is(Kind::Undefined);
}
bool isUndefined(const Value& v) {
    return v.is(Kind::Undefined);
}
bool isNone(const Value& v) {
    return v.is(Kind::None);
}
bool isBoolean(const Value& v) {
    return v.is(Kind::Bool);
}
bool isTrue(const Value& v) {
    return v.is(Kind::Bool) && v.asBool();
}
bool isFalse(const Value& v) {
    return v.is(Kind::Bool) && !v.asBool();
}
bool isIntegerTest(const Value& v) {
    return v.is(Kind::Int);
}
bool isFloat(const Value& v) {
    return v.is(Kind::Float);
}
bool isNumberTest(const Value& v) {
    return v.isNumber();
}
bool isString(const Value& v) {
    return v.is(Kind::String);
}
bool isMapping(const Value& v) {
    return v.is(Kind::Dict);
}
/// An undefined value can be called, if only to raise: Python's callable() sees the method.
bool isCallable(const Value& v) {
    return v.is(Kind::Function) || v.is(Kind::Undefined) || v.is(Kind::Loop);
}
bool never(const Value&) {
    return false;
}
bool isSequence(const Value& v) {
    return v.is(Kind::String) || v.is(Kind::List) || v.is(Kind::Tuple) || v.is(Kind::Dict) ||
           v.is(Kind::Range) || v.is(Kind::Undefined);
}

Value remainderIs(Run& run, const Value& value, const Value& divisor, std::int64_t wanted) {
    return Value::boolean(
        equals(run, arithmetic(run, Operator::Modulo, value, divisor), Value::integer(wanted)));
}

Value odd(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "odd", {});
    return remainderIs(run, self, Value::integer(2), 1);
}
Value even(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "even", {});
    return remainderIs(run, self, Value::integer(2), 0);
}
Value divisibleBy(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "divisibleby", {"num"}, 1);
    return remainderIs(run, self, p[0], 0);
}

Value lowerTest(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "lower", {});
    return Value::boolean(isLowerText(toText(run, self)));
}
Value upperTest(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "upper", {});
    return Value::boolean(isUpperText(toText(run, self)));
}

Value equal(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "eq", {""}, 1);
    return Value::boolean(equals(run, self, p[0]));
}
Value notEqual(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "ne", {""}, 1);
    return Value::boolean(!equals(run, self, p[0]));
}
Value less(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "lt", {""}, 1);
    return Value::boolean(lessThan(run, self, p[0], "<"));
}
Value greater(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "gt", {""}, 1);
    return Value::boolean(lessThan(run, p[0], self, ">"));
}
Value lessOrEqual(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "le", {""}, 1);
    return Value::boolean(lessThan(run, self, p[0], "<=") || equals(run, self, p[0]));
}
Value greaterOrEqual(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "ge", {""}, 1);
    return Value::boolean(lessThan(run, p[0], self, ">=") || equals(run, self, p[0]));
}

Value in(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "in", {"seq"}, 1);
    return Value::boolean(contains(run, p[0], self));
}
Value sameAs(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "sameas", {"other"}, 1);
    return Value::boolean(identical(self, p[0]));
}
Value iterable(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "iterable", {});
    return Value::boolean(isIterable(self));
}
Value filterExists(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "filter", {});
    return Value::boolean(self.is(Kind::String) && findFilter(self.str()));
}
Value testExists(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "test", {});
    return Value::boolean(self.is(Kind::String) && findTest(self.str()));
}

constexpr std::array kTests{
    Native{"defined", plain<isDefined>},
    Native{"undefined", plain<isUndefined>},
    Native{"none", plain<isNone>},
    Native{"boolean", plain<isBoolean>},
    Native{"true", plain<isTrue>},
    Native{"false", plain<isFalse>},
    Native{"integer", plain<isIntegerTest>},
    Native{"float", plain<isFloat>},
    Native{"number", plain<isNumberTest>},
    Native{"string", plain<isString>},
    Native{"mapping", plain<isMapping>},
    Native{"sequence", plain<isSequence>},
    Native{"callable", plain<isCallable>},
    Native{"escaped", plain<never>},
    Native{"iterable", iterable},
    Native{"odd", odd},
    Native{"even", even},
    Native{"divisibleby", divisibleBy},
    Native{"lower", lowerTest},
    Native{"upper", upperTest},
    Native{"in", in},
    Native{"sameas", sameAs},
    Native{"filter", filterExists},
    Native{"test", testExists},
    Native{"==", equal},
    Native{"eq", equal},
    Native{"equalto", equal},
    Native{"!=", notEqual},
    Native{"ne", notEqual},
    Native{"<", less},
    Native{"lt", less},
    Native{"lessthan", less},
    Native{">", greater},
    Native{"gt", greater},
    Native{"greaterthan", greater},
    Native{"<=", lessOrEqual},
    Native{"le", lessOrEqual},
    Native{">=", greaterOrEqual},
    Native{"ge", greaterOrEqual},
};

} // namespace

const Native* findTest(std::string_view name) {
    return findNative(kTests, name);
}

} // namespace hearth::text::jinja
