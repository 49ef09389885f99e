#include "engine/security/crypto/secure_bytes.h"

#include <algorithm>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

namespace hearth::security {

namespace {

// Keys are 32 bytes; a few hundred live at once. Below the usual RLIMIT_MEMLOCK of 8 MiB by far.
constexpr std::size_t kHeapBytes = std::size_t{1} << 18;
constexpr std::size_t kSmallestBlock = 32;
// Larger buffers would eat up the heap; they get pages of their own.
constexpr std::size_t kLargestInHeap = 4096;

/// 0 = not available, 1 = locked, 2 = available but not locked.
int heapState() {
    static const int state = [] {
        if (CRYPTO_secure_malloc_initialized() != 0)
            return 1; // the program made it already
        return CRYPTO_secure_malloc_init(kHeapBytes, kSmallestBlock);
    }();
    return state;
}

std::size_t wholePages(std::size_t size) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return (size + page - 1) / page * page;
}

} // namespace

bool memoryIsLocked() {
    return heapState() == 1;
}

void wipe(std::span<std::byte> bytes) {
    if (!bytes.empty())
        OPENSSL_cleanse(bytes.data(), bytes.size());
}

bool equalInConstantTime(ByteView a, ByteView b) {
    return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

Result<void> randomBytes(std::span<std::byte> out) {
    while (!out.empty()) {
        const std::size_t part = std::min<std::size_t>(out.size(), std::size_t{1} << 20);
        if (RAND_priv_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(part)) != 1)
            return fail("crypto.random_failed", "OpenSSL's random generator gave nothing");
        out = out.subspan(part);
    }
    return {};
}

Result<SecureBytes> SecureBytes::make(std::size_t size) {
    SecureBytes out;
    if (size == 0)
        return out;
    const auto refuse = [size] {
        return fail("crypto.out_of_memory", "no secure memory for " + std::to_string(size) + " bytes");
    };
    if (size <= kLargestInHeap && heapState() != 0)
        out.m_data = static_cast<std::byte*>(OPENSSL_secure_zalloc(size));
    if (out.m_data) {
        out.m_size = size;
        return out; // m_capacity 0 says: from the heap
    }
    if (size > (std::size_t{1} << 40))
        return refuse();
    const std::size_t capacity = wholePages(size);
    void* const pages = ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return refuse();
    // Both are best efforts: the limits of the session may forbid locking.
    static_cast<void>(::mlock(pages, capacity));
    static_cast<void>(::madvise(pages, capacity, MADV_DONTDUMP));
    out.m_data = static_cast<std::byte*>(pages);
    out.m_size = size;
    out.m_capacity = capacity;
    return out;
}

Result<SecureBytes> SecureBytes::copyOf(ByteView bytes) {
    HEARTH_TRY(SecureBytes out, make(bytes.size()));
    std::copy(bytes.begin(), bytes.end(), out.m_data);
    return out;
}

Result<SecureBytes> SecureBytes::random(std::size_t size) {
    HEARTH_TRY(SecureBytes out, make(size));
    HEARTH_CHECK(randomBytes(out.bytes()));
    return out;
}

SecureBytes::SecureBytes(SecureBytes&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)),
      m_capacity(std::exchange(other.m_capacity, 0)) {}

SecureBytes& SecureBytes::operator=(SecureBytes&& other) noexcept {
    if (this != &other) {
        clear();
        m_data = std::exchange(other.m_data, nullptr);
        m_size = std::exchange(other.m_size, 0);
        m_capacity = std::exchange(other.m_capacity, 0);
    }
    return *this;
}

SecureBytes::~SecureBytes() {
    clear();
}

void SecureBytes::shrink(std::size_t size) {
    if (size >= m_size)
        return;
    wipe(bytes().subspan(size));
    m_size = size;
}

void SecureBytes::clear() {
    if (!m_data)
        return;
    if (m_capacity == 0) {
        OPENSSL_secure_clear_free(m_data, m_size);
    } else {
        OPENSSL_cleanse(m_data, m_capacity);
        ::munmap(m_data, m_capacity);
    }
    m_data = nullptr;
    m_size = m_capacity = 0;
}

} // namespace hearth::security
