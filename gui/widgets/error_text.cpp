#include "gui/widgets/error_text.h"

#include <optional>
#include <span>

#include <QCoreApplication>

#include "gui/theme/human.h"
#include "gui/widgets/error_rows.h"

namespace hearth::gui {

namespace {

using Sentences = ErrorSentences;
using Row = ErrorRow;

/// A class only because the translation tools take a sentence's context from the class around it.
struct Table {
    Q_DECLARE_TR_FUNCTIONS(hearth::gui::ErrorText)
public:
    static constexpr Sentences kDamagedModel{
        QT_TR_NOOP("This model file is damaged"),
        QT_TR_NOOP(
            "Its structure does not add up at byte {offset}. This happens when a download was cut short "
            "or a disk "
            "made an error."),
        QT_TR_NOOP(
            "Download the file again, or compare its checksum with the one on the page it came from.")};
    static constexpr Sentences kTruncatedModel{
        QT_TR_NOOP("This model file is incomplete"),
        QT_TR_NOOP("It ends early: what is announced at byte {offset} is not all there."),
        QT_TR_NOOP("The download was probably cut short. Download the file again.")};
    static constexpr Sentences kDamagedTokenizer{
        QT_TR_NOOP("The model's vocabulary is damaged"),
        QT_TR_NOOP("The part of the file that turns text into tokens contradicts itself."),
        QT_TR_NOOP("Download the model again; if that does not help, the file was converted wrongly, so take "
                   "another "
                   "conversion of the same model.")};
    static constexpr Sentences kUnknownTokenizer{
        QT_TR_NOOP("The model's vocabulary is of an unknown kind"),
        QT_TR_NOOP("Hearth cannot split text into tokens the way this model expects."),
        QT_TR_NOOP("Take another conversion of the same model, or another model.")};
    static constexpr Sentences kTextTooLong{QT_TR_NOOP("The text is too long"),
                                            QT_TR_NOOP("It exceeds what can be turned into tokens at once."),
                                            QT_TR_NOOP("Send it in several parts.")};
    static constexpr Sentences kDamagedConfig{
        QT_TR_NOOP("The model's description does not add up"),
        QT_TR_NOOP("The entry {key} of the file is missing or has a value that cannot be right."),
        QT_TR_NOOP(
            "The file was converted wrongly or is damaged. Take another conversion of the same model.")};
    static constexpr Sentences kHistoryDamaged{
        QT_TR_NOOP("The chat history is damaged"),
        QT_TR_NOOP("The database file cannot be read as a whole. Nothing in it has been changed."),
        QT_TR_NOOP("Restore a backup from the data folder, or start a new history; the damaged file is set "
                   "aside, not "
                   "deleted.")};
    static constexpr Sentences kHistoryForeign{
        QT_TR_NOOP("The history file is not Hearth's"),
        QT_TR_NOOP("The file in the history's place belongs to another program. It has not been touched."),
        QT_TR_NOOP("Move it away from the data folder and start Hearth again.")};
    static constexpr Sentences kHistoryNotWritable{
        QT_TR_NOOP("The chat history cannot be opened"),
        QT_TR_NOOP("The file or its folder cannot be read and written by you."),
        QT_TR_NOOP("Check the permissions of the data folder (Settings shows where it is).")};
    static constexpr Sentences kMemoryRanOut{
        QT_TR_NOOP("The memory ran out"),
        QT_TR_NOOP("The system gave no more memory while the model was at work."),
        QT_TR_NOOP("Close other programs, choose a shorter context, or take a smaller model.")};
    static constexpr Sentences kDiskFull{
        QT_TR_NOOP("The disk is full"), QT_TR_NOOP("There was no room left to write the file."),
        QT_TR_NOOP("Free some space and try again. What was saved before is unharmed.")};
    static constexpr Sentences kInternal{
        QT_TR_NOOP("Something inside Hearth went wrong"),
        QT_TR_NOOP("This is a mistake in the program, not in what you did."),
        QT_TR_NOOP("Try again. If it happens again, please report the code below.")};
    static constexpr Sentences kTemplate{
        QT_TR_NOOP("The model's chat template failed"),
        QT_TR_NOOP("The model brings its own rules for writing a conversation, and they cannot be applied to "
                   "this one."),
        QT_TR_NOOP("Start a new chat, change the system prompt, or take another conversion of the model.")};
    static constexpr Sentences kParameters{
        QT_TR_NOOP("A parameter has a value that cannot be used"),
        QT_TR_NOOP("The value given for {key} is outside of what is possible."),
        QT_TR_NOOP("Open the chat's parameters and set it back to its usual value.")};
    static constexpr Sentences kSettingsFile{
        QT_TR_NOOP("The settings file could not be read"),
        QT_TR_NOOP("Its content is not what Hearth writes, so the usual settings are in use."),
        QT_TR_NOOP("A copy of the file is kept beside it before anything is overwritten.")};
    static constexpr Sentences kSettingsValue{
        QT_TR_NOOP("One setting in the file was not usable"),
        QT_TR_NOOP("The entry {key} has a value that cannot be used, so its usual value is in force."),
        QT_TR_NOOP("Choose the value again on this page; it is saved at once.")};

    static constexpr Row kRows[] = {
        {"base.cancelled", {QT_TR_NOOP("Stopped"), QT_TR_NOOP("You stopped this."), ""}},
        {"chat.busy",
         {QT_TR_NOOP("An answer is still being written"), QT_TR_NOOP("One answer is written at a time."),
          QT_TR_NOOP("Wait for it or stop it (Esc), then try again. Your text is still there.")}},
        {"context.full",
         {QT_TR_NOOP("The conversation no longer fits the context"),
          QT_TR_NOOP("It needs {needed_tokens:count} tokens; the model was opened with room for "
                     "{context_tokens:count}."),
          QT_TR_NOOP("Open the model with a larger context, start a new chat, or let the oldest messages be "
                     "left out "
                     "(chat parameters).")}},
        {"memory.not_enough",
         {QT_TR_NOOP("Not enough memory for this model"),
          QT_TR_NOOP("It needs {needed_bytes:bytes}: {weights_bytes:bytes} for the weights, {kv_bytes:bytes} "
                     "for the "
                     "context and {buffer_bytes:bytes} for computing. Free: {available_bytes:bytes}."),
          QT_TR_NOOP("Close other programs, choose a shorter context or the 8 bit context precision in "
                     "Settings, or take a "
                     "smaller quantisation of the model.")}},

        {"file.not_found",
         {QT_TR_NOOP("The file is not there"), QT_TR_NOOP("{path} does not exist any more."),
          QT_TR_NOOP("It may have been moved or its disk is not connected. Choose it again.")}},
        {"file.unreadable",
         {QT_TR_NOOP("The file cannot be read"), QT_TR_NOOP("{path} cannot be opened for reading."),
          QT_TR_NOOP("Check the file's permissions and that its disk is connected.")}},
        {"file.not_regular",
         {QT_TR_NOOP("This is not a file"), QT_TR_NOOP("{path} is a folder, a device or something else."),
          QT_TR_NOOP("Choose a model file that ends in .gguf.")}},
        {"file.empty",
         {QT_TR_NOOP("The file is empty"), QT_TR_NOOP("It holds 0 bytes."),
          QT_TR_NOOP("The download never began or was lost. Download the file again.")}},
        {"file.map_failed",
         {QT_TR_NOOP("The file cannot be mapped into memory"),
          QT_TR_NOOP("The system refused to map {path}."),
          QT_TR_NOOP("Close other programs and try again.")}},
        {"file.unwritable",
         {QT_TR_NOOP("The file cannot be written"), QT_TR_NOOP("{path} cannot be opened for writing."),
          QT_TR_NOOP("Check the permissions of the folder.")}},
        {"file.write_failed",
         {QT_TR_NOOP("Writing failed"),
          QT_TR_NOOP("{path} could not be written completely; the old content is unharmed."),
          QT_TR_NOOP("Check the disk and try again.")}},
        {"file.disk_full", kDiskFull},
        {"paths.unwritable",
         {QT_TR_NOOP("Hearth has no place to keep its data"),
          QT_TR_NOOP("The folder {path} cannot be created or written."),
          QT_TR_NOOP("Check its permissions, or start Hearth with --data-dir and a folder of yours.")}},

        {"gguf.bad_magic",
         {QT_TR_NOOP("This is not a GGUF model"), QT_TR_NOOP("The file does not begin like a GGUF file."),
          QT_TR_NOOP("Choose a file that ends in .gguf. Other formats have to be converted first.")}},
        {"gguf.unsupported_version",
         {QT_TR_NOOP("This GGUF version is not supported"),
          QT_TR_NOOP("The file has a version that Hearth does not know; it reads versions 2 and 3."),
          QT_TR_NOOP("Take a newer conversion of the model.")}},
        {"gguf.big_endian",
         {QT_TR_NOOP("This model was made for another kind of processor"),
          QT_TR_NOOP("Its numbers are stored in big-endian order."),
          QT_TR_NOOP("Take the usual (little-endian) file of the same model.")}},
        {"gguf.missing_shard",
         {QT_TR_NOOP("A part of this model is missing"),
          QT_TR_NOOP("The model comes in several files; {path} is not there."),
          QT_TR_NOOP("Put all parts into one folder under their original names.")}},
        {"gguf.shard_mismatch",
         {QT_TR_NOOP("The parts of this model do not belong together"),
          QT_TR_NOOP("The files of the set contradict each other."),
          QT_TR_NOOP("Download all parts again from one place.")}},
        {"gguf.unknown_tensor_type",
         {QT_TR_NOOP("This quantisation is not known"),
          QT_TR_NOOP("The file stores weights in a form that Hearth does not know."),
          QT_TR_NOOP("Take another quantisation of the model, for example Q4_K_M or Q8_0.")}},
        {"gguf.truncated", kTruncatedModel},
        {"gguf.string_past_end", kTruncatedModel},
        {"gguf.offset_past_end", kTruncatedModel},
        {"gguf.bad_alignment", kDamagedModel},
        {"gguf.bad_alignment_type", kDamagedModel},
        {"gguf.bad_bool", kDamagedModel},
        {"gguf.bad_utf8_key", kDamagedModel},
        {"gguf.bad_utf8_name", kDamagedModel},
        {"gguf.bad_utf8", kDamagedModel},
        {"gguf.count_too_large", kDamagedModel},
        {"gguf.duplicate_key", kDamagedModel},
        {"gguf.duplicate_tensor", kDamagedModel},
        {"gguf.metadata_too_large", kDamagedModel},
        {"gguf.misaligned_offset", kDamagedModel},
        {"gguf.negative_dimension", kDamagedModel},
        {"gguf.nested_array", kDamagedModel},
        {"gguf.offset_overflow", kDamagedModel},
        {"gguf.overlap", kDamagedModel},
        {"gguf.padding_overflow", kDamagedModel},
        {"gguf.partial_block", kDamagedModel},
        {"gguf.size_overflow", kDamagedModel},
        {"gguf.too_many_dimensions", kDamagedModel},
        {"gguf.unknown_value_type", kDamagedModel},
        {"gguf.wrong_data_size", kInternal},
        {"gguf.zero_dimension", kDamagedModel},

        {"model.unsupported_family",
         {QT_TR_NOOP("This kind of model is not supported"),
          QT_TR_NOOP("Its architecture is \"{family}\"; Hearth runs {supported}."),
          QT_TR_NOOP("Choose a model of one of these families.")}},
        {"model.unsupported_type",
         {QT_TR_NOOP("This quantisation cannot be run"),
          QT_TR_NOOP("The tensor {tensor} is stored as {type}, which Hearth cannot compute with."),
          QT_TR_NOOP("Take another quantisation of the model, for example Q4_K_M or Q8_0.")}},
        {"model.missing_tensor",
         {QT_TR_NOOP("A part of the model is missing"), QT_TR_NOOP("The file has no tensor {tensor}."),
          QT_TR_NOOP("The file was converted wrongly or cut. Take another conversion of the same model.")}},
        {"model.bad_shape",
         {QT_TR_NOOP("A part of the model has the wrong size"),
          QT_TR_NOOP("The tensor {tensor} does not have the shape that the file's description asks for."),
          QT_TR_NOOP("The file was converted wrongly. Take another conversion of the same model.")}},
        {"model.missing_key", kDamagedConfig},
        {"model.bad_value", kDamagedConfig},
        {"model.bad_token", kInternal},
        {"model.bad_batch", kInternal},
        {"kernels.bad_shape", kInternal},
        {"model.out_of_memory", kMemoryRanOut},
        {"measurement.malformed",
         {QT_TR_NOOP("The earlier measurements cannot be read"),
          QT_TR_NOOP("The file measurements.json in the data folder is damaged."),
          QT_TR_NOOP("Move it away; the next measurement starts a new one.")}},
        {"runs.malformed",
         {QT_TR_NOOP("The record of real speeds cannot be read"),
          QT_TR_NOOP("The file runs.json in the data folder is damaged."),
          QT_TR_NOOP("Move it away; a new one is started.")}},
        {"catalogue.malformed",
         {QT_TR_NOOP("The list of models cannot be read"),
          QT_TR_NOOP(
              "The file is no list of models, or something is wrong in it (entry \"{entry}\", \"{field}\")."),
          QT_TR_NOOP("Take another file. What was there before stays in use.")}},
        {"catalogue.unsupported_version",
         {QT_TR_NOOP("The list of models is too new"),
          QT_TR_NOOP("The file was made for a later version of Hearth."),
          QT_TR_NOOP("Update Hearth, or take another file. What was there before stays in use.")}},
        {"download.too_short",
         {QT_TR_NOOP("The file is too small to tell a speed"),
          QT_TR_NOOP("Only {bytes:bytes} came; at least {needed_bytes:bytes} are needed."),
          QT_TR_NOOP("Give the address of a larger file, for example a model.")}},
        {"predict.bad_address",
         {QT_TR_NOOP("This is no address of a model file"),
          QT_TR_NOOP("{address} does not name a GGUF file on a hub."),
          QT_TR_NOOP("Open the file's page on the hub and copy its address: it ends in .gguf.")}},
        {"predict.split_on_hub",
         {QT_TR_NOOP("This file is one part of several"),
          QT_TR_NOOP("The name of {file} does not tell what the other parts are called."),
          QT_TR_NOOP("Choose a quantisation whose parts are numbered in their names, or download all parts "
                     "and choose the first one.")}},
        {"predict.no_weights", kInternal},
        {"predict.unknown_type", kInternal},
        {"report.malformed",
         {QT_TR_NOOP("This is no hardware report"),
          QT_TR_NOOP("The file does not have the form of a report in JSON, or its signature is damaged."),
          QT_TR_NOOP("Choose a report that was exported as data (JSON).")}},
        {"report.unsupported_version",
         {QT_TR_NOOP("The report is of another version"),
          QT_TR_NOOP("It has version {found}; this program reads version {known}."),
          QT_TR_NOOP("Export it again with the same version of Hearth.")}},
        {"report.unsigned",
         {QT_TR_NOOP("The report bears no signature"), QT_TR_NOOP("Whether it was changed cannot be told."),
          QT_TR_NOOP("Ask for the file as Hearth exported it.")}},
        {"report.pdf_failed",
         {QT_TR_NOOP("The PDF could not be made"), QT_TR_NOOP("Fonts or memory for it are missing."),
          QT_TR_NOOP("Export a web page (HTML) instead and print that.")}},
        {"measurement.none",
         {QT_TR_NOOP("This machine was not measured yet"),
          QT_TR_NOOP("There is nothing to keep the value with."), QT_TR_NOOP("Measure the machine first.")}},
        {"kernels.out_of_memory", kMemoryRanOut},
        {"kernels.unsupported_type",
         {QT_TR_NOOP("This quantisation cannot be run"),
          QT_TR_NOOP("A part of the model is stored in a form that Hearth cannot compute with."),
          QT_TR_NOOP("Take another quantisation of the model, for example Q4_K_M or Q8_0.")}},
        {"kernels.unknown_isa",
         {QT_TR_NOOP("HEARTH_ISA names no instruction set"),
          QT_TR_NOOP("The environment variable HEARTH_ISA is set to a value that Hearth does not know."),
          QT_TR_NOOP("Remove the variable, or set it to generic, avx2 or avx512.")}},
        {"kernels.isa_unavailable",
         {QT_TR_NOOP("This processor lacks the chosen instruction set"),
          QT_TR_NOOP(
              "The environment variable HEARTH_ISA asks for instructions that this machine does not have."),
          QT_TR_NOOP("Remove the variable; Hearth then takes the best there is.")}},

        {"tokenizer.absent",
         {QT_TR_NOOP("The model has no vocabulary"),
          QT_TR_NOOP("The file holds weights but nothing to turn text into tokens."),
          QT_TR_NOOP("Take another conversion of the same model.")}},
        {"tokenizer.unknown_model", kUnknownTokenizer},
        {"tokenizer.unknown_pre", kUnknownTokenizer},
        {"tokenizer.too_long", kTextTooLong},
        {"tokenizer.match_limit", kTextTooLong},
        {"tokenizer.no_token",
         {QT_TR_NOOP("The model cannot read this text"),
          QT_TR_NOOP("Its vocabulary has no token for some of the characters."),
          QT_TR_NOOP("Leave the unusual characters out, or take another model.")}},
        {"tokenizer.bad_merge", kDamagedTokenizer},
        {"tokenizer.missing_byte", kDamagedTokenizer},
        {"tokenizer.vocabulary_mismatch", kDamagedTokenizer},
        {"tokenizer.bad_expression", kInternal},
        {"tokenizer.too_large",
         {QT_TR_NOOP("The text or vocabulary is too large"),
          QT_TR_NOOP("It exceeds what Hearth takes in at once."), QT_TR_NOOP("Shorten the text.")}},
        {"tokenizer.bad_utf8",
         {QT_TR_NOOP("The text is not valid Unicode"),
          QT_TR_NOOP("Its bytes are wrong at position {offset}."),
          QT_TR_NOOP("Copy the text again from its source.")}},
        {"tokenizer.bad_byte_token", kDamagedTokenizer},
        {"tokenizer.bad_metadata", kDamagedTokenizer},
        {"tokenizer.bad_score", kDamagedTokenizer},
        {"tokenizer.bad_special_id", kDamagedTokenizer},
        {"tokenizer.bad_token_type", kDamagedTokenizer},
        {"tokenizer.size_mismatch", kDamagedTokenizer},

        {"template.syntax", kTemplate},
        {"template.runtime", kTemplate},
        {"template.raised",
         {QT_TR_NOOP("The model's chat template refuses this conversation"), QT_TR_NOOP("It says: {detail}"),
          QT_TR_NOOP("Change or remove the system prompt, or start a new chat.")}},
        {"template.empty", kTemplate},
        {"template.encoding", kTemplate},
        {"template.bad_messages", kTemplate},
        {"template.limit",
         {QT_TR_NOOP("The model's chat template does not come to an end"),
          QT_TR_NOOP("It was stopped because it used too many steps, too much text or too much time."),
          QT_TR_NOOP("Take another conversion of the model.")}},

        {"sampling.out_of_range", kParameters},
        {"parameters.bad_value", kParameters},
        {"parameters.bad_json", kParameters},
        {"workbench.not_an_answer", kInternal},
        {"workbench.not_a_user_message", kInternal},
        {"sampling.empty_stop",
         {QT_TR_NOOP("A stop text is empty"),
          QT_TR_NOOP("An empty stop text would end every answer at once."),
          QT_TR_NOOP("Remove it from the chat's parameters.")}},
        {"sampling.stop_too_long",
         {QT_TR_NOOP("A stop text is too long"),
          QT_TR_NOOP("Stop texts have to be short to be found while text streams."),
          QT_TR_NOOP("Shorten it in the chat's parameters.")}},
        {"sampling.too_many_stops",
         {QT_TR_NOOP("There are too many stop texts"),
          QT_TR_NOOP("More are given than can be watched for at once."),
          QT_TR_NOOP("Remove some in the chat's parameters.")}},
        {"sampling.no_candidate",
         {QT_TR_NOOP("No word was left to choose from"),
          QT_TR_NOOP("The chat's sampling parameters exclude every possible next token, or the model "
                     "computed no usable "
                     "numbers."),
          QT_TR_NOOP(
              "Set the parameters back to their usual values; if it stays, the model file is damaged.")}},
        {"sampling.vocabulary_mismatch", kInternal},
        {"workbench.no_model",
         {QT_TR_NOOP("No model is open"), QT_TR_NOOP("An answer needs a model in memory."),
          QT_TR_NOOP("Open a model with the button above the chat, or drop a .gguf file on the window.")}},

        {"guide.missing",
         {QT_TR_NOOP("The built-in helper is missing"),
          QT_TR_NOOP("Hearth looked for its small Guide at {path}."),
          QT_TR_NOOP("Build or install Hearth completely, or open a model of your own.")}},

        {"store.corrupt", kHistoryDamaged},
        {"store.empty", kHistoryDamaged},
        {"store.not_database", kHistoryDamaged},
        {"store.foreign_wal", kHistoryDamaged},
        {"store.foreign_journal", kHistoryDamaged},
        {"store.unexpected_schema", kHistoryDamaged},
        {"store.foreign_database", kHistoryForeign},
        {"store.not_regular", kHistoryForeign},
        {"store.dangling_link", kHistoryNotWritable},
        {"store.open_failed", kHistoryNotWritable},
        {"store.read_only", kHistoryNotWritable},
        {"store.newer_schema",
         {QT_TR_NOOP("The history was written by a newer Hearth"),
          QT_TR_NOOP(
              "It has format {found}; this version knows formats up to {known}. Nothing has been changed."),
          QT_TR_NOOP("Install the newer version, or start with another data folder.")}},
        {"store.locked",
         {QT_TR_NOOP("The history is in use"), QT_TR_NOOP("Another program is holding the database."),
          QT_TR_NOOP("Close other copies of Hearth or hearthctl and try again.")}},
        {"store.disk_full", kDiskFull},
        {"store.io",
         {QT_TR_NOOP("The disk reported an error"), QT_TR_NOOP("The history could not be read or written."),
          QT_TR_NOOP("Check the disk. Copy the data folder to a safe place.")}},
        {"store.backup_failed",
         {QT_TR_NOOP("The backup before the update failed"),
          QT_TR_NOOP("The history was not updated because its backup could not be written. It is unchanged."),
          QT_TR_NOOP("Check the free space and the permissions of the data folder.")}},
        {"store.migration_failed",
         {QT_TR_NOOP("The history could not be updated"),
          QT_TR_NOOP("It is unchanged, and a backup lies beside it."),
          QT_TR_NOOP("Please report the code below.")}},
        {"store.not_found",
         {QT_TR_NOOP("This is no longer in the history"),
          QT_TR_NOOP("It may have been deleted in another window."),
          QT_TR_NOOP("Choose another conversation.")}},
        {"store.no_such_version",
         {QT_TR_NOOP("There is no further version"),
          QT_TR_NOOP("This message has no neighbour in that direction."), ""}},
        {"store.text_too_large",
         {QT_TR_NOOP("The text is too long"), QT_TR_NOOP("A single message cannot be that large."),
          QT_TR_NOOP("Split it into several messages.")}},
        {"store.out_of_memory",
         {QT_TR_NOOP("The memory ran out"), QT_TR_NOOP("The history could not be read for lack of memory."),
          QT_TR_NOOP("Close other programs and try again.")}},
        {"store.constraint", kInternal},
        {"store.bad_parent", kInternal},
        {"store.failed", kInternal},

        {"settings.unreadable",
         {QT_TR_NOOP("The settings file cannot be read"), QT_TR_NOOP("The usual settings are in use."),
          QT_TR_NOOP("Check the permissions of the file.")}},
        {"settings.not_regular", kSettingsFile},
        {"settings.empty", kSettingsFile},
        {"settings.zero_filled", kSettingsFile},
        {"settings.binary", kSettingsFile},
        {"settings.too_large", kSettingsFile},
        {"settings.too_deep", kSettingsFile},
        {"settings.truncated", kSettingsFile},
        {"settings.bad_json", kSettingsFile},
        {"settings.not_object", kSettingsFile},
        {"settings.bad_version", kSettingsFile},
        {"settings.byte_order_mark",
         {QT_TR_NOOP("The settings file was edited by another program"),
          QT_TR_NOOP("It begins with a byte-order mark, which was ignored."), ""}},
        {"settings.newer_version",
         {QT_TR_NOOP("The settings were written by a newer Hearth"),
          QT_TR_NOOP("What this version knows is in use; the rest is kept in the file."), ""}},
        {"settings.unknown_key",
         {QT_TR_NOOP("The settings file has an entry that is not known"),
          QT_TR_NOOP("{key} means nothing to this version; it is kept in the file."), ""}},
        {"settings.duplicate_key",
         {QT_TR_NOOP("The settings file has an entry twice"),
          QT_TR_NOOP("{key} stands there more than once; the first counts."), ""}},
        {"settings.wrong_type", kSettingsValue},
        {"settings.out_of_range",
         {QT_TR_NOOP("One setting in the file was out of range"),
          QT_TR_NOOP("{key} was {value}; possible are {min} to {max}. Its usual value is in force."),
          QT_TR_NOOP("Choose the value again on this page; it is saved at once.")}},
        {"settings.unknown_value", kSettingsValue},
        {"settings.copy_failed",
         {QT_TR_NOOP("The settings were not saved"),
          QT_TR_NOOP(
              "The old file has something wrong with it, and a safe copy of it could not be made first."),
          QT_TR_NOOP("Check the free space and the permissions of the configuration folder.")}},
        {"settings.locked",
         {QT_TR_NOOP("The settings were not saved"),
          QT_TR_NOOP("Another copy of Hearth is writing them at this moment."), QT_TR_NOOP("Try again.")}},
    };
};

QString say(const char* text) {
    return *text ? Table::tr(text) : QString();
}

const Row* find(std::string_view code) {
    for (const std::span<const Row> rows :
         {std::span<const Row>(Table::kRows), peopleErrors(), privacyErrors(), hubErrors(), modelErrors()})
        for (const Row& row : rows)
            if (row.code == code)
                return &row;
    return nullptr;
}

/// One placeholder's text, or nothing when the error does not carry it.
std::optional<QString> argument(const Error& error, const QString& placeholder) {
    if (placeholder == QLatin1String("offset"))
        return error.offset ? std::optional(humanCount(*error.offset)) : std::nullopt;
    if (placeholder == QLatin1String("detail"))
        return QString::fromStdString(error.detail);
    const QStringList parts = placeholder.split(u':');
    const QString value = QString::fromStdString(error.arg(parts.first().toStdString()));
    if (value.isEmpty())
        return std::nullopt;
    bool isNumber = false;
    const qulonglong number = value.toULongLong(&isNumber);
    if (parts.size() == 2 && isNumber)
        return parts[1] == QLatin1String("bytes") ? humanBytes(number) : humanCount(number);
    return value;
}

/// The sentence with its placeholders filled; nothing when one of them has no value.
std::optional<QString> fill(const QString& sentence, const Error& error) {
    QString filled;
    qsizetype at = 0;
    while (true) {
        const qsizetype open = sentence.indexOf(u'{', at);
        const qsizetype close = open < 0 ? -1 : sentence.indexOf(u'}', open);
        if (close < 0)
            return filled + sentence.mid(at);
        const auto value = argument(error, sentence.mid(open + 1, close - open - 1));
        if (!value)
            return std::nullopt;
        filled += sentence.mid(at, open - at) + *value;
        at = close + 1;
    }
}

} // namespace

ErrorText errorText(const Error& error) {
    const QString detail = QString::fromStdString(error.detail);
    const Row* row = find(error.code);
    if (!row)
        return {Table::tr("This did not work"), detail, {}};
    QString advice = say(row->say.advice);
    if (!error.arg("received_bytes").empty()) // only a download has any
        advice += (advice.isEmpty() ? QString() : QStringLiteral(" ")) +
                  Table::tr("What was received is kept, and it goes on from there.");
    return {say(row->say.title), fill(say(row->say.explanation), error).value_or(detail), advice};
}

bool hasErrorText(std::string_view code) {
    return find(code) != nullptr;
}

} // namespace hearth::gui
