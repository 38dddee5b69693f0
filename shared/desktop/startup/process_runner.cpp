#include <sallyport/desktop/command_runner.h>

#include <QObject>
#include <QProcess>
#include <QTimer>

#include <utility>

namespace sallyport::desktop {

namespace {

constexpr qsizetype mostOutput = 16 * 1024;

class ProcessRunner : public CommandRunner
{
public:
    void run(const Command& command, Done done) override
    {
        auto* process = new QProcess(&m_parent);
        process->setProcessChannelMode(QProcess::MergedChannels);
        auto* patience = new QTimer(process);
        patience->setSingleShot(true);
        QObject::connect(patience, &QTimer::timeout, process, &QProcess::kill);
        QObject::connect(process, &QProcess::finished, process, [process, done](int code) {
            const bool ended = process->exitStatus() == QProcess::NormalExit;
            finish(process,
                   {true, ended ? code : -1, process->readAll().left(mostOutput).toStdString()},
                   done);
        });
        QObject::connect(process, &QProcess::errorOccurred, process,
                         [process, done](QProcess::ProcessError error) {
                             if (error == QProcess::FailedToStart)
                                 finish(process, {}, done);
                         });
        QStringList arguments;
        for (const std::string& argument : command.arguments)
            arguments += QString::fromStdString(argument);
        patience->start(command.patience);
        process->start(QString::fromStdString(command.program), arguments);
        process->write(command.input.data(), static_cast<qint64>(command.input.size()));
        process->closeWriteChannel();
    }

private:
    static void finish(QProcess* process, const End& end, const Done& done)
    {
        process->deleteLater();
        done(end);
    }

    QObject m_parent; // its end takes the processes along
};

} // namespace

std::unique_ptr<CommandRunner> makeCommandRunner()
{
    return std::make_unique<ProcessRunner>();
}

} // namespace sallyport::desktop
