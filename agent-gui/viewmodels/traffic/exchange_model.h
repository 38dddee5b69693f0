// One exchange in full: follows it while it goes on, and hides secrets until they are shown.
//
// Bodies are fetched when `wantBodies` is set, as nobody may look at them. Threads: the GUI's.
#pragma once

#include "body_model.h"
#include "message_model.h"
#include "named_values_model.h"
#include "session.h"
#include "timing_model.h"

#include <sallyport/inspect/traffic_source.h>

#include <QObject>
#include <QtQml/qqmlregistration.h>

namespace sallyport::gui {

class ExchangeModel : public QObject
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::Session* session READ session WRITE setSession NOTIFY sessionChanged
                   REQUIRED)
    Q_PROPERTY(double recordId READ recordId WRITE setRecordId NOTIFY recordIdChanged) // 0: none
    Q_PROPERTY(bool wantBodies MEMBER m_wantBodies WRITE setWantBodies NOTIFY wantBodiesChanged)
    Q_PROPERTY(bool showSecrets READ showsSecrets WRITE setShowSecrets NOTIFY showSecretsChanged)

    Q_PROPERTY(bool ready READ isReady NOTIFY changed)
    Q_PROPERTY(QString problem READ problem NOTIFY changed) // why there is none
    Q_PROPERTY(bool http READ isHttp NOTIFY changed)
    Q_PROPERTY(bool hasMessages READ hasMessages NOTIFY changed)
    // In the path, the headers, the messages, or in bodies that were fetched.
    Q_PROPERTY(bool hasSecrets READ hasSecrets NOTIFY changed)
    Q_PROPERTY(int status READ status NOTIFY changed) // 0: none
    Q_PROPERTY(bool failed READ hasFailed NOTIFY changed)
    Q_PROPERTY(QString title READ title NOTIFY changed)       // "GET /orders"
    Q_PROPERTY(QString subtitle READ subtitle NOTIFY changed) // "200 · 12 ms · 1.4 kB"
    Q_PROPERTY(QString error READ error NOTIFY changed)       // a sentence
    Q_PROPERTY(QString rawRequest READ rawRequest NOTIFY rawChanged)
    Q_PROPERTY(QString rawResponse READ rawResponse NOTIFY rawChanged)

    Q_PROPERTY(sallyport::gui::NamedValuesModel* summary READ summary CONSTANT)
    Q_PROPERTY(sallyport::gui::NamedValuesModel* requestHeaders READ requestHeaders CONSTANT)
    Q_PROPERTY(sallyport::gui::NamedValuesModel* responseHeaders READ responseHeaders CONSTANT)
    Q_PROPERTY(sallyport::gui::BodyModel* requestBody READ requestBody CONSTANT)
    Q_PROPERTY(sallyport::gui::BodyModel* responseBody READ responseBody CONSTANT)
    Q_PROPERTY(sallyport::gui::TimingModel* timing READ timing CONSTANT)
    Q_PROPERTY(sallyport::gui::MessageModel* messages READ messages CONSTANT)

public:
    explicit ExchangeModel(QObject* parent = nullptr);

    Session* session() const { return m_session; }
    void setSession(Session* session);
    double recordId() const { return double(m_id); }
    void setRecordId(double id);
    void setWantBodies(bool want);
    bool showsSecrets() const { return m_showSecrets; }
    void setShowSecrets(bool show);

    bool isReady() const { return m_ready; }
    QString problem() const { return m_problem; }
    bool isHttp() const;
    bool hasMessages() const { return record().messages > 0; }
    bool hasSecrets() const;
    int status() const { return int(inspect::visitorStatus(record())); }
    bool hasFailed() const;
    QString title() const;
    QString subtitle() const;
    QString error() const;
    QString rawRequest() const;
    QString rawResponse() const;

    NamedValuesModel* summary() { return &m_summary; }
    NamedValuesModel* requestHeaders() { return &m_requestHeaders; }
    NamedValuesModel* responseHeaders() { return &m_responseHeaders; }
    BodyModel* requestBody() { return &m_requestBody; }
    BodyModel* responseBody() { return &m_responseBody; }
    TimingModel* timing() { return &m_timing; }
    MessageModel* messages() { return &m_messages; }

signals:
    void sessionChanged();
    void recordIdChanged();
    void wantBodiesChanged();
    void showSecretsChanged();
    void changed();
    void rawChanged();

private:
    const inspect::Record& record() const { return m_exchange.record; }
    void takeRedaction();
    void forget();
    void fetch();
    void fetchBody(inspect::Side side);
    void show(inspect::Exchange exchange);
    void follow(const std::vector<inspect::Record>& records);
    QString statusText() const;
    std::vector<NamedValuesModel::Row> summaryRows() const;
    std::vector<NamedValuesModel::Row>
    headerRows(const std::vector<inspect::HeaderLine>& headers) const;
    // With secrets only when they are shown.
    QString address(const std::string& text) const;
    QString raw(const std::string& line, const std::vector<inspect::HeaderLine>& headers,
                const BodyModel& body) const;

    Session* m_session = nullptr;
    inspect::TrafficSource* m_source = nullptr;
    inspect::RecordId m_id = 0;
    uint64_t m_generation = 0; // answers for an older one are not wanted any more
    bool m_fetching = false;
    bool m_fetchAgain = false;
    bool m_wantBodies = false;
    bool m_showSecrets = false;
    bool m_ready = false;
    QString m_problem;
    inspect::Redaction m_redaction;
    bool m_secretQuery = false;
    bool m_secretMessages = false;
    inspect::Exchange m_exchange;
    NamedValuesModel m_summary;
    NamedValuesModel m_requestHeaders;
    NamedValuesModel m_responseHeaders;
    BodyModel m_requestBody;
    BodyModel m_responseBody;
    TimingModel m_timing;
    MessageModel m_messages;
};

} // namespace sallyport::gui
