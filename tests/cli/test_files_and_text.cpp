// The subcommands that need no computation: tokenize, detokenize, render-template, inspect, synthesize; and
// what every subcommand shares: help, usage errors, exit codes, where messages go.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "tests/cli/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using hearth::test::golden;
using hearth::test::hearthctl;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::string kLlama = golden("llama-F32.gguf").string();

class Cli : public testing::Test {
protected:
    std::string file(const std::string& name, const std::string& content) {
        const auto path = m_folder.path() / name;
        std::ofstream(path, std::ios::binary) << content;
        return path.string();
    }
    hearth::test::TemporaryFolder m_folder;
};

TEST_F(Cli, HelpNamesSubcommandsAndExitCodes) {
    const auto help = hearthctl({"--help"});
    EXPECT_EQ(help.exit, 0);
    EXPECT_THAT(help.err, IsEmpty());
    for (const char* name : {"chat", "generate", "inspect", "bench", "tokenize", "detokenize",
                             "render-template", "logits", "synthesize", "Exit codes:", "not enough memory"})
        EXPECT_THAT(help.out, HasSubstr(name));
    const auto sub = hearthctl({"generate", "--help"});
    EXPECT_EQ(sub.exit, 0);
    EXPECT_THAT(sub.out, AllOf(HasSubstr("--temperature"), HasSubstr("Order of sampling")));
    EXPECT_THAT(hearthctl({"--version"}).out, StartsWith("hearthctl 0."));
}

TEST_F(Cli, UsageErrorsExitWithTwo) {
    const std::vector<std::vector<std::string>> wrong{
        {},
        {"unknown"},
        {"tokenize"},
        {"tokenize", "--model", kLlama},
        {"tokenize", "--model", kLlama, "--text", "a", "--text-file", "b"},
        {"tokenize", "--model", kLlama, "--text", "a", "--bogus"},
        {"generate", "--model", kLlama, "--prompt", "a", "--max-tokens", "many"},
        {"generate", "--model", kLlama, "--prompt", "a", "--temperature", "-1"},
        {"generate", "--model", kLlama, "--prompt", "a", "--top-p", "2"},
        {"generate", "--model", kLlama, "--prompt", "a", "--logit-bias", "5"},
        {"generate", "--model", kLlama, "--prompt", "a", "--kv", "q4"},
        {"generate", "--model", kLlama, "--prompt", "a", "--system", "b"},
        {"generate", "--model", kLlama, "--prompt", "a", "--context-policy", "forget"},
        {"detokenize", "--model", kLlama, "--tokens", "1,two"},
        {"detokenize", "--model", kLlama, "--tokens", "320"},
        {"detokenize", "--model", kLlama, "--tokens", "-1"},
        {"detokenize", "--model", kLlama, "--tokens", "99999999999"},
        {"logits", "--model", kLlama, "--tokens", "1,320", "--out", (m_folder.path() / "x").string()},
        {"bench", "--model", kLlama, "--repetitions", "0"},
        {"synthesize", "--shape", "2b", "--type", "Q4_0", "--out", (m_folder.path() / "x").string()},
        {"synthesize", "--shape", "tiny", "--type", "Q9", "--out", (m_folder.path() / "x").string()},
    };
    for (const auto& arguments : wrong) {
        const auto run = hearthctl(arguments);
        EXPECT_EQ(run.exit, 2) << testing::PrintToString(arguments) << run.err;
        EXPECT_THAT(run.out, IsEmpty()) << testing::PrintToString(arguments);
        EXPECT_FALSE(run.err.empty()) << testing::PrintToString(arguments);
    }
    EXPECT_THAT(hearthctl({"unknown"}).err, HasSubstr("There is no command \"unknown\""));
    EXPECT_TRUE(std::filesystem::is_empty(m_folder.path()));
}

TEST_F(Cli, BadFilesExitWithThreeAndSayWhatToDo) {
    const auto absent = hearthctl({"inspect", (m_folder.path() / "absent.gguf").string()});
    EXPECT_EQ(absent.exit, 3);
    EXPECT_THAT(absent.out, IsEmpty());
    EXPECT_THAT(absent.err,
                AllOf(HasSubstr("absent.gguf"), HasSubstr("Check the path."), HasSubstr("[file.not_found]")));

    const auto text = hearthctl({"inspect", file("text.gguf", "hello, this is no model")});
    EXPECT_EQ(text.exit, 3);
    EXPECT_THAT(text.err, HasSubstr("[gguf.bad_magic, byte 0]"));

    const std::string whole = hearth::test::readText(kLlama);
    const auto cut =
        hearthctl({"generate", "--model", file("cut.gguf", whole.substr(0, 300'000)), "--prompt", "a"});
    EXPECT_EQ(cut.exit, 3);
    EXPECT_THAT(cut.err, AllOf(HasSubstr("300000 bytes"), HasSubstr("incomplete download"),
                               HasSubstr("gguf.offset_past_end")));

    EXPECT_EQ(hearthctl({"inspect", m_folder.path().string()}).exit, 3);
    EXPECT_EQ(hearthctl({"inspect", file("empty.gguf", "")}).exit, 3);
    EXPECT_EQ(hearthctl({"tokenize", "--model", kLlama, "--text-file", "/absent"}).exit, 3);
}

TEST_F(Cli, UnsupportedExitsWithFourAndNamesIt) {
    std::string bytes = hearth::test::readText(kLlama);
    const auto version = bytes.replace(4, 1, "\x09");
    EXPECT_EQ(hearthctl({"inspect", file("v9.gguf", version)}).exit, 4);

    std::string other = hearth::test::readText(kLlama);
    other.replace(other.find("general.architecture") + 20 + 4 + 8, 5, "mamba");
    const std::string path = file("other.gguf", other);
    const auto run = hearthctl({"generate", "--model", path, "--prompt", "a"});
    EXPECT_EQ(run.exit, 4) << run.err;
    EXPECT_THAT(run.err, AllOf(HasSubstr("mamba"), HasSubstr("model.unsupported_family")));
    const auto inspected = hearthctl({"inspect", path}); // what cannot be run can still be looked at
    EXPECT_EQ(inspected.exit, 0);
    EXPECT_THAT(inspected.out, AllOf(HasSubstr("runs here       no"), HasSubstr("mamba")));
}

TEST_F(Cli, InstructionSetIsCheckedNotCrashed) {
    const auto unknown =
        hearthctl({"generate", "--model", kLlama, "--prompt", "a"}, "", {{"HEARTH_ISA", "mmx"}});
    EXPECT_EQ(unknown.exit, 2);
    EXPECT_THAT(unknown.err, HasSubstr("kernels.unknown_isa"));
    const auto generic = hearthctl({"generate", "--model", kLlama, "--prompt", "a", "-n", "2"}, "",
                                   {{"HEARTH_ISA", "generic"}});
    EXPECT_EQ(generic.exit, 0) << generic.err;
#if defined(__x86_64__)
    const auto neon =
        hearthctl({"generate", "--model", kLlama, "--prompt", "a"}, "", {{"HEARTH_ISA", "neon"}});
    EXPECT_EQ(neon.exit, 4);
#endif
}

TEST_F(Cli, TokenizeAndBack) {
    const auto tokens = hearthctl({"tokenize", "--model", kLlama, "--text", "the cat", "--json"});
    EXPECT_EQ(tokens.exit, 0) << tokens.err;
    EXPECT_THAT(tokens.err, IsEmpty());
    const auto ids = nlohmann::json::parse(tokens.out);
    ASSERT_TRUE(ids.is_array());
    ASSERT_FALSE(ids.empty());
    EXPECT_NE(ids[0], 1) << "no BOS is added";
    // The output of one is the input of the other, through a file or a pipe.
    EXPECT_EQ(hearthctl({"detokenize", "--model", kLlama, "--tokens-file", "-"}, tokens.out).out, "the cat");
    EXPECT_EQ(hearthctl({"detokenize", "--model", kLlama, "--tokens-file", file("ids", tokens.out)}).out,
              "the cat");
    const auto viaFile =
        hearthctl({"tokenize", "--model", kLlama, "--text-file", file("text", "the cat"), "--json"});
    EXPECT_EQ(viaFile.out, tokens.out);
    EXPECT_EQ(hearthctl({"tokenize", "--model", kLlama, "--text-file", "-", "--json"}, "the cat").out,
              tokens.out);
    EXPECT_EQ(hearthctl({"tokenize", "--model", kLlama, "--text", "", "--json"}).out, "[]\n");
}

TEST_F(Cli, SpecialTokensOnlyWhereAsked) {
    const auto plain = hearthctl({"tokenize", "--model", kLlama, "--text", "</s>", "--json"});
    const auto special = hearthctl({"tokenize", "--model", kLlama, "--text", "</s>", "--json", "--special"});
    EXPECT_EQ(special.out, "[2]\n");
    EXPECT_NE(plain.out, special.out);
    EXPECT_THAT(nlohmann::json::parse(plain.out), testing::Not(testing::Contains(2)));
    EXPECT_EQ(hearthctl({"detokenize", "--model", kLlama, "--tokens", "2"}).out, "");
    EXPECT_EQ(hearthctl({"detokenize", "--model", kLlama, "--tokens", "2", "--special"}).out, "</s>");
}

TEST_F(Cli, TokenizeMatchesRealVocabularies) {
    const auto vocabulary = hearth::test::shared("tokenizer/llama-spm.gguf");
    HEARTH_SKIP_WITHOUT(vocabulary);
    const std::string texts = hearth::test::readText(vocabulary.string() + ".inp");
    const std::string first = texts.substr(0, texts.find("\n__ggml_vocab_test__"));
    std::istringstream expected(hearth::test::readText(vocabulary.string() + ".out"));
    std::string line;
    std::getline(expected, line);
    std::istringstream numbers(line);
    const std::vector<int> want{std::istream_iterator<int>(numbers), {}};
    const auto run =
        hearthctl({"tokenize", "--model", vocabulary.string(), "--text-file", file("t", first), "--json"});
    EXPECT_EQ(nlohmann::json::parse(run.out), nlohmann::json(want));
}

TEST_F(Cli, RenderTemplate) {
    const std::string source =
        file("t.jinja", "{{ bos_token }}{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}"
                        "{% if tools %}{{ tools | length }} tools\n{% endif %}"
                        "{% if add_generation_prompt %}[assistant]{% endif %}");
    const std::string messages =
        file("m.json", R"([{"role":"user","content":"héllo"},{"role":"assistant","content":"hi"}])");
    const std::string tools = file("tools.json", R"([{"name":"f"}])");
    EXPECT_EQ(hearthctl({"render-template", "--template", source, "--messages", messages}).out,
              "[user] héllo\n[assistant] hi\n[assistant]");
    EXPECT_EQ(hearthctl({"render-template", "--template", source, "--messages", messages, "--tools", tools,
                         "--no-generation-prompt", "--bos", "<s>"})
                  .out,
              "<s>[user] héllo\n[assistant] hi\n1 tools\n");
    const auto standard = hearthctl({"render-template", "--model", kLlama, "--messages", messages});
    EXPECT_EQ(standard.exit, 0);
    EXPECT_THAT(standard.out, HasSubstr("<|im_start|>user\nhéllo<|im_end|>"));
    EXPECT_THAT(standard.err, HasSubstr("no chat template"));
    const auto broken =
        hearthctl({"render-template", "--template", file("b.jinja", "a {{"), "--messages", messages});
    EXPECT_EQ(broken.exit, 3);
    EXPECT_THAT(broken.err, HasSubstr("template.syntax"));
    const auto json =
        hearthctl({"render-template", "--template", source, "--messages", file("bad.json", "[{")});
    EXPECT_EQ(json.exit, 3);
    EXPECT_THAT(json.err, HasSubstr("input.bad_json"));
    const auto shape =
        hearthctl({"render-template", "--template", source, "--messages", file("o.json", "{}")});
    EXPECT_EQ(shape.exit, 3);
    EXPECT_THAT(shape.err, HasSubstr("template.bad_messages"));
}

TEST_F(Cli, InspectShowsTheModel) {
    const auto text = hearthctl({"inspect", golden("llama-Q4_K.gguf").string()});
    EXPECT_EQ(text.exit, 0);
    EXPECT_THAT(text.out, AllOf(HasSubstr("architecture    llama"), HasSubstr("runs here       yes"),
                                HasSubstr("llama.block_count = 1"), HasSubstr("blk.0.ffn_down.weight"),
                                HasSubstr("... 320 in all"), HasSubstr("Chat template")));
    const auto run = hearthctl({"inspect", golden("llama-Q4_K.gguf").string(), "--json"});
    const auto json = nlohmann::json::parse(run.out);
    EXPECT_EQ(json["architecture"], "llama");
    EXPECT_EQ(json["supported"], true);
    EXPECT_EQ(json["vocabulary"], 320);
    EXPECT_EQ(json["tensors"].size(), 12U);
    EXPECT_EQ(json["metadata"]["tokenizer.ggml.tokens"]["count"], 320);
    EXPECT_EQ(json["metadata"]["llama.embedding_length"], 256);
    EXPECT_EQ(json["bytes"], std::filesystem::file_size(golden("llama-Q4_K.gguf")));
    const auto full = nlohmann::json::parse(hearthctl({"inspect", kLlama, "--json", "--full"}).out);
    EXPECT_EQ(full["metadata"]["tokenizer.ggml.tokens"].size(), 320U);
}

TEST_F(Cli, InspectShowsNoEscapeSequences) {
    std::string bytes = hearth::test::readText(kLlama);
    bytes.replace(bytes.find("synthetic"), 9, "\x1b[31mevil");
    const auto run = hearthctl({"inspect", file("evil.gguf", bytes)});
    EXPECT_EQ(run.exit, 0);
    EXPECT_THAT(run.out, HasSubstr("[31mevil"));
    EXPECT_EQ(run.out.find('\x1b'), std::string::npos);
}

TEST_F(Cli, SynthesizeWritesAModelThatRuns) {
    const auto path = (m_folder.path() / "tiny.gguf").string();
    const auto run =
        hearthctl({"synthesize", "--shape", "tiny", "--type", "Q4_K_M", "--out", path, "--seed", "3"});
    EXPECT_EQ(run.exit, 0) << run.err;
    EXPECT_THAT(run.out, IsEmpty());
    EXPECT_EQ(nlohmann::json::parse(hearthctl({"inspect", path, "--json"}).out)["quantisation"], "Q4_K_M");
    const auto generated =
        hearthctl({"generate", "--model", path, "--prompt", "hello", "-n", "4", "--temperature", "0"});
    EXPECT_EQ(generated.exit, 0) << generated.err;
    const auto nowhere =
        hearthctl({"synthesize", "--shape", "tiny", "--type", "Q8_0", "--out", "/absent/x.gguf"});
    EXPECT_EQ(nowhere.exit, 8);
    EXPECT_THAT(nowhere.err, HasSubstr("file.unwritable"));
}

TEST_F(Cli, AFullDiskIsNoticedOnStdout) {
    if (!std::filesystem::exists("/dev/full"))
        GTEST_SKIP() << "no /dev/full here";
    const std::string command =
        std::string(HEARTH_BIN_DIR) + "/hearthctl inspect " + kLlama + " >/dev/full 2>/dev/null";
    EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 8);
}

} // namespace
