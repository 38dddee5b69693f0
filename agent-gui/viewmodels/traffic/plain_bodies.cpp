// Stands in for inspect/decode.h and inspect/diff.h where the library lacks them: bodies as they
// came, differences without a search for the shortest script.
#include <sallyport/inspect/decode.h>
#include <sallyport/inspect/diff.h>

#include <QJsonDocument>

namespace sallyport::inspect {

Decoded decodeContent(std::string_view, std::string_view bytes, size_t)
{
    return {std::string(bytes), false, {}};
}

PrettyBody prettyBody(std::string_view type, std::string_view bytes)
{
    if (bytes.empty())
        return {};
    const QByteArray raw(bytes.data(), qsizetype(bytes.size()));
    const auto json = QJsonDocument::fromJson(raw);
    if (!json.isNull())
        return {BodyView::Json, json.toJson().toStdString(), {}};
    if (type.starts_with("image/"))
        return {BodyView::Image, {}, {}};
    return {BodyView::Text, std::string(bytes), {}};
}

PrettyBody prettyBody(std::string_view type, std::string_view bytes, const Redaction&)
{
    return prettyBody(type, bytes);
}

std::vector<DiffLine> diffLines(std::string_view before, std::string_view after, size_t)
{
    if (before == after)
        return {{DiffLine::Kind::Same, std::string(before)}};
    return {{DiffLine::Kind::Removed, std::string(before)},
            {DiffLine::Kind::Added, std::string(after)}};
}

std::vector<DiffLine> diffHeads(const Exchange& before, const Exchange& after, Side, bool)
{
    return diffLines(before.statusLine, after.statusLine);
}

} // namespace sallyport::inspect
