#include <sallyport/config/mtls_config.h>

namespace sallyport::config {

void MtlsConfig::declare(Fields& fields)
{
    fields.section("Certificates of agents",
                   "Agents may prove who they are by a certificate (identities.md): one of the "
                   "relay's own authority, which `sallyport-relay ca init` makes, or of another.");
    fields.value("auth.mtls.enabled", enabled, yesOrNo(),
                 "Take certificates, once there is an authority.");
    fields.value("auth.mtls.required", required, yesOrNo(),
                 "Take nothing else: an agent without a certificate is refused in the handshake.");
    fields.value("auth.mtls.ca_file", caFile, filePath(),
                 "Certificates (PEM) of the authorities to believe instead of the relay's own; "
                 "watched.");
    fields.value("auth.mtls.crl_file", crlFile, filePath(),
                 "With ca_file: their revocation lists (PEM, or one as DER); watched. A list that "
                 "is out of its time lets nobody in.");
    fields.value("auth.mtls.tenants_file", tenantsFile, filePath(),
                 "With ca_file: who the certificates' holders are and what they may claim; "
                 "watched.");
    fields.value("auth.mtls.identity", identity,
                 oneOf<Identity>({{"subject", Identity::Subject}, {"san", Identity::San}}),
                 "With ca_file: what names the holder, the subject's common name or the first "
                 "known one of the names in subjectAltName.");
}

void MtlsConfig::validate(Loader& loader) const
{
    if (caFile.empty()) {
        for (const char* key : {"auth.mtls.crl_file", "auth.mtls.tenants_file"})
            if (loader.isGiven(key))
                loader.complain(key, "needs auth.mtls.ca_file: the relay's own authority keeps its "
                                     "own files");
    } else if (tenantsFile.empty()) {
        loader.complain("auth.mtls.ca_file",
                        "needs auth.mtls.tenants_file, which says what each holder may claim");
    } else if (crlFile.empty()) {
        loader.warn("auth.mtls.ca_file", "without auth.mtls.crl_file nothing can be revoked");
    }
    if (required && !enabled)
        loader.complain("auth.mtls.required", "contradicts auth.mtls.enabled: no");
}

} // namespace sallyport::config
