#pragma once

#include <functional>

#include "engine/base/error.h"

namespace CLI {
class App;
}

namespace hearth::cli {

class Interrupt;

/// What a subcommand may use besides its own options.
struct Environment {
    Interrupt& interrupt;
};

/// The subcommand that the command line chose, ready to run.
using Command = std::function<Result<void>(Environment&)>;

/// Each describes its subcommand to `app` and, when the command line names it, puts it into `chosen`, which
/// must outlive the parsing. One file per subcommand.
void addTokenize(CLI::App& app, Command& chosen);
void addDetokenize(CLI::App& app, Command& chosen);
void addLogits(CLI::App& app, Command& chosen);
void addGenerate(CLI::App& app, Command& chosen);
void addChat(CLI::App& app, Command& chosen);
void addRenderTemplate(CLI::App& app, Command& chosen);
void addInspect(CLI::App& app, Command& chosen);
void addBench(CLI::App& app, Command& chosen);
void addSynthesize(CLI::App& app, Command& chosen);
void addTrain(CLI::App& app, Command& chosen);
void addQuantize(CLI::App& app, Command& chosen);
void addImatrix(CLI::App& app, Command& chosen);
void addPerplexity(CLI::App& app, Command& chosen);
void addConvert(CLI::App& app, Command& chosen);
void addSplit(CLI::App& app, Command& chosen);
void addMerge(CLI::App& app, Command& chosen);
void addEvaluate(CLI::App& app, Command& chosen);
void addModels(CLI::App& app, Command& chosen); ///< of cli/models
void addProfile(CLI::App& app, Command& chosen);
void addFit(CLI::App& app, Command& chosen);
void addReport(CLI::App& app, Command& chosen);
void addServe(CLI::App& app, Command& chosen); ///< of cli/server
void addPull(CLI::App& app, Command& chosen);
void addHub(CLI::App& app, Command& chosen);
// Of cli/accounts.
void addUser(CLI::App& app, Command& chosen);
void addAudit(CLI::App& app, Command& chosen);
void addPrivacy(CLI::App& app, Command& chosen);
void addBackup(CLI::App& app, Command& chosen); ///< backup, restore and repair
void addSeal(CLI::App& app, Command& chosen);   ///< seal and unseal

} // namespace hearth::cli
