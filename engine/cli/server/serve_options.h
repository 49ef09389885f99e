#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/cli/accounts/model_gate.h"
#include "engine/kernels/compute.h"
#include "engine/workbench/settings.h"

namespace CLI {
class App;
}

namespace hearth::cli {

/// The options of hearthctl serve. What is not given is as the settings file has it.
struct ServeOptions {
    std::filesystem::path model;
    std::optional<std::string> address;
    std::optional<std::size_t> port, sequences, context, maxBodyKiB, connections;
    std::optional<std::size_t> headerSeconds, bodySeconds, idleSeconds, threads;
    std::optional<std::string> kv;
    std::vector<std::string> hosts, origins;
    std::optional<std::filesystem::path> certificate, privateKey;
    std::optional<bool> key, allowNetwork, log;
    bool save = false;
    ModelCaller caller;

    void addTo(CLI::App& command);
    /// The settings with what was given put over them.
    [[nodiscard]] workbench::Settings over(workbench::Settings settings) const;
};

} // namespace hearth::cli
