#include "exchange_model.h"

#include "traffic_text.h"

#include <sallyport/inspect/redacted.h>

#include <QDateTime>
#include <QPointer>
#include <QStringList>

#include <utility>

namespace sallyport::gui {

namespace {

using inspect::RecordId;
using inspect::Side;
using Rows = std::vector<NamedValuesModel::Row>;

} // namespace

ExchangeModel::ExchangeModel(QObject* parent) : QObject(parent)
{
    for (const BodyModel* body : {&m_requestBody, &m_responseBody}) {
        connect(body, &BodyModel::changed, this, &ExchangeModel::rawChanged);
        connect(body, &BodyModel::changed, this, &ExchangeModel::changed);
    }
}

void ExchangeModel::setSession(Session* session)
{
    if (session == m_session || session == nullptr)
        return;
    m_session = session;
    m_source = &session->control().traffic();
    connect(m_source, &inspect::TrafficSource::recordsChanged, this, &ExchangeModel::follow);
    connect(session->settings(), &AppSettings::captureChanged, this, &ExchangeModel::takeRedaction);
    takeRedaction();
    emit sessionChanged();
    fetch();
}

void ExchangeModel::setRecordId(double id)
{
    if (RecordId(id) == m_id)
        return;
    m_id = RecordId(id);
    forget();
    emit recordIdChanged();
    // Shown on purpose for one exchange is not shown for the next.
    setShowSecrets(false);
    fetch();
}

void ExchangeModel::takeRedaction()
{
    const auto redaction = m_session->settings()->captureSettings().redaction;
    if (redaction == m_redaction)
        return;
    m_redaction = redaction;
    m_requestBody.setRedaction(redaction);
    m_responseBody.setRedaction(redaction);
    m_messages.setRedaction(redaction);
    forget();
    fetch();
}

void ExchangeModel::forget()
{
    ++m_generation;
    m_fetching = m_fetchAgain = m_ready = false;
    m_problem.clear();
    m_exchange = {};
    m_requestBody.clear();
    m_responseBody.clear();
    emit changed();
}

void ExchangeModel::setWantBodies(bool want)
{
    if (want == m_wantBodies)
        return;
    m_wantBodies = want;
    emit wantBodiesChanged();
    if (want && m_ready) {
        fetchBody(Side::Request);
        fetchBody(Side::Response);
    }
}

void ExchangeModel::setShowSecrets(bool show)
{
    if (show == m_showSecrets)
        return;
    m_showSecrets = show;
    m_requestHeaders.setShowSecrets(show);
    m_responseHeaders.setShowSecrets(show);
    m_requestBody.setShowSecrets(show);
    m_responseBody.setShowSecrets(show);
    m_messages.setShowSecrets(show);
    emit showSecretsChanged();
    emit changed();
    emit rawChanged();
}

void ExchangeModel::fetch()
{
    if (m_source == nullptr || m_id == 0)
        return;
    if (m_fetching) {
        m_fetchAgain = true;
        return;
    }
    m_fetching = true;
    m_source->exchange(m_id, [self = QPointer<ExchangeModel>(this), generation = m_generation](
                                 const Result<inspect::Exchange, std::string>& found) {
        if (!self || generation != self->m_generation)
            return;
        self->m_fetching = false;
        if (!found) {
            self->m_problem = TrafficText::from(found.error());
            emit self->changed();
            return;
        }
        self->show(found.value());
        if (std::exchange(self->m_fetchAgain, false))
            self->fetch();
    });
}

void ExchangeModel::follow(const std::vector<inspect::Record>& records)
{
    for (const auto& record : records)
        if (record.id == m_id && record != m_exchange.record)
            return fetch();
}

void ExchangeModel::show(inspect::Exchange exchange)
{
    const bool newBodies = !m_ready || exchange.requestBody != m_exchange.requestBody ||
                           exchange.responseBody != m_exchange.responseBody;
    m_exchange = std::move(exchange);
    m_ready = true;
    m_summary.setRows(summaryRows());
    m_requestHeaders.setRows(headerRows(m_exchange.requestHeaders));
    Rows response = headerRows(m_exchange.responseHeaders);
    for (auto& row : headerRows(m_exchange.responseTrailers))
        response.push_back(std::move(row));
    m_responseHeaders.setRows(std::move(response));
    m_timing.setRecord(record());
    m_messages.setMessages(m_exchange.messages);
    m_secretMessages = m_messages.hasSecrets();
    m_secretQuery = inspect::redactedQuery(record().path, m_redaction) != record().path;
    emit changed();
    emit rawChanged();
    if (m_wantBodies && newBodies) {
        fetchBody(Side::Request);
        fetchBody(Side::Response);
    }
}

void ExchangeModel::fetchBody(Side side)
{
    m_source->body(
        m_id, side,
        [self = QPointer<ExchangeModel>(this), generation = m_generation,
         side](const Result<std::string, std::string>& bytes) {
            if (!self || generation != self->m_generation)
                return;
            const bool request = side == Side::Request;
            BodyModel& body = request ? self->m_requestBody : self->m_responseBody;
            const auto& exchange = self->m_exchange;
            if (!bytes)
                body.setProblem(TrafficText::from(bytes.error()));
            else
                body.setBody(request ? exchange.requestHeaders : exchange.responseHeaders,
                             request ? exchange.requestBody : exchange.responseBody, bytes.value());
        });
}

bool ExchangeModel::isHttp() const
{
    return record().kind != inspect::RecordKind::Connection;
}

bool ExchangeModel::hasSecrets() const
{
    return m_ready &&
           (m_requestHeaders.hasSecrets() || m_responseHeaders.hasSecrets() || m_secretQuery ||
            m_secretMessages || m_requestBody.hasSecrets() || m_responseBody.hasSecrets());
}

bool ExchangeModel::hasFailed() const
{
    return record().status >= 400 || (record().outcome != inspect::Outcome::Done &&
                                      record().outcome != inspect::Outcome::Pending);
}

QString ExchangeModel::title() const
{
    if (!isHttp())
        return tr("Connection from %1").arg(TrafficText::from(record().visitor));
    return TrafficText::from(record().method) + " " + address(record().path);
}

QString ExchangeModel::subtitle() const
{
    QStringList parts;
    if (const unsigned status = inspect::visitorStatus(record()); status != 0)
        parts.append(QString::number(status));
    if (record().ended)
        parts.append(TrafficText::duration(*record().ended));
    else
        parts.append(TrafficText::outcome(record().outcome));
    parts.append(TrafficText::bytes(record().requestBytes + record().responseBytes));
    parts.append(TrafficText::from(record().tunnel));
    return parts.join(QStringLiteral("  ·  "));
}

QString ExchangeModel::error() const
{
    const QString outcome = record().outcome == inspect::Outcome::Pending
                                ? QString()
                                : TrafficText::outcome(record().outcome);
    const QString more = TrafficText::from(record().error);
    return outcome.isEmpty() || more.isEmpty() ? outcome + more : outcome + ". " + more;
}

QString ExchangeModel::statusText() const
{
    const unsigned status = inspect::visitorStatus(record());
    if (status == 0 || status == record().status)
        return TrafficText::from(m_exchange.statusLine);
    return tr("%1, from the relay in place of the service").arg(status);
}

Rows ExchangeModel::summaryRows() const
{
    const auto& it = record();
    const auto begun =
        std::chrono::duration_cast<std::chrono::milliseconds>(it.begun.time_since_epoch());
    const QString visitor =
        it.visitor.empty() ? tr("this computer") : TrafficText::from(it.visitor);
    Rows rows{{tr("Kind"), TrafficText::kind(it.kind)},
              {tr("Time"), QLocale().toString(QDateTime::fromMSecsSinceEpoch(begun.count()),
                                              QLocale::LongFormat)},
              {tr("Tunnel"), TrafficText::from(it.tunnel)},
              {tr("Asked for"), TrafficText::from((it.tls ? "https://" : "http://") + it.host)},
              {tr("Visitor"), visitor},
              {tr("Local service"), TrafficText::from(it.upstream)},
              {tr("Status"), statusText()},
              {tr("Content type"), TrafficText::from(it.contentType)},
              {tr("Received"), TrafficText::bytes(it.requestBytes)},
              {tr("Sent"), TrafficText::bytes(it.responseBytes)}};
    if (!isHttp())
        rows[3].value = TrafficText::from(it.host);
    if (it.messages > 0)
        rows.push_back({tr("Messages"), QLocale().toString(it.messages)});
    if (it.replayOf != 0)
        rows.push_back({tr("Replay"), it.edited ? tr("Edited and sent again") : tr("Sent again")});
    std::erase_if(rows, [](const auto& row) { return row.value.isEmpty(); });
    return rows;
}

Rows ExchangeModel::headerRows(const std::vector<inspect::HeaderLine>& headers) const
{
    Rows rows;
    for (const auto& header : headers) {
        const bool secret = header.secret || m_redaction.hidesHeader(header.name);
        const std::string masked = inspect::redactedQuery(header.value, m_redaction);
        const bool inQuery = !secret && masked != header.value;
        rows.push_back({TrafficText::from(header.name), TrafficText::from(header.value),
                        secret || inQuery, inQuery ? TrafficText::from(masked) : QString()});
    }
    return rows;
}

QString ExchangeModel::address(const std::string& text) const
{
    return TrafficText::from(m_showSecrets ? text : inspect::redactedQuery(text, m_redaction));
}

QString ExchangeModel::raw(const std::string& line, const std::vector<inspect::HeaderLine>& headers,
                           const BodyModel& body) const
{
    QString text = address(line) + "\n";
    for (const auto& row : headerRows(headers)) {
        const QString masked = row.masked.isEmpty() ? QStringLiteral("***") : row.masked;
        text += row.name + ": " + (row.secret && !m_showSecrets ? masked : row.value) + "\n";
    }
    text += "\n";
    // A body with fields that are secret is shown as it was only on purpose.
    if (m_showSecrets && body.image().isEmpty())
        return text +
               QString::fromUtf8(body.decoded().data(),
                                 std::min(qsizetype(body.decoded().size()), BodyModel::MaxShown));
    return text + (body.image().isEmpty() ? body.text() : body.summary());
}

QString ExchangeModel::rawRequest() const
{
    return m_ready ? raw(m_exchange.requestLine, m_exchange.requestHeaders, m_requestBody)
                   : QString();
}

QString ExchangeModel::rawResponse() const
{
    return m_ready && !m_exchange.statusLine.empty()
               ? raw(m_exchange.statusLine, m_exchange.responseHeaders, m_responseBody)
               : QString();
}

} // namespace sallyport::gui
