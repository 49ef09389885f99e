#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/base/thread_pool.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/kernels/compute.h"
#include "engine/model/model.h"
#include "tests/support/test_data.h"

namespace hearth::test {

/// The prompt of every golden model of the project.
inline const std::vector<std::int32_t> kGoldenPrompt{1,   262, 278, 301, 305, 290, 268, 300,
                                                     259, 317, 2,   1,   5,   319, 271, 311};

/// The prompt of the golden models that exercise windows and rope scaling: 48 tokens.
inline std::vector<std::int32_t> longGoldenPrompt(std::size_t length = 48) {
    std::vector<std::int32_t> out{1};
    for (std::size_t i = 1; i < length; ++i)
        out.push_back(static_cast<std::int32_t>((i * 37 + 11) % 320));
    return out;
}

/// One model on one instruction set and two threads.
struct RunningModel {
    ThreadPool pool{2};
    std::unique_ptr<format::GgufFile> file;
    std::unique_ptr<kernels::Compute> compute;
    std::unique_ptr<model::Model> model;

    static Result<std::unique_ptr<RunningModel>> open(const std::filesystem::path& path,
                                                      kernels::Isa isa = kernels::Isa::Generic) {
        auto out = std::make_unique<RunningModel>();
        HEARTH_TRY(auto file, format::GgufFile::open(path));
        out->file = std::make_unique<format::GgufFile>(std::move(file));
        HEARTH_TRY(auto config, model::ModelConfig::fromGguf(*out->file));
        out->compute = std::make_unique<kernels::Compute>(isa, out->pool);
        HEARTH_TRY(out->model, model::Model::load(std::move(config), *out->file, *out->compute));
        return out;
    }

    [[nodiscard]] Result<model::KvCache> cache(std::size_t context = 64,
                                               kernels::KvType type = kernels::KvType::F16,
                                               std::size_t batch = 64) const {
        return model::KvCache::create(model->config(), {.context = context, .type = type, .batch = batch});
    }

    /// Logits after every token, in passes of `batch` tokens, from where the cache stands.
    Result<std::vector<float>> logits(model::KvCache& cache, std::span<const std::int32_t> tokens,
                                      std::size_t batch) {
        const std::size_t vocabulary = model->config().vocabulary;
        std::vector<float> out(tokens.size() * vocabulary);
        for (std::size_t i = 0; i < tokens.size(); i += batch) {
            const model::BatchItem item{.cache = &cache,
                                        .tokens = tokens.subspan(i, std::min(batch, tokens.size() - i)),
                                        .wanted = model::LogitsOf::All};
            HEARTH_CHECK(model->forward({&item, 1}, out.data() + i * vocabulary));
        }
        return out;
    }
};

} // namespace hearth::test
