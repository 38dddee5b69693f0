#include <sallyport/net/resolver.h>

#include <netdb.h>
#include <sys/socket.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace sallyport::net {

namespace {

constexpr size_t LongestName = 253; // RFC 1035 section 2.3.4, without the last dot
constexpr size_t MostAddresses = 16;
// The system's resolver can't be told to stop: this many may be waiting for it.
constexpr int MostLookUps = 16;
std::atomic<int> lookUps{0};

// Where the helper thread leaves the answer. The lock keeps the receiver from going while it is
// being posted to.
struct Mailbox
{
    std::mutex lock;
    QObject* receiver = nullptr;
};

// Lives on the asking thread, as a child of the asker's context.
class Receiver final : public QObject
{
public:
    Receiver(QObject* context, std::function<void(Resolved)> answer)
        : QObject(context), m_answer(std::move(answer)), m_mailbox(std::make_shared<Mailbox>())
    {
        m_mailbox->receiver = this;
    }
    ~Receiver() override
    {
        const std::lock_guard guard(m_mailbox->lock);
        m_mailbox->receiver = nullptr;
    }
    std::shared_ptr<Mailbox> mailbox() const { return m_mailbox; }
    void take(Resolved resolved)
    {
        deleteLater(); // first: the answer may destroy the context, and this with it
        const auto answer = std::exchange(m_answer, nullptr);
        if (answer)
            answer(std::move(resolved));
    }

private:
    std::function<void(Resolved)> m_answer;
    std::shared_ptr<Mailbox> m_mailbox;
};

void deliver(Mailbox& mailbox, Resolved resolved)
{
    const std::lock_guard guard(mailbox.lock);
    auto* receiver = static_cast<Receiver*>(mailbox.receiver);
    if (!receiver)
        return;
    QMetaObject::invokeMethod(
        receiver, [receiver, r = std::move(resolved)]() mutable { receiver->take(std::move(r)); },
        Qt::QueuedConnection);
}

Resolved failure(const std::string& host, const std::string& why)
{
    return {{},
            "cannot find " + (host.empty() ? std::string("a host without a name") : host) + ": " +
                why};
}

Resolved lookUp(const std::string& host, uint16_t port)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (error != 0)
        return failure(host, ::gai_strerror(error));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    Resolved resolved;
    for (const addrinfo* a = found; a && resolved.addresses.size() < MostAddresses; a = a->ai_next)
        resolved.addresses.push_back(Address::fromNative(a->ai_addr, a->ai_addrlen));
    return resolved.addresses.empty() ? failure(host, "it has no address") : resolved;
}

// What needs no look-up.
std::optional<Resolved> atOnce(const std::string& host, uint16_t port)
{
    if (const auto numeric = Address::fromText(host, port))
        return Resolved{{*numeric}, {}};
    if (host.empty() || host.size() > LongestName || host.find('\0') != std::string::npos)
        return failure({}, "that is no host name");
    if (lookUps.load(std::memory_order_relaxed) >= MostLookUps)
        return failure(host, "too many look-ups still wait for the system's resolver");
    return std::nullopt;
}

} // namespace

void resolve(const std::string& host, uint16_t port, QObject* context,
             std::function<void(Resolved)> answer)
{
    const auto mailbox = (new Receiver(context, std::move(answer)))->mailbox();
    if (auto known = atOnce(host, port))
        return deliver(*mailbox, std::move(*known));
    ++lookUps;
    try {
        // Detached: nothing can end a look-up early, and nobody should wait for one.
        std::thread([mailbox, host, port] {
            Resolved resolved = lookUp(host, port);
            --lookUps;
            deliver(*mailbox, std::move(resolved));
        }).detach();
    } catch (const std::system_error& error) {
        --lookUps;
        deliver(*mailbox, failure(host, error.what()));
    }
}

} // namespace sallyport::net
