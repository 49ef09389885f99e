#include "tests/model/edited_model.h"

#include <algorithm>
#include <string_view>

#include <unistd.h>

#include "engine/format/gguf/gguf_file.h"

namespace hearth::test {

namespace {

/// The kinds of values that the golden models hold.
void copyValue(format::GgufWriter& writer, std::string_view key, const format::GgufValue& value) {
    if (const auto* number = std::get_if<std::uint64_t>(&value)) {
        writer.setUint(key, static_cast<std::uint32_t>(*number));
    } else if (const auto* real = std::get_if<double>(&value)) {
        writer.setFloat(key, static_cast<float>(*real));
    } else if (const auto* flag = std::get_if<bool>(&value)) {
        writer.setBool(key, *flag);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
        writer.setString(key, *text);
    } else if (const auto* array = std::get_if<format::GgufArray>(&value)) {
        if (const auto* texts = std::get_if<std::vector<std::string_view>>(array)) {
            writer.setStrings(key, *texts);
        } else if (const auto* reals = std::get_if<std::vector<double>>(array)) {
            writer.setFloats(key, std::vector<float>(reals->begin(), reals->end()));
        } else if (const auto* whole = std::get_if<std::vector<std::int64_t>>(array)) {
            writer.setInts(key, std::vector<std::int32_t>(whole->begin(), whole->end()));
        }
    }
}

} // namespace

Result<void> writeEdited(const std::filesystem::path& source, const std::filesystem::path& target,
                         const Edit& edit) {
    HEARTH_TRY(const auto file, format::GgufFile::open(source));
    format::GgufWriter writer;
    if (edit.metadata)
        edit.metadata(writer);
    if (edit.without.empty()) {
        writer.copyMetadata(file);
    } else {
        for (const auto& [key, value] : file.metadata())
            if (std::find(edit.without.begin(), edit.without.end(), key) == edit.without.end())
                copyValue(writer, key, value);
    }
    struct Item {
        std::uint64_t bytes;
        std::span<const std::byte> source;
    };
    std::vector<Item> items;
    for (const auto& tensor : file.tensors()) {
        EditedTensor edited{std::string(tensor.name), tensor.type, tensor.shape};
        if (edit.tensor && !edit.tensor(edited))
            continue;
        HEARTH_CHECK(writer.addTensor(edited.name, edited.type, edited.shape));
        std::uint64_t elements = 1;
        for (const std::uint64_t size : edited.shape)
            elements *= size;
        items.push_back({bytesFor(edited.type, elements).value_or(0), file.tensorData(tensor)});
    }
    HEARTH_CHECK(writer.begin(target));
    for (const Item& item : items) {
        std::vector<std::byte> bytes(item.source.begin(), item.source.end());
        bytes.resize(item.bytes);
        HEARTH_CHECK(writer.append(bytes));
    }
    return writer.commit();
}

Result<void> writeWithPiece(const std::filesystem::path& source, const std::filesystem::path& target,
                            std::size_t id, std::string_view piece) {
    constexpr auto kTokens = "tokenizer.ggml.tokens";
    HEARTH_TRY(const auto file, format::GgufFile::open(source));
    const format::GgufArray* array = file.getArray(kTokens);
    auto pieces = array ? std::get<std::vector<std::string_view>>(*array) : std::vector<std::string_view>();
    pieces.at(id) = piece;
    return writeEdited(source, target, {.metadata = [&pieces](format::GgufWriter& writer) {
                           writer.setStrings(kTokens, pieces);
                       }});
}

TemporaryFile::TemporaryFile() {
    static int count = 0;
    m_path = std::filesystem::temp_directory_path() /
             ("hearth-test-" + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".gguf");
}

TemporaryFile::~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(m_path, ignored);
}

} // namespace hearth::test
