#include <sallyport/secrets/secret_store.h>

#include <QtGlobal>

#ifdef Q_OS_LINUX
#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusReply>
#include <QFile>
#include <QStringList>

#include <algorithm>
#endif

namespace sallyport::secrets {

#ifdef Q_OS_LINUX

namespace {

// Else the library would start a bus of its own, where there is a screen.
bool isBusThere()
{
    return qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS") ||
           QFile::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + "/bus");
}

} // namespace

bool isKeychainThere()
{
    if (!isBusThere())
        return false;
    QDBusConnectionInterface* bus = QDBusConnection::sessionBus().interface();
    if (!bus)
        return false;
    const QStringList kinds{"org.freedesktop.secrets", "org.kde.kwalletd6", "org.kde.kwalletd5"};
    const auto isOneOf = [&kinds](const QDBusReply<QStringList>& names) {
        return names.isValid() && std::any_of(kinds.begin(), kinds.end(), [&](const QString& kind) {
                   return names.value().contains(kind);
               });
    };
    // Some are started by the first question to them.
    return isOneOf(bus->registeredServiceNames()) || isOneOf(bus->activatableServiceNames());
}

#else

bool isKeychainThere()
{
    return true; // part of the system
}

#endif

} // namespace sallyport::secrets
