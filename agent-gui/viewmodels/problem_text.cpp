#include "problem_text.h"

#include "format.h"

#include <QCoreApplication>

namespace sallyport::gui {

namespace {

using agent::ProblemCode;

// Null for what has no sentence of its own.
const char* sentenceOf(ProblemCode code)
{
    switch (code) {
    case ProblemCode::UnknownHost:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "The relay's name is not known. Check how it is spelt, or this "
                                 "computer's DNS.");
    case ProblemCode::ConnectionRefused:
        return QT_TRANSLATE_NOOP("ProblemText", "Nobody listens at the relay's address. Check the "
                                                "port, and whether the relay runs.");
    case ProblemCode::Unreachable:
        return QT_TRANSLATE_NOOP("ProblemText", "The relay can't be reached. Check the network, "
                                                "and whether a firewall is in the way.");
    case ProblemCode::ProxyRefused:
        return QT_TRANSLATE_NOOP("ProblemText", "The proxy does not let the connection through.");
    case ProblemCode::NotARelay:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "Something answers at this address, but it is no relay. Check "
                                 "host and port.");
    case ProblemCode::PinMismatch:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "The relay shows another key than the one in the join line. Ask "
                                 "its operator for a new line, and why the key changed: without a "
                                 "reason somebody may stand in between.");
    case ProblemCode::CertificateTime:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "The relay's certificate has expired or is not valid yet. Check "
                                 "this computer's clock; if it is right, tell the operator.");
    case ProblemCode::CertificateName:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "The relay's certificate is made out for another name. Check the "
                                 "host name.");
    case ProblemCode::CertificateUntrusted:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "No authority that this computer trusts vouches for the relay's "
                                 "certificate. Paste the whole join line, which holds its key.");
    case ProblemCode::LinkLost:
        return QT_TRANSLATE_NOOP("ProblemText", "The connection to the relay was lost.");
    case ProblemCode::TokenUnknown:
        return QT_TRANSLATE_NOOP("ProblemText", "The relay does not know this token.");
    case ProblemCode::TokenExpired:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "The token has expired. Ask the relay's operator for a new one.");
    case ProblemCode::TokenRevoked:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "The token was revoked. Ask the relay's operator for a new one.");
    case ProblemCode::TokenNotYetValid:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "The token is not valid yet. Check this computer's clock.");
    case ProblemCode::CredentialKind:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "The relay wants another kind of credential than this one.");
    case ProblemCode::ProtocolVersion:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "The relay and this program do not speak the same version of the "
                                 "protocol: one of the two is too old.");
    case ProblemCode::TooManyLinks:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "This token has as many connections as the relay allows.");
    case ProblemCode::TakenOver:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "Another program with the same identity took this one's place.");
    case ProblemCode::RateLimited:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "The relay asks to wait: there were too many tries.");
    case ProblemCode::RelayStopping:
        return QT_TRANSLATE_NOOP("ProblemText", "The relay is about to stop.");
    case ProblemCode::RelayFault:
        return QT_TRANSLATE_NOOP("ProblemText", "The relay has a fault of its own.");
    case ProblemCode::AddressTaken:
        return QT_TRANSLATE_NOOP("ProblemText", "Somebody else has this address.");
    case ProblemCode::AddressNotAllowed:
        return QT_TRANSLATE_NOOP("ProblemText", "The token does not allow this address or kind.");
    case ProblemCode::AddressInvalid:
        return QT_TRANSLATE_NOOP("ProblemText", "That is no address that a relay can give.");
    case ProblemCode::NoFreePort:
        return QT_TRANSLATE_NOOP("ProblemText", "The relay has no free port left.");
    case ProblemCode::TooManyTunnels:
        return QT_TRANSLATE_NOOP("ProblemText", "The relay allows no more tunnels.");
    case ProblemCode::NotServedHere:
        return QT_TRANSLATE_NOOP("ProblemText", "This relay does not serve such a tunnel.");
    case ProblemCode::TokenMissing:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "There is no token for this relay. Add the account again.");
    case ProblemCode::KeychainLocked:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "The keychain, where the token is, can't be used. Unlock it and "
                                 "try again, or add the account again to keep the token in a "
                                 "file.");
    case ProblemCode::ConfigInvalid:
        return QT_TRANSLATE_NOOP("ProblemText", "The configuration can't be used.");
    case ProblemCode::ConfigNotChanged:
        return QT_TRANSLATE_NOOP("ProblemText", "The configuration could not be changed.");
    case ProblemCode::ServiceAway:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "The agent that runs as a service does not answer right now.");
    case ProblemCode::NoConnection:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "There is no connection to the relay, which alone knows that.");
    case ProblemCode::RelayTooOld:
        return QT_TRANSLATE_NOOP("ProblemText", "The relay is too old for that.");
    case ProblemCode::UpstreamRefused:
        return QT_TRANSLATE_NOOP("ProblemText", "Nobody listens where the service should be. Start "
                                                "it, or check its port.");
    case ProblemCode::UpstreamUnreachable:
        return QT_TRANSLATE_NOOP("ProblemText", "The service can't be reached. Check its address "
                                                "and the network.");
    case ProblemCode::UpstreamTimeout:
        return QT_TRANSLATE_NOOP(
            "ProblemText",
            "The service does not answer in time. See whether it hangs, or a firewall is between.");
    case ProblemCode::UpstreamUnknownHost:
        return QT_TRANSLATE_NOOP("ProblemText", "The name of the service's computer is not known. "
                                                "Check how it is spelt.");
    case ProblemCode::CertificatePending:
        return QT_TRANSLATE_NOOP("ProblemText", "The certificate for visitors is being issued.");
    case ProblemCode::CertificateFailed:
        return QT_TRANSLATE_NOOP("ProblemText", "There is no certificate for visitors.");
    case ProblemCode::TokenNotHanded:
        return QT_TRANSLATE_NOOP("ProblemText",
                                 "The service that starts with the computer was not given this "
                                 "relay's token. Hand it over in the settings.");
    case ProblemCode::Other:
        break;
    }
    return nullptr;
}

} // namespace

// Whether the English words that come with it hold a fact that the sentence lacks: what a relay
// allows, the place in a file. Else they say the same again.
static bool addsFacts(ProblemCode code)
{
    switch (code) {
    case ProblemCode::AddressNotAllowed:
    case ProblemCode::AddressInvalid:
    case ProblemCode::NotServedHere:
    case ProblemCode::TooManyTunnels:
    case ProblemCode::RelayFault:
    case ProblemCode::ProxyRefused:
    case ProblemCode::ConfigInvalid:
    case ProblemCode::ConfigNotChanged:
    case ProblemCode::CertificateFailed:
    case ProblemCode::CertificateTime: // what this computer's clock says
    case ProblemCode::CertificateName: // which names there are
        return true;
    default:
        return false;
    }
}

QString problemText(const agent::Problem& problem)
{
    const QString details = fromUtf8(problem.text);
    const char* sentence = sentenceOf(problem.code);
    if (sentence == nullptr)
        return details;
    const QString own = QCoreApplication::translate("ProblemText", sentence);
    if (details.isEmpty() || !addsFacts(problem.code))
        return own;
    //: A sentence of ours, and the words of the relay or the system, which are English.
    return QCoreApplication::translate("ProblemText", "%1 In its words: “%2”").arg(own, details);
}

} // namespace sallyport::gui
