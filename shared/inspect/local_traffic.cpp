#include <sallyport/inspect/local_traffic.h>

namespace sallyport::inspect {
struct LocalTraffic::Parts
{
    CaptureSettings settings;
};
LocalTraffic::LocalTraffic(CaptureSettings settings, observe::Log, QObject* parent)
    : TrafficSource(parent), m_parts(std::make_unique<Parts>())
{
    m_parts->settings = std::move(settings);
}
LocalTraffic::~LocalTraffic() = default;
net::ConnectionWatcher LocalTraffic::watcher() const
{
    return {};
}
void LocalTraffic::setSettings(const CaptureSettings& settings)
{
    m_parts->settings = settings;
}
const CaptureSettings& LocalTraffic::settings() const
{
    return m_parts->settings;
}
void LocalTraffic::query(const Query&, Done<std::vector<Record>> done)
{
    done(std::vector<Record>());
}
void LocalTraffic::exchange(RecordId, Done<Exchange> done)
{
    done(Failure(std::string("not there")));
}
void LocalTraffic::body(RecordId, Side, Done<std::string> done)
{
    done(Failure(std::string("not there")));
}
void LocalTraffic::replay(const ReplayRequest&, Done<RecordId> done)
{
    done(Failure(std::string("not there")));
}
void LocalTraffic::exportRecords(const std::vector<RecordId>&, ExportFormat, bool,
                                 Done<std::string> done)
{
    done(Failure(std::string("not there")));
}
void LocalTraffic::clear(Done<bool> done)
{
    done(true);
}
bool LocalTraffic::isRecording() const
{
    return m_parts->settings.on;
}
void LocalTraffic::setRecording(bool recording)
{
    m_parts->settings.on = recording;
    emit recordingChanged();
}
} // namespace sallyport::inspect
