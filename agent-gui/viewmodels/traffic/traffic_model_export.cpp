// What leaves the table for the clipboard.
#include "traffic_model.h"
#include "traffic_text.h"

#include <QPointer>

namespace sallyport::gui {

using inspect::RecordId;

void TrafficModel::copyCurl(double id, bool withSecrets)
{
    if (m_source == nullptr || id <= 0)
        return;
    m_source->exportRecords(
        {RecordId(id)}, inspect::ExportFormat::Curl, withSecrets,
        [session = QPointer<Session>(m_session)](const Result<std::string, std::string>& text) {
            if (!session)
                return;
            if (text)
                session->copy(TrafficText::from(text.value()), tr("Copied as a curl command"));
            else
                session->say(TrafficText::from(text.error()), Session::ToastKind::Bad);
        });
}

} // namespace sallyport::gui
