<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>DiagnosePage</name>
    <message numerus="yes">
        <source>%n step(s) failed.</source>
        <translation>
            <numerusform>%n step failed.</numerusform>
            <numerusform>%n steps failed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It works, with %n warning(s).</source>
        <translation>
            <numerusform>It works, with %n warning.</numerusform>
            <numerusform>It works, with %n warnings.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message numerus="yes">
        <source>%n tunnel(s) added</source>
        <translation>
            <numerusform>%n tunnel added</numerusform>
            <numerusform>%n tunnels added</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add %n tunnel(s)</source>
        <translation>
            <numerusform>Add %n tunnel</numerusform>
            <numerusform>Add %n tunnels</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrafficPage</name>
    <message numerus="yes">
        <source>Paused. %n new request(s) wait.</source>
        <translation>
            <numerusform>Paused. %n new request waits.</numerusform>
            <numerusform>Paused. %n new requests wait.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sallyport::gui::AccountsModel</name>
    <message numerus="yes">
        <source>%n token(s) are kept in a file that only your user can read, because no keychain was open then.</source>
        <translation>
            <numerusform>%n token is kept in a file that only your user can read, because no keychain was open then.</numerusform>
            <numerusform>%n tokens are kept in a file that only your user can read, because no keychain was open then.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sallyport::gui::ImportModel</name>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… and %n more</numerusform>
            <numerusform>… and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sallyport::gui::LogModel</name>
    <message numerus="yes">
        <source>%n line(s) copied</source>
        <translation>
            <numerusform>%n line copied</numerusform>
            <numerusform>%n lines copied</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sallyport::gui::Session</name>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… and %n more</numerusform>
            <numerusform>… and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sallyport::gui::TrafficExport</name>
    <message numerus="yes">
        <source>%n request(s) written to %1</source>
        <translation>
            <numerusform>%n request written to %1</numerusform>
            <numerusform>%n requests written to %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n older one(s) left the history meanwhile.</source>
        <translation>
            <numerusform>%n older one left the history meanwhile.</numerusform>
            <numerusform>%n older ones left the history meanwhile.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s) without requests are left out.</source>
        <translation>
            <numerusform>%n connection without requests is left out.</numerusform>
            <numerusform>%n connections without requests are left out.</numerusform>
        </translation>
    </message>
</context>
</TS>
