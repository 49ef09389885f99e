#include <QCoreApplication>

#include "gui/widgets/error_rows.h"

namespace hearth::gui {

namespace {

/// A class only because the translation tools take a sentence's context from the class around it.
struct Table {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::ErrorText)
public:
    static constexpr ErrorSentences kDamagedWeights{
        QT_TR_NOOP("A safetensors file is damaged"), QT_TR_NOOP("{detail}."),
        QT_TR_NOOP(
            "Download the file again, or compare its checksum with the one on the page it came from.")};
    static constexpr ErrorSentences kShortWeights{
        QT_TR_NOOP("A safetensors file is incomplete"), QT_TR_NOOP("{detail}."),
        QT_TR_NOOP("The download was probably cut short. Download the file again.")};
    static constexpr ErrorSentences kPickle{
        QT_TR_NOOP("These weights are a Python pickle"),
        QT_TR_NOOP("Reading a pickle runs code that its author chose, so Hearth never does."),
        QT_TR_NOOP("Look for a version of the model whose weights are safetensors.")};
    static constexpr ErrorSentences kVocabulary{
        QT_TR_NOOP("The folder's vocabulary cannot be used"), QT_TR_NOOP("{detail}."),
        QT_TR_NOOP("Download tokenizer.json or tokenizer.model of the model again.")};
    static constexpr ErrorSentences kOtherVocabulary{
        QT_TR_NOOP("The folder's vocabulary is of an unknown kind"), QT_TR_NOOP("{detail}."),
        QT_TR_NOOP("Take a conversion that somebody else made, or another model.")};
    static constexpr ErrorSentences kFolder{QT_TR_NOOP("The folder does not hold a whole model"),
                                            QT_TR_NOOP("{detail}."),
                                            QT_TR_NOOP("Download all files of the model into one folder.")};
    static constexpr ErrorSentences kOtherModel{QT_TR_NOOP("Hearth cannot convert this model"),
                                                QT_TR_NOOP("{detail}."),
                                                QT_TR_NOOP("Take a GGUF version of it, or another model.")};
    static constexpr ErrorSentences kMistake{
        QT_TR_NOOP("Something inside Hearth went wrong"),
        QT_TR_NOOP("This is a mistake in the program, not in what you did."),
        QT_TR_NOOP("Try again. If it happens again, please report the code below.")};
    static constexpr ErrorSentences kBadNumbers{
        QT_TR_NOOP("The model holds values that are no numbers"), QT_TR_NOOP("{detail}."),
        QT_TR_NOOP("The file is damaged or was trained badly. Download it again or take another model.")};
    static constexpr ErrorSentences kOtherMatrix{QT_TR_NOOP("The importance matrix does not fit the model"),
                                                 QT_TR_NOOP("{detail}."),
                                                 QT_TR_NOOP("Start the job again, so that it is made anew.")};
    static constexpr ErrorSentences kOtherText{
        QT_TR_NOOP("The two versions cannot be compared"), QT_TR_NOOP("{detail}."),
        QT_TR_NOOP("Only versions with the same vocabulary can be compared.")};

    static constexpr ErrorRow kRows[] = {
        {"library.not_a_model",
         {QT_TR_NOOP("This file holds no language model"),
          QT_TR_NOOP("It is a GGUF file of another kind ({kind})."),
          QT_TR_NOOP("Choose the file with the model's weights.")}},
        {"library.nothing_found",
         {QT_TR_NOOP("There is no model in this folder"), QT_TR_NOOP("{path} holds no GGUF file."),
          QT_TR_NOOP(
              "Choose a folder with files that end in .gguf, or one as Hugging Face publishes models.")}},
        {"library.not_found",
         {QT_TR_NOOP("This is no longer in the library"), QT_TR_NOOP("It was removed meanwhile."),
          QT_TR_NOOP("Look at the list again.")}},
        {"library.file_missing",
         {QT_TR_NOOP("A model's file is missing"), QT_TR_NOOP("{path} is not there."),
          QT_TR_NOOP("Connect its disk, or show under Files where it lies now.")}},
        {"library.name_taken",
         {QT_TR_NOOP("There is a file of this name already"), QT_TR_NOOP("{path} was not touched."),
          QT_TR_NOOP("Move it away or choose another place.")}},
        {"library.one_file_only",
         {QT_TR_NOOP("This model cannot be sealed"),
          QT_TR_NOOP("It lies in {files} files; only one that is in a single file can be."),
          QT_TR_NOOP("Merge them first (hearthctl merge), and take in the file that is made.")}},
        {"library.already_sealed",
         {QT_TR_NOOP("This model is sealed already"), QT_TR_NOOP("{path} is encrypted."),
          QT_TR_NOOP("To seal it with another key, make it readable first.")}},
        {"library.not_sealed",
         {QT_TR_NOOP("This model is not sealed"), QT_TR_NOOP("{path} can be read as it is."), ""}},
        {"library.in_use",
         {QT_TR_NOOP("A program has the model open"),
          QT_TR_NOOP("{path} would be overwritten under its hands. Nothing was changed."),
          QT_TR_NOOP("Eject the model in the chat, and end other programs that use it; then try again.")}},
        {"library.seal_differs",
         {QT_TR_NOOP("The sealed file did not read like the original"),
          QT_TR_NOOP("It was thrown away, and the readable one was kept."),
          QT_TR_NOOP("Check the disk and the memory of this computer, then try again.")}},
        {"library.other_content",
         {QT_TR_NOOP("This is another file"),
          QT_TR_NOOP("{path} does not hold the bytes that were recorded."),
          QT_TR_NOOP("Choose the right file, or import this one as a model of its own.")}},
        {"library.cannot_link",
         {QT_TR_NOOP("The file cannot be hard-linked"),
          QT_TR_NOOP("{path} and the library's folder lie on different file systems."),
          QT_TR_NOOP("Copy it, or leave it where it is.")}},
        {"library.no_trash",
         {QT_TR_NOOP("The system's trash does not take the file"),
          QT_TR_NOOP("{path} could not be moved there. Nothing was changed."),
          QT_TR_NOOP("Delete the file yourself and remove the entry again.")}},
        {"library.empty_name",
         {QT_TR_NOOP("A name is needed"), QT_TR_NOOP("It cannot be empty."), QT_TR_NOOP("Enter a name.")}},
        {"library.no_former_default",
         {QT_TR_NOOP("There is nothing to go back to"),
          QT_TR_NOOP("No other version was the default before."), ""}},
        {"library.changed",
         {QT_TR_NOOP("Models are changed or missing"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Fetch the files again. If the change was meant, take them as they are now.")}},
        {"library.bad_manifest",
         {QT_TR_NOOP("A model of Ollama cannot be read"),
          QT_TR_NOOP("{path} does not say where its weights are."),
          QT_TR_NOOP("Fetch the model again with Ollama.")}},
        {"library.bad_defaults",
         {QT_TR_NOOP("What is set for this model cannot be used"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Set it again.")}},
        {"library.hash_failed", kMistake},
        {"library.convertible",
         {QT_TR_NOOP("This model must be converted first"), QT_TR_NOOP("{path} is a folder of safetensors."),
          QT_TR_NOOP("Drop it onto the page of models.")}},

        {"jobs.not_found",
         {QT_TR_NOOP("This job is no longer there"), QT_TR_NOOP("It was removed meanwhile."), ""}},
        {"jobs.not_waiting",
         {QT_TR_NOOP("The job is not waiting"), QT_TR_NOOP("It runs or has ended meanwhile."),
          QT_TR_NOOP("Look at its state again.")}},
        {"jobs.still_running",
         {QT_TR_NOOP("The job is still at work"), QT_TR_NOOP("Only what has ended can be forgotten."),
          QT_TR_NOOP("Cancel it first.")}},
        {"jobs.text_too_large",
         {QT_TR_NOOP("The text is too large"), QT_TR_NOOP("{path} is larger than {limit_bytes:bytes}."),
          QT_TR_NOOP("Some ten pages are enough; choose a shorter text.")}},
        {"jobs.bad_request", kMistake},

        {"quantize.lossy_source",
         {QT_TR_NOOP("This version is already quantised"),
          QT_TR_NOOP("{tensor} is {type}; quantising it again loses more than starting from the original."),
          QT_TR_NOOP("Start from an F16, BF16, F32 or Q8_0 version, or allow it under Target.")}},
        {"quantize.budget_too_small",
         {QT_TR_NOOP("The budget is too small"),
          QT_TR_NOOP(
              "Even the smallest types need {needed_bytes:bytes}; the budget is {budget_bytes:bytes}."),
          QT_TR_NOOP("Give it more, or take a smaller model.")}},
        {"quantize.in_use",
         {QT_TR_NOOP("Another program writes this file"),
          QT_TR_NOOP("{path} is being written at this moment."),
          QT_TR_NOOP("Wait for it or choose another name.")}},
        {"quantize.same_file",
         {QT_TR_NOOP("Source and target are the same file"),
          QT_TR_NOOP("{path} cannot be written while it is read."), QT_TR_NOOP("Choose another name.")}},
        {"quantize.out_of_range",
         {QT_TR_NOOP("A value is too large for this type"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Give this tensor F32 or BF16 in the list tensor by tensor.")}},
        {"quantize.not_finite", kBadNumbers},
        {"quantize.importance_mismatch", kOtherMatrix},
        {"quantize.unknown_mix", kMistake},
        {"quantize.unsupported_type", kMistake},
        {"quantize.rule_unused", kMistake},
        {"quantize.bad_expression", kMistake},
        {"quantize.bad_plan",
         {QT_TR_NOOP("The source changed meanwhile"),
          QT_TR_NOOP("What was planned was planned for another file."), QT_TR_NOOP("Start the job again.")}},
        {"quantize.bad_size", kMistake},
        {"quantize.partial_block", kMistake},
        {"importance.not_a_matrix", kOtherMatrix},
        {"importance.bad_entry", kOtherMatrix},
        {"measure.text_too_short",
         {QT_TR_NOOP("The text is too short"),
          QT_TR_NOOP("It has {found_tokens:count} tokens; {needed_tokens:count} are needed at least."),
          QT_TR_NOOP("Choose a longer text.")}},
        {"measure.bad_context",
         {QT_TR_NOOP("The model's context is too short to measure"), QT_TR_NOOP("{detail}."), ""}},
        {"measure.different_vocabulary", kOtherText},
        {"measure.different_text", kOtherText},
        {"measure.not_finite", kBadNumbers},

        {"folders.too_many",
         {QT_TR_NOOP("The folder is too large to look through"),
          QT_TR_NOOP("{path} was only looked through in part."),
          QT_TR_NOOP("Choose a folder further below.")}},
        {"folders.unreadable",
         {QT_TR_NOOP("A folder cannot be read"), QT_TR_NOOP("{path} cannot be opened."),
          QT_TR_NOOP("Check its permissions and that its disk is connected.")}},

        {"convert.pickle", kPickle},
        {"convert.not_a_folder", kFolder},
        {"convert.no_weights", kFolder},
        {"convert.no_tokenizer", kFolder},
        {"convert.missing_tensor", kFolder},
        {"convert.bad_config",
         {QT_TR_NOOP("The model's description does not add up"), QT_TR_NOOP("{detail}."),
          QT_TR_NOOP("Download config.json of the model again.")}},
        {"convert.unsupported_architecture", kOtherModel},
        {"convert.unsupported_option", kOtherModel},
        {"convert.unsupported_type", kOtherModel},
        {"convert.unknown_tensor", kOtherModel},
        {"convert.duplicate_tensor", kDamagedWeights},
        {"convert.bad_shape", kDamagedWeights},
        {"convert.vocabulary_mismatch", kVocabulary},
        {"safetensors.pickle", kPickle},
        {"safetensors.truncated", kShortWeights},
        {"safetensors.missing_shard", kFolder},
        {"safetensors.unknown_type", kOtherModel},
        {"safetensors.empty_header", kDamagedWeights},
        {"safetensors.header_too_large", kDamagedWeights},
        {"safetensors.no_header", kDamagedWeights},
        {"safetensors.bad_utf8", kDamagedWeights},
        {"safetensors.bad_json", kDamagedWeights},
        {"safetensors.too_deep", kDamagedWeights},
        {"safetensors.duplicate_tensor", kDamagedWeights},
        {"safetensors.duplicate_field", kDamagedWeights},
        {"safetensors.bad_metadata", kDamagedWeights},
        {"safetensors.bad_entry", kDamagedWeights},
        {"safetensors.bad_offsets", kDamagedWeights},
        {"safetensors.size_overflow", kDamagedWeights},
        {"safetensors.size_mismatch", kDamagedWeights},
        {"safetensors.zero_dimension", kDamagedWeights},
        {"safetensors.overlap", kDamagedWeights},
        {"safetensors.hole", kDamagedWeights},
        {"safetensors.tail_bytes", kDamagedWeights},
        {"safetensors.too_many_tensors", kDamagedWeights},
        {"tokenizer_json.empty", kVocabulary},
        {"tokenizer_json.bom", kVocabulary},
        {"tokenizer_json.bad_json", kVocabulary},
        {"tokenizer_json.bad_utf8", kVocabulary},
        {"tokenizer_json.too_deep", kVocabulary},
        {"tokenizer_json.too_large", kVocabulary},
        {"tokenizer_json.duplicate_key", kVocabulary},
        {"tokenizer_json.no_model", kVocabulary},
        {"tokenizer_json.unknown_model", kOtherVocabulary},
        {"tokenizer_json.bad_vocab", kVocabulary},
        {"tokenizer_json.bad_id", kVocabulary},
        {"tokenizer_json.duplicate_id", kVocabulary},
        {"tokenizer_json.id_gap", kVocabulary},
        {"tokenizer_json.empty_token", kVocabulary},
        {"tokenizer_json.bad_merge", kVocabulary},
        {"tokenizer_json.missing_bytes", kVocabulary},
        {"tokenizer_json.bad_byte_token", kVocabulary},
        {"tokenizer_json.bad_expression", kVocabulary},
        {"tokenizer_json.unknown_pre_tokenizer", kOtherVocabulary},
        {"tokenizer_json.unknown_normalizer", kOtherVocabulary},
        {"tokenizer_json.bad_added_token", kVocabulary},
        {"tokenizer_model.truncated", kVocabulary},
        {"tokenizer_model.bad_field", kVocabulary},
        {"tokenizer_model.no_pieces", kVocabulary},
        {"tokenizer_model.bad_piece", kVocabulary},
        {"tokenizer_model.not_bpe", kOtherVocabulary},
    };
};

} // namespace

std::span<const ErrorRow> modelErrors() {
    return Table::kRows;
}

} // namespace hearth::gui
