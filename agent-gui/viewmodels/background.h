// Work that would hold the window up, on a thread of Qt's pool; its result comes back to the GUI's
// thread while `owner` is still there.
//
//     inBackground(this, [text] { return layOut(text); }, [this](Laid laid) { show(laid); });
//
// `work` must own all that it looks at. Threads: called on the GUI's, `work` runs on another one,
// `done` on the GUI's again.
#pragma once

#include <QCoreApplication>
#include <QMetaObject>
#include <QPointer>
#include <QThreadPool>

#include <memory>
#include <utility>

namespace sallyport::gui {

template <typename Owner, typename Work, typename Done>
void inBackground(Owner* owner, Work work, Done done)
{
    QThreadPool::globalInstance()->start(
        [owner = QPointer<Owner>(owner), work = std::move(work), done = std::move(done)]() mutable {
            auto result = std::make_shared<decltype(work())>(work());
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [owner = std::move(owner), done = std::move(done), result = std::move(result)] {
                    if (owner)
                        done(std::move(*result));
                },
                Qt::QueuedConnection);
        });
}

} // namespace sallyport::gui
