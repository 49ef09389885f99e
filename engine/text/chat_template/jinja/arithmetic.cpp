#include <cmath>
#include <limits>
#include <optional>

#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"

namespace hearth::text::jinja {

namespace {

constexpr std::string_view symbolOf(Operator op) {
    switch (op) {
    case Operator::Add:
        return "+";
    case Operator::Subtract:
        return "-";
    case Operator::Multiply:
        return "*";
    case Operator::Divide:
        return "/";
    case Operator::FloorDivide:
        return "//";
    case Operator::Modulo:
        return "%";
    case Operator::Power:
        return "** or pow()";
    }
    return "?";
}

[[noreturn]] void overflowFault() {
    runtimeFault(reason::kOverflow, "the result does not fit a 64-bit integer");
}
[[noreturn]] void divisionFault(const char* what) {
    runtimeFault(reason::kDivision, what);
}

/// `result` by reference: it is written by the very expression that gives `overflowed`.
Value checked(bool overflowed, const std::int64_t& result) {
    if (overflowed)
        overflowFault();
    return Value::integer(result);
}

std::int64_t floorDivide(std::int64_t a, std::int64_t b) {
    if (b == 0)
        divisionFault("integer division or modulo by zero");
    if (a == std::numeric_limits<std::int64_t>::min() && b == -1)
        overflowFault();
    const std::int64_t quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

std::int64_t floorModulo(std::int64_t a, std::int64_t b) {
    if (b == 0)
        divisionFault("integer division or modulo by zero");
    if (b == -1)
        return 0;
    const std::int64_t remainder = a % b;
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

double floorModulo(double a, double b) {
    if (b == 0)
        divisionFault("float modulo");
    const double remainder = std::fmod(a, b);
    if (remainder == 0)
        return std::copysign(0.0, b);
    return (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

double floorDivide(double a, double b) {
    if (b == 0)
        divisionFault("float floor division by zero");
    const double quotient = (a - floorModulo(a, b)) / b;
    if (quotient == 0)
        return std::copysign(0.0, a / b);
    const double floored = std::floor(quotient);
    return quotient - floored > 0.5 ? floored + 1 : floored;
}

Value integerPower(std::int64_t base, std::int64_t exponent) {
    if (exponent < 0) {
        if (base == 0)
            divisionFault("0.0 cannot be raised to a negative power");
        return Value::real(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
    }
    std::int64_t result = 1;
    for (;;) {
        if ((exponent & 1) && __builtin_mul_overflow(result, base, &result))
            overflowFault();
        exponent >>= 1;
        if (exponent == 0)
            return Value::integer(result);
        if (__builtin_mul_overflow(base, base, &base))
            overflowFault();
    }
}

Value integers(Operator op, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    switch (op) {
    case Operator::Add:
        return checked(__builtin_add_overflow(a, b, &result), result);
    case Operator::Subtract:
        return checked(__builtin_sub_overflow(a, b, &result), result);
    case Operator::Multiply:
        return checked(__builtin_mul_overflow(a, b, &result), result);
    case Operator::Divide:
        if (b == 0)
            divisionFault("division by zero");
        return Value::real(static_cast<double>(static_cast<long double>(a) / static_cast<long double>(b)));
    case Operator::FloorDivide:
        return Value::integer(floorDivide(a, b));
    case Operator::Modulo:
        return Value::integer(floorModulo(a, b));
    case Operator::Power:
        return integerPower(a, b);
    }
    return {};
}

Value reals(Operator op, double a, double b) {
    switch (op) {
    case Operator::Add:
        return Value::real(a + b);
    case Operator::Subtract:
        return Value::real(a - b);
    case Operator::Multiply:
        return Value::real(a * b);
    case Operator::Divide:
        if (b == 0)
            divisionFault("float division by zero");
        return Value::real(a / b);
    case Operator::FloorDivide:
        return Value::real(floorDivide(a, b));
    case Operator::Modulo:
        return Value::real(floorModulo(a, b));
    case Operator::Power: {
        if (a == 0 && b < 0)
            divisionFault("0.0 cannot be raised to a negative power");
        if (a < 0 && b != std::floor(b))
            runtimeFault(reason::kType, "the power is a complex number");
        const double result = std::pow(a, b);
        if (std::isinf(result) && !std::isinf(a) && !std::isinf(b))
            overflowFault();
        return Value::real(result);
    }
    }
    return {};
}

/// How many copies `count` asks for; sequences take negative counts for none.
std::size_t copies(Run& run, std::size_t bytes, std::int64_t count) {
    if (count <= 0 || bytes == 0)
        return 0;
    std::size_t total = 0;
    if (__builtin_mul_overflow(bytes, static_cast<std::size_t>(count), &total))
        limitFault("memory", run.limits().outputBytes);
    run.reserve(total);
    return static_cast<std::size_t>(count);
}

Value repeat(Run& run, const Value& sequence, std::int64_t count) {
    if (sequence.is(Kind::String)) {
        const std::size_t n = copies(run, sequence.str().size(), count);
        std::string out;
        out.reserve(n * sequence.str().size());
        for (std::size_t i = 0; i < n; ++i)
            out += sequence.str();
        return run.string(std::move(out));
    }
    const auto& values = sequence.items().values;
    const std::size_t n = copies(run, values.size() * sizeof(Value), count);
    std::vector<Value> out;
    out.reserve(n * values.size());
    for (std::size_t i = 0; i < n; ++i)
        out.insert(out.end(), values.begin(), values.end());
    return sequence.is(Kind::List) ? run.list(std::move(out)) : run.tuple(std::move(out));
}

bool isRepeatable(const Value& value) {
    return value.is(Kind::String) || value.is(Kind::List) || value.is(Kind::Tuple);
}

std::optional<Value> concatenation(Run& run, const Value& a, const Value& b) {
    if (a.kind() != b.kind())
        return std::nullopt;
    if (a.is(Kind::String)) {
        run.reserve(a.str().size() + b.str().size());
        return run.string(a.str() + b.str());
    }
    if (!a.is(Kind::List) && !a.is(Kind::Tuple))
        return std::nullopt;
    std::vector<Value> out = a.items().values;
    out.insert(out.end(), b.items().values.begin(), b.items().values.end());
    return a.is(Kind::List) ? run.list(std::move(out)) : run.tuple(std::move(out));
}

} // namespace

Value arithmetic(Run& run, Operator op, const Value& a, const Value& b) {
    if (a.isNumber() && b.isNumber())
        return a.isInteger() && b.isInteger() ? integers(op, a.asInt(), b.asInt())
                                              : reals(op, a.asDouble(), b.asDouble());
    if (op == Operator::Modulo && a.is(Kind::String))
        return run.string(formatPercent(run, a.str(), b));
    if (a.is(Kind::Undefined))
        undefinedFault(a);
    if (b.is(Kind::Undefined))
        undefinedFault(b);
    if (op == Operator::Add)
        if (auto joined = concatenation(run, a, b))
            return *joined;
    if (op == Operator::Multiply) {
        if (isRepeatable(a) && b.isInteger())
            return repeat(run, a, b.asInt());
        if (a.isInteger() && isRepeatable(b))
            return repeat(run, b, a.asInt());
    }
    runtimeFault(reason::kType, "unsupported operand type(s) for " + std::string(symbolOf(op)) + ": '" +
                                    std::string(typeName(a)) + "' and '" + std::string(typeName(b)) + "'");
}

Value negate(const Value& value) {
    if (value.is(Kind::Float))
        return Value::real(-value.asDouble());
    if (value.isInteger()) {
        std::int64_t result = 0;
        return checked(__builtin_sub_overflow(std::int64_t{0}, value.asInt(), &result), result);
    }
    if (value.is(Kind::Undefined))
        undefinedFault(value);
    runtimeFault(reason::kType, "bad operand type for unary -: '" + std::string(typeName(value)) + "'");
}

Value plus(const Value& value) {
    if (value.is(Kind::Float))
        return value;
    if (value.isInteger())
        return Value::integer(value.asInt());
    if (value.is(Kind::Undefined))
        undefinedFault(value);
    runtimeFault(reason::kType, "bad operand type for unary +: '" + std::string(typeName(value)) + "'");
}

} // namespace hearth::text::jinja
