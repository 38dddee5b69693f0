// Signed requests to one CA: finds the directory, keeps nonces, signs, tries again. Private to this
// library.
//
// What is asked is queued with a purpose; its answer, or why there is none, comes back with that
// purpose once. In between, without the owner's knowing: the directory and nonces are fetched, a
// refused nonce is replaced (RFC 8555 section 6.5), and requests that the CA did not answer, or
// answered with 5xx, are sent again after growing waits.
#pragma once

#include "directory.h"

#include <sallyport/acme/account_key.h>
#include <sallyport/acme/exchange.h>
#include <sallyport/acme/problem.h>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sallyport::acme {

enum class Endpoint { NewAccount, NewOrder, RenewalInfo };

struct Purpose
{
    uint64_t owner = 0; // 0: the account
    int step = 0;
    size_t index = 0;
};

struct Ask
{
    Purpose purpose;
    std::variant<std::string, Endpoint> target; // a URL, or a place that the directory names
    std::string suffix;                         // behind the endpoint's URL
    std::string payload;                        // empty: POST-as-GET
    // A payload that can only be made once the directory is known; fails with a sentence.
    std::function<Result<std::string, std::string>(const Directory&)> late = {};
    bool plain = false;  // an unsigned GET
    bool newKey = false; // signed with the key itself, not by account
    std::optional<TimePoint> notBefore = {};
};

struct Answer
{
    Purpose purpose;
    Response response; // a success, unless there is a problem
    std::optional<Problem> problem;
};

class Session
{
public:
    struct Limits
    {
        size_t inFlight = 8;
        size_t nonces = 16;
        int tries = 5;       // of a request that was not answered
        int nonceTries = 12; // of one whose nonce was refused
        Duration firstWait = std::chrono::seconds(1);
        // A CA that asks for a longer wait has its request failed with that wait instead.
        Duration longestWait = std::chrono::seconds(30);
        Duration directoryLifetime = std::chrono::hours(24);
    };

    Session(std::string directoryUrl, AccountKey key, Limits limits);

    // --- inputs ---
    void receive(uint64_t id, const Response& response, Now now);
    void failed(uint64_t id, const std::string& reason, Now now);

    // --- commands ---
    void ask(Ask ask);
    // Signed requests wait until the account is known.
    void setAccount(std::string url) { m_account = std::move(url); }
    const std::string& account() const { return m_account; }
    // Forgets what this owner asked; answers under way are dropped.
    void drop(uint64_t owner);

    // --- outputs ---
    std::optional<Request> takeRequest(Now now);
    std::optional<Answer> nextAnswer();
    std::optional<TimePoint> nextDeadline() const;

    // Null before the directory was read.
    const Directory* directory() const { return m_directory ? &*m_directory : nullptr; }
    const AccountKey& key() const { return m_key; }

private:
    struct Pending
    {
        Ask ask;
        int tries = 0;
        int nonceTries = 0;
        bool dropped = false;
    };
    struct DirectoryFetch
    {};
    struct NonceFetch
    {};
    using Flight = std::variant<DirectoryFetch, NonceFetch, Pending>;

    bool wantsDirectory(Now now) const;
    bool isReady(const Pending& pending) const;
    void forgetPastWaits(Now now);
    std::string urlOf(const Ask& ask) const;
    Request send(Flight flight, Method method, std::string url, std::string body = {});
    Result<std::string, Problem> sign(const Ask& ask, const std::string& url);
    void takeDirectory(const Response& response, Now now);
    void takeAnswer(Pending pending, const Response& response, Now now);
    void again(Pending pending, Problem problem, Now now);
    void groundworkFailed(Problem problem, Now now);
    void finish(const Ask& ask, Response response, std::optional<Problem> problem);
    void keepNonce(const Response& response);

    std::string m_directoryUrl;
    AccountKey m_key;
    Limits m_limits;
    std::string m_account;
    std::optional<Directory> m_directory;
    TimePoint m_directoryEnds{};
    bool m_directoryAsked = false;
    bool m_nonceAsked = false;
    int m_groundworkTries = 0; // of directory or nonce
    std::optional<TimePoint> m_groundworkFrom;
    std::vector<std::string> m_nonces; // the newest last
    std::deque<Pending> m_waiting;
    std::map<uint64_t, Flight> m_inFlight;
    std::deque<Answer> m_answers;
    uint64_t m_nextId = 1;
};

} // namespace sallyport::acme
