#include "body_model.h"

#include "traffic_text.h"

#include <sallyport/inspect/redacted.h>

#include <QByteArray>
#include <QStringList>

#include <algorithm>
#include <cctype>

namespace sallyport::gui {

namespace {

using inspect::BodyView;

QString viewName(BodyView view)
{
    switch (view) {
    case BodyView::Json:
        return QStringLiteral("JSON");
    case BodyView::Xml:
        return QStringLiteral("XML");
    case BodyView::Form:
        return BodyModel::tr("Form");
    case BodyView::Multipart:
        return BodyModel::tr("Multipart");
    case BodyView::Text:
        return BodyModel::tr("Text");
    case BodyView::Image:
        return BodyModel::tr("Picture");
    case BodyView::Binary:
        return BodyModel::tr("Binary");
    case BodyView::Empty:
        break;
    }
    return BodyModel::tr("Empty");
}

bool sameName(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
        return std::tolower(x) == std::tolower(y);
    });
}

} // namespace

std::string BodyModel::headerValue(const std::vector<inspect::HeaderLine>& headers,
                                   std::string_view name)
{
    const auto found = std::find_if(headers.begin(), headers.end(), [name](const auto& header) {
        return sameName(header.name, name);
    });
    return found == headers.end() ? std::string() : found->value;
}

void BodyModel::clear()
{
    m_ready = m_hasSecrets = false;
    m_view = BodyView::Empty;
    m_decoded.clear();
    m_text.clear();
    m_image.clear();
    m_summary.clear();
    m_problem.clear();
    emit changed();
}

void BodyModel::setProblem(const QString& problem)
{
    clear();
    m_ready = true;
    m_problem = problem;
    emit changed();
}

void BodyModel::setBody(const std::vector<inspect::HeaderLine>& headers,
                        const inspect::BodyInfo& info, std::string bytes)
{
    m_contentType = headerValue(headers, "content-type");
    m_encoding = headerValue(headers, "content-encoding");
    m_info = info;
    auto decoded = inspect::decodeContent(m_encoding, bytes);
    m_decoded = std::move(decoded.bytes);
    m_cutNote.clear();
    if (info.cut())
        m_cutNote = tr("Only the first %1 of %2 were kept.")
                        .arg(TrafficText::bytes(info.kept), TrafficText::bytes(info.size));
    else if (decoded.cut)
        m_cutNote = tr("It is longer than what is unpacked here.");
    if (!decoded.problem.empty())
        m_cutNote += (m_cutNote.isEmpty() ? "" : " ") + TrafficText::from(decoded.problem);
    m_ready = true;
    layOut();
}

void BodyModel::setShowSecrets(bool show)
{
    if (show == m_showSecrets)
        return;
    m_showSecrets = show;
    if (m_ready && !isEmpty())
        layOut();
}

void BodyModel::setRedaction(const inspect::Redaction& redaction)
{
    m_redaction = redaction;
}

void BodyModel::layOut()
{
    auto pretty = inspect::prettyBody(m_contentType, m_decoded, m_redaction);
    m_hasSecrets = false;
    if (pretty.text.find(inspect::Hidden) != std::string::npos) {
        auto whole = inspect::prettyBody(m_contentType, m_decoded);
        m_hasSecrets = whole.text != pretty.text;
        if (m_showSecrets)
            pretty = std::move(whole);
    }
    m_view = pretty.view;
    m_image.clear();
    m_text = TrafficText::from(pretty.text);
    m_problem = m_cutNote;
    if (!pretty.problem.empty())
        m_problem += (m_problem.isEmpty() ? "" : " ") + TrafficText::from(pretty.problem);
    if (m_text.size() > MaxShown) {
        m_text.truncate(MaxShown);
        m_problem += (m_problem.isEmpty() ? "" : " ") + tr("The rest is not shown.");
    }
    if (m_view == BodyView::Image && m_decoded.size() <= MaxImage)
        m_image = "data:" + TrafficText::from(m_contentType) + ";base64," +
                  QByteArray::fromRawData(m_decoded.data(), qsizetype(m_decoded.size())).toBase64();
    QStringList parts{viewName(m_view)};
    if (m_info.size > 0)
        parts.append(TrafficText::bytes(m_info.size));
    if (!m_encoding.empty())
        parts.append(TrafficText::from(m_encoding));
    m_summary = parts.join(", ");
    emit changed();
}

} // namespace sallyport::gui
