// The program `sallyport` from outside, in a person's empty home.
#pragma once

#include "fake_relay.h"
#include "net/net_test.h"

#include <sallyport/auth/token.h>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace sallyport::agent::test {

using net::test::runUntil;

class CommandFixture : public QObject
{
protected:
    net::IoContext m_io;
    std::unique_ptr<QTemporaryDir> m_home;

    // A person's empty home, so that nothing of this machine is seen or changed.
    std::unique_ptr<QProcess> start(const QStringList& arguments, const QByteArray& input = {},
                                    const QMap<QString, QString>& more = {})
    {
        auto process = std::make_unique<QProcess>();
        QProcessEnvironment environment;
        environment.insert("HOME", m_home->path());
        environment.insert("USER", "tester");
        environment.insert("XDG_RUNTIME_DIR", m_home->path());
        for (auto i = more.begin(); i != more.end(); ++i)
            environment.insert(i.key(), i.value());
        process->setProcessEnvironment(environment);
        process->start(SALLYPORT_BINARY, arguments);
        process->write(input);
        process->closeWriteChannel();
        return process;
    }

    struct Outcome
    {
        int code = -1;
        QByteArray out;
        QByteArray err;
    };
    static Outcome finish(QProcess& process)
    {
        if (!runUntil([&] { return process.state() == QProcess::NotRunning; }))
            return {};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2,
                process.readAllStandardOutput(), process.readAllStandardError()};
    }
    Outcome run(const QStringList& arguments, const QByteArray& input = {},
                const QMap<QString, QString>& more = {})
    {
        return finish(*start(arguments, input, more));
    }
    QString writeConfig(const QByteArray& text)
    {
        const QString path = m_home->filePath("agent.yaml");
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("no config");
        file.write(text);
        return path;
    }
    static QByteArray relayUrl(const FakeRelay& relay)
    {
        return "tcp://127.0.0.1:" + QByteArray::number(relay.port());
    }
    static QByteArray newToken()
    {
        return QByteArray::fromStdString(std::string(auth::Token::generate()->reveal()));
    }
    // Lines on standard error so far.
    static bool says(QProcess& process, QByteArray& seen, const QByteArray& wanted)
    {
        return runUntil([&] {
            seen += process.readAllStandardError();
            return seen.contains(wanted);
        });
    }
};

} // namespace sallyport::agent::test
