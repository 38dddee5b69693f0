#include "traffic_export.h"

#include "traffic_text.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QSaveFile>
#include <QStandardPaths>

#include <algorithm>

namespace sallyport::gui {

namespace {

using inspect::Record;
using inspect::RecordId;

constexpr uint32_t PageRecords = TrafficModel::PageRows;

QString downloads()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    return folder.isEmpty() || !QDir(folder).exists() ? QDir::homePath() : folder;
}

QString suffix(TrafficExport::Format format)
{
    return format == TrafficExport::Format::Har ? QStringLiteral(".har") : QStringLiteral(".http");
}

} // namespace

TrafficExport::TrafficExport(QObject* parent, size_t maxRecords)
    : QObject(parent), m_maxRecords(maxRecords)
{}

TrafficExport::~TrafficExport() = default;

inspect::TrafficSource& TrafficExport::source() const
{
    return m_traffic->session()->control().traffic();
}

void TrafficExport::setTraffic(TrafficModel* traffic)
{
    if (traffic == m_traffic || traffic == nullptr)
        return;
    m_traffic = traffic;
    connect(&source(), &inspect::TrafficSource::recordsRemoved, this,
            [this](RecordId last) { m_removed = std::max(m_removed, last); });
    emit trafficChanged();
}

// --- The file ----------------------------------------------------------------------------------

void TrafficExport::setFile(const QString& file)
{
    if (file == m_file)
        return;
    m_file = file;
    m_problem.clear();
    emit changed();
}

void TrafficExport::setFormat(Format format)
{
    if (format == m_format)
        return;
    if (m_file.endsWith(suffix(m_format)))
        m_file = m_file.chopped(suffix(m_format).size()) + suffix(format);
    m_format = format;
    emit changed();
}

void TrafficExport::suggestFile()
{
    m_problem.clear();
    m_file = QDir(downloads())
                 .filePath("sallyport-" + QDateTime::currentDateTime().toString("yyyyMMdd-HHmmss") +
                           suffix(m_format));
    emit changed();
}

QString TrafficExport::path() const
{
    const QString file = m_file.trimmed();
    if (file.isEmpty())
        return {};
    if (file == "~" || file.startsWith("~/"))
        return QDir::cleanPath(QDir::homePath() + file.mid(1));
    return QDir::cleanPath(QDir(downloads()).absoluteFilePath(file));
}

bool TrafficExport::exists() const
{
    return QFileInfo(path()).isFile();
}

QUrl TrafficExport::url() const
{
    return QUrl::fromLocalFile(path());
}

void TrafficExport::setUrl(const QUrl& url)
{
    setFile(url.toLocalFile());
}

// --- What goes into it -------------------------------------------------------------------------

void TrafficExport::start(bool withSecrets, bool replace)
{
    if (isBusy() || m_traffic == nullptr || path().isEmpty())
        return;
    if (exists() && !replace)
        return fail(tr("%1 is there already.").arg(m_file));
    if (QFileInfo(path()).isDir())
        return fail(tr("%1 is a folder: write the name of a file.").arg(path()));
    auto target = std::make_unique<QSaveFile>(path());
    if (!target->open(QIODevice::WriteOnly))
        return fail(tr("%1 can't be written: %2").arg(path(), target->errorString()));
    // What passed may be private even without the secrets that are known by name.
    target->setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    m_target = std::move(target);
    m_withSecrets = withSecrets;
    m_cut = false;
    m_found.clear();
    m_done = m_total = m_written = m_gone = 0;
    m_connections = 0;
    m_removed = 0;
    m_problem.clear();
    emit changed();
    collect(m_traffic->newestShown());
}

void TrafficExport::cancel()
{
    ++m_generation;
    m_found.clear();
    m_target.reset(); // and with it what was written
    emit changed();
}

void TrafficExport::collect(RecordId before)
{
    source().query({m_traffic->filter()->value(), before, PageRecords},
                   [self = QPointer<TrafficExport>(this), generation = m_generation](
                       const Result<std::vector<Record>, std::string>& found) {
                       if (!self || generation != self->m_generation)
                           return;
                       if (!found)
                           return self->fail(TrafficText::from(found.error()));
                       self->take(found.value());
                   });
}

void TrafficExport::take(const std::vector<Record>& newestFirst)
{
    for (const Record& record : newestFirst) {
        if (m_found.size() == m_maxRecords) {
            m_cut = true;
            break;
        }
        if (record.kind == inspect::RecordKind::Connection)
            ++m_connections;
        else
            m_found.push_back({record.id, record.requestBytes + record.responseBytes});
    }
    if (newestFirst.size() == PageRecords && !m_cut)
        return collect(newestFirst.back().id);
    m_total = m_found.size();
    if (m_total == 0)
        return fail(m_connections > 0 ? tr("These are connections of which no requests are seen: "
                                           "there is nothing to export.")
                                      : tr("There is nothing to export."));
    writeNext();
}

// The oldest come first, as much at once as fits.
void TrafficExport::writeNext()
{
    const auto generation = m_generation;
    emit changed();
    if (generation != m_generation) // somebody who heard of it had enough
        return;
    std::vector<RecordId> ids;
    uint64_t bytes = 0;
    while (!m_found.empty() && m_found.back().id <= m_removed) {
        m_found.pop_back();
        ++m_gone;
        ++m_done;
    }
    if (m_found.empty())
        return finish();
    while (!m_found.empty() && ids.size() < PieceRecords &&
           (ids.empty() || bytes + m_found.back().bytes <= PieceBytes)) {
        bytes += m_found.back().bytes;
        ids.push_back(m_found.back().id);
        m_found.pop_back();
    }
    const auto format =
        m_format == Format::Har ? inspect::ExportFormat::Har : inspect::ExportFormat::HttpFile;
    source().exportRecords(ids, format, m_withSecrets,
                           [self = QPointer<TrafficExport>(this), generation = m_generation,
                            count = ids.size(),
                            newest = ids.back()](const Result<std::string, std::string>& text) {
                               if (!self || generation != self->m_generation)
                                   return;
                               const bool gone = !text && newest <= self->m_removed;
                               if (!text && !gone)
                                   return self->fail(TrafficText::from(text.error()));
                               self->m_done += count;
                               self->m_gone += gone ? count : 0;
                               if (gone || self->writePiece(text.value()))
                                   self->writeNext();
                           });
}

// An archive's pieces are archives themselves, whose entries are put into one.
bool TrafficExport::writePiece(const std::string& text)
{
    const QByteArray bytes = QByteArray::fromStdString(text);
    if (m_format == Format::HttpFile)
        return write(bytes);
    QJsonObject log = QJsonDocument::fromJson(bytes)["log"].toObject();
    const QJsonArray entries = log.take("entries").toArray();
    if (m_written == 0) {
        log.remove("pages");
        const QByteArray head = QJsonDocument(log).toJson(QJsonDocument::Compact);
        if (!write("{\"log\":" + head.chopped(1) + ",\"pages\":[],\"entries\":[\n"))
            return false;
    }
    for (const auto& entry : entries) {
        const QByteArray line = QJsonDocument(entry.toObject()).toJson(QJsonDocument::Compact);
        if (!write((m_written++ == 0 ? "" : ",\n") + line))
            return false;
    }
    return true;
}

bool TrafficExport::write(const QByteArray& bytes)
{
    if (m_target->write(bytes) == bytes.size())
        return true;
    fail(tr("%1 can't be written: %2").arg(path(), m_target->errorString()));
    return false;
}

void TrafficExport::finish()
{
    if (m_gone == m_total)
        return fail(tr("There is nothing to export."));
    if (m_format == Format::Har && !write("\n]}}\n"))
        return;
    if (!m_target->commit())
        return fail(tr("%1 can't be written: %2").arg(path(), m_target->errorString()));
    m_target.reset();
    QString said = tr("%n request(s) written to %1", nullptr, int(m_total - m_gone)).arg(path());
    if (m_cut)
        said += "\n" + tr("These are the newest; the filter finds more.");
    if (m_connections > 0)
        said += "\n" +
                tr("%n connection(s) without requests are left out.", nullptr, int(m_connections));
    if (m_gone > 0)
        said += "\n" + tr("%n older one(s) left the history meanwhile.", nullptr, int(m_gone));
    m_traffic->session()->say(said, Session::ToastKind::Good);
    emit changed();
    emit finished();
}

void TrafficExport::fail(const QString& problem)
{
    cancel();
    m_problem = problem;
    emit changed();
}

} // namespace sallyport::gui
