#include "identity/jwt_keys.h"

#include "identity/web_request.h"

#include <sallyport/config/files.h>

#include <QUrl>

#include <algorithm>
#include <charconv>
#include <set>

namespace sallyport::relay {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr seconds LeastMaxAge(30);
constexpr unsigned MaxDoublings = 6;

std::optional<seconds> maxAgeOf(const QByteArray& cacheControl)
{
    const std::string text = cacheControl.toLower().toStdString();
    const size_t at = text.find("max-age=");
    if (at == std::string::npos)
        return std::nullopt;
    int64_t age = 0;
    const char* begin = text.data() + at + 8;
    const auto read = std::from_chars(begin, text.data() + text.size(), age);
    if (read.ec != std::errc() || age < 0 || age > 24 * 3600)
        return std::nullopt;
    return seconds(age);
}

std::string fault(const std::string& file, const std::string& reason)
{
    return file + " " + reason;
}

std::set<std::string> fingerprints(const jose::KeySet& keys)
{
    std::set<std::string> all;
    for (const jose::Key& key : keys.keys())
        all.insert(key.fingerprint() + key.id());
    return all;
}

} // namespace

JwtKeys::JwtKeys(const config::JwtConfig& config, observe::Log log, QNetworkAccessManager& web,
                 Published<jose::KeySet>& published, std::function<void()> changed)
    : m_config(config),
      m_log(std::move(log)),
      m_web(web),
      m_published(published),
      m_changed(std::move(changed))
{
    m_timer.setSingleShot(true);
    m_timer.callOnTimeout(this, [this] { fetch(); });
    QObject::connect(&m_watcher, &config::FileWatcher::changed, this, [this] { reload(); });
}

std::optional<std::string> JwtKeys::start()
{
    if (auto trouble = readFiles())
        return "auth.jwt: " + *trouble;
    std::vector<std::string> files;
    for (const std::string& file : {m_config.secretFile, m_config.keysFile})
        if (!file.empty())
            files.push_back(file);
    m_watcher.watch(files);
    publish();
    if (canFetch())
        fetch();
    return std::nullopt;
}

bool JwtKeys::reload()
{
    if (auto trouble = readFiles()) {
        m_log.error("keys of signed tokens not reloaded, the old ones stay",
                    {{"reason", *trouble}});
        return false;
    }
    publish();
    return true;
}

std::optional<std::string> JwtKeys::readFiles()
{
    jose::KeySet keys;
    if (const std::string& file = m_config.secretFile; !file.empty()) {
        auto read = config::readFile(file, 64 * 1024);
        if (!read)
            return fault(file, config::toText(read.error()));
        if (read->mode & 0007)
            return fault(file, "can be read by every user of this machine: chmod 600 " + file);
        std::string& secret = read->text;
        while (secret.ends_with('\n') || secret.ends_with('\r'))
            secret.pop_back();
        auto key = jose::Key::fromSecret(secret);
        std::fill(secret.begin(), secret.end(), '\0');
        if (!key)
            return fault(file, key.error());
        keys.add(jose::KeySet({std::move(*key)}));
    }
    if (const std::string& file = m_config.keysFile; !file.empty()) {
        const auto read = config::readFile(file, jose::KeySet::MaxBytes);
        if (!read)
            return fault(file, config::toText(read.error()));
        auto set = jose::KeySet::fromKeyFile(read->text);
        if (!set)
            return fault(file, set.error());
        keys.add(*set);
    }
    m_fromFiles = std::move(keys);
    return std::nullopt;
}

void JwtKeys::publish()
{
    auto all = std::make_shared<jose::KeySet>();
    for (const Set* set : {&m_fromFiles, &m_fromUrl})
        if (*set)
            all->add(**set);
    if (fingerprints(*all) == fingerprints(*m_published.load()))
        return;
    m_log.info("keys of signed tokens loaded", {{"count", all->keys().size()}});
    m_published.publish(std::move(all));
    m_changed();
}

// --- the URL ---

void JwtKeys::fetchFor(std::function<void()> then)
{
    if (!canFetch() || m_waiting.size() >= MaxWaiting)
        return then();
    m_waiting.push_back(std::move(then));
    if (m_fetching)
        return;
    const auto wait =
        std::chrono::ceil<milliseconds>(m_lastFetch + RetryInterval - steady_clock::now());
    if (!m_everFetched || wait.count() <= 0)
        return fetch();
    if (!m_timer.isActive() || m_timer.remainingTimeAsDuration() > wait)
        m_timer.start(wait);
}

void JwtKeys::fetch()
{
    if (m_fetching)
        return;
    m_fetching = true;
    m_everFetched = true;
    m_lastFetch = steady_clock::now();
    webGet(m_web, QUrl(QString::fromStdString(m_config.jwksUrl)), FetchTimeout,
           qint64(jose::KeySet::MaxBytes), [this](const WebAnswer& answer) {
               fetched(answer.status, answer.error, answer.body, answer.cacheControl);
           });
}

void JwtKeys::fetched(int status, const std::string& error, const QByteArray& body,
                      const QByteArray& cacheControl)
{
    m_fetching = false;
    std::string problem = error;
    if (problem.empty() && status != 200)
        problem = "the server answered " + std::to_string(status);
    std::vector<std::string> leftOut;
    if (problem.empty()) {
        auto set = jose::KeySet::fromJwks(std::string_view(body.constData(), size_t(body.size())),
                                          &leftOut);
        // A shared secret that anybody can fetch is none.
        if (set && std::any_of(set->keys().begin(), set->keys().end(),
                               [](const jose::Key& key) { return key.isSecret(); }))
            problem = "it publishes a secret (kty oct)";
        else if (set)
            m_fromUrl = std::move(*set);
        else
            problem = set.error();
    }
    for (const std::string& reason : leftOut)
        m_log.info("a key of the JWKS is left out", {{"reason", reason}});
    if (problem.empty()) {
        m_failures = 0;
        publish();
        const auto age = maxAgeOf(cacheControl).value_or(seconds(24 * 3600));
        scheduleFetch(std::min<milliseconds>(m_config.jwksRefresh, std::max(age, LeastMaxAge)));
    } else {
        m_log.warning(m_fromUrl ? "JWKS not fetched, the old keys stay" : "JWKS not fetched",
                      {{"url", m_config.jwksUrl}, {"reason", problem}});
        const auto wait = RetryInterval * (1 << std::min(m_failures, MaxDoublings));
        ++m_failures;
        scheduleFetch(std::min<milliseconds>(m_config.jwksRefresh, wait));
    }
    for (auto& then : std::exchange(m_waiting, {}))
        then();
}

void JwtKeys::scheduleFetch(milliseconds wait)
{
    m_timer.start(wait);
}

} // namespace sallyport::relay
