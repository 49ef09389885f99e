#include "tests/security/gate/fault_paths.h"

#include <fstream>

#include <gtest/gtest.h>

#include "engine/base/atomic_file.h"
#include "engine/security/crypto/sealed_memory.h"
#include "engine/workbench/library/library.h"
#include "engine/workbench/settings.h"
#include "tests/support/test_data.h"

namespace hearth {

namespace fs = std::filesystem;
using namespace workbench;
using test::FaultPath;
using test::keyOf;

namespace {

/// A version of a library of its own, sealed in its place.
FaultPath sealModel() {
    const auto open = [](const fs::path& folder) {
        auto library = Library::open(folder / "library.db", {folder / "models", {}});
        EXPECT_TRUE(library) << library.error().message();
        return std::shared_ptr<Library>(std::move(*library));
    };
    const auto versionOf = [](Library& library) { return library.models()->front().versions.front(); };
    return {
        "sealing a model",
        [](const fs::path& folder) { fs::copy_file(test::golden("llama-Q4_0.gguf"), folder / "from.gguf"); },
        [open, versionOf](const fs::path& folder) -> std::function<Result<void>()> {
            const auto library = open(folder);
            if (library->models()->empty()) { // paths are absolute, so it is taken in here
                EXPECT_TRUE(library->add({.path = folder / "from.gguf", .mode = FileMode::Copied}));
            }
            return [library, versionOf]() -> Result<void> {
                const auto version = versionOf(*library);
                if (version.sealed())
                    return {}; // by a step whose end then failed
                const auto key = keyOf(9);
                HEARTH_TRY(const auto done, library->seal(version.id, security::FileKey{key.bytes()}, true));
                return done.notRemoved ? Result<void>(tl::unexpected<Error>(*done.notRemoved))
                                       : Result<void>();
            };
        },
        [open, versionOf](const fs::path& folder, bool done) {
            const auto library = open(folder);
            const auto version = versionOf(*library);
            EXPECT_TRUE(library->verify(version.id)->good());
            const auto key = keyOf(9);
            if (version.sealed()) {
                const auto opened = security::readSealedFile(
                    version.path(), security::FileKey{key.bytes()}, security::kModelContext,
                    [](security::ByteView) { return Result<void>(); });
                EXPECT_TRUE(opened) << opened.error().message();
                // What could not be removed went when the library was opened again.
                EXPECT_FALSE(fs::exists(folder / "models" / "from.gguf"));
            } else {
                EXPECT_FALSE(done);
                EXPECT_FALSE(fs::exists(folder / "models" / "from.gguf.sealed"));
            }
        }};
}

} // namespace

std::vector<FaultPath> test::fileFaultPaths() {
    std::vector<FaultPath> out;
    out.push_back(sealModel());
    out.push_back({"settings",
                   [](const fs::path& folder) {
                       SettingsFile file(folder / "settings.json");
                       Settings settings = file.load().settings;
                       settings.threads = 3;
                       ASSERT_TRUE(file.save(settings));
                   },
                   [](const fs::path& folder) -> std::function<Result<void>()> {
                       auto file = std::make_shared<SettingsFile>(folder / "settings.json");
                       auto settings = std::make_shared<Settings>(file->load().settings);
                       return [file, settings] {
                           settings->fontScale = 1.25;
                           return file->save(*settings);
                       };
                   },
                   [](const fs::path& folder, bool done) {
                       SettingsFile file(folder / "settings.json");
                       const auto loaded = file.load();
                       EXPECT_TRUE(loaded.problems.empty());
                       EXPECT_EQ(loaded.settings.threads, 3U);
                       if (done) {
                           EXPECT_EQ(loaded.settings.fontScale, 1.25);
                       }
                   }});
    out.push_back({"sealed file",
                   [](const fs::path& folder) {
                       std::ofstream(folder / "text") << std::string(200'000, 't');
                       std::ofstream(folder / "out") << "what was there";
                   },
                   [](const fs::path& folder) {
                       return [folder] {
                           const auto key = keyOf(9);
                           return security::sealFile(folder / "text", folder / "out",
                                                     security::FileKey{key.bytes()}, "test");
                       };
                   },
                   [](const fs::path& folder, bool done) {
                       EXPECT_EQ(test::readText(folder / "text"), std::string(200'000, 't'));
                       const auto key = keyOf(9);
                       const auto opened =
                           security::readSealedFile(folder / "out", security::FileKey{key.bytes()}, "test",
                                                    [](security::ByteView) { return Result<void>(); });
                       EXPECT_TRUE(opened || (!done && test::readText(folder / "out") == "what was there"));
                   }});
    return out;
}

security::SecureBytes test::keyOf(std::uint8_t first) {
    auto key = security::SecureBytes::make(32);
    key->bytes()[0] = std::byte{first};
    return std::move(*key);
}

} // namespace hearth
