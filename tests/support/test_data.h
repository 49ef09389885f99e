#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace hearth::test {

/// A file of the project's own test data, for example golden("llama-F32.gguf").
inline std::filesystem::path golden(const std::string& name) {
    return std::filesystem::path(HEARTH_TEST_DATA) / "golden" / name;
}

/// A file of the third-party data beside the checkout; may not exist (see HEARTH_SKIP_WITHOUT).
inline std::filesystem::path shared(const std::string& name) {
    return std::filesystem::path(HEARTH_SHARED_DATA) / name;
}

inline std::string readText(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A file of little-endian float32 values.
inline std::vector<float> readFloats(const std::filesystem::path& path) {
    const std::string bytes = readText(path);
    std::vector<float> out(bytes.size() / sizeof(float));
    std::copy_n(bytes.data(), out.size() * sizeof(float), reinterpret_cast<char*>(out.data()));
    return out;
}

/// Normalised mean square error of `got` against `want`.
inline double nmse(const std::vector<float>& got, const std::vector<float>& want) {
    double error = 0, power = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        const double d = double(got[i]) - double(want[i]);
        error += d * d;
        power += double(want[i]) * double(want[i]);
    }
    return error / power;
}

} // namespace hearth::test

/// Skips the running GoogleTest case, visibly, when third-party data is not beside the checkout.
#define HEARTH_SKIP_WITHOUT(path)                                                                            \
    if (!std::filesystem::exists(path))                                                                      \
    GTEST_SKIP() << "third-party test data not present: " << (path)
