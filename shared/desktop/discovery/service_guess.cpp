#include "discovery/web_markers.h"

#include <sallyport/desktop/service_guess.h>

#include <algorithm>
#include <array>
#include <optional>

namespace sallyport::desktop {

namespace {

using Sort = ServiceGuess::Sort;

struct KnownProcess
{
    std::string_view process;
    Sort sort;
    std::string_view name;
};

// None of these speaks HTTP on its main port.
constexpr std::array knownProcesses{
    KnownProcess{"sshd", Sort::RemoteShell, "SSH"},
    KnownProcess{"dropbear", Sort::RemoteShell, "SSH"},
    KnownProcess{"telnetd", Sort::RemoteShell, "Telnet"},
    KnownProcess{"postgres", Sort::Database, "PostgreSQL"},
    KnownProcess{"mysqld", Sort::Database, "MySQL"},
    KnownProcess{"mariadbd", Sort::Database, "MariaDB"},
    KnownProcess{"redis-server", Sort::Database, "Redis"},
    KnownProcess{"valkey-server", Sort::Database, "Valkey"},
    KnownProcess{"memcached", Sort::Database, "Memcached"},
    KnownProcess{"mongod", Sort::Database, "MongoDB"},
    KnownProcess{"cassandra", Sort::Database, "Cassandra"},
    KnownProcess{"xrdp", Sort::RemoteDesktop, "RDP"},
    KnownProcess{"gnome-remote-desktop-daemon", Sort::RemoteDesktop, "RDP"},
    KnownProcess{"Xvnc", Sort::RemoteDesktop, "VNC"},
    KnownProcess{"Xtigervnc", Sort::RemoteDesktop, "VNC"},
    KnownProcess{"x11vnc", Sort::RemoteDesktop, "VNC"},
    KnownProcess{"krfb", Sort::RemoteDesktop, "VNC"},
    KnownProcess{"wayvnc", Sort::RemoteDesktop, "VNC"},
    KnownProcess{"master", Sort::Mail, "Postfix"},
    KnownProcess{"exim4", Sort::Mail, "SMTP"},
    KnownProcess{"dovecot", Sort::Mail, "IMAP"},
    KnownProcess{"vsftpd", Sort::Files, "FTP"},
    KnownProcess{"smbd", Sort::Files, "Windows shares"},
    KnownProcess{"rsync", Sort::Files, "rsync"},
    KnownProcess{"mosquitto", Sort::Messages, "MQTT"},
    KnownProcess{"nats-server", Sort::Messages, "NATS"},
    KnownProcess{"named", Sort::System, "DNS"},
    KnownProcess{"dnsmasq", Sort::System, "DNS"},
    KnownProcess{"systemd-resolved", Sort::System, "DNS"},
    KnownProcess{"rpcbind", Sort::System, "RPC"},
};

struct KnownPort
{
    uint16_t port;
    Sort sort;
    std::string_view name;
};

// Ports that hardly anybody uses for a web server.
constexpr std::array knownPorts{
    KnownPort{21, Sort::Files, "FTP"},
    KnownPort{22, Sort::RemoteShell, "SSH"},
    KnownPort{23, Sort::RemoteShell, "Telnet"},
    KnownPort{25, Sort::Mail, "SMTP"},
    KnownPort{53, Sort::System, "DNS"},
    KnownPort{110, Sort::Mail, "POP3"},
    KnownPort{111, Sort::System, "RPC"},
    KnownPort{139, Sort::Files, "Windows shares"},
    KnownPort{143, Sort::Mail, "IMAP"},
    KnownPort{389, Sort::System, "LDAP"},
    KnownPort{445, Sort::Files, "Windows shares"},
    KnownPort{465, Sort::Mail, "SMTP"},
    KnownPort{515, Sort::System, "Printing"},
    KnownPort{587, Sort::Mail, "SMTP"},
    KnownPort{873, Sort::Files, "rsync"},
    KnownPort{993, Sort::Mail, "IMAP"},
    KnownPort{995, Sort::Mail, "POP3"},
    KnownPort{1433, Sort::Database, "SQL Server"},
    KnownPort{1521, Sort::Database, "Oracle"},
    KnownPort{1883, Sort::Messages, "MQTT"},
    KnownPort{2049, Sort::Files, "NFS"},
    KnownPort{3306, Sort::Database, "MySQL"},
    KnownPort{3389, Sort::RemoteDesktop, "RDP"},
    KnownPort{4222, Sort::Messages, "NATS"},
    KnownPort{5432, Sort::Database, "PostgreSQL"},
    KnownPort{5672, Sort::Messages, "AMQP"},
    KnownPort{5900, Sort::RemoteDesktop, "VNC"},
    KnownPort{5901, Sort::RemoteDesktop, "VNC"},
    KnownPort{6379, Sort::Database, "Redis"},
    KnownPort{9042, Sort::Database, "Cassandra"},
    KnownPort{9092, Sort::Messages, "Kafka"},
    KnownPort{9100, Sort::System, "Printing"},
    KnownPort{11211, Sort::Database, "Memcached"},
    KnownPort{25565, Sort::System, "Minecraft"},
    KnownPort{27017, Sort::Database, "MongoDB"},
};

struct Greeting
{
    std::string_view start;
    Sort sort;
    std::string_view name;
};

// What services say that speak first, or that take a request for nonsense.
constexpr std::array greetings{
    Greeting{"SSH-", Sort::RemoteShell, "SSH"},
    Greeting{"RFB ", Sort::RemoteDesktop, "VNC"},
    Greeting{"220 ", Sort::Mail, "SMTP"},
    Greeting{"220-", Sort::Mail, "SMTP"},
    Greeting{"+OK ", Sort::Mail, "POP3"},
    Greeting{"* OK ", Sort::Mail, "IMAP"},
    Greeting{"-ERR ", Sort::Database, "Redis"},
    Greeting{"AMQP", Sort::Messages, "AMQP"},
    Greeting{"INFO {", Sort::Messages, "NATS"},
    Greeting{"@RSYNCD:", Sort::Files, "rsync"},
    Greeting{"ERROR\r\n", Sort::Database, "Memcached"},
};

ServiceGuess guessOf(Sort sort, std::string_view name)
{
    ServiceGuess guess;
    guess.sort = sort;
    guess.name = std::string(name);
    return guess;
}

std::optional<ServiceGuess> fromProcess(std::string_view process)
{
    for (const KnownProcess& known : knownProcesses)
        if (known.process == process)
            return guessOf(known.sort, known.name);
    return {};
}

std::optional<ServiceGuess> fromPort(uint16_t port)
{
    for (const KnownPort& known : knownPorts)
        if (known.port == port)
            return guessOf(known.sort, known.name);
    return {};
}

std::optional<ServiceGuess> fromGreeting(std::string_view answer)
{
    for (const Greeting& greeting : greetings) {
        if (!answer.starts_with(greeting.start))
            continue;
        const bool ftp = greeting.name == "SMTP" && answer.find("FTP") != std::string_view::npos;
        return ftp ? guessOf(Sort::Files, "FTP") : guessOf(greeting.sort, greeting.name);
    }
    // A MySQL server's first packet: length, number 0, protocol 10, version.
    if (answer.size() > 5 && answer[3] == 0 && answer[4] == 10)
        return guessOf(Sort::Database,
                       answer.find("MariaDB") != std::string_view::npos ? "MariaDB" : "MySQL");
    return {};
}

// A program that serves web pages, whatever it answers now.
bool isWebProgram(const Evidence& evidence)
{
    return !evidence.program.empty();
}

ServiceGuess webGuess(const Evidence& evidence, const WebAnswer& answer)
{
    ServiceGuess guess = guessOf(Sort::Web, webProduct(answer, evidence.process, evidence.program));
    // The title of an error page or a redirection says nothing of the service.
    if (answer.status >= 200 && answer.status < 300)
        guess.title = pageTitle(answer.body);
    guess.kind = evidence.tls ? config::TunnelKind::Tls : config::TunnelKind::Http;
    if (guess.name == "CUPS")
        guess.sort = Sort::System;
    return guess;
}

ServiceGuess unmarkedGuess(const Evidence& evidence)
{
    const WebAnswer answer = WebAnswer::parse(evidence.answer);
    if (answer.status != 0)
        return webGuess(evidence, answer);
    if (auto guess = fromGreeting(evidence.answer))
        return *guess;
    if (auto guess = fromProcess(evidence.process))
        return *guess;
    if (isWebProgram(evidence))
        return webGuess(evidence, answer);
    if (auto guess = fromPort(evidence.port))
        return *guess;
    return {};
}

} // namespace

ServiceGuess guessService(const Evidence& evidence)
{
    ServiceGuess guess = unmarkedGuess(evidence);
    guess.tls = evidence.tls;
    if (guess.tls)
        guess.kind = config::TunnelKind::Tls;
    return guess;
}

bool isKnownWithoutAsking(const Evidence& evidence)
{
    if (fromProcess(evidence.process))
        return true;
    // On such a port an unknown program is more likely its usual service than a web server.
    return !isWebProgram(evidence) && fromPort(evidence.port).has_value();
}

} // namespace sallyport::desktop
