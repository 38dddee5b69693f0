// What the filter bar says; all that is set must hold.
#pragma once

#include <sallyport/inspect/traffic_source.h>

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

namespace sallyport::gui {

class TrafficFilter : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("belongs to a TrafficModel")

    Q_PROPERTY(QString text MEMBER m_text WRITE setText NOTIFY changed)
    Q_PROPERTY(QString method MEMBER m_method WRITE setMethod NOTIFY changed) // empty: all
    Q_PROPERTY(QString path MEMBER m_path WRITE setPath NOTIFY changed)
    Q_PROPERTY(QString tunnel MEMBER m_tunnel WRITE setTunnel NOTIFY changed) // empty: all
    // 2 for 200 to 299 and so on; 0: all.
    Q_PROPERTY(int statusClass MEMBER m_statusClass WRITE setStatusClass NOTIFY changed)
    Q_PROPERTY(int minDurationMs MEMBER m_minDurationMs WRITE setMinDurationMs NOTIFY changed)
    Q_PROPERTY(bool failedOnly MEMBER m_failedOnly WRITE setFailedOnly NOTIFY changed)
    Q_PROPERTY(bool active READ isActive NOTIFY changed)

public:
    using QObject::QObject;

    void setText(const QString& text) { set(m_text, text); }
    void setMethod(const QString& method) { set(m_method, method); }
    void setPath(const QString& path) { set(m_path, path); }
    void setTunnel(const QString& tunnel) { set(m_tunnel, tunnel); }
    void setStatusClass(int statusClass) { set(m_statusClass, statusClass); }
    void setMinDurationMs(int ms) { set(m_minDurationMs, ms); }
    void setFailedOnly(bool only) { set(m_failedOnly, only); }

    bool isActive() const { return value() != inspect::Filter(); }
    inspect::Filter value() const;

    Q_INVOKABLE void clear();
    // All of one tunnel.
    void showOnly(const QString& tunnel);

signals:
    void changed();

private:
    template <typename Value>
    void set(Value& kept, const Value& wanted)
    {
        if (kept == wanted)
            return;
        kept = wanted;
        emit changed();
    }

    QString m_text;
    QString m_method;
    QString m_path;
    QString m_tunnel;
    int m_statusClass = 0;
    int m_minDurationMs = 0;
    bool m_failedOnly = false;
};

} // namespace sallyport::gui
