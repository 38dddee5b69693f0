// Where the window stands and how large it is: as it was left, and never larger than the screen,
// which may be another one by now, or be scaled.
//
// Threads: the GUI's. Lifetime: made for a window that is not shown yet, and goes with it. The
// settings outlive both.
#pragma once

#include <QObject>
#include <QRect>
#include <QWindow>

class QSettings;

namespace sallyport::gui {

class WindowPlace : public QObject
{
    Q_OBJECT

public:
    // What a frame and its title may need around the window; it is not known before that is shown.
    static constexpr int Frame = 40;

    // Without `settings` nothing is remembered.
    WindowPlace(QWindow& window, QSettings* settings);

    // `wanted` made to fit into what there is of a screen.
    static QRect fitted(const QRect& wanted, const QRect& available);

private:
    void restore();
    void note();
    void keep();

    QWindow& m_window;
    QSettings* m_settings;
    QRect m_normal; // while it is neither maximised nor minimised
    bool m_maximised = false;
    bool m_shown = false; // ever
};

} // namespace sallyport::gui
