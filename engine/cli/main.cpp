#include "engine/cli/program.h"

int main(int argc, char** argv) {
    return hearth::cli::run(argc, argv);
}
