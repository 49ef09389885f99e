#include "engine/text/chat_template/jinja/arguments.h"

#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/run.h"

namespace hearth::text::jinja {

Parameters::Parameters(Arguments& arguments, std::string_view function,
                       std::initializer_list<std::string_view> names, std::size_t required) {
    const std::string called(function);
    if (arguments.positional.size() > names.size())
        runtimeFault(reason::kType, called + " takes at most " + std::to_string(names.size()) +
                                        " arguments, not " + std::to_string(arguments.positional.size()));
    for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
        m_values[i] = arguments.positional[i];
        m_given[i] = true;
    }
    for (auto& [name, value] : arguments.named) {
        std::size_t i = 0;
        while (i < names.size() && (names.begin()[i].empty() || names.begin()[i] != name))
            ++i;
        if (i == names.size())
            runtimeFault(reason::kType, called + " got an unexpected keyword argument '" + name + "'");
        if (m_given[i])
            runtimeFault(reason::kType, called + " got multiple values for argument '" + name + "'");
        m_values[i] = value;
        m_given[i] = true;
    }
    for (std::size_t i = 0; i < required; ++i)
        if (!m_given[i])
            runtimeFault(reason::kType, called + " misses argument " + std::to_string(i + 1));
}

Function* boundMethod(Run& run, const Value& self, std::string_view name) {
    const Native* found = nullptr;
    switch (self.kind()) {
    case Kind::String:
        found = findStringMethod(name);
        break;
    case Kind::List:
        found = findListMethod(name);
        break;
    case Kind::Tuple:
    case Kind::Range:
        found = findTupleMethod(name);
        break;
    case Kind::Dict:
        found = findDictMethod(name);
        break;
    default:
        break;
    }
    return found ? run.make<NativeFunction>(found->name, found->code, self) : nullptr;
}

const Native* findFilter(std::string_view name) {
    for (const auto find : {findTextFilter, findSequenceFilter, findSelectionFilter, findNumberFilter})
        if (const Native* found = find(name))
            return found;
    return nullptr;
}

} // namespace hearth::text::jinja
