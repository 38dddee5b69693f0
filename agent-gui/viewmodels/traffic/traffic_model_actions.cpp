// What the person does with the table: selects, clears, copies.
#include "traffic_model.h"
#include "traffic_text.h"

#include <QPointer>

#include <algorithm>

namespace sallyport::gui {

using inspect::RecordId;

void TrafficModel::setSelectedId(double id)
{
    if (RecordId(id) == m_selected)
        return;
    m_selected = RecordId(id);
    emit selectedIdChanged();
}

int TrafficModel::rowOf(double id) const
{
    const auto row = m_rows.find(RecordId(id));
    return row ? int(*row) : -1;
}

int TrafficModel::moveSelection(int steps)
{
    if (m_rows.empty())
        return -1;
    const int now = rowOf(double(m_selected));
    const int row = now < 0 ? 0 : std::clamp(now + steps, 0, rowCount() - 1);
    setSelectedId(double(m_rows.at(size_t(row)).id));
    return row;
}

void TrafficModel::clear()
{
    m_source->clear(
        [session = QPointer<Session>(m_session)](const Result<bool, std::string>& done) {
            if (session && !done)
                session->say(TrafficText::from(done.error()), Session::ToastKind::Bad);
        });
    setSelectedId(0);
}

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
