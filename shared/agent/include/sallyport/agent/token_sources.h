// Where tokens come from, beside a fixed one.
//
// Threads: the agent's. What a provider needs lives as long as its copies do.
#pragma once

#include <sallyport/agent/options.h>
#include <sallyport/config/agent_credentials.h>

#include <string>

namespace sallyport::agent {

// Read anew for each question.
TokenProvider tokenFromFile(std::string path);

// A program's output: one line, or {"token": "...", "expiry": "2027-01-31T12:00:00Z"}. It runs
// without a shell; what it needs to know stands in its environment: SALLYPORT_STAGE (handshake or
// reauth), SALLYPORT_NONCE (may be empty), SALLYPORT_NAMES, SALLYPORT_HOSTNAMES and
// SALLYPORT_TCP_PORTS (separated by commas). One at a time runs; the latest question waits.
TokenProvider tokenFromCommand(const config::AgentCredentials& credentials);

// Signed here (HS256). The secret's file is read anew for each question. A hello's token says that
// it is to be bound to the link by a nonce, so that it opens nothing for whoever may get hold of
// it.
TokenProvider mintedToken(const config::AgentCredentials::Jwt& config, std::string agentName);

} // namespace sallyport::agent
