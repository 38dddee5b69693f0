#include "certificates/certificate_files.h"

#include <QCryptographicHash>

namespace sallyport::relay {

namespace {

std::string fingerprint(const tls::KeyPair& keys)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArray::fromStdString(keys.chainPem));
    hash.addData(QByteArray::fromStdString(keys.keyPem));
    return hash.result().toStdString();
}

} // namespace

CertificateFiles::CertificateFiles(CertificateBook& book, observe::Log log)
    : m_book(book), m_log(std::move(log))
{
    QObject::connect(&m_watcher, &config::FileWatcher::changed, &m_watcher, [this] { reload(); });
}

std::optional<std::string> CertificateFiles::start(Pairs pairs)
{
    m_pairs = std::move(pairs);
    std::vector<std::string> watched;
    for (const auto& [label, files] : m_pairs) {
        if (auto trouble = load(label, files))
            return trouble;
        watched.push_back(files.certificate);
        watched.push_back(files.key);
    }
    m_watcher.watch(watched);
    return std::nullopt;
}

bool CertificateFiles::reload()
{
    bool allGood = true;
    for (const auto& [label, files] : m_pairs) {
        if (const auto trouble = load(label, files)) {
            allGood = false;
            m_log.error("certificate not reloaded, the old one stays",
                        {{"certificate", label}, {"reason", *trouble}});
        }
    }
    return allGood;
}

std::optional<std::string>
CertificateFiles::load(const std::string& label, const config::RelayConfig::CertificateFiles& files)
{
    const auto keys =
        tls::loadKeyPair(files.certificate, files.key, std::chrono::system_clock::now());
    if (!keys)
        return keys.error().message;
    std::string print = fingerprint(*keys);
    if (m_inUse[label] == print)
        return std::nullopt;
    const std::string id = "files/" + label;
    if (const auto put = m_book.put(id, {}, *keys); !put)
        return files.certificate + ": " + put.error().message;
    m_inUse[label] = std::move(print);
    const CertificateBook::Entry& entry = m_book.entries().at(id);
    std::string names;
    for (const std::string& name : entry.names)
        names += (names.empty() ? "" : " ") + name;
    m_log.info("certificate loaded", {{"certificate", label}, {"names", names}});
    return std::nullopt;
}

} // namespace sallyport::relay
