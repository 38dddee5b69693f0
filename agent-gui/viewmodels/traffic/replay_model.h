// Sends a captured request again, as it was or edited, and puts the answer beside the original's.
//
// Limits: the first CompareLimit bytes of each body are compared, in the background.
// Threads: the GUI's. One replay at a time.
#pragma once

#include "diff_model.h"
#include "replay_draft.h"
#include "session.h"

#include <sallyport/inspect/traffic_source.h>

#include <QObject>
#include <QtQml/qqmlregistration.h>

#include <array>

namespace sallyport::gui {

class ReplayModel : public QObject
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(sallyport::gui::Session* session READ session WRITE setSession NOTIFY sessionChanged
                   REQUIRED)
    Q_PROPERTY(sallyport::gui::ReplayDraft* draft READ draft CONSTANT)
    Q_PROPERTY(sallyport::gui::DiffModel* headDiff READ headDiff CONSTANT)
    Q_PROPERTY(sallyport::gui::DiffModel* bodyDiff READ bodyDiff CONSTANT)
    // Which of the two is looked at, 0: the heads, 1: the bodies; at first one that differs.
    Q_PROPERTY(int part MEMBER m_part NOTIFY changed)
    Q_PROPERTY(bool busy READ isBusy NOTIFY changed)
    // An answer is there to be compared.
    Q_PROPERTY(bool ready READ isReady NOTIFY changed)
    // Longer bodies than CompareLimit were compared in part.
    Q_PROPERTY(bool cut MEMBER m_cut NOTIFY changed)
    Q_PROPERTY(double originalId READ originalId NOTIFY changed)
    Q_PROPERTY(double answerId READ answerId NOTIFY changed)
    Q_PROPERTY(QString before READ before NOTIFY changed) // "200 in 12 ms"
    Q_PROPERTY(QString after READ after NOTIFY changed)

public:
    static constexpr size_t CompareLimit = 4 * 1024 * 1024;

    explicit ReplayModel(QObject* parent = nullptr) : QObject(parent) {}

    Session* session() const { return m_session; }
    void setSession(Session* session);
    ReplayDraft* draft() { return &m_draft; }
    DiffModel* headDiff() { return &m_headDiff; }
    DiffModel* bodyDiff() { return &m_bodyDiff; }
    bool isBusy() const { return m_busy; }
    bool isReady() const { return m_ready; }
    double originalId() const { return double(m_parts[0].exchange.record.id); }
    double answerId() const { return double(m_answer); }
    QString before() const { return told(m_parts[0]); }
    QString after() const { return told(m_parts[1]); }

    // Reads the request of that record into the draft.
    Q_INVOKABLE void edit(double id);
    Q_INVOKABLE void send(double id);
    Q_INVOKABLE void sendDraft();
    // Also stops what still waits for its answer.
    Q_INVOKABLE void close();

signals:
    void sessionChanged();
    void changed();
    void draftReady();
    void sent(double answerId);

private:
    struct Part
    {
        inspect::Exchange exchange;
        std::string body;
        bool ready = false;
    };

    inspect::Redaction redaction() const;
    static QString told(const Part& part);
    void replay(const inspect::ReplayRequest& request);
    void follow(const std::vector<inspect::Record>& records);
    void fetchAnswer();
    void fetch(size_t part, inspect::RecordId id);
    void fetchBody(size_t part, inspect::RecordId id);
    struct Differences
    {
        std::vector<inspect::DiffLine> head;
        std::vector<inspect::DiffLine> body;
        bool cut = false;
    };
    static Differences differences(const std::array<Part, 2>& parts,
                                   const inspect::Redaction& redaction);
    void compare();
    bool isWaiting() const { return m_busy && !m_comparing; }
    void fail(const std::string& why);

    Session* m_session = nullptr;
    inspect::TrafficSource* m_source = nullptr;
    ReplayDraft m_draft;
    DiffModel m_headDiff;
    DiffModel m_bodyDiff;
    std::array<Part, 2> m_parts; // the original, the answer
    inspect::RecordId m_answer = 0;
    uint64_t m_generation = 0;
    int m_part = 1;
    bool m_busy = false;
    bool m_comparing = false; // the answer is there
    bool m_ready = false;
    bool m_cut = false;
};

} // namespace sallyport::gui
