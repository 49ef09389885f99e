#include "engine/hub/remote_header.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include <sys/mman.h>

#include "engine/hub/client_parts.h"
#include "engine/hub/model_names.h"

namespace hearth::hub {

namespace {

constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 42; // address space is what it takes

/// Steps over the fields of a header without keeping anything. Lengths are checked against what is there, so
/// every loop ends with the bytes.
class Stepper {
public:
    explicit Stepper(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    template <class T>
    bool read(T& out) {
        if (m_bytes.size() - m_at < sizeof(T))
            return false;
        std::memcpy(&out, m_bytes.data() + m_at, sizeof(T));
        m_at += sizeof(T);
        return true;
    }
    bool skip(std::uint64_t count) {
        if (m_bytes.size() - m_at < count)
            return false;
        m_at += count;
        return true;
    }
    bool text() {
        std::uint64_t length = 0;
        return read(length) && skip(length);
    }
    [[nodiscard]] std::uint64_t at() const { return m_at; }

private:
    std::span<const std::byte> m_bytes;
    std::size_t m_at = 0;
};

constexpr std::uint32_t kString = 8, kArray = 9;

/// Bytes of a value of fixed size; 0 for the others and for types that do not exist.
std::uint64_t fixedBytes(std::uint32_t type) {
    constexpr std::uint64_t kBytes[]{1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    return type < std::size(kBytes) ? kBytes[type] : 0;
}

enum class Step { Done, NeedMore, Bad };

Step skipValue(Stepper& step) {
    std::uint32_t type = 0;
    if (!step.read(type))
        return Step::NeedMore;
    if (type == kString)
        return step.text() ? Step::Done : Step::NeedMore;
    if (const auto bytes = fixedBytes(type))
        return step.skip(bytes) ? Step::Done : Step::NeedMore;
    std::uint64_t count = 0;
    if (type != kArray)
        return Step::Bad;
    if (!step.read(type) || !step.read(count))
        return Step::NeedMore;
    if (const auto bytes = fixedBytes(type))
        return count > RemoteHeader::kLongest ? Step::Bad
               : step.skip(count * bytes)     ? Step::Done
                                              : Step::NeedMore;
    if (type != kString)
        return Step::Bad;
    for (std::uint64_t i = 0; i < count; ++i)
        if (!step.text())
            return Step::NeedMore;
    return Step::Done;
}

Step skipTensor(Stepper& step) {
    std::uint32_t dimensions = 0;
    if (!step.text() || !step.read(dimensions))
        return Step::NeedMore;
    if (dimensions > 8)
        return Step::Bad;
    return step.skip(dimensions * std::uint64_t{8} + 4 + 8) ? Step::Done : Step::NeedMore;
}

} // namespace

std::optional<std::uint64_t> headerLength(std::span<const std::byte> head) {
    Stepper step(head);
    std::uint32_t magic = 0, version = 0;
    std::uint64_t tensors = 0, entries = 0;
    if (!step.read(magic))
        return std::nullopt;
    if (magic != 0x46554747) // "GGUF"
        return 0;
    if (!step.read(version) || !step.read(tensors) || !step.read(entries))
        return std::nullopt;
    if (version < 2 || version > 3)
        return 0;
    for (std::uint64_t i = 0; i < entries; ++i) {
        if (!step.text())
            return std::nullopt;
        if (const Step done = skipValue(step); done != Step::Done)
            return done == Step::Bad ? std::optional<std::uint64_t>(0) : std::nullopt;
    }
    for (std::uint64_t i = 0; i < tensors; ++i)
        if (const Step done = skipTensor(step); done != Step::Done)
            return done == Step::Bad ? std::optional<std::uint64_t>(0) : std::nullopt;
    return step.at();
}

Result<std::shared_ptr<const RemoteHeader>> RemoteHeader::make(std::span<const std::byte> head,
                                                               std::uint64_t fileBytes) {
    const auto length = headerLength(head);
    if (!length)
        return fail("hub.header_incomplete", "the header goes on behind the bytes that are there");
    if (head.size() > fileBytes || fileBytes > kLargestFile || fileBytes == 0)
        return fail("hub.header_incomplete", "the file is shorter than its header");
    // Room for the whole file that takes no memory until it is written: weights read as zeros.
    void* place = ::mmap(nullptr, fileBytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED)
        return fail("hub.out_of_memory", "no address space for " + std::to_string(fileBytes) + " bytes");
    std::shared_ptr<RemoteHeader> header(new RemoteHeader);
    header->m_place = place;
    header->m_fileBytes = fileBytes;
    // What is not GGUF gets its name from the parser.
    header->m_headerBytes = *length == 0 ? head.size() : *length;
    std::memcpy(place, head.data(), header->m_headerBytes);
    ::mprotect(place, fileBytes, PROT_READ);
    HEARTH_TRY(header->m_gguf, format::GgufFile::parse(header->bytes()));
    return std::shared_ptr<const RemoteHeader>(std::move(header));
}

RemoteHeader::~RemoteHeader() {
    m_gguf.reset();
    if (m_place)
        ::munmap(m_place, m_fileBytes);
}

namespace {

struct Fetch {
    HubClient& client;
    std::function<void(Result<std::shared_ptr<const RemoteHeader>>)> done;
    HeaderLimits limits;
    ResolvedFile file;
    std::vector<std::byte> head;
    std::shared_ptr<Chain> chain;
    Pending resolving;
};

void fetchRange(const std::shared_ptr<Fetch>& fetch) {
    const std::uint64_t total = *fetch->file.file.size;
    const std::uint64_t have = fetch->head.size();
    if (have >= total || have >= fetch->limits.most) {
        if (have >= total && have > 0 && headerLength(fetch->head) == 0)
            return fetch->done(RemoteHeader::make(fetch->head, total));
        return fetch->done(
            fail("hub.header_too_long", "no end of the header within " + std::to_string(have) + " bytes"));
    }
    const std::uint64_t upTo = std::min({total, fetch->limits.most, std::max(fetch->limits.first, 3 * have)});
    HttpRequest request;
    request.url = fetch->file.url;
    request.endpoint = fetch->client.endpoint().url;
    request.fields.emplace_back("Range", "bytes=" + QByteArray::number(static_cast<qulonglong>(have)) + "-" +
                                             QByteArray::number(static_cast<qulonglong>(upTo - 1)));
    // A server that ignores the range must not make us read the whole file.
    HttpCall* call = fetch->client.http().start(std::move(request));
    fetch->chain->call = call;
    auto problem = std::make_shared<std::optional<Error>>();
    const auto gather = [fetch, call, upTo] {
        const auto room = static_cast<qint64>(upTo - fetch->head.size());
        const QByteArray bytes = call->read(room);
        const auto view = std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
        fetch->head.insert(fetch->head.end(), view.begin(), view.end());
    };
    const auto finish = [fetch](Error error) { fetch->done(tl::unexpected<Error>(std::move(error))); };
    call->onHead = [call, have, upTo, total, finish](const HttpHead& head) {
        const auto range = parseContentRange(head.field("content-range"));
        if (head.status >= 400) {
            call->cancel();
            return finish(errorOf(head, std::chrono::system_clock::now()));
        }
        const bool good = head.status == 206 && range && range->first == have && range->last < upTo;
        if (good || (head.status == 200 && have == 0 && upTo == total))
            return;
        call->cancel();
        finish(Error{"hub.no_ranges", "the server does not send parts of files"});
    };
    call->onData = [fetch, gather] { gather(); };
    call->onEnd = [fetch, gather, finish, have](std::optional<Error> error) {
        gather();
        if (error)
            return finish(std::move(*error));
        if (fetch->head.size() == have)
            return finish(Error{"hub.cut_short", "no byte of the header came"});
        if (headerLength(fetch->head))
            return fetch->done(RemoteHeader::make(fetch->head, *fetch->file.file.size));
        fetchRange(fetch);
    };
}

} // namespace

Pending fetchRemoteHeader(HubClient& client, const std::string& repository, const std::string& revision,
                          const std::string& file,
                          std::function<void(Result<std::shared_ptr<const RemoteHeader>>)> done,
                          HeaderLimits limits) {
    auto fetch = std::shared_ptr<Fetch>(
        new Fetch{client, std::move(done), limits, {}, {}, std::make_shared<Chain>(), Pending()});
    fetch->resolving = client.resolve(repository, revision, file, [fetch](Result<ResolvedFile> resolved) {
        if (!resolved)
            return fetch->done(tl::unexpected<Error>(std::move(resolved.error())));
        fetch->file = std::move(*resolved);
        fetchRange(fetch);
    });
    return Pending([fetch] {
        fetch->resolving.cancel();
        Chain::pending(fetch->chain).cancel();
    });
}

} // namespace hearth::hub
