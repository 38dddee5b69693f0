// One body of an exchange, made readable: content codings undone, laid out, secrets hidden.
//
// Limits: MaxShown characters on screen and MaxImage bytes of a picture; what is longer is cut and
// says so. What is longer than AtOnce is read in the background, and shown when it is ready.
// Threads: the GUI's.
#pragma once

#include <sallyport/inspect/decode.h>
#include <sallyport/inspect/record.h>

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::gui {

class BodyModel : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("belongs to an exchange")

    // Has come, perhaps empty.
    Q_PROPERTY(bool ready READ isReady NOTIFY changed)
    Q_PROPERTY(bool empty READ isEmpty NOTIFY changed)
    Q_PROPERTY(QString text READ text NOTIFY changed)
    Q_PROPERTY(QString image READ image NOTIFY changed) // a data URL; empty: not a picture
    // "JSON, 1.4 kB, gzip"
    Q_PROPERTY(QString summary READ summary NOTIFY changed)
    // Why there is less than there was, or why it can't be laid out; a sentence.
    Q_PROPERTY(QString problem READ problem NOTIFY changed)
    // Something of it is hidden unless secrets are shown.
    Q_PROPERTY(bool hasSecrets READ hasSecrets NOTIFY changed)

public:
    static constexpr qsizetype MaxShown = 256 * 1024;
    static constexpr size_t MaxImage = 4 * 1024 * 1024;
    static constexpr size_t AtOnce = 64 * 1024;

    using QObject::QObject;

    void clear();
    // `bytes` as they passed.
    void setBody(const std::vector<inspect::HeaderLine>& headers, const inspect::BodyInfo& info,
                 std::string bytes);
    void setProblem(const QString& problem);
    void setShowSecrets(bool show);
    // For the bodies that are set from then on.
    void setRedaction(const inspect::Redaction& redaction);

    bool isReady() const { return m_ready; }
    bool isEmpty() const { return m_view == inspect::BodyView::Empty; }
    QString text() const { return m_text; }
    QString image() const { return m_image; }
    QString summary() const { return m_summary; }
    QString problem() const { return m_problem; }
    bool hasSecrets() const { return m_hasSecrets; }
    // Decoded, for a replay and for comparing.
    const std::string& decoded() const { return m_decoded; }
    // What the header of that name says; any case.
    static std::string headerValue(const std::vector<inspect::HeaderLine>& headers,
                                   std::string_view name);

signals:
    void changed();

private:
    // What passed, and how it is to be shown.
    struct Source
    {
        std::string contentType;
        std::string encoding;
        inspect::BodyInfo info;
        std::string bytes;
        inspect::Redaction redaction;
    };
    struct Laid
    {
        std::string decoded;
        inspect::BodyView view = inspect::BodyView::Empty;
        bool hasSecrets = false;
        QString text;
        QString image;
        QString problem;
    };

    static Laid laidOut(const Source& source, bool showSecrets);
    void layOut();
    void show(Laid laid);

    bool m_ready = false;
    bool m_showSecrets = false;
    bool m_hasSecrets = false;
    inspect::Redaction m_redaction;
    inspect::BodyView m_view = inspect::BodyView::Empty;
    std::shared_ptr<const Source> m_source; // shared with the thread that reads it
    uint64_t m_generation = 0;              // what was laid out for an older one is not wanted
    std::string m_decoded;
    QString m_text;
    QString m_image;
    QString m_summary;
    QString m_problem;
};

} // namespace sallyport::gui
