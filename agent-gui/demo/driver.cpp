#include "driver.h"

#include "import_model.h"

#include <QAccessible>
#include <QQuickItem>
#include <QQuickWindow>
#include <QUrl>

namespace sallyport::gui::demo {

namespace {

// A star at the end stands for the rest of the name. Of a password's field Qt 6.4 tells only the
// description, which then begins with the name.
bool isCalled(QAccessibleInterface& found, const QString& name)
{
    const auto role = found.role();
    if (role == QAccessible::StaticText || role == QAccessible::Grouping || found.state().disabled)
        return false;
    if (found.state().passwordEdit)
        return found.text(QAccessible::Description).startsWith(name);
    const QString own = found.text(QAccessible::Name);
    return name.endsWith('*') ? own.startsWith(name.chopped(1)) : own == name;
}

QAccessibleInterface* search(QAccessibleInterface* below, const QString& name, bool field,
                             int depth)
{
    if (below == nullptr || depth > Driver::MaxDepth || below->state().invisible)
        return nullptr;
    if (isCalled(*below, name) && (!field || below->role() == QAccessible::EditableText))
        return below;
    for (int i = 0; i < below->childCount(); ++i)
        if (QAccessibleInterface* found = search(below->child(i), name, field, depth + 1))
            return found;
    return nullptr;
}

Failure<QString> missing(const QString& name)
{
    return Failure("nothing that can be seen is called \"" + name + "\"");
}

} // namespace

Result<void, QString> Driver::perform(const QString& step)
{
    const QString verb = step.section(' ', 0, 0);
    const QString rest = step.section(' ', 1);
    if (verb == "press")
        return press(rest);
    if (verb == "type")
        return type(rest.section('=', 0, 0), rest.section('=', 1));
    if (verb == "focus")
        return focus(rest);
    if (verb == "import")
        return import(rest);
    return Failure("\"" + step + "\" is no step: write press, type, focus or import");
}

QAccessibleInterface* Driver::find(const QString& name, bool field) const
{
    return search(QAccessible::queryAccessibleInterface(&m_window), name, field, 0);
}

Result<void, QString> Driver::press(const QString& name)
{
    QAccessibleInterface* found = find(name);
    if (found == nullptr)
        return missing(name);
    QAccessibleActionInterface* actions = found->actionInterface();
    if (actions == nullptr ||
        !actions->actionNames().contains(QAccessibleActionInterface::pressAction()))
        return Failure("\"" + name + "\" can't be pressed");
    actions->doAction(QAccessibleActionInterface::pressAction());
    return {};
}

Result<void, QString> Driver::type(const QString& name, const QString& text)
{
    QAccessibleInterface* found = find(name, true);
    if (found == nullptr)
        return missing(name);
    // As the keys would do it: the page hears of it by textEdited.
    auto* item = qobject_cast<QQuickItem*>(found->object());
    if (item == nullptr || !item->property("text").isValid())
        return Failure("\"" + name + "\" is no field");
    item->forceActiveFocus(Qt::TabFocusReason);
    QMetaObject::invokeMethod(item, "clear");
    QMetaObject::invokeMethod(item, "insert", Q_ARG(int, 0), Q_ARG(QString, text));
    QMetaObject::invokeMethod(item, "textEdited");
    return {};
}

Result<void, QString> Driver::focus(const QString& name)
{
    QAccessibleInterface* found = find(name);
    auto* item = found == nullptr ? nullptr : qobject_cast<QQuickItem*>(found->object());
    if (item == nullptr)
        return missing(name);
    item->forceActiveFocus(Qt::TabFocusReason);
    return {};
}

Result<void, QString> Driver::import(const QString& file)
{
    auto* model = m_window.findChild<ImportModel*>();
    if (model == nullptr)
        return Failure(QString("the import dialog is not open"));
    model->load(QUrl::fromLocalFile(file));
    return {};
}

} // namespace sallyport::gui::demo
