#include "accounts_model.h"

#include "format.h"
#include "problem_text.h"

#include <QPointer>

#include <algorithm>

namespace sallyport::gui {

namespace {

const std::string& nameOf(const control::Account& account)
{
    return account.label.empty() ? account.relay : account.label;
}

} // namespace

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

QString AccountsModel::inFileText() const
{
    if (inFileCount() == 0)
        return {};
    const QString where = tr("%n token(s) are kept in a file that only your user can read, because "
                             "no keychain was open then.",
                             nullptr, inFileCount());
    return movableCount() > 0 ? where
                              : where + " " +
                                    tr("There is no keychain now either: GNOME Keyring or KWallet "
                                       "would be one.");
}

int AccountsModel::movableCount() const
{
    return int(std::count_if(m_accounts.begin(), m_accounts.end(),
                             [](const auto& account) { return account.canMove; }));
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
        return fromUtf8(nameOf(account));
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
    case CanMoveRole:
        return account.canMove && !trial.going;
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
    return {{IdRole, "accountId"},    {LabelRole, "label"},       {RelayRole, "relay"},
            {HintRole, "hint"},       {PinnedRole, "pinned"},     {InUseRole, "inUse"},
            {RefusedRole, "refused"}, {InFileRole, "inFile"},     {CanMoveRole, "canMove"},
            {TestingRole, "testing"}, {TestTextRole, "testText"}, {TestGoodRole, "testGood"}};
}

void AccountsModel::tellTrials()
{
    if (!m_accounts.empty())
        emit dataChanged(index(0), index(int(m_accounts.size()) - 1),
                         {CanMoveRole, TestingRole, TestTextRole, TestGoodRole});
}

void AccountsModel::tellRefusal()
{
    if (!m_accounts.empty())
        emit dataChanged(index(0), index(int(m_accounts.size()) - 1), {RefusedRole});
}

void AccountsModel::begin(const QString& id, const QString& text)
{
    m_trials[id] = {true, false, text};
    tellTrials();
}

void AccountsModel::end(const QString& id, const Result<void, agent::Problem>& result,
                        const QString& text)
{
    m_trials[id] = {false, result.ok(), result ? text : problemText(result.error())};
    tellTrials();
}

namespace {

// Of a token that is to move, which is in no locked keychain.
agent::Problem whyItStays(const agent::Problem& problem)
{
    if (problem.code != agent::ProblemCode::KeychainLocked)
        return problem;
    const QString text =
        AccountsModel::tr("The keychain could not be opened, so the token stays in "
                          "the file. Unlock the keychain and try again.");
    return text.toStdString();
}

} // namespace

void AccountsModel::test(const QString& id)
{
    begin(id, tr("Trying…"));
    m_session->control().testAccount(
        id.toStdString(),
        [self = QPointer<AccountsModel>(this), id](const Result<void, agent::Problem>& result) {
            if (self)
                self->end(id, result, tr("The relay takes this token."));
        });
}

void AccountsModel::move(const QString& id, const std::function<void()>& then)
{
    begin(id, tr("Moving to the keychain, which may ask you to open it…"));
    m_session->control().moveToKeychain(
        id.toStdString(), [self = QPointer<AccountsModel>(this), id,
                           then](const Result<void, agent::Problem>& result) {
            if (!self)
                return;
            if (!result)
                return self->end(id, Failure(whyItStays(result.error())), {});
            self->end(id, result, tr("The token is in the keychain now."));
            then();
        });
}

void AccountsModel::moveToKeychain(const QString& id)
{
    move(id, [] {});
}

void AccountsModel::moveAllToKeychain()
{
    QStringList ids;
    for (const control::Account& account : m_accounts)
        if (account.canMove && !m_trials.value(fromUtf8(account.id)).going)
            ids += fromUtf8(account.id);
    moveEach(ids);
}

void AccountsModel::moveEach(QStringList ids)
{
    if (ids.isEmpty())
        return;
    const QString id = ids.takeFirst();
    move(id, [this, ids] { moveEach(ids); });
}

void AccountsModel::use(const QString& id)
{
    m_session->control().useAccount(id.toStdString(), m_session->complaining());
}

void AccountsModel::rename(const QString& id, const QString& label)
{
    const std::string wanted = label.trimmed().toStdString();
    // What is shown of one without a label is not to become its label.
    for (const control::Account& account : m_accounts)
        if (fromUtf8(account.id) == id && nameOf(account) == wanted)
            return;
    m_session->control().renameAccount(id.toStdString(), wanted, m_session->complaining());
}

void AccountsModel::remove(const QString& id)
{
    m_trials.remove(id);
    m_session->control().removeAccount(id.toStdString(), m_session->complaining());
}

} // namespace sallyport::gui
