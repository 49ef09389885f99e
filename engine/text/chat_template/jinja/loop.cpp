#include "engine/text/chat_template/jinja/arguments.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"

namespace hearth::text::jinja {

namespace {

Value cycle(Run&, const Value& self, Arguments& arguments) {
    if (arguments.positional.empty() || !arguments.named.empty())
        runtimeFault(reason::kType, "no items for cycling given");
    const auto size = static_cast<std::int64_t>(arguments.positional.size());
    return arguments.positional[static_cast<std::size_t>(self.loop().index0 % size)];
}

Value changed(Run& run, const Value& self, Arguments& arguments) {
    if (!arguments.named.empty())
        runtimeFault(reason::kType, "changed() takes no keyword arguments");
    Loop& loop = self.loop();
    const Value now = run.tuple(arguments.positional);
    if (loop.hasChanged && equals(run, loop.lastChanged, now))
        return Value::boolean(false);
    loop.lastChanged = now;
    loop.hasChanged = true;
    return Value::boolean(true);
}

} // namespace

Value Loop::attribute(Run& run, std::string_view name) {
    if (name == "index")
        return Value::integer(index0 + 1);
    if (name == "index0")
        return Value::integer(index0);
    if (name == "first")
        return Value::boolean(index0 == 0);
    if (name == "last")
        return Value::boolean(!peek(run));
    if (name == "length")
        return Value::integer(length(run));
    if (name == "revindex")
        return Value::integer(length(run) - index0);
    if (name == "revindex0")
        return Value::integer(length(run) - index0 - 1);
    if (name == "previtem")
        return index0 == 0 ? run.undefined("there is no previous item") : before;
    if (name == "nextitem")
        return peek(run) ? after : run.undefined("there is no next item");
    if (name == "depth")
        return Value::integer(1);
    if (name == "depth0")
        return Value::integer(0);
    if (name == "cycle")
        return Value::function(run.make<NativeFunction>("cycle", cycle, Value::loop(this)));
    if (name == "changed")
        return Value::function(run.make<NativeFunction>("changed", changed, Value::loop(this)));
    return run.undefined("'LoopContext object' has no attribute '" + std::string(name) + "'");
}

} // namespace hearth::text::jinja
