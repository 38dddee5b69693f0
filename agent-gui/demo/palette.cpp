#include "palette.h"

#include <QList>

#include <algorithm>
#include <cstdlib>
#include <unordered_map>
#include <vector>

namespace sallyport::gui::demo {

namespace {

constexpr int Step = 6;

int distance(QRgb one, QRgb other)
{
    return std::abs(qRed(one) - qRed(other)) + std::abs(qGreen(one) - qGreen(other)) +
           std::abs(qBlue(one) - qBlue(other));
}

// The most frequent first.
std::vector<QRgb> coloursOf(const QImage& picture)
{
    std::unordered_map<QRgb, int> counts;
    for (int y = 0; y < picture.height(); ++y) {
        const auto* line = reinterpret_cast<const QRgb*>(picture.constScanLine(y));
        for (int x = 0; x < picture.width(); ++x)
            ++counts[line[x]];
    }
    std::vector<std::pair<int, QRgb>> sorted;
    sorted.reserve(counts.size());
    for (const auto& [colour, count] : counts)
        sorted.emplace_back(-count, colour);
    std::sort(sorted.begin(), sorted.end());
    std::vector<QRgb> colours;
    colours.reserve(sorted.size());
    for (const auto& entry : sorted)
        colours.push_back(entry.second);
    return colours;
}

// Each colour is within `reach` of one in the palette; empty: so few colours do not do.
QList<QRgb> paletteOf(const std::vector<QRgb>& colours, int reach)
{
    QList<QRgb> palette;
    for (const QRgb colour : colours) {
        if (std::any_of(palette.cbegin(), palette.cend(),
                        [colour, reach](QRgb chosen) { return distance(colour, chosen) <= reach; }))
            continue;
        if (palette.size() == MaxColours)
            return {};
        palette.append(colour);
    }
    return palette;
}

} // namespace

QImage withFewColours(const QImage& picture)
{
    const QImage plain = picture.convertToFormat(QImage::Format_RGB32);
    const std::vector<QRgb> colours = coloursOf(plain);
    for (int reach = 0; reach <= MaxDistance; reach += Step)
        if (const QList<QRgb> palette = paletteOf(colours, reach); !palette.isEmpty())
            return plain.convertToFormat(QImage::Format_Indexed8, palette, Qt::AvoidDither);
    return plain;
}

} // namespace sallyport::gui::demo
