// A request being edited before it is sent again. Secret headers read "***" until they are shown;
// left so, they are sent as they were.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/inspect/traffic_source.h>

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <string>

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
    // False: it is not text, and is sent as it was.
    Q_PROPERTY(bool bodyEditable READ isBodyEditable NOTIFY changed)
    // What is wrong with it; empty: nothing.
    Q_PROPERTY(QString problem READ problem NOTIFY changed)

public:
    static constexpr size_t MaxEditable = 1024 * 1024;

    using QObject::QObject;

    void begin(const inspect::Exchange& original, std::string body);
    bool isBodyEditable() const { return m_bodyEditable; }
    QString problem() const;
    Result<inspect::ReplayRequest, QString> request() const;

signals:
    void changed();

private:
    Result<inspect::HeaderLine, QString> header(const QString& line) const;

    inspect::Exchange m_original;
    std::string m_originalBody;
    QString m_method;
    QString m_target;
    QString m_headers;
    QString m_body;
    bool m_bodyEditable = true;
};

} // namespace sallyport::gui
