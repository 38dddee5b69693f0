#include "diagnose_model.h"

#include "check_text.h"
#include "problem_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSysInfo>

#include <algorithm>

namespace sallyport::gui {

namespace {

QString from(const std::string& text)
{
    return QString::fromStdString(text);
}

QString programBeside()
{
    const QString path = QDir(QCoreApplication::applicationDirPath()).filePath("sallyport");
    return QFileInfo(path).isExecutable() ? path : QString();
}

} // namespace

DiagnoseModel::DiagnoseModel(QObject* parent)
    : QAbstractListModel(parent), m_runner(desktop::makeCommandRunner()), m_program(programBeside())
{}

DiagnoseModel::DiagnoseModel(std::unique_ptr<desktop::CommandRunner> runner)
    : m_runner(std::move(runner))
{}

void DiagnoseModel::setSession(Session* session)
{
    if (session == m_session || session == nullptr)
        return;
    m_session = session;
    emit sessionChanged();
    run();
}

void DiagnoseModel::run()
{
    if (m_busy || m_session == nullptr)
        return;
    if (m_program.isEmpty() || !m_session->settings()->isReal())
        return show(known());
    m_busy = true;
    emit changed();
    m_runner->run({m_program.toStdString(), {"doctor", "--json"}, {}, std::chrono::seconds(60)},
                  [this](const desktop::CommandRunner::End& end) {
                      m_busy = false;
                      Rows rows = parsed(end.output);
                      if (rows.empty())
                          rows = known();
                      show(std::move(rows));
                  });
}

DiagnoseModel::Rows DiagnoseModel::parsed(const std::string& output)
{
    // Warnings of the program may stand before the document.
    const auto begin = output.find_first_of("[{");
    if (begin == std::string::npos)
        return {};
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(output.substr(begin)));
    const QJsonArray checks =
        document.isArray() ? document.array() : document.object().value("checks").toArray();
    Rows rows;
    for (const auto& value : checks) {
        const QJsonObject check = value.toObject();
        const QString verdict = check.value("verdict").toString();
        QStringList facts;
        for (const auto& fact : check.value("facts").toArray())
            facts.append(fact.toString());
        rows.push_back(
            {checkGroup(check.value("group").toString()),
             verdict == "ok"        ? Verdict::Ok
             : verdict == "warning" ? Verdict::Warning
                                    : Verdict::Failure,
             checkText(check.value("code").toString(), facts, check.value("text").toString())});
        if (rows.size() >= size_t(MaxRows))
            break;
    }
    return rows;
}

DiagnoseModel::Rows DiagnoseModel::known() const
{
    Rows rows;
    const auto& now = m_session->control().snapshot();
    if (now.relay.empty())
        rows.push_back({tr("Relay"), Verdict::Failure, tr("No relay is configured.")});
    else
        rows.push_back({tr("Relay"), Verdict::Ok, from(now.relay)});
    switch (m_session->state()) {
    case Session::State::Connected:
        rows.push_back(
            {tr("Link"), Verdict::Ok, tr("Connected over %1").arg(from(now.transport).toUpper())});
        if (m_session->roundTripMs() >= 0)
            rows.push_back({tr("Link"), Verdict::Ok,
                            tr("%1 ms there and back").arg(m_session->roundTripMs())});
        break;
    case Session::State::Off:
    case Session::State::Connecting:
        rows.push_back({tr("Link"), Verdict::Warning, m_session->stateText()});
        break;
    case Session::State::Waiting:
    case Session::State::Refused:
    case Session::State::ServiceAway:
        rows.push_back({tr("Link"), Verdict::Failure, m_session->problem()});
        break;
    }
    for (const auto& account : m_session->control().accounts())
        if (account.inUse)
            rows.push_back({tr("Credential"), account.inFile ? Verdict::Warning : Verdict::Ok,
                            account.inFile
                                ? tr("In a file that only you can read, not in a keychain")
                                : tr("In the system's keychain")});
    addTunnels(rows);
    return rows;
}

void DiagnoseModel::addTunnels(Rows& rows) const
{
    for (const auto& tunnel : m_session->control().snapshot().tunnels) {
        if (rows.size() >= size_t(MaxRows))
            return;
        const auto& status = tunnel.status;
        const QString group = tr("Tunnel %1").arg(from(status.ref));
        if (tunnel.paused)
            rows.push_back({group, Verdict::Ok, tr("Paused")}); // on purpose
        else if (status.state == agent::TunnelState::Refused)
            rows.push_back({group, Verdict::Failure,
                            problemText({agent::problemCodeOfRefusal(status.refusalCode),
                                         status.refusalText})});
        else if (!status.upstreamProblem.empty())
            rows.push_back({group, Verdict::Failure,
                            problemText({status.upstreamCode, status.upstreamProblem})});
        else if (!status.certificateProblem.empty())
            rows.push_back({group, Verdict::Warning,
                            problemText({status.certificateCode, status.certificateProblem})});
        else if (status.state == agent::TunnelState::Open)
            rows.push_back(
                {group, Verdict::Ok, tr("Published, %1").arg(from(status.config.upstream.text()))});
        else
            rows.push_back({group, Verdict::Warning, tr("Waits for the link")});
    }
}

void DiagnoseModel::show(Rows rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
    emit changed();
}

int DiagnoseModel::count(Verdict verdict) const
{
    return int(std::count_if(m_rows.begin(), m_rows.end(),
                             [verdict](const Row& row) { return row.verdict == verdict; }));
}

QString DiagnoseModel::report() const
{
    QString text = "Sallyport " SALLYPORT_GUI_VERSION ", Qt " + QString(qVersion()) + ", " +
                   QSysInfo::prettyProductName() + " (" + QSysInfo::currentCpuArchitecture() +
                   ")\n" + QDateTime::currentDateTimeUtc().toString(Qt::ISODate) + "\n\n";
    for (const Row& row : m_rows) {
        const char* sign = row.verdict == Verdict::Ok        ? "[ OK ]  "
                           : row.verdict == Verdict::Warning ? "[WARN]  "
                                                             : "[FAIL]  ";
        text += sign + row.group + ": " + row.text + "\n";
    }
    return text;
}

void DiagnoseModel::copyReport()
{
    m_session->copy(report(), tr("Report copied"));
}

int DiagnoseModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant DiagnoseModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row& row = m_rows[size_t(index.row())];
    switch (role) {
    case GroupRole:
        return row.group;
    case VerdictRole:
        return int(row.verdict);
    case TextRole:
        return row.text;
    case FirstOfGroupRole:
        return index.row() == 0 || m_rows[size_t(index.row()) - 1].group != row.group;
    default:
        return {};
    }
}

QHash<int, QByteArray> DiagnoseModel::roleNames() const
{
    return {{GroupRole, "group"},
            {VerdictRole, "verdict"},
            {TextRole, "text"},
            {FirstOfGroupRole, "firstOfGroup"}};
}

} // namespace sallyport::gui
