// Where the account, certificates and unfinished orders of one CA are kept.
//
// FOLDER/CA/account.json, FOLDER/CA/certificates/ID.pem (chain and key in one file, so that they
// can't be of two ages), FOLDER/CA/orders/ID.json. CA is the directory URL's host and a digest of
// the URL: staging and production never mix. Folders are 0700, files 0600, each written whole or
// not at all.
//
// Errors are sentences that name the file.
#pragma once

#include <sallyport/acme/account_key.h>
#include <sallyport/acme/manager.h>
#include <sallyport/base/result.h>
#include <sallyport/tls/keys.h>

#include <optional>
#include <string>
#include <vector>

namespace sallyport::certificates {

class CertificateFiles
{
public:
    CertificateFiles(const std::string& folder, const std::string& directoryUrl);

    const std::string& folder() const { return m_folder; }
    // Makes the folders; those that others may enter are refused.
    Result<void, std::string> prepare();

    struct Account
    {
        acme::AccountKey key;
        std::string url; // empty: not registered yet
    };
    // Makes and stores a key when there is none. A damaged file is an error, not a new account.
    Result<Account, std::string> account();
    Result<void, std::string> saveAccount(const Account& account);

    // Nothing when there is none or it can't be read; it is issued anew then.
    std::optional<tls::KeyPair> certificate(const std::string& id) const;
    Result<void, std::string> saveCertificate(const std::string& id, const tls::KeyPair& keys);

    // All that can be read, at most `limit`, in no order.
    std::vector<tls::KeyPair> allCertificates(size_t limit) const;

    std::optional<acme::UnfinishedOrder> order(const std::string& id) const;
    Result<void, std::string> saveOrder(const std::string& id, const acme::UnfinishedOrder& order);
    void forgetOrder(const std::string& id);

private:
    static std::optional<tls::KeyPair> readCertificate(const std::string& file);
    std::string certificateFile(const std::string& id) const;
    std::string orderFile(const std::string& id) const;

    std::string m_folder;
};

} // namespace sallyport::certificates
