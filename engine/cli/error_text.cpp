#include "engine/cli/error_text.h"

#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <utility>

namespace hearth::cli {

namespace {

// The first entry that the code equals, or whose prefix (ending in a dot or underscore) it has.
constexpr std::array kAdvice = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"base.cancelled", ""},
    {"file.not_found", "Check the path."},
    {"file.not_regular", "Give the path of a file, not of a folder or device."},
    {"file.unreadable", "Check the file's permissions."},
    {"file.empty", "The download probably failed; fetch the file again."},
    {"file.unwritable", "Check that the folder exists and may be written to."},
    {"file.disk_full", "Free some space or choose another disk."},
    {"gguf.bad_magic", "Hearth opens GGUF models; convert a model of another format first."},
    {"gguf.truncated", "The file is probably an incomplete download; fetch it again."},
    {"gguf.offset_past_end", "Fetch the file again."},
    {"gguf.string_past_end", "The file is probably an incomplete download; fetch it again."},
    {"gguf.count_too_large", "The file is damaged or an incomplete download; fetch it again."},
    {"gguf.unsupported_version", "Use a newer version of the file."},
    {"gguf.big_endian", "Fetch the usual, little-endian version of the model."},
    {"gguf.unknown_tensor_type", "Choose another quantisation of the model, for example Q4_K_M."},
    {"gguf.missing_shard", "Put all files of the set into one folder."},
    {"gguf.shard_mismatch", "Put the files of one set, with their original names, into one folder."},
    {"gguf.", "The file is damaged; fetch it again from its source."},
    {"server.port_busy", "End the other program, or choose another port with --port."},
    {"server.cannot_listen", "Choose an address of this machine (--address) and a port above 1023 (--port)."},
    {"server.bad_address", "Give digits: 127.0.0.1 for this machine only, 0.0.0.0 for every interface."},
    {"server.needs_consent", "Agree with --allow-network, or use 127.0.0.1."},
    {"server.needs_key", "Leave out --no-key, or use 127.0.0.1."},
    {"server.needs_tls", "Give --certificate and --private-key, or use 127.0.0.1."},
    {"server.bad_host", "Give a name alone, such as models.example."},
    {"server.bad_origin", "Give scheme and host without a path, such as https://app.example."},
    {"server.certificate_missing", "Check the path given with --certificate."},
    {"server.private_key_missing", "Check the path given with --private-key."},
    {"server.certificate_unreadable", "Give a certificate in PEM form (BEGIN CERTIFICATE)."},
    {"server.private_key_unreadable", "Give a private key in PEM form that is not encrypted."},
    {"server.certificate_mismatch", "Give the certificate and the key that were made together."},
    {"server.certificate_expired", "Have the certificate renewed."},
    {"server.certificate_early", "Check the clock of this machine."},
    {"server.sealed_model", "A server opens nothing sealed: unseal the model first."},
    {"settings.", "Correct it in settings.json, or remove that line."},
    {"memory.", "Choose a smaller context (--context), 8-bit keys and values (--kv q8_0) or a smaller "
                "quantisation, or close other programs."},
    {"hub.needs_token", "Check the name; a private or gated model needs your token in HF_TOKEN."},
    {"hub.token_refused", "Check the token in HF_TOKEN or make a new one on the hub."},
    {"hub.gated", "Accept the model's terms on its page, then give your token in HF_TOKEN."},
    {"hub.repository_not_found", "Check the name on the hub."},
    {"hub.file_not_found", "See the names with hearthctl hub files."},
    {"hub.no_such_quantisation", "Choose one with --quant, or a file with --file."},
    {"hub.no_space", "Free some space or choose another folder (--folder)."},
    {"hub.file_too_large",
     "Choose a folder on another disk (--folder): this one cannot hold so long a file."},
    {"hub.target_exists", "Move it away, or choose another folder (--folder)."},
    {"hub.in_use", "Wait for the other program, or end it."},
    {"hub.insecure_endpoint", "Give an address that begins with https://."},
    {"hub.tls", "Check the clock of this machine and whether somebody reads along on this network."},
    {"hub.host_not_found", "Check the connection, or choose another hub with --endpoint."},
    {"hub.connection_", "Check the connection, or choose another hub with --endpoint."},
    {"hub.timeout", "Check the connection, or choose another hub with --endpoint."},
    {"hub.stalled", "Check the connection, or choose another hub with --endpoint."},
    {"hub.not_a_file", "This network may want you to sign in first."},
    {"hub.wrong_hash", "Try another hub with --endpoint; the file here is not used."},
    {"hub.busy", "Try again later, or give a token in HF_TOKEN."},
    {"predict.bad_address", "Give the address of a .gguf file as its page on the hub shows it."},
    {"predict.split_on_hub", "Give the address under which the hub has the part, with its number, or "
                             "download the set and give its path."},
    {"download.too_short", "Give the address of a larger file."},
    {"catalogue.", "Give a file of the form that resources/catalogue/README.md describes."},
    {"context.", "Shorten the prompt or choose a larger context (--context)."},
    {"model.unsupported_family", "Choose a model of a supported family."},
    {"model.unsupported_type", "Choose another quantisation of the model, for example Q4_K_M."},
    {"model.bad_token", "Give ids of this model's vocabulary; see hearthctl tokenize."},
    {"model.", "The model file does not fit its own description; fetch it again from its source."},
    {"kernels.isa_unavailable", "Leave HEARTH_ISA unset to use the best that this processor has."},
    {"kernels.unknown_isa", "It may be generic, avx2, avx512 or neon."},
    {"tokenizer.too_long", "Split the text into smaller parts."},
    {"template.bad_messages", "The messages are a JSON array of objects with \"role\" and \"content\"."},
    {"dataset.", "A chat data set is JSON Lines with \"messages\"; plain text is UTF-8."},
    {"checkpoint.corrupt", "Move it away to start anew."},
    {"guide.missing", "Name a model of your own with --model, or build or install Hearth completely."},
    {"train.loss_not_finite", "Go on from the checkpoint with a lower learning rate."},
    {"quantize.lossy_source",
     "Start from the original model (F32, F16, BF16 or Q8_0), or add --requantize to do it anyway."},
    {"library.not_a_model", "Give the GGUF file of a language model."},
    {"library.nothing_found", "Give a folder that holds GGUF files."},
    {"library.convertible", "Convert it first: hearthctl convert FOLDER OUTPUT."},
    {"library.cannot_link", "Hard links need one file system; use --copy, or leave the file where it is."},
    {"library.no_trash", "Nothing was changed. Move the file away yourself and remove the entry again."},
    {"library.name_taken", "Move the other file away or choose another place."},
    {"library.changed", "Fetch the file again, or import it anew when the change was meant."},
    {"quantize.in_use", "Wait for the other program, or choose another name for the file."},
    {"quantize.same_file", "Choose another name for the file to be written."},
    {"quantize.out_of_range", "Choose BF16 or F32 for this tensor (--tensor-type)."},
    {"quantize.not_finite", "The model is damaged; fetch it again from its source."},
    {"quantize.importance_mismatch", "Make the importance matrix with this model (hearthctl imatrix)."},
    {"quantize.rule_unused", "See the tensors' names with --dry-run."},
    {"convert.pickle", "Look for a version of the model whose weights are safetensors."},
    {"safetensors.pickle", "Look for a version of the model whose weights are safetensors."},
    {"safetensors.missing_shard", "Fetch the missing file into the folder."},
    {"safetensors.truncated", "The file is probably an incomplete download; fetch it again."},
    {"safetensors.", "The file is damaged; fetch it again from its source."},
    {"convert.unsupported_type", "Convert to F32, F16, BF16 or Q8_0, and quantise afterwards."},
    {"convert.missing_tensor", "Check that all weight files are in the folder."},
    {"importance.", "Make one with hearthctl imatrix."},
    {"measure.text_too_short", "Give a longer text."},
    {"measure.different_vocabulary", "Compare versions of one model."},
    {"measure.different_tokenizer",
     "Compare versions made from the same files, or measure the perplexity alone, without --reference."},
    {"synthesize.unknown_type",
     "Types: F32 F16 BF16 Q8_0 Q6_K Q5_K_M Q5_K_S Q5_1 Q5_0 Q4_K_M Q4_K_S Q4_1 Q4_0 "
     "IQ4_NL IQ4_XS Q3_K_M Q3_K_S Q2_K."},
});

std::string_view adviceFor(std::string_view code) {
    for (const auto& [pattern, advice] : kAdvice) {
        const bool prefix = pattern.ends_with('.') || pattern.ends_with('_');
        if (prefix ? code.starts_with(pattern) : code == pattern)
            return advice;
    }
    return "";
}

std::uint64_t number(const std::string& text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string sentence(std::string text) {
    if (text.empty())
        return text;
    // A path at the beginning stays as it is; an ordinary word gets its capital.
    const auto first = text.substr(0, text.find(' '));
    if (first.find_first_of("/.:_") == std::string::npos)
        text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    if (std::string_view(".!?:").find(text.back()) == std::string_view::npos)
        text += '.';
    return text;
}

std::string whatHappened(const Error& error) {
    if (error.code == "memory.not_enough" && !error.arg("needed_bytes").empty()) {
        const auto amount = [&](const char* name) { return bytesText(number(error.arg(name))); };
        return "The model needs " + amount("needed_bytes") + " of memory (weights " +
               amount("weights_bytes") + ", context " + amount("kv_bytes") + ", buffers " +
               amount("buffer_bytes") + "), and only " + amount("available_bytes") + " are free.";
    }
    return sentence(error.detail.empty() ? error.code : error.detail);
}

} // namespace

std::string bytesText(std::uint64_t bytes) {
    constexpr std::array kUnits{"KiB", "MiB", "GiB", "TiB"};
    if (bytes < 1024)
        return std::to_string(bytes) + " B";
    double value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit)
        value /= 1024;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), value < 10 ? "%.2f %s" : "%.1f %s", value, kUnits[unit]);
    return text.data();
}

std::string errorText(const Error& error) {
    std::string text = whatHappened(error);
    if (const auto advice = adviceFor(error.code); !advice.empty())
        text.append(1, ' ').append(advice);
    if (!error.arg("received_bytes").empty())
        text += " What came so far is kept; the same command goes on with it.";
    text += " [" + error.code;
    if (error.offset)
        text += ", byte " + std::to_string(*error.offset);
    return text + "]";
}

} // namespace hearth::cli
