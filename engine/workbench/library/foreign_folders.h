#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/workbench/library/library.h"
#include "engine/workbench/model_facts.h"

namespace hearth::workbench {

/// A place where another program keeps models.
struct ForeignFolder {
    std::string program; ///< "lm-studio", "jan", "gpt4all", "ollama", "huggingface-cache"
    std::filesystem::path folder;
};

/// What decides where those places are; tests put a home of their own here.
struct ForeignOptions {
    std::filesystem::path home; ///< empty = HOME
    /// Environment variables (OLLAMA_MODELS, HF_HOME, HF_HUB_CACHE, XDG_CACHE_HOME, …); empty = the
    /// process's.
    std::function<std::string(const char* name)> variable;
    std::filesystem::path root = "/"; ///< below which /usr/share/ollama lies
};

/// The usual places that exist here: LM Studio, Jan, GPT4All, Ollama (a person's and the service's), the
/// Hugging Face cache. Never fails.
[[nodiscard]] std::vector<ForeignFolder> foreignFolders(const ForeignOptions& options = {});

/// A model that a scan found.
struct FoundModel {
    std::filesystem::path path; ///< GGUF file, or a folder to convert
    std::string program;        ///< whose place it is; "" = a folder of the person's
    std::string source;         ///< "ollama llama3.2:1b", "hf Qwen/Qwen3-4B"; "" = not known
    ModelFacts facts;           ///< name already without its quantisation
    bool convertible = false;   ///< a Hugging Face folder: facts holds name and size only
    bool inLibrary = false;
    std::optional<Error> problem; ///< it cannot be read

    /// How to take it in, in place.
    [[nodiscard]] AddRequest request() const;
};

struct ScanReport {
    std::vector<FoundModel> models;     ///< by name
    std::vector<ImportProblem> folders; ///< that could not be read (wholly): folders.*, library.bad_manifest
};

/// Looks through folders of the person's and places of other programs; changes nothing. Ollama's models are
/// found through its manifests, those of the Hugging Face cache under their repository's name. Names in those
/// files are data: a digest that is not 64 hex digits is never followed. Progress phase "library.scan", in
/// folders. Errors: base.cancelled.
[[nodiscard]] Result<ScanReport> scanForModels(const std::vector<std::filesystem::path>& folders,
                                               const std::vector<ForeignFolder>& foreign, Library& library,
                                               std::stop_token stop = {}, const ProgressSink& progress = {});

} // namespace hearth::workbench
