#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <QtCore/QByteArray>
#include <QtCore/QThread>
#include <QtCore/QUrl>
#include <QtNetwork/QSslCertificate>

#include "tests/hub/certificates.h"

namespace hearth::test {

/// A request as the local hub read it.
struct HubRequest {
    enum class What {
        Search,
        Model,
        Tree,
        PathsInfo,
        Resolve,
        Blob,
        Revisions,
        ScopeFiles,
        ScopeFile,
        Other
    };
    What what = What::Other;
    QByteArray method;
    QString path;
    QString query;
    std::map<QByteArray, QByteArray> fields; ///< names in lower case
    QByteArray body;
    int port = 0;
    [[nodiscard]] QByteArray field(const char* name) const {
        const auto it = fields.find(name);
        return it == fields.end() ? QByteArray() : it->second;
    }
    [[nodiscard]] bool isBytes() const { // a GET of a file's content
        return method == "GET" && (what == What::Blob || what == What::Resolve || what == What::ScopeFile);
    }
};

/// What goes wrong with one answer.
struct Fault {
    enum Kind {
        None,
        Status,         ///< `status`, with `fields`
        Html,           ///< a web page with 200
        IgnoreRange,    ///< 200 with everything
        WrongRange,     ///< 206 of another range
        NotSatisfiable, ///< 416
        OtherTag,       ///< another ETag than before
        NoTag,          ///< no ETag, in heads and answers
        NoSize,         ///< no Content-Length (nor X-Linked-Size)
        WrongSize,      ///< a Content-Length of one more, of everything
        Short,          ///< closes in good order after `at` bytes
        Long,           ///< sends more than the range
        WrongBytes,     ///< one byte is another, at `at` of the file when it is in the range
        Gzipped,        ///< says that it is packed
        RedirectLoop,
        RedirectTo, ///< to `target`
        Reset,      ///< after `at` bytes
        Stall,      ///< after `at` bytes, for ever
        Slow,       ///< `at` bytes at a time with pauses
    };
    Kind kind = None;
    int status = 0;
    std::vector<std::pair<QByteArray, QByteArray>> fields;
    qint64 at = 0;
    QByteArray target;
};

struct LocalHubOptions {
    bool tls = false;
    bool redirectToBlobs =
        false; ///< as real hubs do: bytes come from another port, under addresses that expire
    CertificateOptions certificate;
};

/// A model hub on 127.0.0.1 that speaks both APIs and makes every mistake that it is asked to. Runs in a
/// thread of its own; all members are safe to call from the test's.
class LocalHub {
public:
    using Options = LocalHubOptions;

    explicit LocalHub(Options options = {});
    ~LocalHub();
    LocalHub(const LocalHub&) = delete;
    LocalHub& operator=(const LocalHub&) = delete;

    [[nodiscard]] QUrl url() const;
    [[nodiscard]] QSslCertificate authority() const;

    struct Repository {
        std::map<std::string, QByteArray> files;
        std::map<std::string, std::string> otherHash; ///< that is told instead of the right one
        bool gated = false, isPrivate = false;
        QByteArray token; ///< that opens it
        std::string licence = "apache-2.0";
        std::uint64_t downloads = 1000;
        std::string commit = std::string(40, 'a');
        std::vector<std::string> extraNames; ///< listed, without content
    };
    void add(const std::string& name, Repository repository);
    void remove(const std::string& name);
    /// Asked for every request, in the hub's thread.
    void setFaults(std::function<Fault(const HubRequest&)> faults);
    void sendSlowly(qint64 step);       ///< setFaults(): files go so many bytes at a time, with pauses
    void setEndlessPages(bool endless); ///< lists lead to themselves
    void setPageSize(int models);       ///< of lists, whatever is asked for
    void expireBlobs();                 ///< addresses given out so far answer 403
    [[nodiscard]] std::vector<HubRequest> requests() const;
    void forgetRequests();
    [[nodiscard]] std::uint64_t bytesSent() const { return m_bytesSent; }
    [[nodiscard]] int blobPort() const { return m_blobPort; }

private:
    friend class HubConnection;
    friend class HubListener;
    struct Answer {
        int status = 200;
        std::vector<std::pair<QByteArray, QByteArray>> fields;
        QByteArray body;
        bool sendLength = true;
        std::optional<qint64> length; ///< other than the body's
        qint64 stopAt = -1;           ///< bytes of the body before something happens
        Fault::Kind then = Fault::None;
    };
    [[nodiscard]] Answer answer(HubRequest& request);
    [[nodiscard]] Answer listModels(const HubRequest& request);
    [[nodiscard]] Answer api(const HubRequest& request, const QString& rest);
    [[nodiscard]] Answer scope(const HubRequest& request, const QString& rest);
    [[nodiscard]] Answer resolve(HubRequest& request, const Fault& fault);
    [[nodiscard]] Answer content(const HubRequest& request, const Fault& fault, const QByteArray& bytes,
                                 const std::string& tag);
    [[nodiscard]] std::optional<Answer> refuse(const HubRequest& request, const Repository& repository) const;
    void classify(HubRequest& request) const;
    [[nodiscard]] std::string hashOf(const QByteArray& bytes); ///< remembered: files are asked for many times

    Options m_options;
    TestCertificates m_certificates;
    QThread m_thread;
    std::vector<class QObject*> m_listeners;
    int m_port = 0, m_blobPort = 0;
    mutable std::mutex m_mutex;
    std::map<std::string, Repository> m_repositories;
    std::function<Fault(const HubRequest&)> m_faults;
    std::vector<HubRequest> m_requests;
    std::map<const char*, std::string> m_hashes; ///< by the place of a file's bytes
    bool m_endless = false;
    int m_pageSize = 0;
    int m_signature = 1;
    std::atomic<std::uint64_t> m_bytesSent{0};
};

[[nodiscard]] std::string sha256Of(const QByteArray& bytes);
[[nodiscard]] std::string gitSha1Of(const QByteArray& bytes);
/// Bytes that do not repeat, the same for the same seed.
[[nodiscard]] QByteArray someBytes(qsizetype count, unsigned seed = 1);

} // namespace hearth::test
