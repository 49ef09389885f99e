#include "engine/workbench/library/storage_view.h"

#include <gmock/gmock.h>

#include <chrono>

#include <QStorageInfo>

#include "tests/workbench/library/library_fixture.h"

namespace {

using namespace hearth;
using namespace hearth::workbench;
namespace fs = std::filesystem;

class Storage : public test::LibraryTest {
protected:
    VolumeLookup disks() const {
        return [this](const std::vector<fs::path>&) {
            Volume slow, fast;
            slow.root = path("slow");
            slow.folder = path("slow/models");
            slow.speed = 1;
            slow.freeBytes = slow.totalBytes = 1'000'000'000;
            fast.root = path("fast");
            fast.folder = path("fast/models");
            fast.speed = 3;
            fast.freeBytes = m_fastFree;
            fast.totalBytes = 1'000'000'000;
            return std::vector{slow, fast};
        };
    }
    StorageView view(std::int64_t days = 0) {
        const auto models = library->models().value();
        return storageView(models, {path("fast/models")}, nowMs() + days * 24 * 3600 * 1000, disks());
    }
    static std::int64_t nowMs() {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
            .count();
    }
    std::uint64_t m_fastFree = 500'000'000;
};

TEST_F(Storage, SaysWhatTakesTheSpace) {
    const auto big = add(put("llama-F16.gguf", "slow/a.gguf"));
    const auto small = add(put("qwen3moe-many-F32.gguf", "slow/b.gguf"));
    const auto twin = add(put("qwen3moe-many-F32.gguf", "fast/c.gguf"));
    fs::create_hard_link(path("slow/a.gguf"), path("slow/linked.gguf"));
    const auto linked = add(path("slow/linked.gguf"));
    const auto out = view();
    const auto bytes = [&](const char* name) { return fs::file_size(path(name)); };
    EXPECT_EQ(out.totalBytes, bytes("slow/a.gguf") + 2 * bytes("slow/b.gguf")) << "hard links count once";
    ASSERT_EQ(out.models.size(), 2U);
    EXPECT_EQ(out.models.front().model, big.model);
    ASSERT_EQ(out.duplicates.size(), 2U);
    for (const auto& group : out.duplicates) {
        if (group.versions.front() == small.version) {
            EXPECT_EQ(group.wastedBytes, bytes("slow/b.gguf"));
            EXPECT_THAT(group.versions, testing::ElementsAre(small.version, twin.version));
        } else {
            EXPECT_EQ(group.wastedBytes, 0U) << "two names of the same bytes waste nothing";
            EXPECT_THAT(group.versions, testing::ElementsAre(big.version, linked.version));
        }
    }
    EXPECT_EQ(out.volumes[0].libraryBytes, bytes("slow/a.gguf") + bytes("slow/b.gguf"));
    EXPECT_EQ(out.volumes[1].libraryBytes, bytes("fast/c.gguf"));
    EXPECT_TRUE(out.unused.empty());
    EXPECT_EQ(view(kUnusedDays + 1).unused.size(), 4U);
}

TEST_F(Storage, SuggestsTheFasterDiskForOwnFilesWithRoom) {
    fs::create_directories(path("slow/models"));
    library.reset();
    library = std::move(*Library::open(path("library.db"), {path("slow/models"), {}}));
    const auto own = add(put("llama-F16.gguf", "in/a.gguf"), FileMode::Copied);
    add(put("qwen3-F32.gguf", "slow/theirs.gguf"));
    auto out = view();
    ASSERT_EQ(out.suggestions.size(), 1U);
    EXPECT_EQ(out.suggestions.front().version, own.version);
    EXPECT_EQ(out.suggestions.front().folder, path("fast/models"));
    m_fastFree = 1000;
    EXPECT_TRUE(view().suggestions.empty());
    m_fastFree = 500'000'000;
    ASSERT_TRUE(library->move(own.version, path("fast/models")));
    EXPECT_TRUE(view().suggestions.empty());
    fs::remove(path("fast/models/a.gguf"));
    EXPECT_THAT(view().missing, testing::ElementsAre(own.version));
}

TEST_F(Storage, TheSystemsVolumesAreThere) {
    if (!QStorageInfo::root().isValid())
        GTEST_SKIP() << "the mounts that are seen from here (a chroot?) do not say where / lies";
    const auto volumes = systemVolumes()({path("models"), path("other"), "/"});
    ASSERT_FALSE(volumes.empty());
    for (const auto& volume : volumes) {
        EXPECT_GT(volume.totalBytes, 0U);
        EXPECT_LE(volume.freeBytes, volume.totalBytes);
    }
}

} // namespace
