#include "engine/cli/exit_codes.h"

#include <array>
#include <string_view>
#include <utility>

namespace hearth::cli {

namespace {

// The first entry that the code equals, or whose prefix (ending in a dot) it has.
constexpr std::array kByCode = std::to_array<std::pair<std::string_view, ExitCode>>({
    {"base.cancelled", ExitCode::Cancelled},
    {"memory.", ExitCode::NoMemory},
    {"kernels.out_of_memory", ExitCode::NoMemory},
    {"model.out_of_memory", ExitCode::NoMemory},
    {"context.", ExitCode::ContextFull},
    {"gguf.unsupported_version", ExitCode::Unsupported},
    {"gguf.big_endian", ExitCode::Unsupported},
    {"gguf.unknown_tensor_type", ExitCode::Unsupported},
    {"tokenizer.unknown_model", ExitCode::Unsupported},
    {"tokenizer.unknown_pre", ExitCode::Unsupported},
    {"tokenizer.unsupported_", ExitCode::Unsupported},
    {"model.unsupported_", ExitCode::Unsupported},
    {"kernels.unsupported_type", ExitCode::Unsupported},
    {"kernels.isa_unavailable", ExitCode::Unsupported},
    {"kernels.unknown_isa", ExitCode::Usage},
    {"sampling.out_of_range", ExitCode::Usage},
    {"usage.", ExitCode::Usage},
    {"synthesize.", ExitCode::Usage},
    {"server.port_busy", ExitCode::Failure},
    {"server.cannot_listen", ExitCode::Failure},
    {"server.certificate_", ExitCode::BadInput},
    {"server.private_key_", ExitCode::BadInput},
    {"server.tls_failed", ExitCode::BadInput},
    {"server.", ExitCode::Usage},
    {"settings.", ExitCode::BadInput},
    {"hub.bad_repository", ExitCode::Usage},
    {"hub.bad_revision", ExitCode::Usage},
    {"hub.bad_endpoint", ExitCode::Usage},
    {"hub.insecure_endpoint", ExitCode::Usage},
    {"hub.bad_proxy", ExitCode::Usage},
    {"hub.no_such_quantisation", ExitCode::Usage},
    {"hub.no_space", ExitCode::BadOutput},
    {"hub.file_too_large", ExitCode::BadOutput},
    {"hub.target_exists", ExitCode::BadOutput},
    {"hub.in_use", ExitCode::BadOutput},
    {"hub.", ExitCode::Network},
    {"file.unwritable", ExitCode::BadOutput},
    {"file.disk_full", ExitCode::BadOutput},
    {"file.write_failed", ExitCode::BadOutput},
    {"file.", ExitCode::BadInput},
    {"gguf.", ExitCode::BadInput},
    {"predict.unknown_type", ExitCode::Usage},
    {"predict.bad_address", ExitCode::Usage},
    {"predict.split_on_hub", ExitCode::Unsupported},
    {"catalogue.unsupported_version", ExitCode::Unsupported},
    {"catalogue.", ExitCode::BadInput},
    {"download.", ExitCode::Network},
    {"report.pdf_failed", ExitCode::BadOutput},
    {"report.", ExitCode::BadInput},
    {"crypto.bad_signature", ExitCode::BadInput},
    {"tokenizer.", ExitCode::BadInput},
    {"template.", ExitCode::BadInput},
    {"model.bad_token", ExitCode::Usage},
    {"model.", ExitCode::BadInput},
    {"quantize.not_finite", ExitCode::BadInput},
    {"quantize.out_of_range", ExitCode::BadInput},
    {"quantize.importance_mismatch", ExitCode::BadInput},
    {"quantize.", ExitCode::Usage},
    {"importance.", ExitCode::BadInput},
    {"convert.unsupported_", ExitCode::Unsupported},
    {"convert.pickle", ExitCode::Unsupported},
    {"convert.", ExitCode::BadInput},
    {"safetensors.pickle", ExitCode::Unsupported},
    {"safetensors.unknown_type", ExitCode::Unsupported},
    {"safetensors.", ExitCode::BadInput},
    {"tokenizer_json.unknown_", ExitCode::Unsupported},
    {"tokenizer_json.", ExitCode::BadInput},
    {"tokenizer_model.not_bpe", ExitCode::Unsupported},
    {"tokenizer_model.", ExitCode::BadInput},
    {"library.no_trash", ExitCode::BadOutput},
    {"library.name_taken", ExitCode::BadOutput},
    {"library.cannot_link", ExitCode::BadOutput},
    {"library.empty_name", ExitCode::Usage},
    {"library.no_former_default", ExitCode::Usage},
    {"library.", ExitCode::BadInput},
    {"split.", ExitCode::Usage},
    {"measure.bad_context", ExitCode::Usage},
    {"measure.", ExitCode::BadInput},
    {"input.", ExitCode::BadInput},
    {"dataset.", ExitCode::BadInput},
    {"topics.", ExitCode::BadInput},
    {"recipe.", ExitCode::BadInput},
    {"checkpoint.", ExitCode::BadInput},
    {"guide.", ExitCode::BadInput},
});

} // namespace

ExitCode exitCodeOf(const Error& error) {
    for (const auto& [code, exit] : kByCode) {
        const bool prefix = code.ends_with('.') || code.ends_with('_');
        if (prefix ? std::string_view(error.code).starts_with(code) : error.code == code)
            return exit;
    }
    return ExitCode::Failure;
}

std::string exitCodeHelp() {
    return "Exit codes:\n"
           "  0  done\n"
           "  1  failed for a reason without a code of its own\n"
           "  2  wrong usage: options missing, unknown or out of range\n"
           "  3  an input file is missing, unreadable or damaged\n"
           "  4  the model, weight type or instruction set is not supported\n"
           "  5  not enough memory\n"
           "  6  stopped by Ctrl+C or SIGTERM\n"
           "  7  the prompt does not fit into the context\n"
           "  8  the output could not be written\n"
           "  9  a model hub cannot be reached, refuses, or sends what is wrong\n";
}

} // namespace hearth::cli
