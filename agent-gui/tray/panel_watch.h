// Where the desktop takes icons of programs, and when that changes: at login a panel often starts
// after this program, and one that crashed comes back.
//
// Qt is not asked, because what it finds the first time stays its answer (Qt 6.4), so that a panel
// that comes later is never seen; nor does it tell a watcher without a panel from one with.
// Threads: the GUI's. Limits: a panel that does not answer within AnswerMs counts as one.
#pragma once

#include <QObject>
#include <QTimer>

namespace sallyport::gui {

class PanelWatch : public QObject
{
    Q_OBJECT

public:
    enum class Place {
        None,
        Desktop, // StatusNotifierItem over D-Bus; elsewhere than on Linux what the system has
        Embedded // the older tray of X11
    };

    static constexpr int PollMs = 5'000;
    static constexpr int AnswerMs = 250;
    // A panel that takes both kinds announces them one after the other.
    static constexpr int EmbedMs = 1'500;

    explicit PanelWatch(QObject* parent = nullptr);

    Place place() const { return m_place; }

signals:
    void changed();

private slots:
    void look();

private:
    Place find();
    void watchBus();

    Place m_place = Place::None;
    bool m_embedAwaited = false; // EmbedMs have passed
    QTimer m_poll;
    QTimer m_embed;
};

} // namespace sallyport::gui
