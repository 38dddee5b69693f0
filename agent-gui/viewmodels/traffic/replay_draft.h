// A request being edited before it is sent again. Secrets read "***" until they are shown; left so,
// they are sent as they were. A body whose secrets can't be hidden so is not there until then.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/inspect/capture_settings.h>
#include <sallyport/inspect/masked_text.h>
#include <sallyport/inspect/traffic_source.h>

#include <QObject>
#include <QString>
#include <QStringList>
#include <QtQml/qqmlregistration.h>

#include <optional>
#include <string>
#include <vector>

namespace sallyport::gui {

class ReplayDraft : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("belongs to a replay")

    Q_PROPERTY(QString method MEMBER m_method NOTIFY changed)
    Q_PROPERTY(QString target MEMBER m_target NOTIFY changed)
    Q_PROPERTY(QString headers MEMBER m_headers NOTIFY changed) // a line for each
    Q_PROPERTY(QString body MEMBER m_body NOTIFY changed)
    // False: it is sent as it was, for it is not text, or holds secrets that are not shown.
    Q_PROPERTY(bool bodyEditable READ isBodyEditable NOTIFY changed)
    Q_PROPERTY(bool bodyHidden READ isBodyHidden NOTIFY changed)
    Q_PROPERTY(bool hasSecrets READ hasSecrets NOTIFY changed)
    // Can't be changed while there is a problem.
    Q_PROPERTY(bool showSecrets READ showsSecrets WRITE setShowSecrets NOTIFY changed)
    // The person changed something.
    Q_PROPERTY(bool edited READ isEdited NOTIFY changed)
    // What is wrong with it, and with which part; empty: nothing.
    Q_PROPERTY(QString problem READ problem NOTIFY changed)
    Q_PROPERTY(Part problemPart READ problemPart NOTIFY changed)

public:
    enum class Part { None, Method, Target, Headers, Body };
    Q_ENUM(Part)

    static constexpr size_t MaxEditable = 1024 * 1024;

    using QObject::QObject;

    void begin(const inspect::Exchange& original, std::string body,
               const inspect::Redaction& redaction);
    bool isBodyEditable() const { return m_bodyIsText && !isBodyHidden(); }
    bool isBodyHidden() const { return m_bodyIsText && !m_showSecrets && !m_maskedBody; }
    bool hasSecrets() const { return m_hasSecrets; }
    bool showsSecrets() const { return m_showSecrets; }
    void setShowSecrets(bool show);
    bool isEdited() const;
    QString problem() const;
    Part problemPart() const;
    struct Problem
    {
        Part part = Part::None;
        QString text;
    };
    Result<inspect::ReplayRequest, Problem> request() const;

signals:
    void changed();

private:
    // What is sent.
    struct Real
    {
        std::string target;
        std::vector<inspect::HeaderLine> headers;
        std::string body;
    };

    void layOut();
    QStringList texts() const;
    Result<Real, Problem> real() const;
    Result<std::string, QString> realTarget() const;
    Result<std::string, QString> realBody() const;
    Result<inspect::HeaderLine, QString> realHeader(const QString& line) const;
    std::string shownValue(const inspect::HeaderLine& header) const;

    inspect::RecordId m_originalId = 0;
    inspect::Redaction m_redaction;
    Real m_base; // what the texts stood for when they were laid out
    std::optional<inspect::MaskedText> m_maskedBody;
    QStringList m_begun; // the texts then
    QString m_method;
    QString m_target;
    QString m_headers;
    QString m_body;
    bool m_bodyIsText = true;
    bool m_hasSecrets = false;
    bool m_showSecrets = false;
    bool m_editedBefore = false;
};

} // namespace sallyport::gui
