#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QtCore/QCoreApplication>
#include <QtCore/QTemporaryDir>

#include "engine/store/history.h"
#include "tests/support/test_data.h"

namespace hearth::test {

/// Qt finds its SQLite driver through the application object.
inline void ensureApplication() {
    static int argc = 1;
    static char name[] = "test";
    static char* argv[] = {name, nullptr};
    static QCoreApplication application(argc, argv);
}

/// A folder of its own with a history file in it.
class StoreTest : public ::testing::Test {
protected:
    StoreTest() { ensureApplication(); }

    std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    std::filesystem::path file() const { return folder() / "history.db"; }

    std::unique_ptr<store::History> open(store::HistoryOptions options = {}) const {
        auto history = store::History::open(file(), store::plainCodec(), std::move(options));
        EXPECT_TRUE(history) << history.error().message();
        return history ? std::move(*history) : nullptr;
    }
    /// The code that open() refuses the file with; "" when it opens.
    std::string openError() const {
        const auto history = store::History::open(file());
        return history ? "" : history.error().code;
    }
    static store::RowId append(store::History& history, store::RowId conversation, store::RowId parent,
                               store::Role role, const std::string& text) {
        store::Message message;
        message.conversation = conversation;
        message.parent = parent;
        message.role = role;
        message.content = text;
        const auto id = history.appendMessage(message);
        EXPECT_TRUE(id) << id.error().message();
        return id.value_or(0);
    }
    static std::vector<std::string> texts(store::History& history, store::RowId conversation) {
        std::vector<std::string> out;
        const auto messages = history.branch(conversation, 0, 1000);
        EXPECT_TRUE(messages) << messages.error().message();
        if (messages)
            for (const auto& message : *messages)
                out.push_back(message.content);
        return out;
    }
    static void writeFile(const std::filesystem::path& path, const std::string& bytes) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    }

private:
    QTemporaryDir m_folder;
};

} // namespace hearth::test
