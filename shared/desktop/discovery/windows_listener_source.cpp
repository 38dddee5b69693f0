// Not written yet: it would ask GetExtendedTcpTable.
#include <sallyport/desktop/listener_source.h>

namespace sallyport::desktop {

namespace {

class NoListenerSource : public ListenerSource
{
public:
    ScanResult scan() override
    {
        return Failure(
            std::string("The list of local services is not available on Windows yet: type "
                        "the port or the address of the service instead."));
    }
};

} // namespace

std::unique_ptr<ListenerSource> makeListenerSource(ScanLimits)
{
    return std::make_unique<NoListenerSource>();
}

} // namespace sallyport::desktop
