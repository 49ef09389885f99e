#pragma once

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QtCore/QCoreApplication>

#include "engine/security/identity/identity.h"
#include "engine/store/connection.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace hearth::test {

/// An accounts database in a folder of its own, with cheap passwords and a clock that the test moves.
class IdentityTest : public ::testing::Test {
protected:
    IdentityTest() {
        static int argc = 1;
        static char name[] = "test";
        static char* argv[] = {name, nullptr};
        static QCoreApplication application(argc, argv);
        auto key = security::SigningKey::loadOrCreate(folder() / "signing.key");
        EXPECT_TRUE(key) << key.error().message();
        m_key = std::make_unique<security::SigningKey>(std::move(*key));
    }
    const std::filesystem::path& folder() const { return m_folder.path(); }
    security::IdentityFiles files() const { return {folder() / "accounts.db", folder() / "accounts.head"}; }
    security::IdentityOptions options() {
        security::IdentityOptions out;
        out.clock = [this] { return m_now; };
        out.cost = {64, 1, 1};
        return out;
    }
    std::unique_ptr<security::Identity> open() {
        auto identity = security::Identity::open(files(), *m_key, options());
        EXPECT_TRUE(identity) << identity.error().message();
        return identity ? std::move(*identity) : nullptr;
    }
    std::string openError() {
        const auto identity = security::Identity::open(files(), *m_key, options());
        return identity ? "" : identity.error().code;
    }
    /// An edit behind the program's back.
    void edit(const std::string& sql) const {
        auto connection = store::Connection::open(files().database, store::Connection::Mode::ReadWrite);
        ASSERT_TRUE(connection) << connection.error().message();
        const auto done = (*connection)->run(sql);
        ASSERT_TRUE(done) << done.error().message();
    }
    template <class T>
    static std::string codeOf(const Result<T>& result) {
        return result ? "" : result.error().code;
    }

    static constexpr const char* kPassword = "correct horse battery";
    static security::ByteView password() { return security::viewOf(kPassword); }

    std::int64_t m_now = 1'700'000'000'000;
    std::unique_ptr<security::SigningKey> m_key;

private:
    TemporaryFolder m_folder;
};

} // namespace hearth::test
