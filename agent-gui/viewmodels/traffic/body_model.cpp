#include "body_model.h"

#include "background.h"
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
    ++m_generation;
    m_ready = m_hasSecrets = false;
    m_view = BodyView::Empty;
    m_source.reset();
    m_decoded = {};
    m_text = {};
    m_image = {};
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
    auto source = std::make_shared<Source>();
    source->contentType = headerValue(headers, "content-type");
    source->encoding = headerValue(headers, "content-encoding");
    source->info = info;
    source->bytes = std::move(bytes);
    source->redaction = m_redaction;
    m_source = std::move(source);
    layOut();
}

void BodyModel::setShowSecrets(bool show)
{
    if (show == m_showSecrets)
        return;
    m_showSecrets = show;
    if (m_source)
        layOut();
}

void BodyModel::setRedaction(const inspect::Redaction& redaction)
{
    m_redaction = redaction;
}

void BodyModel::layOut()
{
    const uint64_t generation = ++m_generation;
    if (m_source->bytes.size() <= AtOnce && m_source->encoding.empty())
        return show(laidOut(*m_source, m_showSecrets));
    inBackground(
        this, [source = m_source, secrets = m_showSecrets] { return laidOut(*source, secrets); },
        [this, generation](Laid laid) {
            if (generation == m_generation)
                show(std::move(laid));
        });
}

// Any thread.
BodyModel::Laid BodyModel::laidOut(const Source& source, bool showSecrets)
{
    Laid laid;
    auto decoded = inspect::decodeContent(source.encoding, source.bytes);
    laid.decoded = std::move(decoded.bytes);
    QStringList problems;
    if (source.info.cut())
        problems << tr("Only the first %1 of %2 were kept.")
                        .arg(TrafficText::bytes(source.info.kept),
                             TrafficText::bytes(source.info.size));
    else if (decoded.cut)
        problems << tr("It is longer than what is unpacked here.");
    if (!decoded.problem.empty())
        problems << TrafficText::from(decoded.problem);
    auto pretty = inspect::prettyBody(source.contentType, laid.decoded, source.redaction);
    if (pretty.text.find(inspect::Hidden) != std::string::npos) {
        auto whole = inspect::prettyBody(source.contentType, laid.decoded);
        laid.hasSecrets = whole.text != pretty.text;
        if (showSecrets)
            pretty = std::move(whole);
    }
    laid.view = pretty.view;
    if (!pretty.problem.empty())
        problems << TrafficText::from(pretty.problem);
    // A character is at most four bytes.
    const bool cut = pretty.text.size() > size_t(4 * MaxShown);
    if (cut)
        pretty.text.resize(size_t(4 * MaxShown));
    laid.text = TrafficText::from(pretty.text);
    if (cut || laid.text.size() > MaxShown) {
        laid.text.truncate(MaxShown);
        problems << tr("The rest is not shown.");
    }
    laid.problem = problems.join(' ');
    if (laid.view == BodyView::Image && laid.decoded.size() <= MaxImage)
        laid.image =
            "data:" + TrafficText::from(source.contentType) + ";base64," +
            QByteArray::fromRawData(laid.decoded.data(), qsizetype(laid.decoded.size())).toBase64();
    return laid;
}

void BodyModel::show(Laid laid)
{
    m_ready = true;
    m_decoded = std::move(laid.decoded);
    m_view = laid.view;
    m_hasSecrets = laid.hasSecrets;
    m_text = std::move(laid.text);
    m_image = std::move(laid.image);
    m_problem = std::move(laid.problem);
    QStringList parts{viewName(m_view)};
    if (m_source->info.size > 0)
        parts.append(TrafficText::bytes(m_source->info.size));
    if (!m_source->encoding.empty())
        parts.append(TrafficText::from(m_source->encoding));
    m_summary = parts.join(", ");
    emit changed();
}

} // namespace sallyport::gui
