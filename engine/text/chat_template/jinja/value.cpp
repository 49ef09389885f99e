#include "engine/text/chat_template/jinja/value.h"

#include <cmath>

#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

namespace {

// Below this a search through the entries is as fast as hashing.
constexpr std::size_t kIndexFrom = 16;
constexpr std::size_t kMaximumKeyNesting = 32;
constexpr std::size_t kNotFound = static_cast<std::size_t>(-1);

void appendHashKey(std::string& out, const Value& key, std::size_t nesting) {
    switch (key.kind()) {
    case Kind::String:
        out += 's' + std::to_string(key.str().size()) + ':' + key.str();
        return;
    case Kind::Bool:
    case Kind::Int:
        out += 'i' + std::to_string(key.asInt()) + ';';
        return;
    case Kind::Float:
        if (const double f = key.asDouble(); f == std::floor(f) && std::abs(f) < 0x1p63)
            out += 'i' + std::to_string(static_cast<std::int64_t>(f)) + ';';
        else
            out += 'f' + formatReal(f) + ';';
        return;
    case Kind::None:
        out += 'n';
        return;
    case Kind::Undefined:
        out += 'u';
        return;
    case Kind::Tuple:
        if (nesting == kMaximumKeyNesting)
            limitFault("depth", kMaximumKeyNesting);
        out += '(';
        for (const Value& item : key.items().values)
            appendHashKey(out, item, nesting + 1);
        out += ')';
        return;
    case Kind::List:
    case Kind::Dict:
    case Kind::View:
        runtimeFault(reason::kType, "unhashable type: '" + std::string(typeName(key)) + "'");
    default:
        out += 'o' + std::to_string(reinterpret_cast<std::uintptr_t>(key.object())) + ';';
        return;
    }
}

} // namespace

Text::Text(std::string content, Meter* meter)
    : bytes(std::move(content)), points(countPoints(bytes)), m_meter(meter) {
    if (m_meter)
        m_meter->bytes += bytes.size() + sizeof(Text);
}

Text::~Text() {
    if (m_meter)
        m_meter->bytes -= bytes.size() + sizeof(Text);
}

Value Value::undefined(std::shared_ptr<const Text> why) {
    Value v;
    v.m_text = std::move(why);
    return v;
}
Value Value::boolean(bool b) {
    Value v(Kind::Bool);
    v.m_integer = b;
    return v;
}
Value Value::integer(std::int64_t i) {
    Value v(Kind::Int);
    v.m_integer = i;
    return v;
}
Value Value::real(double f) {
    Value v(Kind::Float);
    v.m_real = f;
    return v;
}
Value Value::string(std::shared_ptr<const Text> text) {
    Value v(Kind::String);
    v.m_text = std::move(text);
    return v;
}
Value Value::list(List* object) {
    return {Kind::List, object};
}
Value Value::tuple(List* object) {
    return {Kind::Tuple, object};
}
Value Value::dict(Dict* object) {
    return {Kind::Dict, object};
}
Value Value::range(Range* object) {
    return {Kind::Range, object};
}
Value Value::view(View* object) {
    return {Kind::View, object};
}
Value Value::iterator(Iterator* object) {
    return {Kind::Iterator, object};
}
Value Value::nameSpace(Namespace* object) {
    return {Kind::Namespace, object};
}
Value Value::function(Function* object) {
    return {Kind::Function, object};
}
Value Value::loop(Loop* object) {
    return {Kind::Loop, object};
}

List& Value::items() const {
    return *static_cast<List*>(m_object);
}
Dict& Value::dict() const {
    return *static_cast<Dict*>(m_object);
}
Range& Value::range() const {
    return *static_cast<Range*>(m_object);
}
View& Value::view() const {
    return *static_cast<View*>(m_object);
}
Iterator& Value::iterator() const {
    return *static_cast<Iterator*>(m_object);
}
Namespace& Value::nameSpace() const {
    return *static_cast<Namespace*>(m_object);
}
Function& Value::function() const {
    return *static_cast<Function*>(m_object);
}
Loop& Value::loop() const {
    return *static_cast<Loop*>(m_object);
}

std::string hashKey(const Value& key) {
    std::string out;
    appendHashKey(out, key, 0);
    return out;
}

Value* Dict::find(std::string_view key) {
    if (!m_index.empty()) {
        const auto found = m_index.find('s' + std::to_string(key.size()) + ':' + std::string(key));
        return found == m_index.end() ? nullptr : &entries[found->second].value;
    }
    for (Entry& entry : entries)
        if (entry.key.is(Kind::String) && entry.key.str() == key)
            return &entry.value;
    return nullptr;
}

std::size_t Dict::indexOf(const Value& key) {
    if (m_index.empty() && key.is(Kind::String)) {
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (entries[i].key.is(Kind::String) && entries[i].key.str() == key.str())
                return i;
        return kNotFound;
    }
    const std::string wanted = hashKey(key);
    if (!m_index.empty()) {
        const auto found = m_index.find(wanted);
        return found == m_index.end() ? kNotFound : found->second;
    }
    for (std::size_t i = 0; i < entries.size(); ++i)
        if (hashKey(entries[i].key) == wanted)
            return i;
    return kNotFound;
}

Value* Dict::find(const Value& key) {
    const std::size_t at = indexOf(key);
    return at == kNotFound ? nullptr : &entries[at].value;
}

void Dict::buildIndex() {
    m_index.clear();
    if (entries.size() < kIndexFrom)
        return;
    for (std::size_t i = 0; i < entries.size(); ++i)
        m_index.emplace(hashKey(entries[i].key), i);
}

void Dict::set(Run& run, const Value& key, Value value) {
    run.step();
    if (Value* known = find(key)) {
        *known = std::move(value);
        return;
    }
    if (!key.is(Kind::String))
        static_cast<void>(hashKey(key)); // refuses what Python cannot hash
    run.hold(sizeof(Entry));
    entries.push_back({key, std::move(value)});
    if (!m_index.empty())
        m_index.emplace(hashKey(key), entries.size() - 1);
    else if (entries.size() >= kIndexFrom)
        buildIndex();
}

bool Dict::erase(const Value& key) {
    const std::size_t at = indexOf(key);
    if (at == kNotFound)
        return false;
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(at));
    buildIndex();
    return true;
}

void Dict::clear() {
    entries.clear();
    m_index.clear();
}

std::uint64_t Range::size() const {
    // In unsigned arithmetic: stop − start may not fit a signed number.
    const auto a = static_cast<std::uint64_t>(start), b = static_cast<std::uint64_t>(stop);
    if (step > 0)
        return start >= stop ? 0 : (b - a - 1) / static_cast<std::uint64_t>(step) + 1;
    return start <= stop ? 0 : (a - b - 1) / (0U - static_cast<std::uint64_t>(step)) + 1;
}

std::int64_t Range::at(std::uint64_t index) const {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(start) +
                                     index * static_cast<std::uint64_t>(step));
}

bool Range::contains(std::int64_t value) const {
    if (step > 0 ? value < start || value >= stop : value > start || value <= stop)
        return false;
    const std::uint64_t distance =
        step > 0 ? static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(start)
                 : static_cast<std::uint64_t>(start) - static_cast<std::uint64_t>(value);
    const std::uint64_t stride =
        step > 0 ? static_cast<std::uint64_t>(step) : 0U - static_cast<std::uint64_t>(step);
    return distance % stride == 0;
}

Value Function::attribute(Run& run, std::string_view name) {
    return run.undefined("a function has no attribute '" + std::string(name) + "'");
}

} // namespace hearth::text::jinja
