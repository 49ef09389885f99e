#include <array>
#include <cstdio>
#include <ctime>

#include "engine/text/chat_template/jinja/arguments.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/ordering.h"
#include "engine/text/chat_template/jinja/run.h"

namespace hearth::text::jinja {

namespace {

Value range(Run& run, const Value&, Arguments& arguments) {
    const Parameters p(arguments, "range", {"", "", ""}, 1);
    Range* range = run.make<Range>();
    range->stop = toIndex(p[0], "range");
    if (p.has(1)) {
        range->start = range->stop;
        range->stop = toIndex(p[1], "range");
    }
    range->step = p.integer(2, 1);
    if (range->step == 0)
        runtimeFault(reason::kValue, "range() arg 3 must not be zero");
    return Value::range(range);
}

void fillDict(Run& run, Dict& dict, Arguments& arguments, const char* name) {
    if (arguments.positional.size() > 1)
        runtimeFault(reason::kType, std::string(name) + " expected at most 1 argument");
    if (!arguments.positional.empty())
        mergeInto(run, dict, arguments.positional[0]);
    for (auto& [key, value] : arguments.named)
        dict.set(run, run.string(key), value);
}

Value dict(Run& run, const Value&, Arguments& arguments) {
    Dict* dict = run.make<Dict>();
    fillDict(run, *dict, arguments, "dict");
    return Value::dict(dict);
}

Value nameSpace(Run& run, const Value&, Arguments& arguments) {
    Namespace* made = run.make<Namespace>();
    fillDict(run, made->attributes, arguments, "namespace");
    return Value::nameSpace(made);
}

/// joiner(sep): gives nothing at the first call and the separator afterwards.
struct Joiner final : Function {
    Value separator;
    bool used = false;
    Value call(Run& run, Arguments& arguments) override {
        const Parameters p(arguments, "joiner", {});
        if (used)
            return separator;
        used = true;
        return run.string("");
    }
    [[nodiscard]] std::string represent() const override { return "<joiner>"; }
};

Value joiner(Run& run, const Value&, Arguments& arguments) {
    const Parameters p(arguments, "joiner", {"sep"});
    Joiner* made = run.make<Joiner>();
    made->separator = p.has(0) ? p[0] : run.string(", ");
    return Value::function(made);
}

/// cycler(a, b, …): gives its items in turn through next(), current and reset().
struct Cycler final : Function {
    std::vector<Value> items;
    std::size_t at = 0;
    Value call(Run&, Arguments&) override { runtimeFault(reason::kType, "'Cycler' object is not callable"); }
    [[nodiscard]] std::string represent() const override { return "<cycler>"; }
    [[nodiscard]] Value attribute(Run& run, std::string_view name) override;
};

struct CyclerStep final : Function {
    Cycler* cycler;
    bool reset;
    CyclerStep(Cycler* c, bool r) : cycler(c), reset(r) {}
    Value call(Run&, Arguments& arguments) override {
        const Parameters p(arguments, "cycler", {});
        if (reset) {
            cycler->at = 0;
            return Value::none();
        }
        Value out = cycler->items[cycler->at];
        cycler->at = (cycler->at + 1) % cycler->items.size();
        return out;
    }
    [[nodiscard]] std::string represent() const override { return "<bound method>"; }
};

Value Cycler::attribute(Run& run, std::string_view name) {
    if (name == "current")
        return items[at];
    if (name == "next" || name == "reset")
        return Value::function(run.make<CyclerStep>(this, name == "reset"));
    return Function::attribute(run, name);
}

Value cycler(Run& run, const Value&, Arguments& arguments) {
    if (arguments.positional.empty() || !arguments.named.empty())
        runtimeFault(reason::kType, "at least one item has to be provided");
    Cycler* made = run.make<Cycler>();
    made->items = arguments.positional;
    return Value::function(made);
}

Value raiseException(Run& run, const Value&, Arguments& arguments) {
    const Parameters p(arguments, "raise_exception", {"message"}, 1);
    throw Fault{Error{"template.raised", toText(run, p[0])}};
}

/// datetime.now().strftime(format), in local time. Microseconds and the absent time zone are Python's own.
Value strftimeNow(Run& run, const Value&, Arguments& arguments) {
    const Parameters p(arguments, "strftime_now", {"format"}, 1);
    const std::string& given = toStringArgument(p[0], "strftime() argument 1");
    if (given.size() > 4096)
        runtimeFault(reason::kValue, "the time format is too long");
    const auto now = run.now();
    const auto micro = std::chrono::floor<std::chrono::microseconds>(now.time_since_epoch()).count();
    const std::time_t seconds =
        std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(now));
    std::tm local{};
    if (!localtime_r(&seconds, &local))
        runtimeFault(reason::kValue, "the time cannot be shown as a date");
    std::string out;
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (given[i] != '%') {
            out += given[i];
            continue;
        }
        if (++i == given.size()) {
            out += '%';
            break;
        }
        std::string directive{'%', given[i]};
        if (given[i] == '-' && i + 1 < given.size()) // glibc's "no padding"
            directive += given[++i];
        const char letter = directive.back();
        if (letter == 'z' || letter == 'Z')
            continue;
        std::array<char, 128> buffer{};
        if (letter == 'f') {
            std::snprintf(buffer.data(), buffer.size(), "%06d",
                          static_cast<int>(((micro % 1000000) + 1000000) % 1000000));
            out += buffer.data();
            continue;
        }
        if (static_cast<unsigned char>(letter) >= 0x80) {
            out += directive;
            continue;
        }
        out.append(buffer.data(), std::strftime(buffer.data(), buffer.size(), directive.c_str(), &local));
    }
    return run.string(std::move(out));
}

constexpr std::array kGlobals{
    Native{"range", range},
    Native{"dict", dict},
    Native{"namespace", nameSpace},
    Native{"joiner", joiner},
    Native{"cycler", cycler},
    Native{"raise_exception", raiseException},
    Native{"strftime_now", strftimeNow},
};

} // namespace

const Native* findGlobal(std::string_view name) {
    return findNative(kGlobals, name);
}

} // namespace hearth::text::jinja
