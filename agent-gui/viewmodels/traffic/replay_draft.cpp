#include "replay_draft.h"

#include "body_model.h"
#include "traffic_text.h"

#include <sallyport/inspect/redacted.h>

#include <QRegularExpression>

#include <algorithm>

namespace sallyport::gui {

namespace {

using inspect::HeaderLine;
using inspect::MaskedText;

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

bool sameName(const std::string& a, const std::string& b)
{
    return QString::fromStdString(a).compare(QString::fromStdString(b), Qt::CaseInsensitive) == 0;
}

// An editor knows only one kind of line end and of space.
QString asInEditor(QString text)
{
    text.replace("\r\n", "\n");
    for (QChar& c : text) {
        if (c == QChar::Nbsp)
            c = ' ';
        else if (c == '\r' || c == QChar::LineSeparator || c == QChar::ParagraphSeparator)
            c = '\n';
    }
    return text;
}

bool hasOnlyPairs(const QString& text)
{
    return text.contains("\r\n") && text.count('\n') == text.count("\r\n");
}

QString ambiguous(const std::string& name)
{
    return ReplayDraft::tr("It can't be told which secret *** stands for in “%1”: write the value "
                           "itself.")
        .arg(TrafficText::from(name).left(60));
}

} // namespace

void ReplayDraft::begin(const inspect::Exchange& original, std::string body,
                        const inspect::Redaction& redaction)
{
    m_originalId = original.record.id;
    m_redaction = redaction;
    m_method = TrafficText::from(original.record.method);
    m_base.target = TrafficText::from(original.requestLine).section(' ', 1, 1).toStdString();
    if (m_base.target.empty())
        m_base.target = original.record.path;
    m_base.headers = original.requestHeaders;
    m_base.body = std::move(body);
    m_bodyIsText = m_base.body.size() <= MaxEditable && isText(m_base.body);
    m_showSecrets = m_editedBefore = false;
    layOut();
    emit changed();
}

void ReplayDraft::layOut()
{
    const MaskedText target = MaskedText::ofAddress(m_base.target, m_redaction);
    m_maskedBody.reset();
    if (m_bodyIsText)
        m_maskedBody = MaskedText::ofBody(BodyModel::headerValue(m_base.headers, "content-type"),
                                          m_base.body, m_redaction);
    m_hasSecrets = target.hidesSomething() ||
                   (m_bodyIsText && (!m_maskedBody || m_maskedBody->hidesSomething()));
    m_target = TrafficText::from(m_showSecrets ? m_base.target : target.text());
    QStringList lines;
    for (const HeaderLine& header : m_base.headers) {
        const std::string shown = shownValue(header);
        m_hasSecrets |= shown != header.value;
        lines.append(TrafficText::from(header.name) + ": " +
                     TrafficText::from(m_showSecrets ? header.value : shown));
    }
    m_headers = lines.join('\n');
    m_body.clear();
    if (isBodyEditable())
        m_body = TrafficText::from(m_showSecrets ? m_base.body : m_maskedBody->text());
    m_begun = texts();
}

QStringList ReplayDraft::texts() const
{
    return {m_method, m_target, m_headers, asInEditor(m_body)};
}

bool ReplayDraft::isEdited() const
{
    return m_editedBefore || texts() != m_begun;
}

void ReplayDraft::setShowSecrets(bool show)
{
    if (show == m_showSecrets)
        return;
    auto now = real();
    if (!now) {
        emit changed(); // so that the switch goes back
        return;
    }
    m_editedBefore = isEdited();
    m_base = std::move(*now);
    m_showSecrets = show;
    layOut();
    emit changed();
}

std::string ReplayDraft::shownValue(const HeaderLine& header) const
{
    if (header.secret || m_redaction.hidesHeader(header.name))
        return std::string(inspect::Hidden);
    return MaskedText::ofAddress(header.value, m_redaction).text();
}

QString ReplayDraft::problem() const
{
    const auto wanted = request();
    return wanted ? QString() : wanted.error().text;
}

ReplayDraft::Part ReplayDraft::problemPart() const
{
    const auto wanted = request();
    return wanted ? Part::None : wanted.error().part;
}

Result<HeaderLine, QString> ReplayDraft::realHeader(const QString& line) const
{
    const qsizetype colon = line.indexOf(':');
    const QString name = line.left(colon).trimmed();
    if (colon < 1 || !isToken(name))
        return Failure(tr("“%1” is no header: write “Name: value”.").arg(line.left(60)));
    HeaderLine header{name.toStdString(), line.mid(colon + 1).trimmed().toStdString(), false};
    if (m_showSecrets || header.value.find(inspect::Hidden) == std::string::npos)
        return header;
    for (const HeaderLine& before : m_base.headers) {
        if (!sameName(before.name, header.name))
            continue;
        if (shownValue(before) == header.value) {
            header.value = before.value;
            return header;
        }
        const auto restored =
            MaskedText::ofAddress(before.value, m_redaction).restored(header.value);
        if (!restored)
            return Failure(ambiguous(header.name));
        header.value = *restored;
        return header;
    }
    return header;
}

Result<std::string, QString> ReplayDraft::realTarget() const
{
    const std::string text = m_target.toStdString();
    if (m_showSecrets)
        return text;
    auto restored = MaskedText::ofAddress(m_base.target, m_redaction).restored(text);
    if (!restored)
        return Failure(ambiguous(restored.error()));
    return std::move(*restored);
}

Result<std::string, QString> ReplayDraft::realBody() const
{
    if (!isBodyEditable() || asInEditor(m_body) == m_begun.last())
        return m_base.body;
    QString text = asInEditor(m_body);
    if (hasOnlyPairs(TrafficText::from(m_base.body)))
        text.replace("\n", "\r\n");
    if (m_showSecrets)
        return text.toStdString();
    auto restored = m_maskedBody->restored(text.toStdString());
    if (!restored)
        return Failure(ambiguous(restored.error()));
    return std::move(*restored);
}

Result<ReplayDraft::Real, ReplayDraft::Problem> ReplayDraft::real() const
{
    Real real;
    auto target = realTarget();
    if (!target)
        return Failure(Problem{Part::Target, target.error()});
    real.target = std::move(*target);
    const QStringList lines = m_headers.split('\n', Qt::SkipEmptyParts);
    for (const QString& line : lines) {
        auto parsed = realHeader(line);
        if (!parsed)
            return Failure(Problem{Part::Headers, parsed.error()});
        real.headers.push_back(std::move(*parsed));
    }
    auto body = realBody();
    if (!body)
        return Failure(Problem{Part::Body, body.error()});
    real.body = std::move(*body);
    return real;
}

Result<inspect::ReplayRequest, ReplayDraft::Problem> ReplayDraft::request() const
{
    if (!isToken(m_method))
        return Failure(Problem{Part::Method, tr("The method is one word, such as GET.")});
    static const QRegularExpression target("^(/[\\x21-\\x7e]*|\\*)$");
    if (!target.match(m_target).hasMatch())
        return Failure(Problem{
            Part::Target, tr("The path begins with “/” and has no spaces; write %20 for one.")});
    auto sent = real();
    if (!sent)
        return Failure(sent.error());
    inspect::ReplayRequest request;
    request.original = m_originalId;
    request.edited = true;
    request.method = m_method.toStdString();
    request.target = std::move(sent->target);
    request.headers = std::move(sent->headers);
    request.body = std::move(sent->body);
    return request;
}

} // namespace sallyport::gui
