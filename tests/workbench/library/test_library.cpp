// Taking models in, and what a person may say about them.

#include <gmock/gmock.h>

#include "engine/format/gguf/gguf_writer.h"
#include "engine/store/connection.h"
#include "tests/workbench/library/library_fixture.h"

namespace {

using namespace hearth;
using namespace hearth::workbench;
using test::codeOf;
namespace fs = std::filesystem;
using LibraryAdd = test::LibraryTest;

std::size_t filesIn(const fs::path& folder) {
    std::size_t count = 0;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        ++count;
    return count;
}

TEST_F(LibraryAdd, ReferencesInPlaceWithHashAndFacts) {
    const fs::path file = put("llama-Q8_0.gguf", "mine/a.gguf");
    const auto added = add(file);
    EXPECT_TRUE(added.newModel);
    const auto model = library->model(added.model).value();
    ASSERT_EQ(model.versions.size(), 1U);
    const auto& version = model.versions.front();
    EXPECT_EQ(model.family, "llama");
    EXPECT_GT(model.parameters, 100'000U);
    EXPECT_TRUE(model.runnable);
    EXPECT_TRUE(version.isDefault);
    EXPECT_EQ(version.quantisation, "Q8_0");
    EXPECT_EQ(version.path(), file);
    EXPECT_EQ(version.bytes(), fs::file_size(file));
    EXPECT_EQ(version.contentHash().size(), 64U);
    EXPECT_EQ(version.files.front().mode, FileMode::Referenced);
    EXPECT_EQ(version.state(), FileState::Present);
    EXPECT_FALSE(fs::exists(path("models"))) << "nothing is copied";
    const auto again = add(file);
    EXPECT_TRUE(again.alreadyThere);
    EXPECT_EQ(again.version, added.version);
    EXPECT_EQ(models(), 1U);
}

TEST_F(LibraryAdd, OneModelHasItsQuantisationsAsVersions) {
    const auto a = add(put("llama-F16.gguf", "x-F16.gguf"));
    const auto b = add(put("llama-Q4_K.gguf", "x-Q4_K_M.gguf"));
    const auto c = add(put("qwen3-F32.gguf", "y.gguf"));
    EXPECT_EQ(models(), 2U);
    EXPECT_EQ(a.model, b.model);
    EXPECT_NE(a.model, c.model);
    const auto model = library->model(a.model).value();
    ASSERT_EQ(model.versions.size(), 2U);
    EXPECT_EQ(model.versions.front().id, a.version) << "the first is the default";
}

TEST_F(LibraryAdd, CopiesAndHardLinks) {
    const fs::path file = put("llama-Q4_0.gguf", "in/a.gguf");
    const auto copied = add(file, FileMode::Copied);
    const auto first = version(copied.version);
    EXPECT_EQ(first.path().parent_path(), path("models"));
    EXPECT_EQ(test::readText(first.path()), test::readText(file));
    const fs::path other = put("llama-Q5_0.gguf", "in/b.gguf");
    const auto linked = add(other, FileMode::HardLinked);
    EXPECT_EQ(fs::hard_link_count(other), 2U);
    EXPECT_EQ(version(linked.version).files.front().mode, FileMode::HardLinked);
    EXPECT_EQ(library->wouldFree(linked.version).value(), 0U) << "the bytes have another name";
    EXPECT_EQ(library->wouldFree(copied.version).value(), fs::file_size(file));
}

TEST_F(LibraryAdd, DuplicatesAreFoundByContent) {
    const auto first = add(put("llama-Q6_K.gguf", "one.gguf"));
    const auto second = add(put("llama-Q6_K.gguf", "two.gguf"));
    EXPECT_EQ(second.duplicateOf, first.version);
    EXPECT_NE(second.version, first.version) << "two files, two rows";
    const auto third = add(put("llama-Q6_K.gguf", "three.gguf"), FileMode::Copied);
    EXPECT_TRUE(third.copyLeftOut);
    EXPECT_EQ(third.version, third.duplicateOf);
    EXPECT_EQ(filesIn(path("models")), 0U);
}

TEST_F(LibraryAdd, BadFilesChangeNothing) {
    std::ofstream(path("empty.gguf"));
    std::ofstream(path("text.gguf")) << "this is not a model";
    std::ofstream(path("short.gguf"), std::ios::binary)
        << test::readText(test::golden("llama-Q4_0.gguf")).substr(0, 100'000);
    format::GgufWriter matrix;
    matrix.setString("general.type", "imatrix");
    ASSERT_TRUE(matrix.addTensor("a.in_sum2", DType::F32, std::vector<std::uint64_t>{1}));
    ASSERT_TRUE(matrix.begin(path("matrix.gguf")));
    ASSERT_TRUE(matrix.append(std::vector<std::byte>(4)));
    ASSERT_TRUE(matrix.commit());
    const std::pair<const char*, const char*> cases[]{{"nothing.gguf", "file.not_found"},
                                                      {"empty.gguf", "file.empty"},
                                                      {"text.gguf", "gguf.bad_magic"},
                                                      {"short.gguf", "gguf.offset_past_end"},
                                                      {"matrix.gguf", "library.not_a_model"}};
    for (const auto& [name, code] : cases)
        for (const auto mode : {FileMode::Referenced, FileMode::Copied, FileMode::HardLinked})
            EXPECT_EQ(codeOf(library->add({.path = path(name), .mode = mode})), code) << name;
    EXPECT_EQ(models(), 0U);
    EXPECT_EQ(filesIn(path("models")), 0U);
}

TEST_F(LibraryAdd, StoppingLeavesNothing) {
    const fs::path file = put("llama-F16.gguf", "a.gguf");
    std::stop_source stop;
    stop.request_stop();
    for (const auto mode : {FileMode::Referenced, FileMode::Copied, FileMode::HardLinked})
        EXPECT_EQ(codeOf(library->add({.path = file, .mode = mode}, stop.get_token())), kCancelled);
    EXPECT_EQ(models(), 0U);
    EXPECT_EQ(filesIn(path("models")), 0U);
    EXPECT_EQ(fs::hard_link_count(file), 1U);
}

TEST_F(LibraryAdd, AFileThatTheDatabaseRefusesIsTakenAway) {
    // Another program writes the whole time: the copy is there, its row cannot be.
    auto other = store::Connection::open(path("library.db"), store::Connection::Mode::ReadWrite);
    ASSERT_TRUE(other);
    const fs::path file = put("llama-Q4_1.gguf", "a.gguf");
    const auto held = (*other)->transaction([&]() -> Result<void> {
        EXPECT_EQ(codeOf(library->add({.path = file, .mode = FileMode::Copied})), "store.locked");
        EXPECT_EQ(codeOf(library->add({.path = file, .mode = FileMode::HardLinked})), "store.locked");
        return {};
    });
    ASSERT_TRUE(held) << held.error().message();
    EXPECT_EQ(filesIn(path("models")), 0U);
    EXPECT_EQ(models(), 0U);
    EXPECT_EQ(codeOf(library->add({.path = file, .mode = FileMode::Copied})), "ok");
}

TEST_F(LibraryAdd, TheGateIsAskedFirst) {
    open([](security::Action action, const std::string&,
            const std::function<Result<void>()>&) -> Result<void> {
        EXPECT_EQ(action, security::Action::Create);
        return fail("permission.denied", "no");
    });
    const fs::path other = put("llama-Q5_1.gguf", "b.gguf");
    EXPECT_EQ(codeOf(library->add({.path = other, .mode = FileMode::Copied})), "permission.denied");
    EXPECT_EQ(filesIn(path("models")), 0U);
    EXPECT_EQ(models(), 0U);
}

TEST_F(LibraryAdd, FoldersBringEverythingBelowAndNameWhatFails) {
    put("llama-Q4_0.gguf", "all/deep/a.gguf");
    put("qwen2-F32.gguf", "all/b.gguf");
    std::ofstream(path("all/bad.gguf")) << "GGUF";
    fs::create_directories(path("empty"));
    fs::create_directories(path("hf"));
    std::ofstream(path("hf/config.json")) << "{}";
    std::ofstream(path("hf/model.safetensors")) << "x";
    std::uint64_t last = 0;
    const std::vector<fs::path> given{path("all"), path("empty"), path("hf")};
    const auto report = library->import(given, {}, {}, [&](const Progress& progress) {
        EXPECT_EQ(progress.phase, "library.import");
        EXPECT_LE(progress.done, progress.total);
        last = progress.done;
    });
    ASSERT_TRUE(report) << report.error().message();
    EXPECT_EQ(report->added.size(), 2U);
    EXPECT_GT(last, 0U);
    ASSERT_EQ(report->convertible.size(), 1U);
    EXPECT_EQ(report->convertible.front(), path("hf"));
    ASSERT_EQ(report->problems.size(), 2U);
    EXPECT_EQ(report->problems[0].problem.code, "gguf.truncated");
    EXPECT_EQ(report->problems[1].problem.code, "library.nothing_found");
}

TEST_F(LibraryAdd, SplitSetsAreOneVersion) {
    // Two parts of one tensor each, written by hand after the layout of split sets.
    for (std::uint16_t part = 0; part < 2; ++part) {
        format::GgufWriter writer;
        if (part == 0) {
            writer.setString("general.architecture", "llama");
            writer.setString("general.name", "parts");
        }
        writer.setUint16("split.no", part);
        writer.setUint16("split.count", 2);
        writer.setInt("split.tensors.count", 2);
        ASSERT_TRUE(writer.addTensor("t" + std::to_string(part), DType::F32, std::vector<std::uint64_t>{8}));
        ASSERT_TRUE(writer.begin(path("p-0000" + std::to_string(part + 1) + "-of-00002.gguf")));
        ASSERT_TRUE(writer.append(std::vector<std::byte>(32, std::byte(part + 1))));
        ASSERT_TRUE(writer.commit());
    }
    const auto added = add(path("p-00002-of-00002.gguf"));
    const auto one = version(added.version);
    ASSERT_EQ(one.files.size(), 2U);
    EXPECT_EQ(one.path().filename(), "p-00001-of-00002.gguf");
    EXPECT_EQ(one.contentHash().size(), 64U);
    EXPECT_TRUE(add(path("p-00001-of-00002.gguf")).alreadyThere);
    fs::remove(path("p-00002-of-00002.gguf"));
    EXPECT_EQ(version(added.version).state(), FileState::Missing);
}

TEST_F(LibraryAdd, NamesNotesDefaultsAndRollback) {
    const auto a = add(put("llama-F16.gguf", "a.gguf"));
    const auto b = add(put("llama-Q4_K.gguf", "b.gguf"));
    const auto c = add(put("llama-Q2_K.gguf", "c.gguf"));
    ASSERT_TRUE(library->rename(a.model, "我的 model"));
    ASSERT_TRUE(library->setModelNote(a.model, "for letters"));
    ASSERT_TRUE(library->setVersionNote(b.version, "good enough"));
    ASSERT_TRUE(library->setLabel(b.version, "small"));
    ASSERT_TRUE(library->setLicence(a.model, "MIT"));
    ASSERT_TRUE(library->setMeasured(b.version, R"({"ppl":1})"));
    EXPECT_EQ(codeOf(library->rename(a.model, " \t")), "library.empty_name");
    EXPECT_EQ(codeOf(library->rename(999, "x")), "library.not_found");
    EXPECT_EQ(codeOf(library->rollBack(a.model)), "library.no_former_default");
    ASSERT_TRUE(library->setDefault(b.version));
    ASSERT_TRUE(library->setDefault(b.version)); // no change, no entry
    ASSERT_TRUE(library->setDefault(c.version));
    auto model = library->model(a.model).value();
    EXPECT_EQ(model.name, "我的 model");
    EXPECT_EQ(model.note, "for letters");
    EXPECT_EQ(model.licence, "MIT");
    EXPECT_EQ(model.defaultVersion()->id, c.version);
    EXPECT_TRUE(model.canRollBack);
    EXPECT_EQ(library->defaultHistory(a.model).value().size(), 3U);
    EXPECT_EQ(library->rollBack(a.model).value(), b.version);
    EXPECT_EQ(library->rollBack(a.model).value(), a.version);
    EXPECT_EQ(codeOf(library->rollBack(a.model)), "library.no_former_default");
    open(); // everything is on disk
    model = library->model(a.model).value();
    EXPECT_EQ(model.defaultVersion()->id, a.version);
    EXPECT_EQ(version(b.version).label, "small");
    EXPECT_EQ(version(b.version).note, "good enough");
    EXPECT_EQ(version(b.version).measured, R"({"ppl":1})");
    ASSERT_TRUE(library->noteUsed(path("b.gguf")));
    EXPECT_GT(version(b.version).lastUsedMs, 0);
    EXPECT_TRUE(library->noteUsed(path("not-in-the-library.gguf")));
    EXPECT_EQ(codeOf(library->setDefault(999)), "library.not_found");
    EXPECT_EQ(codeOf(library->verify(999)), "library.not_found");
}

TEST_F(LibraryAdd, LineageJoinsTheParentsModel) {
    const auto source = add(put("llama-F16.gguf", "a.gguf"));
    ASSERT_TRUE(library->rename(source.model, "another name"));
    const auto made = library->add({.path = put("llama-Q3_K.gguf", "models/made.gguf"),
                                    .mode = FileMode::Made,
                                    .origin = "quantised",
                                    .label = "Q3_K, my rules",
                                    .parent = source.version,
                                    .job = 7,
                                    .recipe = R"({"mix":"Q3_K_M"})"});
    ASSERT_TRUE(made) << made.error().message();
    EXPECT_EQ(made->model, source.model);
    const auto one = version(made->version);
    EXPECT_EQ(one.parent, source.version);
    EXPECT_EQ(one.job, 7);
    EXPECT_EQ(one.origin, "quantised");
    EXPECT_EQ(one.recipe, R"({"mix":"Q3_K_M"})");
}

TEST_F(LibraryAdd, TwoProgramsShareOneDatabase) {
    auto second = Library::open(path("library.db"), {path("models"), {}});
    ASSERT_TRUE(second) << second.error().message();
    add(put("llama-F16.gguf", "a.gguf"));
    EXPECT_EQ((*second)->models().value().size(), 1U);
    ASSERT_TRUE((*second)->rename((*second)->models().value().front().id, "theirs"));
    EXPECT_EQ(library->models().value().front().name, "theirs");
}

TEST_F(LibraryAdd, DamagedDatabasesAreNamedAndKept) {
    library.reset();
    std::ofstream(path("text.db")) << std::string(5000, 'x');
    EXPECT_EQ(codeOf(Library::open(path("text.db"))), "store.not_database");
    EXPECT_EQ(test::readText(path("text.db")), std::string(5000, 'x'));
    fs::create_directories(path("a-folder.db"));
    EXPECT_NE(codeOf(Library::open(path("a-folder.db"))), "ok");
    EXPECT_NE(codeOf(Library::open(path("no/such/folder/library.db"))), "ok");
}

TEST(LibraryNames, LoseOnlyTheQuantisation) {
    const std::pair<const char*, const char*> cases[]{{"Qwen3-4B-Q4_K_M", "Qwen3-4B"},
                                                      {"gemma.F16", "gemma"},
                                                      {"x-Q8_0", "x"},
                                                      {"Phi 3 mini IQ4_XS", "Phi 3 mini"},
                                                      {"a-Q4_K_M-GGUF", "a"},
                                                      {"Q4_0", "Q4_0"},
                                                      {"Llama-2-7B", "Llama-2-7B"},
                                                      {"", ""}};
    for (const auto& [given, want] : cases)
        EXPECT_EQ(nameWithoutQuantisation(given), want);
    EXPECT_EQ(nameWithoutQuantisation(std::string(100'000, '-')).size(), 100'000U);
}

} // namespace
