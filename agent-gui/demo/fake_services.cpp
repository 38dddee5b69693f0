#include "fake_services.h"

namespace sallyport::gui::demo {

namespace {

desktop::Listener listener(uint16_t port, std::string process, std::string program = {})
{
    desktop::Listener result;
    result.port = port;
    result.host = "127.0.0.1";
    result.pid = 4'000 + port;
    result.process = std::move(process);
    result.program = std::move(program);
    return result;
}

} // namespace

desktop::ScanResult FakeServices::scan()
{
    desktop::Scan scan;
    if (m_none)
        return scan;
    scan.listeners = {
        listener(22, "sshd"),
        listener(3000, "node", "next"),
        listener(5173, "node", "vite"),
        listener(5432, "postgres"),
        listener(6379, "redis-server"),
        listener(8080, "java"),
        listener(8888, "jupyter-lab", "jupyter"),
        listener(27017, "mongod"),
    };
    return scan;
}

desktop::ServiceDiscovery::Options FakeServices::options()
{
    desktop::ServiceDiscovery::Options options;
    options.probe = false;
    return options;
}

} // namespace sallyport::gui::demo
