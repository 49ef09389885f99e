#include "engine/text/chat_template/jinja/attribute_path.h"

#include <charconv>

#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/text_operations.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

AttributePath::AttributePath(Run& run, const Value& attribute) {
    if (attribute.is(Kind::None) || attribute.is(Kind::Undefined))
        return;
    if (!attribute.is(Kind::String)) {
        m_parts.push_back(attribute);
        return;
    }
    for (std::string& part : splitAt(attribute.str(), ".", -1, false)) {
        std::int64_t number = 0;
        const auto end = std::from_chars(part.data(), part.data() + part.size(), number);
        const bool digits = !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
        m_parts.push_back(digits && end.ec == std::errc{} ? Value::integer(number)
                                                          : run.string(std::move(part)));
    }
}

Value AttributePath::of(Run& run, Value item, const std::optional<Value>& otherwise) const {
    for (const Value& part : m_parts) {
        item = getItem(run, item, part);
        if (otherwise && item.is(Kind::Undefined))
            item = *otherwise;
    }
    return item;
}

Value withoutCase(Run& run, const Value& value) {
    return value.is(Kind::String) ? run.string(lower(value.str())) : value;
}

} // namespace hearth::text::jinja
