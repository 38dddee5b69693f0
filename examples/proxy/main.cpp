// Publishes a local port from inside a Qt program: what `sallyport http PORT` does.
//
//     SALLYPORT_RELAY=... SALLYPORT_TOKEN=... sallyport-example-proxy 3000
#include "example.h"

#include <QCoreApplication>

int main(int argc, char** argv)
{
    using namespace sallyport;
    QCoreApplication application(argc, argv);

    auto options = example::optionsFromEnvironment("example-proxy");
    const auto upstream =
        config::Upstream::parse(argc > 1 ? argv[1] : "3000", config::TunnelKind::Http);
    if (!options || !upstream)
        return 2;
    options->tunnels["web"].config.upstream = *upstream;

    agent::Agent agent(std::move(*options));
    example::narrate(agent);
    agent.start();
    return QCoreApplication::exec();
}
