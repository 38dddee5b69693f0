// What leaves the table: a curl command, a HAR file.
#include "traffic_model.h"
#include "traffic_text.h"

#include <QDateTime>
#include <QDir>
#include <QPointer>
#include <QSaveFile>
#include <QStandardPaths>

#include <algorithm>

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

QString TrafficModel::suggestedFile() const
{
    QString folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    if (folder.isEmpty() || !QDir(folder).exists())
        folder = QDir::homePath();
    return QDir(folder).filePath("sallyport-" +
                                 QDateTime::currentDateTime().toString("yyyyMMdd-HHmmss") + ".har");
}

void TrafficModel::exportHar(const QString& file, bool withSecrets)
{
    std::vector<RecordId> ids;
    for (size_t row = 0; row < std::min(m_rows.size(), MaxExported); ++row)
        ids.push_back(m_rows.at(row).id);
    std::reverse(ids.begin(), ids.end());
    const auto count = ids.size();
    m_source->exportRecords(
        ids, inspect::ExportFormat::Har, withSecrets,
        [session = QPointer<Session>(m_session), file,
         count](const Result<std::string, std::string>& text) {
            if (!session)
                return;
            if (!text)
                return session->say(TrafficText::from(text.error()), Session::ToastKind::Bad);
            QSaveFile target(file);
            const bool opened = target.open(QIODevice::WriteOnly);
            // What passed may be private even without the secrets that are known by name.
            target.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
            if (!opened || target.write(text->data(), qint64(text->size())) < 0 || !target.commit())
                return session->say(tr("%1 can't be written: %2").arg(file, target.errorString()),
                                    Session::ToastKind::Bad);
            session->say(tr("%n request(s) written to %1", nullptr, int(count)).arg(file),
                         Session::ToastKind::Good);
        });
}

} // namespace sallyport::gui
