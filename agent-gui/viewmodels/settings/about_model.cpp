#include "about_model.h"

#include <QSysInfo>

#include <array>

namespace sallyport::gui {

namespace {

struct Library
{
    const char* name;
    const char* licence;
    const char* purpose;
};

constexpr std::array Libraries{
    Library{"Qt", "LGPL-3.0",
            QT_TRANSLATE_NOOP("sallyport::gui::AboutModel", "Window, network, event loop")},
    Library{"OpenSSL", "Apache-2.0",
            QT_TRANSLATE_NOOP("sallyport::gui::AboutModel", "TLS and certificates")},
    Library{"QtKeychain", "BSD-2-Clause",
            QT_TRANSLATE_NOOP("sallyport::gui::AboutModel", "Tokens in the system's keychain")},
    Library{"SQLite", QT_TRANSLATE_NOOP("sallyport::gui::AboutModel", "Public domain"),
            QT_TRANSLATE_NOOP("sallyport::gui::AboutModel", "History of requests")},
    Library{"yaml-cpp", "MIT", QT_TRANSLATE_NOOP("sallyport::gui::AboutModel", "Configuration")},
    Library{"toml++", "MIT",
            QT_TRANSLATE_NOOP("sallyport::gui::AboutModel", "Import of other configurations")},
    Library{"JSON for Modern C++", "MIT",
            QT_TRANSLATE_NOOP("sallyport::gui::AboutModel", "Messages")},
    Library{"nghttp2", "MIT", "HTTP/2"},
    Library{"libsodium", "ISC", QT_TRANSLATE_NOOP("sallyport::gui::AboutModel", "Password hashes")},
    Library{"libqrencode", "LGPL-2.1-or-later",
            QT_TRANSLATE_NOOP("sallyport::gui::AboutModel", "QR codes")},
    Library{"zlib", "Zlib", QT_TRANSLATE_NOOP("sallyport::gui::AboutModel", "Unpacking bodies")},
    Library{"Brotli", "MIT", QT_TRANSLATE_NOOP("sallyport::gui::AboutModel", "Unpacking bodies")},
    Library{"Zstandard", "BSD-3-Clause",
            QT_TRANSLATE_NOOP("sallyport::gui::AboutModel", "Unpacking bodies")},
};

} // namespace

QString AboutModel::version()
{
    return QStringLiteral(SALLYPORT_GUI_VERSION);
}

QString AboutModel::qtVersion()
{
    return QString::fromLatin1(qVersion());
}

QString AboutModel::system()
{
    return QSysInfo::prettyProductName() + ", " + QSysInfo::currentCpuArchitecture();
}

int AboutModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(Libraries.size());
}

QVariant AboutModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Library& library = Libraries[size_t(index.row())];
    switch (role) {
    case NameRole:
        return QString::fromLatin1(library.name);
    case LicenceRole:
        return tr(library.licence);
    case PurposeRole:
        return tr(library.purpose);
    default:
        return {};
    }
}

QHash<int, QByteArray> AboutModel::roleNames() const
{
    return {{NameRole, "name"}, {LicenceRole, "licence"}, {PurposeRole, "purpose"}};
}

} // namespace sallyport::gui
