#include <array>
#include <cstdio>
#include <memory>

#include <gtest/gtest.h>

#include "tests/text/chat_template/template_cases.h"

using namespace hearth;
using test::Json;

namespace {

constexpr const char* kPython = "/usr/bin/python3";

std::string quoted(const std::filesystem::path& path) {
    return "'" + path.string() + "'";
}

std::string output(const std::string& command) {
    std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string out;
    std::array<char, 65536> buffer{};
    while (const std::size_t read = pipe ? std::fread(buffer.data(), 1, buffer.size(), pipe.get()) : 0)
        out.append(buffer.data(), read);
    return out;
}

std::vector<std::filesystem::path> templatesIn(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".jinja")
            paths.push_back(entry.path());
    return paths;
}

/// Renders every case with every template and compares. Returns how many were to fail.
int compareAll(const std::vector<std::filesystem::path>& paths, const Json& expected) {
    const Json cases = Json::parse(test::readText(test::templateData("cases.json")));
    int failing = 0;
    for (const auto& path : paths) {
        const std::string source = test::readText(path);
        const Json& wanted = expected.at(path.filename().string());
        for (const Json& testCase : cases) {
            const std::string name = testCase.at("name");
            const Json& want = wanted.at(name);
            failing += want.contains("error");
            EXPECT_EQ(test::difference(test::renderCase(source, testCase), want), "")
                << path.filename() << ", case " << name;
        }
    }
    return failing;
}

} // namespace

TEST(Reference, OwnTemplatesRenderAsRecorded) {
    const auto paths = templatesIn(test::templateData(""));
    ASSERT_GE(paths.size(), 4U);
    const Json expected = Json::parse(test::readText(test::templateData("expected.json")));
    EXPECT_GT(compareAll(paths, expected.at("templates")), 0);
}

TEST(Reference, ExpressionsRenderAsRecorded) {
    const Json sources = Json::parse(test::readText(test::templateData("expressions.json")));
    const Json expected = Json::parse(test::readText(test::templateData("expected.json")))["expressions"];
    const Json testCase = Json::parse(test::readText(test::templateData("expression_case.json")));
    ASSERT_GE(sources.size(), 250U);
    ASSERT_EQ(sources.size(), expected.size());
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const std::string source = sources[i];
        EXPECT_EQ(test::difference(test::renderCase(source, testCase), expected[i]), "") << source;
    }
}

TEST(Reference, RealTemplatesRenderAsJinjaDoes) {
    const auto folder = test::shared("templates");
    HEARTH_SKIP_WITHOUT(folder);
    if (!std::filesystem::exists(kPython) ||
        output(std::string(kPython) + " -c 'import jinja2; print(1)' 2>/dev/null").empty())
        GTEST_SKIP() << "python3-jinja2, the reference, is not installed";
    const auto paths = templatesIn(folder);
    ASSERT_GE(paths.size(), 10U);
    const std::filesystem::path tests = std::filesystem::path(HEARTH_TEST_DATA).parent_path();
    std::string command = "TZ=UTC PYTHONDONTWRITEBYTECODE=1 " + std::string(kPython) + " " +
                          quoted(tests / "text/chat_template/reference.py") + " " +
                          quoted(test::templateData("cases.json"));
    for (const auto& path : paths)
        command += " " + quoted(path);
    const std::string answer = output(command);
    ASSERT_FALSE(answer.empty());
    EXPECT_GT(compareAll(paths, Json::parse(answer)), 0);
}
