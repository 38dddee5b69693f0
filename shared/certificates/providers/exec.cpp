// A program of the operator's: `COMMAND present NAME. VALUE`, `COMMAND cleanup NAME. VALUE`, as
// lego's "exec" provider calls it. What it writes is not shown to anybody, but for the last line of
// its standard error when it fails.
#include "providers/provider.h"

#include <QProcess>
#include <QTimer>

namespace sallyport::certificates {

namespace {

class Exec final : public DnsProvider
{
public:
    explicit Exec(const config::DnsProviderConfig& config)
        : m_command(config.command), m_timeout(config.timeout)
    {}

    ~Exec() override
    {
        if (m_process) {
            m_process->disconnect();
            m_process->kill();
        }
    }

    void add(const DnsRecord& record, DnsDone done) override { run("present", record, done); }
    void remove(const DnsRecord& record, DnsDone done) override { run("cleanup", record, done); }

private:
    static constexpr qint64 OutputLimit = 64 * 1024;

    void run(const char* what, const DnsRecord& record, const DnsDone& done)
    {
        if (m_process) // one whose time is over, and that is being killed
            return done("the DNS command is still running");
        m_process = std::make_unique<QProcess>();
        QProcess* process = m_process.get();
        process->setStandardInputFile(QProcess::nullDevice());
        process->setStandardOutputFile(QProcess::nullDevice());
        process->setProcessChannelMode(QProcess::SeparateChannels);
        QObject::connect(process, &QProcess::readyReadStandardError, process, [this, process] {
            m_error += process->readAllStandardError();
            m_error = m_error.right(OutputLimit);
        });
        QObject::connect(process, &QProcess::errorOccurred, process,
                         [this, done](QProcess::ProcessError error) {
                             if (error == QProcess::FailedToStart)
                                 finish("can't be started", done);
                         });
        QObject::connect(process, &QProcess::finished, process,
                         [this, done](int code, QProcess::ExitStatus status) {
                             if (status != QProcess::NormalExit)
                                 return finish("was ended before it was done", done);
                             if (code != 0)
                                 return finish("ended with code " + std::to_string(code), done);
                             finish({}, done);
                         });
        // A little sooner than the publisher gives up, so that the next call finds it gone.
        QTimer::singleShot(m_timeout * 9 / 10, process, [process] { process->kill(); });
        m_error.clear();
        process->start(QString::fromStdString(m_command),
                       {QString::fromLatin1(what), QString::fromStdString(record.name + "."),
                        QString::fromStdString(record.value)});
    }

    void finish(const std::string& trouble, const DnsDone& done)
    {
        m_process.release()->deleteLater();
        if (trouble.empty())
            return done(std::nullopt);
        const QByteArray lastLine = m_error.trimmed().split('\n').last().trimmed().left(200);
        done("the DNS command " + m_command + " " + trouble +
             (lastLine.isEmpty() ? "" : ": " + lastLine.toStdString()));
    }

    std::string m_command;
    std::chrono::milliseconds m_timeout;
    std::unique_ptr<QProcess> m_process;
    QByteArray m_error;
};

} // namespace

std::unique_ptr<DnsProvider> makeExec(const config::DnsProviderConfig& config)
{
    return std::make_unique<Exec>(config);
}

} // namespace sallyport::certificates
