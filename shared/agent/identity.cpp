#include <sallyport/agent/identity.h>
#include <sallyport/config/files.h>

#include <utility>

namespace sallyport::agent {

namespace {

constexpr unsigned ReadableByAll = 0004;

Result<config::FileText, std::string> readFile(const std::string& path)
{
    auto read = config::readFile(path);
    if (!read)
        return Failure(path + " " + config::toText(read.error()));
    return std::move(*read);
}

// The PEM blocks of one kind, as they stand.
std::string blocksOf(std::string_view text, std::string_view kind)
{
    const std::string begin = "-----BEGIN " + std::string(kind) + "-----";
    const std::string end = "-----END " + std::string(kind) + "-----";
    std::string blocks;
    for (size_t at = text.find(begin); at != text.npos; at = text.find(begin, at)) {
        const size_t last = text.find(end, at);
        if (last == text.npos)
            break;
        blocks += std::string(text.substr(at, last + end.size() - at)) + "\n";
        at = last;
    }
    return blocks;
}

} // namespace

Result<Identity, std::string> readIdentity(const IdentityFiles& files, tls::SystemTime now)
{
    auto certificateFile = readFile(files.certificate);
    if (!certificateFile)
        return Failure(certificateFile.error());
    const std::string& keyPath = files.key.empty() ? files.certificate : files.key;
    auto keyFile = files.key.empty() ? certificateFile : readFile(files.key);
    if (!keyFile)
        return Failure(keyFile.error());
    if (keyFile->mode & ReadableByAll)
        return Failure(keyPath +
                       " holds a private key and can be read by every user of this "
                       "machine: chmod 600 " +
                       keyPath);
    Identity identity;
    identity.keys.keyPem = keyFile->text;
    const auto certificates = tls::certificatesFromPem(certificateFile->text);
    if (!certificates)
        return Failure(files.certificate + ": " + certificates.error().message);
    identity.leaf = certificates.value().front();
    // Block by block: the root, which signs itself, apart from the chain.
    std::string blocks = blocksOf(certificateFile->text, "CERTIFICATE");
    const std::string end = "-----END CERTIFICATE-----\n";
    for (size_t i = 0; i < certificates.value().size(); ++i) {
        const size_t size = std::min(blocks.find(end) + end.size(), blocks.size());
        const tls::Certificate& certificate = certificates.value()[i];
        const bool isRoot = i > 0 && certificate.isAuthority && certificate.isSelfIssued;
        (isRoot ? identity.rootPem : identity.keys.chainPem) += blocks.substr(0, size);
        blocks.erase(0, size);
    }
    identity.expired = identity.leaf.notAfter <= now;
    // A pair that is out of its time is still a pair.
    const auto checked =
        tls::checkKeyPair(identity.keys, identity.expired ? identity.leaf.notBefore : now);
    if (!checked)
        return Failure(
            (files.key.empty() ? files.certificate : files.certificate + ", " + files.key) + ": " +
            checked.error().message);
    return identity;
}

std::string identityName(const tls::Certificate& leaf)
{
    return leaf.commonName.empty() ? leaf.subject : leaf.commonName;
}

} // namespace sallyport::agent
