// CaStore's files: reading, writing, the lock.
#include "authority/ca_lock.h"
#include "authority/ca_store.h"

#include <sallyport/config/files.h>
#include <sallyport/tls/private_key.h>
#include <sallyport/tls/revocation.h>

namespace sallyport::relay {

namespace {

CaError unreadable(const std::string& path, const std::string& why)
{
    return {CaError::Code::Unreadable, path + ": " + why};
}

} // namespace

CaLock::CaLock(const std::string& folder, std::chrono::milliseconds timeout)
    : m_lock(QString::fromStdString(folder + "/lock")), m_folder(folder)
{
    m_held = m_lock.tryLock(static_cast<int>(timeout.count()));
}

std::optional<CaError> CaLock::error() const
{
    if (m_held)
        return std::nullopt;
    if (m_lock.error() == QLockFile::LockFailedError)
        return CaError{CaError::Code::Locked,
                       m_folder + " is being changed by another process: try again"};
    return CaError{CaError::Code::Unwritable,
                   m_folder +
                       " does not exist or may not be written: run this as the relay's user"};
}

Result<std::string, CaError> CaStore::read(const std::string& path) const
{
    auto read = config::readFile(path, CaIndex::MaxFileSize);
    if (!read)
        return Failure(unreadable(path, config::toText(read.error())));
    return std::move(read->text);
}

Result<void, CaError> CaStore::write(const std::string& path, const std::string& text,
                                     unsigned mode) const
{
    if (auto written = config::writeFileAtomically(path, text, mode); !written)
        return Failure(
            CaError{CaError::Code::Unwritable, path + " " + config::toText(written.error())});
    return {};
}

bool CaStore::exists() const
{
    return config::readFile(file("intermediate.crt")).ok();
}

std::vector<std::string> CaStore::watchedFiles() const
{
    return {file("root.crt"), file("server.crt"), file("agents.crl"),
            file("root.crl"), file("index.txt"),  file("tenants.yaml")};
}

Result<CaIndex, CaError> CaStore::readIndex() const
{
    const auto text = read(file("index.txt"));
    if (!text)
        return Failure(text.error());
    auto index = CaIndex::parse(text.value(), file("index.txt"));
    if (!index)
        return Failure(CaError{CaError::Code::Unreadable, index.error()});
    return std::move(*index);
}

Result<std::vector<auth::Tenant>, CaError> CaStore::readTenants() const
{
    const auto text = read(file("tenants.yaml"));
    if (!text)
        return Failure(text.error());
    auto tenants = auth::parseTenants(text.value(), file("tenants.yaml"));
    if (!tenants)
        return Failure(CaError{CaError::Code::Unreadable, tenants.error().text()});
    return std::move(*tenants);
}

Result<tls::Authority, CaError> CaStore::intermediate(auth::Timestamp now) const
{
    auto chain = read(file("intermediate.crt"));
    if (!chain)
        return Failure(chain.error());
    auto key = read(file("intermediate.key"));
    if (!key)
        return Failure(key.error());
    auto authority = tls::Authority::fromKeyPair({std::move(*chain), std::move(*key)}, now);
    if (!authority)
        return Failure(unreadable(
            file("intermediate.crt"),
            authority.error().message +
                (authority.error().code == tls::ErrorCode::CertificateExpired
                     ? "; give it a new life with `sallyport-relay ca renew intermediate`"
                     : "")));
    return std::move(*authority);
}

Result<tls::KeyPair, CaError> CaStore::root(const RootKey& key) const
{
    auto chain = read(file("root.crt"));
    if (!chain)
        return Failure(chain.error());
    const std::string path = key.file.empty() ? file("root.key") : key.file;
    auto pem = config::readFile(path);
    if (!pem)
        return Failure(unreadable(path, config::toText(pem.error()) +
                                            (pem.error() == config::FileError::Missing
                                                 ? "; say where the root's key is: --root-key FILE"
                                                 : "")));
    if (!tls::isEncryptedKey(pem->text))
        return tls::KeyPair{std::move(*chain), std::move(pem->text)};
    if (!key.passphrase)
        return Failure(CaError{CaError::Code::Invalid,
                               path + " needs its pass phrase: --passphrase (asks for it) or "
                                      "--passphrase-file FILE"});
    auto plain = tls::decryptKey(pem->text, *key.passphrase);
    if (!plain)
        return Failure(CaError{CaError::Code::Invalid, path + ": " + plain.error().message});
    return tls::KeyPair{std::move(*chain), std::move(*plain)};
}

Result<CaContents, CaError> CaStore::load() const
{
    CaContents contents;
    if (!exists())
        return Failure(CaError{CaError::Code::Missing, m_folder +
                                                           ": there is no authority; make one with "
                                                           "`sallyport-relay ca init`"});
    auto rootPem = read(file("root.crt"));
    auto agentsCrl = read(file("agents.crl"));
    auto rootCrl = read(file("root.crl"));
    auto intermediatePem = read(file("intermediate.crt"));
    for (const auto* text : {&rootPem, &agentsCrl, &rootCrl, &intermediatePem})
        if (!*text)
            return Failure(text->error());
    contents.rootPem = std::move(*rootPem);
    contents.revocationLists = *agentsCrl + *rootCrl;
    const auto rootCertificate = tls::Certificate::fromPem(contents.rootPem);
    const auto signer = tls::Certificate::fromPem(*intermediatePem);
    if (!rootCertificate)
        return Failure(unreadable(file("root.crt"), rootCertificate.error().message));
    if (!signer)
        return Failure(unreadable(file("intermediate.crt"), signer.error().message));
    contents.rootEnds = rootCertificate.value().notAfter;
    contents.intermediateEnds = signer.value().notAfter;
    if (const auto server = read(file("server.crt")))
        contents.serverChainPem = server.value();
    auto index = readIndex();
    if (!index)
        return Failure(index.error());
    contents.index = std::move(*index);
    auto tenants = readTenants();
    if (!tenants)
        return Failure(tenants.error());
    contents.tenants = auth::TenantSet(std::move(*tenants));
    return contents;
}

Result<void, CaError> CaStore::writeIndex(const CaIndex& index) const
{
    return write(file("index.txt"), index.text());
}

Result<void, CaError> CaStore::updateTenant(const std::string& name, const CaPolicy& policy) const
{
    const auto text = read(file("tenants.yaml"));
    if (!text)
        return Failure(text.error());
    auto tenants = readTenants();
    if (!tenants)
        return Failure(tenants.error());
    auth::Tenant tenant;
    tenant.name = name;
    for (const auth::Tenant& known : *tenants)
        if (known.name == name)
            tenant = known;
    auth::Permissions& permissions = tenant.permissions;
    permissions.kinds = policy.kinds.value_or(permissions.kinds);
    permissions.names = policy.names.value_or(permissions.names);
    permissions.hostnames = policy.hostnames.value_or(permissions.hostnames);
    permissions.ports = policy.ports.value_or(permissions.ports);
    auto changed = auth::tenantsWith(text.value(), tenant);
    if (!changed)
        return Failure(CaError{CaError::Code::Invalid, changed.error().text()});
    if (*changed == text.value())
        return {};
    return write(file("tenants.yaml"), *changed);
}

} // namespace sallyport::relay
