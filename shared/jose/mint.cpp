#include <sallyport/jose/mint.h>
#include <sallyport/wire/base64.h>

namespace sallyport::jose {

std::optional<Secret> mint(const Key& key, const Json::Object& claims)
{
    if (!key.isSecret())
        return std::nullopt;
    const Json header(
        Json::Object{{"alg", Json(std::string("HS256"))}, {"typ", Json(std::string("JWT"))}});
    std::string token = wire::toBase64Url(asBytes(header.dump())) + "." +
                        wire::toBase64Url(asBytes(Json(claims).dump()));
    token += "." + wire::toBase64Url(asBytes(key.sign(Algorithm::HS256, token)));
    return Secret(std::move(token));
}

} // namespace sallyport::jose
