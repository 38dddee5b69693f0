// Examples of the RFCs, and tokens made of any parts.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/jose/key_set.h>
#include <sallyport/wire/base64.h>

#include <string>
#include <string_view>

namespace sallyport::jose {

// RFC 7515, appendix A.
inline constexpr std::string_view RfcPayload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
inline constexpr std::string_view RfcSecretJwk =
    R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})";
inline constexpr std::string_view RfcRsaJwk =
    R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"})";
inline constexpr std::string_view RfcEcJwk =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
// RFC 8037, appendix A.
inline constexpr std::string_view RfcEdJwk =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";

inline constexpr std::string_view RfcHsHeader = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9";
inline constexpr std::string_view RfcHsSignature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline constexpr std::string_view RfcRsHeader = "eyJhbGciOiJSUzI1NiJ9";
inline constexpr std::string_view RfcRsSignature =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
    "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"
    "nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_"
    "dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhW"
    "kWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
inline constexpr std::string_view RfcEsHeader = "eyJhbGciOiJFUzI1NiJ9";
inline constexpr std::string_view RfcEsSignature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

inline std::string jwks(std::string_view key)
{
    return "{\"keys\":[" + std::string(key) + "]}";
}

inline KeySet keySet(std::string_view jwk)
{
    return *KeySet::fromJwks(jwks(jwk));
}

inline std::string joined(std::string_view header, std::string_view payload,
                          std::string_view signature)
{
    return std::string(header) + "." + std::string(payload) + "." + std::string(signature);
}

inline std::string base64(std::string_view text)
{
    return wire::toBase64Url(asBytes(text));
}

// Signed with HMAC by this key, whatever the header says.
inline std::string signedWith(const Key& key, std::string_view header, std::string_view payload,
                              Algorithm algorithm = Algorithm::HS256)
{
    const std::string text = base64(header) + "." + base64(payload);
    return text + "." + base64(key.sign(algorithm, text));
}

inline constexpr std::string_view Secret48 = "u9Xk2vQzE7rTnB4cWm1yHs6pLd8fGj3aJxRqKo5tUiNeCbVZ";

} // namespace sallyport::jose
