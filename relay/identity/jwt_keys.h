// The keys that signed tokens are checked with: from a secret's file, a file of public keys, and a
// URL; published as one set for all threads.
//
// Files are read at start (a fault is one) and again when they change; the URL is fetched at start,
// when its time has come, and when a token names a key that is not there, but not more often than
// once in RetryInterval: until then the token waits. What was there before stays until something
// better has come: a file that is broken, or a server that is down, takes no key away.
//
// Threads: the control thread.
#pragma once

#include "published.h"

#include <sallyport/config/file_watcher.h>
#include <sallyport/config/jwt_config.h>
#include <sallyport/jose/key_set.h>
#include <sallyport/observe/log.h>

#include <QNetworkAccessManager>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::relay {

class JwtKeys final : public QObject
{
public:
    static constexpr std::chrono::seconds FetchTimeout{8};
    static constexpr std::chrono::seconds RetryInterval{5};
    static constexpr size_t MaxWaiting = 1000;

    // `changed` is called after each new set.
    JwtKeys(const config::JwtConfig& config, observe::Log log, QNetworkAccessManager& web,
            Published<jose::KeySet>& published, std::function<void()> changed);

    // A sentence, when a file cannot be used.
    std::optional<std::string> start();
    // As the files' own change does.
    bool reload();

    // Whether fetching could bring a key that is not there.
    bool canFetch() const { return !m_config.jwksUrl.empty(); }
    // Fetches as soon as it may; `then` follows in any case, at once or later.
    void fetchFor(std::function<void()> then);

private:
    using Set = std::optional<jose::KeySet>;

    std::optional<std::string> readFiles();
    void publish();
    void fetch();
    void fetched(int status, const std::string& error, const QByteArray& body,
                 const QByteArray& cacheControl);
    void scheduleFetch(std::chrono::milliseconds wait);

    const config::JwtConfig& m_config;
    observe::Log m_log;
    QNetworkAccessManager& m_web;
    Published<jose::KeySet>& m_published;
    std::function<void()> m_changed;
    Set m_fromFiles;
    Set m_fromUrl;
    config::FileWatcher m_watcher;
    QTimer m_timer;
    std::vector<std::function<void()>> m_waiting;
    std::chrono::steady_clock::time_point m_lastFetch{};
    bool m_fetching = false;
    bool m_everFetched = false;
    unsigned m_failures = 0;
};

} // namespace sallyport::relay
