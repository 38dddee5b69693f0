// What the relay makes for itself at first start: its key and certificate, and a first token.
#pragma once

#include <sallyport/auth/token.h>
#include <sallyport/base/result.h>
#include <sallyport/config/relay_config.h>
#include <sallyport/tls/context.h>
#include <sallyport/tls/keys.h>

#include <memory>
#include <optional>
#include <string>

namespace sallyport::relay {

// The configured pair, or the one in the state folder, made when missing. The error is a sentence
// that names the file. With an authority of the relay's own the chain is that authority's, for the
// same key.
Result<tls::KeyPair, std::string> relayKeys(const config::RelayConfig& config);

// For the agents' listener: TLS 1.3, the link's protocol and WebSocket upgrades. With `clients`
// agents are asked for certificates. Reads the keys anew; the error is a sentence.
Result<std::shared_ptr<const tls::Context>, std::string>
agentTlsContext(const config::RelayConfig& config, std::optional<tls::ClientTrust> clients);

// "sallyport://TOKEN@HOST:PORT?pin=sha256:...". The pin is left out when the operator configured a
// certificate of their own: then the system's authorities decide.
std::string joinLine(const config::RelayConfig& config, const auth::Token& token,
                     const tls::KeyPair& keys, uint16_t agentsPort);

// Where agents reach the relay: public_host, the domain, or what the machine calls itself.
std::string relayHost(const config::RelayConfig& config);

// A folder that cannot be used, as a sentence.
std::optional<std::string> prepareStateFolder(const config::RelayConfig& config);

} // namespace sallyport::relay
