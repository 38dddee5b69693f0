// Makes one connection to an upstream: looks its name up where needed and tries its addresses in
// turn.
//
// On this machine the answer is mostly known at once, so `done` may come inside start(), without a
// turn of the loop in between.
//
// Threads: that of the IoContext. Lifetime: `done` is called once, unless the connector is
// destroyed first; it may retire() the connector but not destroy it.
#pragma once

#include "upstream_target.h"

#include <sallyport/agent/problem.h>
#include <sallyport/base/result.h>
#include <sallyport/net/deadline.h>
#include <sallyport/net/io_context.h>
#include <sallyport/net/resolver.h>
#include <sallyport/net/socket.h>
#include <sallyport/wire/messages.h>

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::agent {

struct UpstreamError
{
    wire::StreamFailure code = wire::StreamFailure::Other;
    std::string text; // "127.0.0.1:3000: connection refused"
};

ProblemCode problemCodeOfUpstream(wire::StreamFailure failure);

class UpstreamConnector final : public net::Retirable, private net::ReadyHandler
{
public:
    using Done = std::function<void(Result<net::Socket, UpstreamError>)>;

    UpstreamConnector(net::IoContext& io, std::shared_ptr<UpstreamTarget> target, Duration timeout,
                      Done done);
    ~UpstreamConnector() override;
    void start();

private:
    void onReady(net::Readiness hints) override;
    void lookUp();
    void tryNext();
    void tryAddress(const net::Address& address);
    void wait();
    void startClock();
    void addressFailed(int error);
    void succeed();
    void fail(UpstreamError error);
    void forgetSocket();

    net::IoContext& m_io;
    std::shared_ptr<UpstreamTarget> m_target;
    Duration m_timeout;
    Done m_done;
    net::Socket m_socket;
    bool m_watching = false;
    bool m_anyAddressTried = false;
    std::vector<net::Address> m_left; // still to try, the last one first
    std::optional<net::Address> m_current;
    std::optional<UpstreamError> m_firstError;
    std::optional<net::Deadline> m_deadline;
    std::unique_ptr<QObject> m_lookUp;
};

} // namespace sallyport::agent
