// Writes the requests that the table's filter finds into a file: a HAR archive, which a browser's
// network panel opens, or an .http file. It goes through the history in pieces, so that neither the
// whole is in memory nor the window stands still, and can be cancelled; the file is there at the
// end or not at all. Only its owner can read it. What leaves the history meanwhile is left out, and
// the person told how many.
//
// Limits: MaxRecords, the newest; PieceBytes of bodies and PieceRecords at once. Threads: the
// GUI's. Lifetime: shorter than the session.
#pragma once

#include "session.h"
#include "traffic_model.h"

#include <QObject>
#include <QString>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <vector>

class QSaveFile;

namespace sallyport::gui {

class TrafficExport : public QObject
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::TrafficModel* traffic READ traffic WRITE setTraffic NOTIFY
                   trafficChanged REQUIRED)
    // "~/" is the home folder; a name alone is meant in the folder of downloads.
    Q_PROPERTY(QString file READ file WRITE setFile NOTIFY changed)
    Q_PROPERTY(Format format READ format WRITE setFormat NOTIFY changed)
    // There is such a file, which would be replaced.
    Q_PROPERTY(bool exists READ exists NOTIFY changed)
    Q_PROPERTY(bool busy READ isBusy NOTIFY changed)
    Q_PROPERTY(int done READ done NOTIFY changed)
    Q_PROPERTY(int total READ total NOTIFY changed) // 0: they are still being counted
    // Why there is no file, a sentence.
    Q_PROPERTY(QString problem READ problem NOTIFY changed)

public:
    enum class Format { Har, HttpFile };
    Q_ENUM(Format)

    static constexpr size_t MaxRecords = 100'000;
    static constexpr size_t PieceRecords = 200;
    static constexpr uint64_t PieceBytes = 8ull * 1024 * 1024;

    explicit TrafficExport(QObject* parent = nullptr, size_t maxRecords = MaxRecords);
    ~TrafficExport() override;

    TrafficModel* traffic() const { return m_traffic; }
    void setTraffic(TrafficModel* traffic);
    QString file() const { return m_file; }
    void setFile(const QString& file);
    Format format() const { return m_format; }
    // Changes the file's suffix, too.
    void setFormat(Format format);
    bool exists() const;
    bool isBusy() const { return m_target != nullptr; }
    int done() const { return int(m_done); }
    int total() const { return int(m_total); }
    QString problem() const { return m_problem; }

    // A file that is not there yet, in the folder of downloads.
    Q_INVOKABLE void suggestFile();
    // For a dialog that asks for files.
    Q_INVOKABLE QUrl url() const;
    Q_INVOKABLE void setUrl(const QUrl& url);
    // `replace`: a file that is there may go.
    Q_INVOKABLE void start(bool withSecrets, bool replace);
    Q_INVOKABLE void cancel();

signals:
    void trafficChanged();
    void changed();
    // It is written; the person has been told.
    void finished();

private:
    struct Found
    {
        inspect::RecordId id;
        uint64_t bytes;
    };

    QString path() const;
    inspect::TrafficSource& source() const;
    void collect(inspect::RecordId before);
    void take(const std::vector<inspect::Record>& newestFirst);
    void writeNext();
    bool writePiece(const std::string& text);
    bool write(const QByteArray& bytes);
    void finish();
    void fail(const QString& problem);

    const size_t m_maxRecords;
    TrafficModel* m_traffic = nullptr;
    QString m_file;
    Format m_format = Format::Har;
    QString m_problem;

    std::unique_ptr<QSaveFile> m_target; // while it works
    bool m_withSecrets = false;
    bool m_cut = false;         // there were more than MaxRecords
    std::vector<Found> m_found; // newest first; taken from the end
    size_t m_done = 0;
    size_t m_total = 0;
    size_t m_connections = 0;        // found, but without requests
    size_t m_gone = 0;               // left the history before they could be written
    inspect::RecordId m_removed = 0; // up to this one they have
    size_t m_written = 0;            // entries of the archive
    uint64_t m_generation = 0;       // answers for an older one are not wanted any more
};

} // namespace sallyport::gui
