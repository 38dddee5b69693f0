#include "next_id.h"

#include <QFile>

#include <algorithm>

namespace sallyport::inspect {

void NextId::open(const std::string& file, RecordId least)
{
    m_file = file;
    QFile stored(QString::fromStdString(file));
    RecordId next = 0;
    if (stored.open(QIODevice::ReadOnly))
        next = stored.read(32).trimmed().toULongLong(); // 0: not a number
    // What goes into the database's signed columns.
    m_next = m_reserved = std::min<RecordId>(std::max(next, least), INT64_MAX / 2);
}

RecordId NextId::take()
{
    if (m_next >= m_reserved) {
        m_reserved = m_next + ReservedAtOnce;
        write(m_reserved);
    }
    return m_next++;
}

void NextId::close()
{
    if (m_reserved != m_next)
        write(m_next);
    m_reserved = m_next;
}

// Of the same length each time, over what stood there: never half a number.
void NextId::write(RecordId next)
{
    if (m_file.empty())
        return;
    QFile file(QString::fromStdString(m_file));
    if (!file.open(QIODevice::ReadWrite | QIODevice::Unbuffered,
                   QFileDevice::ReadOwner | QFileDevice::WriteOwner))
        return;
    file.write(QByteArray::number(qulonglong(next)).rightJustified(20, '0') + '\n');
}

} // namespace sallyport::inspect
