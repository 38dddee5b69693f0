#include "commands/command_line.h"

#include <sallyport/agent/agent.h>
#ifdef SALLYPORT_EPOLL
#include <sallyport/net/epoll_dispatcher.h>
#endif

#include <QCoreApplication>

#include <csignal>

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    sallyport::cli::Globals globals;
    const auto parsed = sallyport::cli::parseCommandLine(argc, argv, globals);
    if (const int* code = std::get_if<int>(&parsed))
        return *code;
#ifdef SALLYPORT_EPOLL
    QCoreApplication::setEventDispatcher(new sallyport::net::EpollDispatcher);
#endif
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName("sallyport");
    const auto version = sallyport::agent::version();
    QCoreApplication::setApplicationVersion(
        QString::fromUtf8(version.data(), static_cast<qsizetype>(version.size())));
    return std::get<sallyport::cli::Chosen>(parsed)();
}
