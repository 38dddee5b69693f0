// Uses the window as a screen reader's user would: finds things by their accessible name, presses
// them and types into them. What it can't find has no name, which is a fault of the page.
//
// Threads: the GUI's. Lifetime: shorter than the window.
#pragma once

#include <sallyport/base/result.h>

#include <QString>

class QAccessibleInterface;
class QQuickWindow;

namespace sallyport::gui::demo {

class Driver
{
public:
    static constexpr int MaxDepth = 100; // of the tree that is searched

    explicit Driver(QQuickWindow& window) : m_window(window) {}

    // A step is one of
    //   press NAME          presses a button, a tab, a row
    //   type NAME=TEXT      puts a text into a field
    //   focus NAME          as if Tab had led there
    //   import FILE         loads a file in the import dialog, past the system's file dialog
    // A star at the end of NAME stands for the rest of it. A failure says why in a sentence.
    Result<void, QString> perform(const QString& step);
    // The first that can be seen and used, of fields alone if so wished; null: none.
    QAccessibleInterface* find(const QString& name, bool field = false) const;

private:
    Result<void, QString> press(const QString& name);
    Result<void, QString> type(const QString& name, const QString& text);
    Result<void, QString> focus(const QString& name);
    Result<void, QString> import(const QString& file);

    QQuickWindow& m_window;
};

} // namespace sallyport::gui::demo
