#include "replay_draft.h"

#include "body_model.h"
#include "traffic_text.h"

#include <QRegularExpression>
#include <QStringList>

namespace sallyport::gui {

namespace {

const QString Hidden = QStringLiteral("***");

// RFC 9110's token.
bool isToken(const QString& text)
{
    static const QRegularExpression token("^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$");
    return token.match(text).hasMatch();
}

bool isText(const std::string& bytes)
{
    return bytes.find('\0') == std::string::npos &&
           QString::fromStdString(bytes).toStdString() == bytes;
}

} // namespace

void ReplayDraft::begin(const inspect::Exchange& original, std::string body)
{
    m_original = original;
    m_originalBody = std::move(body);
    m_method = TrafficText::from(original.record.method);
    m_target = TrafficText::from(original.requestLine).section(' ', 1, 1);
    if (m_target.isEmpty())
        m_target = TrafficText::from(original.record.path);
    QStringList lines;
    for (const auto& header : original.requestHeaders)
        lines.append(TrafficText::from(header.name) + ": " +
                     (header.secret ? Hidden : TrafficText::from(header.value)));
    m_headers = lines.join('\n');
    m_bodyEditable = m_originalBody.size() <= MaxEditable && isText(m_originalBody);
    m_body = m_bodyEditable ? TrafficText::from(m_originalBody) : QString();
    emit changed();
}

QString ReplayDraft::problem() const
{
    const auto wanted = request();
    return wanted ? QString() : wanted.error();
}

Result<inspect::HeaderLine, QString> ReplayDraft::header(const QString& line) const
{
    const qsizetype colon = line.indexOf(':');
    const QString name = line.left(colon).trimmed();
    if (colon < 1 || !isToken(name))
        return Failure(tr("“%1” is no header: write “Name: value”.").arg(line.left(60)));
    const QString value = line.mid(colon + 1).trimmed();
    inspect::HeaderLine header{name.toStdString(), value.toStdString(), false};
    if (value == Hidden)
        header.value = BodyModel::headerValue(m_original.requestHeaders, header.name);
    return header;
}

Result<inspect::ReplayRequest, QString> ReplayDraft::request() const
{
    inspect::ReplayRequest request;
    request.original = m_original.record.id;
    request.edited = true;
    if (!isToken(m_method))
        return Failure(tr("The method is one word, such as GET."));
    static const QRegularExpression target("^(/[\\x21-\\x7e]*|\\*)$");
    if (!target.match(m_target).hasMatch())
        return Failure(tr("The path begins with “/” and has no spaces; write %20 for one."));
    request.method = m_method.toStdString();
    request.target = m_target.toStdString();
    const QStringList lines = m_headers.split('\n', Qt::SkipEmptyParts);
    for (const QString& line : lines) {
        const auto parsed = header(line);
        if (!parsed)
            return Failure(parsed.error());
        request.headers.push_back(parsed.value());
    }
    request.body = m_bodyEditable ? m_body.toStdString() : m_originalBody;
    return request;
}

} // namespace sallyport::gui
