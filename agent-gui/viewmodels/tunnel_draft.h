// What a person has filled in for a tunnel, and the configuration that it makes. Pure.
#pragma once

#include <sallyport/config/tunnel_config.h>

#include <QString>

#include <optional>
#include <string>

namespace sallyport::gui {

struct TunnelDraft
{
    enum class Address { Chosen, Name, Hostname, Port };
    enum class Access { Everybody, Password, Networks, Kept };

    QString upstream;
    config::TunnelKind kind = config::TunnelKind::Http;
    Address address = Address::Name;
    QString name;
    QString hostname;
    QString port;
    Access access = Access::Everybody;
    QString user;
    QString networks; // between commas or blanks
    bool passwordGiven = false;
    // What is edited: its other keys stay.
    config::TunnelConfig base;

    struct Errors
    {
        QString upstream;
        QString address;
        QString access;
        bool operator==(const Errors&) const = default;
    };
    struct Outcome
    {
        // Nothing: something is missing or wrong. A password still has to be hashed into it.
        std::optional<config::TunnelConfig> config;
        Errors errors; // of what is there; what is missing is no error yet
        // The same with access for everybody, as soon as its address can be asked for.
        std::optional<config::TunnelConfig> addressed;
        QString missing; // a sentence where nothing is wrong and something missing
    };
    Outcome build() const;

    static TunnelDraft from(const config::TunnelConfig& config);
    // A label for the configuration that none of `taken` has.
    std::string freshRef(const std::vector<std::string>& taken) const;
};

// A form that was left before it was saved.
struct UnfinishedTunnel
{
    TunnelDraft draft; // without its password
    bool suggestedName = false;
};

} // namespace sallyport::gui
