// One question of ServiceProbe: connect, GET /, read the beginning of the answer; once more with
// TLS when the service wants it; at most two redirects.
#pragma once

#include <sallyport/desktop/service_probe.h>

#include <QObject>
#include <QSslSocket>
#include <QTimer>

#include <string>

namespace sallyport::desktop {

class ProbeConnection : public QObject
{
    Q_OBJECT

public:
    ProbeConnection(ServiceProbe::Target target, const ServiceProbe::Options& options,
                    QObject* parent);

    const ServiceProbe::Target& target() const { return m_target; }
    ServiceGuess guess() const;
    void start();

signals:
    void finished();

private:
    void connectNow();
    void sendRequest();
    void read();
    void endLater();
    void ended();
    void finish();
    bool wantsTls() const;
    bool follow();

    ServiceProbe::Target m_target;
    ServiceProbe::Options m_options;
    QSslSocket m_socket;
    QTimer m_deadline; // of all tries together
    std::string m_path = "/";
    std::string m_answer;
    int m_redirects = 0;
    int m_try = 0;
    bool m_tls = false;
    bool m_tlsWorked = false;
    bool m_ended = false;
};

} // namespace sallyport::desktop
