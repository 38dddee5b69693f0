#include "certificate_renewal.h"

#include <sallyport/config/files.h>
#include <sallyport/tls/signing_request.h>

#include <QRandomGenerator>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sallyport::agent {

namespace {

using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::system_clock;

// A laptop that slept has missed its timer.
constexpr auto LongestSleep = hours(1);
constexpr auto ShortestWait = seconds(2);

std::string dayOf(tls::SystemTime time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()),
                  unsigned(date.day()));
    return text;
}

} // namespace

CertificateRenewal::CertificateRenewal(net::IoContext& io, const IdentityFiles& files, Say say)
    : m_io(io), m_files(files), m_say(std::move(say)), m_deadline(io.deadlines(), [this] { due(); })
{}

void CertificateRenewal::linkUp(RelayLink& link)
{
    m_link = &link;
    m_newKey.clear();
    m_hopeless = false;
    read();
    plan();
}

void CertificateRenewal::linkDown()
{
    m_link = nullptr;
    m_newKey.clear();
    m_deadline.clear();
}

void CertificateRenewal::read()
{
    m_certificate.reset();
    m_dueAt.reset();
    if (m_files.empty())
        return;
    auto identity = readIdentity(m_files, system_clock::now());
    if (!identity)
        return m_say("identity: " + identity.error(), true);
    m_certificate = std::move(identity->leaf);
    m_rootPem = std::move(identity->rootPem);
    const auto life = m_certificate->notAfter - m_certificate->notBefore;
    const auto jitter = life / 20 / 1000 * QRandomGenerator::global()->bounded(1000);
    m_dueAt = m_certificate->notBefore + life / 3 * 2 + jitter;
}

void CertificateRenewal::plan()
{
    if (!m_link || !m_dueAt || m_hopeless)
        return;
    const auto wait = std::clamp<system_clock::duration>(*m_dueAt - system_clock::now(), seconds(0),
                                                         LongestSleep);
    m_deadline.set(m_io.now() + wait);
}

void CertificateRenewal::due()
{
    if (!m_link || !m_dueAt)
        return;
    if (system_clock::now() < *m_dueAt)
        return plan();
    ask();
}

void CertificateRenewal::ask()
{
    // Without an answer until then the next question comes.
    tryAgainLater();
    if (!m_files.key.empty()) {
        m_hopeless = true;
        return m_say("the certificate in " + m_files.certificate + " ends on " +
                         dayOf(m_certificate->notAfter) +
                         "; the agent renews only one that stands with its key in one file",
                     true);
    }
    auto key = tls::makeKey();
    auto request = key ? tls::makeSigningRequest(*key, "agent") : key;
    if (!request)
        return m_say("making a request for a new certificate: " + request.error().message, true);
    m_newKey = std::move(*key);
    m_link->send(wire::CertificateRenew{std::move(*request)});
}

void CertificateRenewal::tryAgainLater()
{
    const auto now = system_clock::now();
    m_dueAt =
        now + std::max<system_clock::duration>((m_certificate->notAfter - now) / 8, ShortestWait);
    plan();
}

void CertificateRenewal::issued(const wire::CertificateIssued& message)
{
    if (m_newKey.empty())
        return;
    const auto kept = keep(message.chain);
    m_newKey.clear();
    if (!kept)
        return m_say("the renewed certificate is of no use: " + kept.error(), true);
    read();
    plan();
    if (m_certificate)
        m_say("certificate renewed, valid until " + dayOf(m_certificate->notAfter), false);
}

Result<void, std::string> CertificateRenewal::keep(const std::string& chainPem)
{
    const auto checked = tls::checkKeyPair({chainPem, m_newKey}, system_clock::now());
    if (!checked)
        return Failure(checked.error().message);
    if (checked.value().commonName != m_certificate->commonName)
        return Failure("it is for " + identityName(checked.value()));
    const std::string bundle = m_newKey + chainPem + m_rootPem;
    if (auto written = config::writeFileAtomically(m_files.certificate, bundle, 0600); !written)
        return Failure(m_files.certificate + " " + config::toText(written.error()));
    return {};
}

void CertificateRenewal::refused(const wire::CertificateRefused& message)
{
    if (m_newKey.empty())
        return;
    m_newKey.clear();
    m_hopeless = !message.refusal.retry;
    if (m_hopeless)
        m_deadline.clear();
    m_say("the certificate was not renewed: " + message.refusal.message + "; it ends on " +
              dayOf(m_certificate->notAfter),
          true);
}

} // namespace sallyport::agent
