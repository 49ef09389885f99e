#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "engine/workbench/library/library.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace hearth::test {

/// A library of its own in a new folder, whose trash is in there too.
class LibraryTest : public testing::Test {
protected:
    void SetUp() override {
        std::filesystem::create_directories(path("trash-home"));
        ::setenv("XDG_DATA_HOME", path("trash-home").c_str(), 1);
        open();
    }
    void TearDown() override { ::unsetenv("XDG_DATA_HOME"); }

    std::filesystem::path path(const std::string& name) const { return m_folder.path() / name; }
    void open(workbench::LibraryGuard guard = {}) {
        library.reset();
        auto opened = workbench::Library::open(path("library.db"), {path("models"), std::move(guard)});
        ASSERT_TRUE(opened) << opened.error().message();
        library = std::move(*opened);
    }
    /// A golden model under a name of its own.
    std::filesystem::path put(const std::string& model, const std::string& name) const {
        std::filesystem::create_directories(path(name).parent_path());
        std::filesystem::copy_file(golden(model), path(name));
        return path(name);
    }
    workbench::AddReport add(const std::filesystem::path& file,
                             workbench::FileMode mode = workbench::FileMode::Referenced) {
        auto added = library->add({.path = file, .mode = mode});
        EXPECT_TRUE(added) << added.error().message();
        return added.value_or(workbench::AddReport{});
    }
    workbench::LibraryVersion version(workbench::LibraryId id) {
        auto model = library->version(id);
        EXPECT_TRUE(model) << model.error().message();
        return model ? model->versions.front() : workbench::LibraryVersion{};
    }
    std::size_t models() { return library->models().value().size(); }

    std::unique_ptr<workbench::Library> library;

private:
    TemporaryFolder m_folder;
};

template <class T>
std::string codeOf(const Result<T>& result) {
    return result ? "ok" : result.error().code;
}

} // namespace hearth::test
