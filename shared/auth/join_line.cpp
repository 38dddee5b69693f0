#include <sallyport/auth/join_line.h>
#include <sallyport/config/agent_config.h>

#include <algorithm>
#include <utility>

namespace sallyport::auth {

namespace {

constexpr std::string_view scheme = "sallyport://";
constexpr std::string_view pinParameter = "pin=";

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

} // namespace

Secret JoinLine::text() const
{
    std::string line(scheme);
    line += token.reveal();
    line += "@" + relay.text();
    if (pin)
        line += "?" + std::string(pinParameter) + pin->text();
    return Secret(std::move(line));
}

bool JoinLine::looksLikeOne(std::string_view text)
{
    return trimmed(text).starts_with(scheme);
}

Result<JoinLine, std::string> JoinLine::parse(std::string_view text)
{
    text = trimmed(text);
    if (!text.starts_with(scheme))
        return Failure(std::string("this is not a join line: it begins with sallyport://"));
    text.remove_prefix(scheme.size());

    std::string_view query;
    if (const size_t mark = text.find('?'); mark != std::string_view::npos) {
        query = text.substr(mark + 1);
        text = text.substr(0, mark);
    }
    const size_t at = text.find('@');
    if (at == std::string_view::npos)
        return Failure(std::string("the join line is incomplete: copy it whole"));
    auto token = Token::parse(text.substr(0, at));
    if (!token)
        return Failure(toText(token.error()));
    std::string_view address = text.substr(at + 1);
    if (address.ends_with('/'))
        address.remove_suffix(1);
    auto relay = config::Endpoint::parse(address, config::RelayAddress::DefaultPort);
    if (!relay)
        return Failure("the relay's address in the join line " + relay.error());

    JoinLine line{std::move(*token), std::move(*relay), {}};
    // Parameters of later versions are passed over.
    while (!query.empty()) {
        const size_t end = std::min(query.find('&'), query.size());
        const std::string_view parameter = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (!parameter.starts_with(pinParameter))
            continue;
        const auto pin = config::Pin::parse(parameter.substr(pinParameter.size()));
        // Going on without it would trust more than the line says.
        if (!pin)
            return Failure("the pin in the join line " + pin.error());
        line.pin = *pin;
    }
    return line;
}

} // namespace sallyport::auth
