#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "engine/hardware/pdf/pdf_report.h"
#include "tests/hardware/report/sample_report.h"
#include "tests/support/temporary_folder.h"

namespace hearth::hardware {
namespace {

using testing::HasSubstr;

/// What pdftotext (poppler-utils) reads out of the report.
std::string textOf(const std::string& pdf, const char* program) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "report.pdf", text = folder.path() / "text";
    std::ofstream(file, std::ios::binary) << pdf;
    const std::string command = std::string(program) + " " + file.string() +
                                (std::string(program) == "pdffonts" ? " > " : " ") + text.string() +
                                " 2>/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    std::ifstream in(text);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool hasPoppler() {
    return std::system("command -v pdftotext >/dev/null 2>&1") == 0;
}

TEST(PdfReport, FiguresAreFoundInEnglish) {
    if (!hasPoppler())
        GTEST_SKIP() << "poppler-utils is not installed";
    const auto pdf = pdfReport(test::sampleReport(), Language::English);
    ASSERT_TRUE(pdf) << pdf.error().message();
    const std::string text = textOf(*pdf, "pdftotext -layout");
    for (const char* figure : {"Hardware report", "Testor <9000> & Co", "20.0 GB/s", "17.6", "211",
                               "Qwen3 8B", "What would help", "sudo", "Page 1 of"})
        EXPECT_THAT(text, HasSubstr(figure));
}

TEST(PdfReport, ChineseIsReadableAndItsFontEmbedded) {
    if (!hasPoppler())
        GTEST_SKIP() << "poppler-utils is not installed";
    if (std::system("fc-list :lang=zh-cn 2>/dev/null | grep -q .") != 0)
        GTEST_SKIP() << "no Chinese font is installed";
    const auto pdf = pdfReport(test::sampleReport(), Language::Chinese);
    ASSERT_TRUE(pdf) << pdf.error().message();
    const std::string text = textOf(*pdf, "pdftotext -layout");
    EXPECT_THAT(text, HasSubstr("硬件报告"));
    EXPECT_THAT(text, HasSubstr("升级建议"));
    // Every line of pdffonts after the two of its heading is a font; "emb" is the third column from its type.
    std::istringstream fonts(textOf(*pdf, "pdffonts"));
    std::string line;
    std::getline(fonts, line);
    const std::size_t embedded = line.find("emb");
    ASSERT_NE(embedded, std::string::npos);
    std::getline(fonts, line);
    int count = 0;
    while (std::getline(fonts, line)) {
        EXPECT_EQ(line.substr(embedded, 3), "yes") << line;
        ++count;
    }
    EXPECT_GT(count, 0);
}

} // namespace
} // namespace hearth::hardware
