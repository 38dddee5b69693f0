#include "body_files.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace sallyport::inspect {

namespace {
constexpr QFileDevice::Permissions OwnerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
constexpr qsizetype RoomWanted = 256 * 1024;
} // namespace

bool BodyFiles::open(const std::string& folder)
{
    m_folder = folder;
    const QString path = QString::fromStdString(folder);
    return (QDir(path).exists() || QDir().mkpath(path)) &&
           QFile::setPermissions(path, OwnerOnly | QFileDevice::ExeOwner);
}

std::string BodyFiles::path(RecordId id, Side side) const
{
    return m_folder + "/" + std::to_string(id) + (side == Side::Request ? ".request" : ".response");
}

bool BodyFiles::append(RecordId id, Side side, std::string_view bytes)
{
    QFile file(QString::fromStdString(path(id, side)));
    if (!file.open(QIODevice::Append | QIODevice::Unbuffered, OwnerOnly))
        return false;
    const qint64 before = file.size();
    if (file.write(bytes.data(), qint64(bytes.size())) == qint64(bytes.size()))
        return true;
    // Half a piece would be counted by nobody.
    if (before == 0)
        file.remove();
    else
        file.resize(before);
    return false;
}

bool BodyFiles::hasRoom() const
{
    QFile file(QString::fromStdString(m_folder + "/room"));
    const bool room =
        file.open(QIODevice::WriteOnly | QIODevice::Truncate | QIODevice::Unbuffered, OwnerOnly) &&
        file.write(QByteArray(RoomWanted, '\0')) == RoomWanted;
    file.remove();
    return room;
}

std::string BodyFiles::read(RecordId id, Side side, uint64_t limit) const
{
    QFile file(QString::fromStdString(path(id, side)));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    std::string bytes(size_t(std::min<uint64_t>(limit, uint64_t(file.size()))), '\0');
    const qint64 got = file.read(bytes.data(), qint64(bytes.size()));
    bytes.resize(size_t(std::max<qint64>(got, 0)));
    return bytes;
}

void BodyFiles::remove(RecordId id)
{
    for (const Side side : {Side::Request, Side::Response})
        remove(id, side);
}

void BodyFiles::remove(RecordId id, Side side)
{
    QFile::remove(QString::fromStdString(path(id, side)));
}

void BodyFiles::removeAll()
{
    removeUnless([](RecordId) { return false; });
}

void BodyFiles::removeUnless(const std::function<bool(RecordId)>& known)
{
    const QDir folder(QString::fromStdString(m_folder));
    for (const QString& name : folder.entryList({"*.request", "*.response"}, QDir::Files)) {
        bool isNumber = false;
        const RecordId id = name.section('.', 0, 0).toULongLong(&isNumber);
        if (isNumber && !known(id))
            QFile::remove(folder.filePath(name));
    }
}

} // namespace sallyport::inspect
