#include "accounts_model.h"

#include "format.h"
#include "problem_text.h"

#include <QPointer>

#include <algorithm>

namespace sallyport::gui {

void AccountsModel::setSession(Session* session)
{
    if (session == m_session || session == nullptr)
        return;
    m_session = session;
    connect(&session->control(), &control::AgentControl::accountsChanged, this,
            &AccountsModel::reload);
    connect(session, &Session::changed, this, &AccountsModel::tellRefusal);
    emit sessionChanged();
    reload();
}

void AccountsModel::reload()
{
    const auto& now = m_session->control().accounts();
    const bool sameIds = std::equal(now.begin(), now.end(), m_accounts.begin(), m_accounts.end(),
                                    [](const auto& a, const auto& b) { return a.id == b.id; });
    if (sameIds) {
        m_accounts = now;
        if (!m_accounts.empty())
            emit dataChanged(index(0), index(int(m_accounts.size()) - 1));
    } else {
        beginResetModel();
        m_accounts = now;
        endResetModel();
    }
    emit changed();
}

int AccountsModel::inFileCount() const
{
    return int(std::count_if(m_accounts.begin(), m_accounts.end(),
                             [](const auto& account) { return account.inFile; }));
}

int AccountsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_accounts.size());
}

QVariant AccountsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || size_t(index.row()) >= m_accounts.size())
        return {};
    const control::Account& account = m_accounts[size_t(index.row())];
    const Trial trial = m_trials.value(fromUtf8(account.id));
    switch (role) {
    case IdRole:
        return fromUtf8(account.id);
    case Qt::DisplayRole:
    case LabelRole:
        return fromUtf8(account.label.empty() ? account.relay : account.label);
    case RelayRole:
        return fromUtf8(account.relay);
    case HintRole:
        return fromUtf8(account.tokenHint);
    case PinnedRole:
        return !account.pin.empty();
    case InUseRole:
        return account.inUse;
    case RefusedRole:
        return account.inUse && m_session->state() == Session::State::Refused;
    case InFileRole:
        return account.inFile;
    case TestingRole:
        return trial.going;
    case TestTextRole:
        return trial.text;
    case TestGoodRole:
        return trial.good;
    default:
        return {};
    }
}

QHash<int, QByteArray> AccountsModel::roleNames() const
{
    return {{IdRole, "accountId"},      {LabelRole, "label"},      {RelayRole, "relay"},
            {HintRole, "hint"},         {PinnedRole, "pinned"},    {InUseRole, "inUse"},
            {RefusedRole, "refused"},   {InFileRole, "inFile"},    {TestingRole, "testing"},
            {TestTextRole, "testText"}, {TestGoodRole, "testGood"}};
}

void AccountsModel::tellTrials()
{
    if (!m_accounts.empty())
        emit dataChanged(index(0), index(int(m_accounts.size()) - 1),
                         {TestingRole, TestTextRole, TestGoodRole});
}

void AccountsModel::tellRefusal()
{
    if (!m_accounts.empty())
        emit dataChanged(index(0), index(int(m_accounts.size()) - 1), {RefusedRole});
}

void AccountsModel::test(const QString& id)
{
    m_trials[id] = {true, false, {}};
    tellTrials();
    m_session->control().testAccount(
        id.toStdString(),
        [self = QPointer<AccountsModel>(this), id](const Result<void, agent::Problem>& result) {
            if (!self)
                return;
            self->m_trials[id] = {false, result.ok(),
                                  result ? tr("The relay takes this token.")
                                         : problemText(result.error())};
            self->tellTrials();
        });
}

void AccountsModel::use(const QString& id)
{
    m_session->control().useAccount(id.toStdString(), m_session->complaining());
}

void AccountsModel::rename(const QString& id, const QString& label)
{
    m_session->control().renameAccount(id.toStdString(), label.trimmed().toStdString(),
                                       m_session->complaining());
}

void AccountsModel::remove(const QString& id)
{
    m_trials.remove(id);
    m_session->control().removeAccount(id.toStdString(), m_session->complaining());
}

} // namespace sallyport::gui
