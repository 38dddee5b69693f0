#include "basic_auth.h"

#include <sallyport/auth/password_hash.h>
#include <sallyport/config/files.h>
#include <sallyport/wire/access.h>

#include <QByteArray>

#include <algorithm>
#include <utility>

namespace sallyport::cli {

namespace {

constexpr size_t MaxFile = 4096;

Result<std::string, std::string> hashed(const std::string& place, std::string text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    const Secret pair(std::move(text));
    const std::string_view both = pair.reveal();
    const size_t colon = both.find(':');
    if (colon == std::string_view::npos || colon + 1 == both.size())
        return Failure(place + " must be USER:PASSWORD");
    const std::string user(both.substr(0, colon));
    if (auto complaint = wire::checkUserName(user))
        return Failure(place + ": the user's name " + *complaint);
    if (user.find(' ') != std::string::npos)
        return Failure(place + ": the user's name must not hold blanks");
    const auto hash = auth::hashPassword(Secret(std::string(both.substr(colon + 1))));
    if (!hash)
        return Failure(place + ": the password could not be hashed: no memory");
    return user + ":" + *hash;
}

} // namespace

Result<std::optional<std::string>, std::string> basicAuthUser(const std::string& flag,
                                                              const std::string& file)
{
    using Answer = std::optional<std::string>;
    const auto answer = [](Result<std::string, std::string> user) -> Result<Answer, std::string> {
        if (!user)
            return Failure(user.error());
        return Answer(std::move(*user));
    };
    if (!flag.empty())
        return answer(hashed("--basic-auth", flag));
    if (!file.empty()) {
        auto read = config::readFile(file, MaxFile);
        if (!read)
            return Failure("--basic-auth-file " + file + " " + config::toText(read.error()));
        return answer(hashed("--basic-auth-file " + file, std::move(read->text)));
    }
    if (const QByteArray variable = qgetenv("SALLYPORT_BASIC_AUTH"); !variable.isEmpty())
        return answer(hashed("SALLYPORT_BASIC_AUTH", variable.toStdString()));
    return Answer();
}

} // namespace sallyport::cli
