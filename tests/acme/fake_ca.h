// A certificate authority in memory: answers requests as RFC 8555 says, issues real certificates,
// and does what a test tells it to do wrong. It checks signatures' form but not the signatures; the
// end-to-end tests do that with Pebble.
#pragma once

#include <sallyport/acme/manager.h>
#include <sallyport/wire/base64.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <deque>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace sallyport::acme::test {

using Json = nlohmann::json;
using namespace std::chrono_literals;

inline std::string decoded(const std::string& text)
{
    return wire::fromBase64Url(text).value_or("");
}

// What a request carried.
struct Signed
{
    Json header;
    std::string payload;
    Json json() const { return payload.empty() ? Json() : Json::parse(payload); }

    static Signed of(const Request& request)
    {
        const Json body = Json::parse(request.body);
        return {Json::parse(decoded(body.at("protected"))), decoded(body.at("payload"))};
    }
};

class FakeCa
{
public:
    FakeCa()
    {
        m_key.reset(EVP_EC_gen("P-256"));
        m_issuer = make("CN=ca", {}, m_key.get(), tls::SystemTime(24h), 24h * 36500);
    }

    static constexpr const char* DirectoryUrl = "https://ca.test/dir";

    // --- what to do ---
    std::vector<std::string> offers = {"http-01", "tls-alpn-01", "dns-01"};
    std::chrono::hours lifetime{24 * 90};
    int badNonces = 0;       // refuse this many
    int processingPolls = 1; // of an order, before it is valid
    bool hang = false;       // orders stay in processing for ever
    bool external = false;
    bool renewalInfo = false;
    Json window;               // of renewal information
    std::string invalidDetail; // challenges fail with this
    // Looked at before anything else; a response ends it.
    std::function<std::optional<Response>(const Request&)> intercept;
    tls::SystemTime now{};

    // --- what happened ---
    std::vector<std::string> log; // "POST /order"
    std::vector<Signed> accounts;
    std::vector<Json> orders;
    int issued = 0;

    Response answer(const Request& request)
    {
        const std::string path = request.url.substr(std::string("https://ca.test").size());
        log.push_back((request.method == Method::Get    ? "GET "
                       : request.method == Method::Head ? "HEAD "
                                                        : "POST ") +
                      path);
        if (intercept)
            if (auto response = intercept(request))
                return *response;
        if (path == "/dir")
            return directory();
        if (path == "/nonce")
            return with({200, {}, {}});
        if (path.starts_with("/ari/"))
            return with(
                {200, {{"retry-after", "21600"}}, Json{{"suggestedWindow", window}}.dump()});
        const Signed what = Signed::of(request);
        if (what.header.at("url") != request.url)
            return problem(400, "malformed", "wrong url in the header");
        if (!m_nonces.erase(what.header.at("nonce").get<std::string>()) || badNonces > 0) {
            badNonces = std::max(0, badNonces - 1);
            return problem(400, "badNonce", "another one, please");
        }
        return signedAnswer(path, what);
    }

    Response problem(int status, const std::string& type, const std::string& detail,
                     std::vector<std::pair<std::string, std::string>> headers = {})
    {
        return with(
            {status, std::move(headers),
             Json{{"type", "urn:ietf:params:acme:error:" + type}, {"detail", detail}}.dump()});
    }

private:
    template <auto Free>
    struct Freer
    {
        template <typename T>
        void operator()(T* p) const
        {
            Free(p);
        }
    };
    using X509Ptr = std::unique_ptr<X509, Freer<X509_free>>;

    struct OrderState
    {
        std::vector<std::string> names;
        std::vector<bool> valid;
        std::string status = "pending";
        std::string error;
        int polls = 0;
        std::string pem;
    };

    Response with(Response response)
    {
        const std::string nonce = "nonce-" + std::to_string(++m_nonceCount);
        m_nonces.insert(nonce);
        response.headers.emplace_back("replay-nonce", nonce);
        return response;
    }

    Response directory()
    {
        Json json = {{"newNonce", "https://ca.test/nonce"},
                     {"newAccount", "https://ca.test/account"},
                     {"newOrder", "https://ca.test/order"},
                     {"meta", {{"externalAccountRequired", external}}}};
        if (renewalInfo)
            json["renewalInfo"] = "https://ca.test/ari";
        return {200, {}, json.dump()};
    }

    Response signedAnswer(const std::string& path, const Signed& what)
    {
        if (path == "/account") {
            accounts.push_back(what);
            return with({201, {{"location", "https://ca.test/account/1"}}, "{}"});
        }
        if (path == "/order") {
            const Json payload = what.json();
            orders.push_back(payload);
            OrderState state;
            for (const Json& id : payload.at("identifiers"))
                state.names.push_back(id.at("value"));
            state.valid.resize(state.names.size());
            m_orders.push_back(state);
            const std::string url = "https://ca.test/order/" + std::to_string(m_orders.size() - 1);
            return with({201, {{"location", url}}, orderText(m_orders.size() - 1)});
        }
        const auto parts = split(path); // order/N, authz/N/I, chall/N/I/TYPE, finalize/N, cert/N
        const size_t n = parts.size() > 1 ? std::stoul(parts[1]) : 0;
        if (n >= m_orders.size())
            return problem(404, "malformed", "no such thing");
        OrderState& order = m_orders[n];
        if (parts[0] == "order") {
            if (order.status == "processing" && !hang && ++order.polls > processingPolls)
                order.status = "valid";
            return with({200, {}, orderText(n)});
        }
        if (parts[0] == "authz")
            return with({200, {}, authorizationText(n, std::stoul(parts[2]))});
        if (parts[0] == "chall") {
            if (invalidDetail.empty()) {
                order.valid[std::stoul(parts[2])] = true;
                if (std::find(order.valid.begin(), order.valid.end(), false) == order.valid.end())
                    order.status = "ready";
            } else {
                order.status = "invalid";
                order.error = parts[3];
            }
            return with({200, {}, "{}"});
        }
        if (parts[0] == "finalize") {
            if (order.status != "ready")
                return problem(403, "orderNotReady", "not yet");
            order.status = "processing";
            order.pem = issue(decoded(what.json().at("csr")));
            return with({200, {}, orderText(n)});
        }
        return with({200, {{"content-type", "application/pem-certificate-chain"}}, order.pem});
    }

    std::string orderText(size_t n) const
    {
        const OrderState& order = m_orders[n];
        const std::string id = std::to_string(n);
        Json json = {{"status", order.status}, {"finalize", "https://ca.test/finalize/" + id}};
        json["authorizations"] = Json::array();
        for (size_t i = 0; i < order.names.size(); ++i)
            json["authorizations"].push_back("https://ca.test/authz/" + id + "/" +
                                             std::to_string(i));
        if (order.status == "valid")
            json["certificate"] = "https://ca.test/cert/" + id;
        return json.dump();
    }

    std::string authorizationText(size_t n, size_t i) const
    {
        const OrderState& order = m_orders[n];
        std::string name = order.names[i];
        const bool wildcard = name.starts_with("*.");
        if (wildcard)
            name.erase(0, 2);
        const bool failed = order.status == "invalid";
        Json json = {{"status", order.valid[i] ? "valid"
                                : failed       ? "invalid"
                                               : "pending"},
                     {"identifier", {{"type", "dns"}, {"value", name}}},
                     {"wildcard", wildcard},
                     {"challenges", Json::array()}};
        for (const std::string& type : offers) {
            Json challenge = {{"type", type},
                              {"url", "https://ca.test/chall/" + std::to_string(n) + "/" +
                                          std::to_string(i) + "/" + type},
                              {"token", "token-" + std::to_string(n) + "-" + std::to_string(i)},
                              {"status", "pending"}};
            if (failed && type == order.error)
                challenge["error"] = {{"type", "urn:ietf:params:acme:error:unauthorized"},
                                      {"detail", invalidDetail}};
            json["challenges"].push_back(challenge);
        }
        return json.dump();
    }

    std::string issue(const std::string& csr)
    {
        ++issued;
        const auto* at = reinterpret_cast<const unsigned char*>(csr.data());
        const std::unique_ptr<X509_REQ, Freer<X509_REQ_free>> request(
            d2i_X509_REQ(nullptr, &at, long(csr.size())));
        if (!request || X509_REQ_verify(request.get(), X509_REQ_get0_pubkey(request.get())) != 1)
            return {};
        const auto x509 =
            make("CN=leaf", request.get(), X509_REQ_get0_pubkey(request.get()), now, lifetime);
        return pem(x509.get()) + pem(m_issuer.get());
    }

    static std::string pem(X509* x509)
    {
        const std::unique_ptr<BIO, Freer<BIO_free_all>> out(BIO_new(BIO_s_mem()));
        PEM_write_bio_X509(out.get(), x509);
        char* text = nullptr;
        const long size = BIO_get_mem_data(out.get(), &text);
        return {text, size_t(size)};
    }

    X509Ptr make(const std::string& name, X509_REQ* request, EVP_PKEY* key, tls::SystemTime from,
                 std::chrono::hours life)
    {
        using std::chrono::system_clock;
        X509Ptr x509(X509_new());
        X509_set_version(x509.get(), X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1000 + issued);
        auto* subject = X509_get_subject_name(x509.get());
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(name.data()), -1, -1, 0);
        X509_set_issuer_name(x509.get(),
                             m_issuer ? X509_get_subject_name(m_issuer.get()) : subject);
        ASN1_TIME_set(X509_getm_notBefore(x509.get()), system_clock::to_time_t(from));
        ASN1_TIME_set(X509_getm_notAfter(x509.get()), system_clock::to_time_t(from + life));
        X509_set_pubkey(x509.get(), key);
        X509V3_CTX context;
        X509V3_set_ctx(&context, m_issuer ? m_issuer.get() : x509.get(), x509.get(), request,
                       nullptr, 0);
        const auto extend = [&](int nid, const char* value) {
            X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
            if (extension)
                X509_add_ext(x509.get(), extension, -1);
            X509_EXTENSION_free(extension);
        };
        extend(NID_subject_key_identifier, "hash");
        if (m_issuer)
            extend(NID_authority_key_identifier, "keyid:always");
        if (request) {
            auto* extensions = X509_REQ_get_extensions(request);
            for (int i = 0; i < sk_X509_EXTENSION_num(extensions); ++i)
                X509_add_ext(x509.get(), sk_X509_EXTENSION_value(extensions, i), -1);
            sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
        }
        X509_sign(x509.get(), m_key.get(), EVP_sha256());
        return x509;
    }

    static std::vector<std::string> split(const std::string& path)
    {
        std::vector<std::string> parts;
        for (size_t at = 1; at <= path.size();) {
            const size_t end = std::min(path.find('/', at), path.size());
            parts.push_back(path.substr(at, end - at));
            at = end + 1;
        }
        return parts;
    }

    std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>> m_key;
    X509Ptr m_issuer;
    std::set<std::string> m_nonces;
    int m_nonceCount = 0;
    std::vector<OrderState> m_orders;
};

} // namespace sallyport::acme::test
