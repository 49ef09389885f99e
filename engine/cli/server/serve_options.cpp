#include "engine/cli/server/serve_options.h"

#include <CLI/CLI.hpp>

namespace hearth::cli {

void ServeOptions::addTo(CLI::App& command) {
    command.add_option("-m,--model", model, "A GGUF file to serve beside the models of the library");
    const auto option = [&](const char* group, const char* name, auto& field, const char* help) {
        command.add_option(name, field, help)->group(group);
    };
    option("Place", "--address", address, "Address to listen on, in digits; 127.0.0.1 = this machine only");
    option("Place", "--port", port, "Port, 11811 unless set");
    const auto list = [&](const char* name, std::vector<std::string>& field, const char* help) {
        command.add_option(name, field, help)
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
            ->group("Place");
    };
    list("--host", hosts, "Name under which it may be addressed; may be given several times");
    list("--origin", origins, "Web page that may use it (https://app.example); may be given several times");
    option("Place", "--certificate", certificate, "Certificate for TLS, PEM");
    option("Place", "--private-key", privateKey, "Its private key, PEM");
    const auto choice = [&](const char* group, const char* names, std::optional<bool>& field,
                            const char* help) {
        command
            .add_flag_function(
                names, [&field](std::int64_t count) { field = count > 0; }, help)
            ->group(group);
    };
    choice("Place", "--allow-network,!--no-network", allowNetwork,
           "Agree (or no longer) that other machines can reach it; needs keys and TLS as well");
    choice("Place", "--key,!--no-key", key, "Ask for a key, or for none; without one on this machine only");
    option("Work", "--sequences", sequences, "Answers generated at a time, 4 unless set");
    option("Work", "-c,--context", context, "Context of each in tokens; 0 = the model's, at most 8192");
    option("Work", "-t,--threads", threads, "Threads; 0 = one per physical core");
    command.add_option("--kv", kv, "Type of cached keys and values: f16, or q8_0 for half the memory")
        ->check(CLI::IsMember({"f16", "q8_0"}))
        ->group("Work");
    option("Limits", "--max-body-kib", maxBodyKiB, "Largest request, in KiB, 4096 unless set");
    option("Limits", "--connections", connections, "Open connections, 64 unless set; further ones wait");
    option("Limits", "--header-seconds", headerSeconds, "Until a request's head has come, 10 unless set");
    option("Limits", "--body-seconds", bodySeconds, "Until its body has come, 30 unless set");
    option("Limits", "--idle-seconds", idleSeconds, "Between requests, 60 unless set");
    choice("Options", "--log,!--no-log", log, "A line on stderr for every request, without content");
    command.add_flag("--save", save, "Keep these options in the settings for the next time");
    caller.addTo(command);
    command.footer(
        "Endpoints: GET /health, /v1/models, /v1/models/ID, /metrics;\n"
        "POST /v1/chat/completions and /v1/completions, with \"stream\" or without.\n"
        "Where there are profiles, programs bring keys of hearthctl user token-add; else one key is made\n"
        "for this run and shown once. One model is in memory at a time. Ctrl+C ends the server.\n");
}

workbench::Settings ServeOptions::over(workbench::Settings settings) const {
    workbench::ServerSettings& server = settings.server;
    server.address = address.value_or(server.address);
    server.port = port.value_or(server.port);
    server.sequences = sequences.value_or(server.sequences);
    server.contextTokens = context.value_or(server.contextTokens);
    server.maxBodyKiB = maxBodyKiB.value_or(server.maxBodyKiB);
    server.maxConnections = connections.value_or(server.maxConnections);
    server.headerSeconds = headerSeconds.value_or(server.headerSeconds);
    server.bodySeconds = bodySeconds.value_or(server.bodySeconds);
    server.idleSeconds = idleSeconds.value_or(server.idleSeconds);
    server.certificate = certificate.value_or(server.certificate);
    server.privateKey = privateKey.value_or(server.privateKey);
    server.keyRequired = key.value_or(server.keyRequired);
    server.allowNetwork = allowNetwork.value_or(server.allowNetwork);
    server.logRequests = log.value_or(server.logRequests);
    if (!hosts.empty())
        server.allowedHosts = hosts;
    if (!origins.empty())
        server.allowedOrigins = origins;
    settings.threads = threads.value_or(settings.threads);
    if (kv)
        settings.kvType = *kv == "q8_0" ? kernels::KvType::Q8_0 : kernels::KvType::F16;
    return settings;
}

} // namespace hearth::cli
