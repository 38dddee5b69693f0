// A temporary folder with a configuration file in it.
#pragma once

#include <sallyport/config/sources.h>

#include <QFile>
#include <QString>
#include <QTemporaryDir>
#include <QTest>

#include <string>

class ConfigFolder
{
public:
    explicit ConfigFolder(std::string name) : m_name(std::move(name)) {}

    std::string path(const std::string& name) const
    {
        return m_folder.filePath(QString::fromStdString(name)).toStdString();
    }
    std::string file() const { return path(m_name); }
    std::string folder() const { return m_folder.path().toStdString(); }

    void write(const std::string& name, const std::string& text) const
    {
        QFile file(QString::fromStdString(path(name)));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(file.write(text.data(), qint64(text.size())), qint64(text.size()));
        file.close();
        QVERIFY(file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    }
    sallyport::config::Sources sources(const std::string& text) const
    {
        write(m_name, text);
        return {file(), true, {}, {}};
    }
    // Without the folder, which differs from run to run.
    std::string shortened(std::string text) const
    {
        const std::string prefix = folder() + "/";
        for (size_t at; (at = text.find(prefix)) != std::string::npos;)
            text.erase(at, prefix.size());
        return text;
    }

private:
    QTemporaryDir m_folder;
    std::string m_name;
};
