#include "engine/format/safetensors/safetensors_header.h"

#include <optional>
#include <set>

#include <nlohmann/json.hpp>

#include "engine/base/checked.h"

namespace hearth::format {

namespace {

constexpr std::size_t kMaxTensors = 1U << 18; // several times the largest published expert models
constexpr std::size_t kMaxDimensions = 8;

std::optional<DType> typeOf(std::string_view name) {
    constexpr std::pair<std::string_view, DType> kTypes[] = {
        {"F32", DType::F32}, {"F16", DType::F16}, {"BF16", DType::BF16}, {"F64", DType::F64},
        {"I8", DType::I8},   {"I16", DType::I16}, {"I32", DType::I32},   {"I64", DType::I64}};
    for (const auto& [text, type] : kTypes)
        if (text == name)
            return type;
    return std::nullopt;
}

/// A state machine over the parser's events: object of tensors, each an object of dtype, shape and
/// data_offsets; "__metadata__" an object of strings. Anything else stops the parsing with a named error.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
public:
    SafetensorsHeader header;
    std::optional<Error> failure;

    bool start_object(std::size_t) override {
        if (m_state == State::Start)
            return enter(State::Names);
        if (m_state == State::Entry)
            return enter(State::Fields);
        if (m_state == State::Metadata)
            return enter(State::MetadataFields);
        return wrongPlace();
    }
    bool key(string_t& name) override {
        if (m_state == State::Names)
            return beginEntry(name);
        if (m_state == State::MetadataFields) {
            m_key = name;
            return header.metadata.contains(name)
                       ? fail("duplicate_field", "metadata " + name + " is there twice")
                       : true;
        }
        if (!m_fields.insert(name).second)
            return fail("duplicate_field", name + " is there twice");
        m_key = name;
        return name == "dtype" || name == "shape" || name == "data_offsets"
                   ? true
                   : fail("bad_entry", "unknown field " + name);
    }
    bool string(string_t& value) override {
        if (m_state == State::MetadataFields) {
            header.metadata.emplace(m_key, value);
            return true;
        }
        if (m_state != State::Fields || m_key != "dtype")
            return wrongPlace();
        const auto type = typeOf(value);
        if (!type)
            return fail("unknown_type", "element type " + value.substr(0, 32));
        m_tensor.type = *type;
        return true;
    }
    bool start_array(std::size_t) override {
        if (m_state != State::Fields)
            return wrongPlace();
        if (m_key == "shape")
            return enter(State::Shape);
        if (m_key == "data_offsets")
            return enter(State::Offsets);
        return wrongPlace();
    }
    bool number_unsigned(number_unsigned_t value) override {
        if (m_state == State::Shape) {
            m_tensor.shape.push_back(value);
            return m_tensor.shape.size() <= kMaxDimensions ? true : fail("bad_entry", "too many dimensions");
        }
        if (m_state == State::Offsets) {
            m_offsets.push_back(value);
            return m_offsets.size() <= 2 ? true : fail("bad_entry", "more than two data_offsets");
        }
        return wrongPlace();
    }
    bool end_array() override { return enter(State::Fields); }
    bool end_object() override {
        if (m_state == State::Fields)
            return endEntry();
        m_state = m_state == State::MetadataFields ? State::Names : State::Done;
        return true;
    }

    bool null() override { return wrongPlace(); }
    bool boolean(bool) override { return wrongPlace(); }
    bool number_integer(number_integer_t) override { return fail("bad_entry", "a negative number"); }
    bool number_float(number_float_t, const string_t&) override {
        return fail("bad_entry", "a number that is no integer");
    }
    bool binary(binary_t&) override { return wrongPlace(); }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& error) override {
        if (!failure) {
            const bool utf8 = std::string_view(error.what()).find("UTF-8") != std::string_view::npos;
            failure = Error{utf8 ? "safetensors.bad_utf8" : "safetensors.bad_json", error.what(), position};
        }
        return false;
    }

private:
    enum class State { Start, Names, Entry, Fields, Shape, Offsets, Metadata, MetadataFields, Done };

    bool enter(State state) {
        m_state = state;
        return true;
    }
    bool fail(const char* reason, const std::string& detail) {
        failure = Error{std::string("safetensors.") + reason,
                        m_tensor.name.empty() ? detail : m_tensor.name.substr(0, 128) + ": " + detail};
        return false;
    }
    bool wrongPlace() {
        if (m_state == State::MetadataFields)
            return fail("bad_metadata", "metadata " + m_key.substr(0, 64) + " is no string");
        if (m_state == State::Metadata)
            return fail("bad_metadata", "the metadata is no object");
        if (m_state == State::Shape || m_state == State::Offsets)
            return fail("too_deep", "values nested deeper than a header has them");
        return fail("bad_entry", m_key.empty() ? "not an object of tensors"
                                               : "field " + m_key.substr(0, 64) + " is of the wrong kind");
    }
    bool beginEntry(const std::string& name) {
        m_key.clear();
        if (name == "__metadata__") {
            m_tensor = {};
            return m_sawMetadata ? fail("duplicate_field", "__metadata__ is there twice")
                                 : (m_sawMetadata = true, enter(State::Metadata));
        }
        m_tensor = {};
        m_tensor.name = name;
        m_fields.clear();
        m_offsets.clear();
        if (!m_names.insert(name).second)
            return fail("duplicate_tensor", "is there twice");
        if (m_names.size() > kMaxTensors)
            return fail("too_many_tensors", "more than " + std::to_string(kMaxTensors) + " tensors");
        return enter(State::Entry);
    }
    bool endEntry() {
        if (m_fields.size() != 3)
            return fail("bad_entry", "dtype, shape or data_offsets is missing");
        if (m_offsets.size() != 2)
            return fail("bad_entry", "data_offsets are no pair");
        if (m_offsets[0] > m_offsets[1])
            return fail("bad_offsets", "ends before it begins");
        for (const std::uint64_t extent : m_tensor.shape) {
            const auto product = checkedMul(m_tensor.elements, extent);
            if (!product)
                return fail("size_overflow", "more elements than 64 bits can count");
            m_tensor.elements = *product;
        }
        if (m_tensor.elements == 0)
            return fail("zero_dimension", "has a dimension of zero");
        const auto bytes = bytesFor(m_tensor.type, m_tensor.elements);
        if (!bytes)
            return fail("size_overflow", "more bytes than 64 bits can count");
        if (*bytes != m_offsets[1] - m_offsets[0])
            return fail("size_mismatch", "the shape needs " + std::to_string(*bytes) +
                                             " bytes, the offsets hold " +
                                             std::to_string(m_offsets[1] - m_offsets[0]));
        m_tensor.bytes = *bytes;
        m_tensor.offset = m_offsets[0];
        header.tensors.push_back(std::move(m_tensor));
        m_tensor = {};
        return enter(State::Names);
    }

    State m_state = State::Start;
    SafeTensor m_tensor;
    std::string m_key;
    std::set<std::string> m_fields;
    std::set<std::string, std::less<>> m_names;
    std::vector<std::uint64_t> m_offsets;
    bool m_sawMetadata = false;
};

} // namespace

Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view json) {
    HeaderReader reader;
    const bool done = nlohmann::json::sax_parse(json.begin(), json.end(), &reader,
                                                nlohmann::json::input_format_t::json, true);
    if (reader.failure)
        return tl::unexpected(std::move(*reader.failure));
    if (!done)
        return fail("safetensors.bad_json", "the header is no JSON object");
    return std::move(reader.header);
}

} // namespace hearth::format
