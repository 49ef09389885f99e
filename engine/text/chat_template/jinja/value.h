#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hearth::text::jinja {

class Run;
class Value;

/// What a value is; the types of Python that a template can hold. View is dict.keys() and the like, Iterator
/// a generator or reversed(), which is used up by one pass.
enum class Kind : std::uint8_t {
    Undefined,
    None,
    Bool,
    Int,
    Float,
    String,
    List,
    Tuple,
    Dict,
    Range,
    View,
    Iterator,
    Namespace,
    Function,
    Loop,
};

/// Counts the bytes that a run keeps alive.
struct Meter {
    std::size_t bytes = 0;
};

/// An immutable string: valid UTF-8 and its length in code points. Shared by reference; no cycle can form.
struct Text {
    Text(std::string content, Meter* meter);
    ~Text();
    Text(const Text&) = delete;
    Text& operator=(const Text&) = delete;
    [[nodiscard]] bool ascii() const { return points == bytes.size(); }

    const std::string bytes;
    const std::size_t points;

private:
    Meter* const m_meter; ///< null for strings of the template itself
};

/// What lives as long as the run: containers, which may refer to each other in circles, and functions.
struct Object {
    virtual ~Object() = default;
};
struct List;
struct Dict;
struct Range;
struct View;
struct Iterator;
struct Namespace;
struct Function;
struct Loop;

/// A value of the template language: cheap to copy. Objects are owned by the Run and die with it.
class Value {
public:
    Value() = default; ///< undefined, without an explanation
    [[nodiscard]] static Value undefined(std::shared_ptr<const Text> why);
    [[nodiscard]] static Value none() { return Value(Kind::None); }
    [[nodiscard]] static Value boolean(bool b);
    [[nodiscard]] static Value integer(std::int64_t i);
    [[nodiscard]] static Value real(double f);
    [[nodiscard]] static Value string(std::shared_ptr<const Text> text);
    [[nodiscard]] static Value list(List* object);
    [[nodiscard]] static Value tuple(List* object);
    [[nodiscard]] static Value dict(Dict* object);
    [[nodiscard]] static Value range(Range* object);
    [[nodiscard]] static Value view(View* object);
    [[nodiscard]] static Value iterator(Iterator* object);
    [[nodiscard]] static Value nameSpace(Namespace* object);
    [[nodiscard]] static Value function(Function* object);
    [[nodiscard]] static Value loop(Loop* object);

    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] bool is(Kind kind) const { return m_kind == kind; }
    /// Python's bool is an int.
    [[nodiscard]] bool isInteger() const { return m_kind == Kind::Int || m_kind == Kind::Bool; }
    [[nodiscard]] bool isNumber() const { return isInteger() || m_kind == Kind::Float; }

    // Each requires the kind it names.
    [[nodiscard]] bool asBool() const { return m_integer != 0; }
    [[nodiscard]] std::int64_t asInt() const { return m_integer; } ///< also of a bool
    [[nodiscard]] double asDouble() const {
        return m_kind == Kind::Float ? m_real : static_cast<double>(m_integer);
    }
    [[nodiscard]] const std::string& str() const { return m_text->bytes; }
    [[nodiscard]] const std::shared_ptr<const Text>& text() const {
        return m_text;
    }                                  ///< of undefined: why, or null
    [[nodiscard]] List& items() const; ///< of a list or tuple
    [[nodiscard]] Dict& dict() const;
    [[nodiscard]] Range& range() const;
    [[nodiscard]] View& view() const;
    [[nodiscard]] Iterator& iterator() const;
    [[nodiscard]] Namespace& nameSpace() const;
    [[nodiscard]] Function& function() const;
    [[nodiscard]] Loop& loop() const;
    [[nodiscard]] const Object* object() const { return m_kind >= Kind::List ? m_object : nullptr; }

private:
    explicit Value(Kind kind) : m_kind(kind) {}
    Value(Kind kind, Object* object) : m_kind(kind), m_object(object) {}

    Kind m_kind = Kind::Undefined;
    union {
        std::int64_t m_integer = 0;
        double m_real;
        Object* m_object;
    };
    std::shared_ptr<const Text> m_text;
};

struct List : Object {
    std::vector<Value> values;
};

/// Keys keep their order of insertion. Keys equal in Python (1, 1.0, True) are the same key.
struct Dict : Object {
    struct Entry {
        Value key, value;
    };
    std::vector<Entry> entries; ///< change through the functions below

    /// Raises a type fault for a key that Python cannot hash.
    [[nodiscard]] Value* find(const Value& key);
    [[nodiscard]] Value* find(std::string_view key);
    void set(Run& run, const Value& key, Value value);
    bool erase(const Value& key);
    void clear();

private:
    [[nodiscard]] std::size_t indexOf(const Value& key);
    void buildIndex();
    std::unordered_map<std::string, std::size_t> m_index; ///< by hashKey(), once there are many entries
};

/// A text that is equal for equal keys and differs otherwise. Raises a type fault for unhashable values.
[[nodiscard]] std::string hashKey(const Value& key);

struct Range : Object {
    std::int64_t start = 0, stop = 0, step = 1;
    [[nodiscard]] std::uint64_t size() const;
    [[nodiscard]] std::int64_t at(std::uint64_t index) const;
    [[nodiscard]] bool contains(std::int64_t value) const;
};

struct View : Object {
    enum class Of { Keys, Values, Items };
    Dict* dict = nullptr;
    Of of = Of::Keys;
};

struct Iterator : Object {
    /// The next value; false at the end, and then for ever.
    virtual bool next(Run& run, Value& out) = 0;
    [[nodiscard]] virtual std::string_view typeName() const { return "generator"; }
};

struct Namespace : Object {
    Dict attributes;
};

/// What a call passes: positional and named values, in the order of writing.
struct Arguments {
    std::vector<Value> positional;
    std::vector<std::pair<std::string, Value>> named;
};

struct Function : Object {
    virtual Value call(Run& run, Arguments& arguments) = 0;
    [[nodiscard]] virtual std::string represent() const = 0;
    [[nodiscard]] virtual Value attribute(Run& run, std::string_view name);
};

/// The variable `loop` of a for statement.
struct Loop : Object {
    Value iterable;
    Iterator* source = nullptr;
    std::int64_t index0 = -1;
    Value current, before, after, lastChanged;
    bool hasAfter = false, ended = false, hasChanged = false;
    std::int64_t knownLength = -1;

    bool advance(Run& run);            ///< to the next item; false at the end
    [[nodiscard]] bool peek(Run& run); ///< whether there is a next item, which is then in `after`
    [[nodiscard]] std::int64_t length(Run& run);
    [[nodiscard]] Value attribute(Run& run, std::string_view name);
};

} // namespace hearth::text::jinja
