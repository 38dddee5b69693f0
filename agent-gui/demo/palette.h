// Makes a picture of a window small: at most 256 colours, so that PNG needs a byte for a pixel. The
// same picture gives the same palette each time.
#pragma once

#include <QImage>

namespace sallyport::gui::demo {

inline constexpr int MaxColours = 256;
// How far a pixel's colour may be from its palette's, summed over red, green and blue, before the
// picture is left as it is.
inline constexpr int MaxDistance = 36;

QImage withFewColours(const QImage& picture);

} // namespace sallyport::gui::demo
