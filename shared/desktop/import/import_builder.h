// Collects what an importer finds: tunnels by unique refs, and notes. What an importer gives it is
// checked as agent.yaml is, and turned into a note when it does not hold.
#pragma once

#include <sallyport/config/document.h>
#include <sallyport/desktop/import.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace sallyport::desktop {

class ImportBuilder
{
public:
    explicit ImportBuilder(ImportFormat format) { m_result.format = format; }

    void note(std::string place, std::string sentence);
    // The host of "host:port" or of a URL.
    void hintRelay(std::string_view address);
    // `wanted` becomes a ref of ours ("My Web" -> "my-web"); a taken one gets a number.
    void add(std::string_view wanted, config::TunnelConfig tunnel, const std::string& place,
             ImportProtection protection = {});

    // Reads an upstream; a note and nothing when it cannot be one.
    std::optional<config::Upstream> upstream(std::string_view text, config::TunnelKind kind,
                                             const std::string& place);
    // Sets hostname, or adds a note.
    void setHostname(config::TunnelConfig& tunnel, std::string_view text, const std::string& place);
    void setName(config::TunnelConfig& tunnel, std::string_view text, const std::string& place);
    void setRemotePort(config::TunnelConfig& tunnel, std::string_view text,
                       const std::string& place);
    // Notes each key of the map that is not among `known`.
    void noteOthers(const config::Node& map, const std::set<std::string_view>& known,
                    const std::string& place);

    ImportResult take() { return std::move(m_result); }

private:
    std::string freeRef(std::string_view wanted) const;

    ImportResult m_result;
};

// Adds a login, or its key to what is lost where it can't be one here.
void addLogin(ImportProtection& protection, std::string_view user, std::string_view password,
              std::string_view key);
// The same of "user:password".
void addLogin(ImportProtection& protection, std::string_view both, std::string_view key);

// The text of a map's scalar; empty when there is none.
std::string_view textOf(const config::Node& map, std::string_view key);
bool isTrue(std::string_view text);
// A scalar as a list of one.
std::vector<std::string_view> textsOf(const config::Node& map, std::string_view key);

} // namespace sallyport::desktop
