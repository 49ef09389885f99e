// The HTML report as a browser shows and prints it.

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "tests/hardware/report/sample_report.h"
#include "tests/support/temporary_folder.h"

namespace hearth::hardware {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The first browser of Chromium's kind that is installed; "" = none.
std::string browser() {
    for (const char* name : {"chromium", "chromium-browser", "google-chrome"})
        if (std::system(("command -v " + std::string(name) + " >/dev/null 2>&1").c_str()) == 0)
            return name;
    return {};
}

std::string fileText(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class Browser : public testing::Test {
protected:
    void SetUp() override {
        m_browser = browser();
        if (m_browser.empty())
            GTEST_SKIP() << "no Chromium is installed";
    }
    /// Opens the report with these options; its standard output.
    std::string open(Language language, const std::string& options) {
        std::ofstream(m_folder.path() / "report.html") << htmlReport(test::sampleReport(), language);
        const std::string out = (m_folder.path() / "out").string();
        const std::string command = "timeout 60 " + m_browser +
                                    " --headless --no-sandbox --disable-gpu --disable-dev-shm-usage"
                                    " --user-data-dir=" +
                                    (m_folder.path() / "profile").string() + " " + options + " file://" +
                                    (m_folder.path() / "report.html").string() + " >" + out + " 2>/dev/null";
        EXPECT_EQ(std::system(command.c_str()), 0) << command;
        return fileText(out);
    }
    test::TemporaryFolder m_folder;
    std::string m_browser;
};

TEST_F(Browser, ShowsTheFiguresAndPlots) {
    const std::string dom = open(Language::English, "--dump-dom");
    for (const char* figure :
         {"Hardware report", "Testor &lt;9000&gt; &amp; Co", "20.0 GB/s", "17.6", "211", "Qwen3 8B",
          "What would help", "sudo apt install git", "data-value=\"151.25\"", "data-value=\"17.625\""})
        EXPECT_THAT(dom, HasSubstr(figure));
    // The browser built the plots as graphics and not as text.
    EXPECT_THAT(dom, HasSubstr("<svg"));
    EXPECT_THAT(dom, Not(HasSubstr("&lt;svg")));
    const std::string chinese = open(Language::Chinese, "--dump-dom");
    EXPECT_THAT(chinese, HasSubstr("硬件报告"));
    EXPECT_THAT(chinese, HasSubstr("不支持"));
}

TEST_F(Browser, PrintsTheFigures) {
    if (std::system("command -v pdftotext >/dev/null 2>&1") != 0)
        GTEST_SKIP() << "poppler-utils is not installed";
    const auto pdf = m_folder.path() / "printed.pdf", text = m_folder.path() / "printed.txt";
    open(Language::English, "--print-to-pdf=" + pdf.string());
    ASSERT_EQ(std::system(("pdftotext -layout " + pdf.string() + " " + text.string()).c_str()), 0);
    const std::string printed = fileText(text);
    for (const char* figure : {"Hardware report", "Testor <9000> & Co", "20.0 GB/s", "Qwen3 8B"})
        EXPECT_THAT(printed, HasSubstr(figure));
}

} // namespace
} // namespace hearth::hardware
