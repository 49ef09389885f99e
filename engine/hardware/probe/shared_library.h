#pragma once

#include <cstring>
#include <string>
#include <vector>

#include <dlfcn.h>

namespace hearth::hardware {

/// A library that may be there, loaded at run time for the life of the object.
class SharedLibrary {
public:
    /// The first of the names that loads; none is no error.
    explicit SharedLibrary(const std::vector<std::string>& names) {
        for (const std::string& name : names)
            if (!m_handle)
                m_handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    }
    SharedLibrary(const SharedLibrary&) = delete;
    SharedLibrary& operator=(const SharedLibrary&) = delete;
    ~SharedLibrary() {
        if (m_handle)
            ::dlclose(m_handle);
    }
    [[nodiscard]] explicit operator bool() const { return m_handle != nullptr; }

    /// nullptr when the library has no such function.
    template <class Signature>
    [[nodiscard]] Signature* function(const char* name) const {
        void* const symbol = ::dlsym(m_handle, name);
        Signature* call = nullptr;
        static_assert(sizeof call == sizeof symbol); // POSIX: a function's address fits a void*
        std::memcpy(&call, &symbol, sizeof call);
        return call;
    }

private:
    void* m_handle = nullptr;
};

} // namespace hearth::hardware
