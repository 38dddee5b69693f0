#include <sallyport/certificates/certificate_files.h>
#include <sallyport/config/files.h>

#include <QCryptographicHash>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

namespace sallyport::certificates {

namespace {

constexpr const char* KeyMark = "-----BEGIN PRIVATE KEY-----";

QString qt(const std::string& text)
{
    return QString::fromStdString(text);
}

// Ids are names: "*.example.com" is a file name nowhere, and a "/" must never be one.
std::string fileName(const std::string& id)
{
    std::string name;
    for (const char c : id) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        name += c == '*' ? std::string("_") : plain ? std::string(1, c) : std::string("+");
    }
    return name.starts_with('.') ? "_" + name : name;
}

std::string caName(const std::string& directoryUrl)
{
    const QByteArray digest = QCryptographicHash::hash(QByteArray::fromStdString(directoryUrl),
                                                       QCryptographicHash::Sha256)
                                  .toHex()
                                  .left(8);
    const std::string host = QUrl(qt(directoryUrl)).host().toLower().toStdString();
    return fileName(host) + "-" + digest.toStdString();
}

Result<void, std::string> save(const std::string& file, const std::string& text)
{
    if (auto written = config::writeFileAtomically(file, text, 0600); !written)
        return Failure(file + " " + config::toText(written.error()));
    return {};
}

Result<QJsonObject, std::string> readObject(const std::string& file)
{
    const auto read = config::readFile(file, 64 * 1024);
    if (!read)
        return Failure(file + " " + config::toText(read.error()));
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(read.value().text));
    if (!document.isObject())
        return Failure(file + " is damaged: restore it, or remove it to begin anew");
    return document.object();
}

std::string jsonText(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString() + "\n";
}

} // namespace

CertificateFiles::CertificateFiles(const std::string& folder, const std::string& directoryUrl)
    : m_folder(folder + "/" + caName(directoryUrl))
{}

Result<void, std::string> CertificateFiles::prepare()
{
    for (const std::string& folder : {m_folder, m_folder + "/certificates", m_folder + "/orders"}) {
        if (auto made = config::makeFolder(folder, 0700); !made)
            return Failure(folder + " " + config::toText(made.error()));
#ifndef _WIN32
        constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup |
                                QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
        if (QFile::permissions(qt(folder)) & others)
            return Failure(folder + " is open to other users, and holds keys: chmod 700 " + folder);
#endif
    }
    return {};
}

Result<CertificateFiles::Account, std::string> CertificateFiles::account()
{
    const std::string file = m_folder + "/account.json";
    if (!QFile::exists(qt(file))) {
        auto key = acme::AccountKey::make();
        if (!key)
            return Failure(key.error());
        Account account{std::move(*key), {}};
        if (auto saved = saveAccount(account); !saved)
            return Failure(saved.error());
        return account;
    }
    auto object = readObject(file);
    if (!object)
        return Failure(object.error());
    auto key = acme::AccountKey::fromPem((*object)["key"].toString().toStdString());
    if (!key)
        return Failure(file + ": its key " + key.error());
    return Account{std::move(*key), (*object)["url"].toString().toStdString()};
}

Result<void, std::string> CertificateFiles::saveAccount(const Account& account)
{
    const Secret pem = account.key.toPem();
    return save(m_folder + "/account.json",
                jsonText({{"key", qt(std::string(pem.reveal()))}, {"url", qt(account.url)}}));
}

std::string CertificateFiles::certificateFile(const std::string& id) const
{
    return m_folder + "/certificates/" + fileName(id) + ".pem";
}

std::string CertificateFiles::orderFile(const std::string& id) const
{
    return m_folder + "/orders/" + fileName(id) + ".json";
}

std::optional<tls::KeyPair> CertificateFiles::certificate(const std::string& id) const
{
    return readCertificate(certificateFile(id));
}

std::vector<tls::KeyPair> CertificateFiles::allCertificates(size_t limit) const
{
    std::vector<tls::KeyPair> all;
    QDirIterator files(qt(m_folder + "/certificates"), {"*.pem"}, QDir::Files);
    while (files.hasNext() && all.size() < limit)
        if (auto keys = readCertificate(files.next().toStdString()))
            all.push_back(std::move(*keys));
    return all;
}

std::optional<tls::KeyPair> CertificateFiles::readCertificate(const std::string& file)
{
    const auto read = config::readFile(file);
    if (!read)
        return std::nullopt;
    const std::string& text = read.value().text;
    const size_t key = text.find(KeyMark);
    if (key == std::string::npos)
        return std::nullopt;
    return tls::KeyPair{text.substr(0, key), text.substr(key)};
}

Result<void, std::string> CertificateFiles::saveCertificate(const std::string& id,
                                                            const tls::KeyPair& keys)
{
    std::string text = keys.chainPem;
    if (!text.ends_with('\n'))
        text += '\n';
    return save(certificateFile(id), text + keys.keyPem);
}

std::optional<acme::UnfinishedOrder> CertificateFiles::order(const std::string& id) const
{
    const auto object = readObject(orderFile(id));
    if (!object)
        return std::nullopt;
    acme::UnfinishedOrder order{object.value()["url"].toString().toStdString(),
                                Secret(object.value()["key"].toString().toStdString())};
    if (order.url.empty() || order.keyPem.empty())
        return std::nullopt;
    return order;
}

Result<void, std::string> CertificateFiles::saveOrder(const std::string& id,
                                                      const acme::UnfinishedOrder& order)
{
    return save(orderFile(id), jsonText({{"url", qt(order.url)},
                                         {"key", qt(std::string(order.keyPem.reveal()))}}));
}

void CertificateFiles::forgetOrder(const std::string& id)
{
    QFile::remove(qt(orderFile(id)));
}

} // namespace sallyport::certificates
