#include "tray_menu.h"

#include <sallyport/inspect/redacted.h>

#include <QEvent>
#include <QPointer>

#include <algorithm>

namespace sallyport::gui {

namespace {

QString from(const std::string& text)
{
    return QString::fromStdString(text);
}

// An ampersand in a menu's text marks the key for it.
QString plain(QString text)
{
    return text.replace("&", "&&");
}

// So much that a menu stays narrow, cut between words.
QString elided(const QString& text)
{
    constexpr qsizetype most = 60;
    if (text.size() <= most)
        return text;
    const qsizetype space = text.lastIndexOf(' ', most - 1);
    return text.left(space > most / 2 ? space : most - 1) + "…";
}

bool isOpen(const control::TunnelView& tunnel)
{
    return !tunnel.paused && tunnel.status.state == agent::TunnelState::Open;
}

} // namespace

TrayMenu::TrayMenu(Session& session, QObject* parent) : QObject(parent), m_session(session)
{
    build();
    connect(&session, &Session::changed, this, &TrayMenu::refresh);
    connect(&m_menu, &QMenu::aboutToShow, this, &TrayMenu::refresh);
    // What could not be added while it was open.
    connect(&m_menu, &QMenu::aboutToHide, this, &TrayMenu::refresh, Qt::QueuedConnection);
    refresh();
    takeHistory();
}

TrayMenu::~TrayMenu() = default;

void TrayMenu::build()
{
    const auto leadsTo = [this](const char* text, const QString& page) {
        connect(add(m_menu, text), &QAction::triggered, this,
                [this, page] { emit showRequested(page, {}); });
    };
    m_state = m_menu.addAction(QString());
    m_state->setEnabled(false);
    m_master = add(m_menu, QT_TR_NOOP("Publish tunnels"));
    m_master->setCheckable(true);
    connect(m_master, &QAction::triggered, &m_session, &Session::switchOn);
    m_menu.addSeparator();
    m_more = add(m_menu, QT_TR_NOOP("More…"));
    connect(m_more, &QAction::triggered, this, [this] { emit showRequested("tunnels", {}); });
    m_tunnelsEnd = m_menu.addSeparator();
    leadsTo(QT_TR_NOOP("Publish a service…"), "publish");
    leadsTo(QT_TR_NOOP("Open window"), {});
    m_texts.emplace_back(m_menu.addMenu(&m_recentMenu), QT_TR_NOOP("Recent requests"));
    for (size_t i = 0; i < MaxRecent; ++i) {
        m_recentRows.push_back(m_recentMenu.addAction(QString()));
        connect(m_recentRows.back(), &QAction::triggered, this, [this, i] {
            if (i < m_recent.size())
                emit showRequested("traffic", QString::number(m_recent[i].id));
        });
    }
    leadsTo(QT_TR_NOOP("Settings"), "settings");
    m_menu.addSeparator();
    connect(add(m_menu, QT_TR_NOOP("Quit")), &QAction::triggered, this, &TrayMenu::quitRequested);
    retranslate();
    m_menu.installEventFilter(this);
}

QAction* TrayMenu::add(QMenu& menu, const char* text)
{
    return m_texts.emplace_back(menu.addAction(tr(text)), text).first;
}

void TrayMenu::retranslate()
{
    for (const auto& [action, text] : m_texts)
        action->setText(tr(text));
}

bool TrayMenu::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        refresh();
    }
    return QObject::eventFilter(watched, event);
}

void TrayMenu::addTunnelRow()
{
    const size_t row = m_tunnels.size();
    TunnelRow added;
    added.menu = new QMenu(&m_menu);
    added.published = add(*added.menu, QT_TR_NOOP("Published"));
    added.published->setCheckable(true);
    added.copy = add(*added.menu, QT_TR_NOOP("Copy address"));
    added.open = add(*added.menu, QT_TR_NOOP("Open in browser"));
    added.code = add(*added.menu, QT_TR_NOOP("Show QR code"));
    m_menu.insertMenu(m_more, added.menu);
    connect(added.published, &QAction::triggered, this, [this, row](bool on) {
        if (const auto* tunnel = tunnelAt(row))
            m_session.control().setPaused(tunnel->status.ref, !on, m_session.complaining());
    });
    connect(added.copy, &QAction::triggered, this,
            [this, row] { m_session.copy(addressAt(row), tr("Address copied")); });
    connect(added.open, &QAction::triggered, this,
            [this, row] { m_session.openUrl(addressAt(row)); });
    connect(added.code, &QAction::triggered, this,
            [this, row] { emit showRequested("tunnels", "qr:" + addressAt(row)); });
    m_tunnels.push_back(added);
}

const control::TunnelView* TrayMenu::tunnelAt(size_t row) const
{
    const auto& tunnels = m_session.control().snapshot().tunnels;
    return row < tunnels.size() ? &tunnels[row] : nullptr;
}

QString TrayMenu::addressAt(size_t row) const
{
    const auto* tunnel = tunnelAt(row);
    return tunnel == nullptr || tunnel->status.urls.empty() ? QString()
                                                            : from(tunnel->status.urls.front());
}

void TrayMenu::refresh()
{
    const QString problem = m_session.problem();
    m_state->setText(plain(problem.isEmpty() ? m_session.stateText()
                                             : m_session.stateText() + " – " + elided(problem)));
    m_master->setChecked(m_session.isSwitchedOn());
    m_master->setEnabled(!m_session.needsAccount() &&
                         m_session.state() != Session::State::ServiceAway);
    refreshTunnels();
    refreshRecent();
}

void TrayMenu::refreshTunnels()
{
    const auto& tunnels = m_session.control().snapshot().tunnels;
    const size_t wanted = std::min(tunnels.size(), MaxTunnels);
    while (m_tunnels.size() < wanted && !m_menu.isVisible())
        addTunnelRow();
    for (size_t row = 0; row < m_tunnels.size(); ++row) {
        const TunnelRow& shown = m_tunnels[row];
        shown.menu->menuAction()->setVisible(row < wanted);
        if (row >= wanted)
            continue;
        const auto& tunnel = tunnels[row];
        const QString address = addressAt(row);
        // A word where it is not open: signs would stand beside the real check marks.
        const QString name = plain(from(tunnel.status.ref).left(40));
        shown.menu->setTitle(isOpen(tunnel)  ? name
                             : tunnel.paused ? tr("%1 (paused)").arg(name)
                                             : tr("%1 (not open)").arg(name));
        shown.published->setChecked(!tunnel.paused);
        shown.copy->setEnabled(!address.isEmpty());
        shown.code->setEnabled(!address.isEmpty());
        shown.open->setVisible(address.startsWith("http"));
    }
    m_more->setVisible(tunnels.size() > m_tunnels.size() || tunnels.size() > MaxTunnels);
    m_tunnelsEnd->setVisible(!tunnels.empty());
}

// What was recorded before this start.
void TrayMenu::takeHistory()
{
    inspect::Query newest;
    newest.limit = MaxRecent;
    m_session.control().traffic().query(
        newest, [self = QPointer<TrayMenu>(this)](
                    const Result<std::vector<inspect::Record>, std::string>& found) {
            if (!self || !found)
                return;
            std::vector<inspect::Record> records = *found;
            std::reverse(records.begin(), records.end()); // the newest comes first
            self->addRecent(records);
            self->refreshRecent();
        });
}

void TrayMenu::addRecent(const std::vector<inspect::Record>& records)
{
    for (const auto& record : records) {
        const auto known =
            std::find_if(m_recent.begin(), m_recent.end(),
                         [&record](const auto& other) { return other.id == record.id; });
        if (known != m_recent.end())
            *known = record;
        else if (m_recent.empty() || record.id > m_recent.front().id)
            m_recent.push_front(record);
        if (m_recent.size() > MaxRecent)
            m_recent.pop_back();
    }
    // Else it waits until somebody looks: aboutToShow refreshes it.
    if (m_menu.isVisible())
        refreshRecent();
}

void TrayMenu::refreshRecent()
{
    m_recentMenu.menuAction()->setEnabled(!m_recent.empty());
    const auto redaction = m_session.settings()->captureSettings().redaction;
    for (size_t i = 0; i < MaxRecent; ++i) {
        m_recentRows[i]->setVisible(i < m_recent.size());
        if (i >= m_recent.size())
            continue;
        const auto& record = m_recent[i];
        const QString status = record.status == 0 ? QString() : QString::number(record.status);
        const QString path = from(inspect::redactedQuery(record.path, redaction)).left(48);
        m_recentRows[i]->setText(plain(QStringList{status, from(record.method), path}.join("  ")));
    }
}

} // namespace sallyport::gui
