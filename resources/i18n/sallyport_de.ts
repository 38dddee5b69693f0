<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Banner</name>
    <message>
        <source>%1 Next try in %2 s.</source>
        <translation>%1 Nächster Versuch in %2 s.</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>Jetzt versuchen</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>Konten</translation>
    </message>
    <message>
        <source>This desktop has no tray, so closing the window quits Sallyport. Everything else works.</source>
        <translation>Diese Arbeitsumgebung hat keinen Infobereich, deshalb beendet das Schließen des Fensters Sallyport. Alles andere funktioniert.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>ConfirmDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>CopyButton</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>Field</name>
    <message>
        <source>Hide</source>
        <translation>Verbergen</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import tunnels</source>
        <translation>Tunnel importieren</translation>
    </message>
    <message numerus="yes">
        <source>%n tunnel(s) added</source>
        <translation>
            <numerusform>%n Tunnel hinzugefügt</numerusform>
            <numerusform>%n Tunnel hinzugefügt</numerusform>
        </translation>
    </message>
    <message>
        <source>Configuration of another tunnel program</source>
        <translation>Konfiguration eines anderen Tunnelprogramms</translation>
    </message>
    <message>
        <source>Configurations of ngrok, frp, cloudflared and rathole can be taken over. Credentials of the other system stay behind.</source>
        <translation>Konfigurationen von ngrok, frp, cloudflared und rathole lassen sich übernehmen. Zugangsdaten des anderen Systems bleiben zurück.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Other file…</source>
        <translation>Andere Datei …</translation>
    </message>
    <message>
        <source>Choose file…</source>
        <translation>Datei wählen …</translation>
    </message>
    <message numerus="yes">
        <source>Add %n tunnel(s)</source>
        <translation>
            <numerusform>%n Tunnel hinzufügen</numerusform>
            <numerusform>%n Tunnel hinzufügen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportList</name>
    <message>
        <source>Tunnels to import</source>
        <translation>Zu importierende Tunnel</translation>
    </message>
    <message>
        <source>Nothing in this file can become a tunnel here.</source>
        <translation>Nichts in dieser Datei kann hier zu einem Tunnel werden.</translation>
    </message>
</context>
<context>
    <name>ImportNotes</name>
    <message>
        <source>Not taken over</source>
        <translation>Nicht übernommen</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Sallyport – %1</source>
        <translation>Sallyport – %1</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Tunnels</source>
        <translation>Tunnel</translation>
    </message>
    <message>
        <source>Publish</source>
        <translation>Veröffentlichen</translation>
    </message>
    <message>
        <source>Live traffic</source>
        <translation>Live-Verkehr</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>Konten</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Diagnose</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
</context>
<context>
    <name>StateLine</name>
    <message>
        <source>Publish tunnels</source>
        <translation>Tunnel veröffentlichen</translation>
    </message>
    <message>
        <source>%1 ms to the relay</source>
        <translation>%1 ms zum Relay</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::ImportModel</name>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… und %n weiterer</numerusform>
            <numerusform>… und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>port %1</source>
        <translation>Port %1</translation>
    </message>
    <message>
        <source>the relay chooses</source>
        <translation>das Relay wählt</translation>
    </message>
    <message>
        <source>%1 could not be read: %2</source>
        <translation>%1 konnte nicht gelesen werden: %2</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::LanguageChoice</name>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::Session</name>
    <message>
        <source>Switched off</source>
        <translation>Ausgeschaltet</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Verbindet</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>No connection</source>
        <translation>Keine Verbindung</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Service is away</source>
        <translation>Dienst nicht da</translation>
    </message>
    <message>
        <source>The Sallyport service of this computer does not answer. It is looked for.</source>
        <translation>Der Sallyport-Dienst dieses Computers antwortet nicht. Er wird gesucht.</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>No program could be found that opens %1</source>
        <translation>Kein Programm gefunden, das %1 öffnet</translation>
    </message>
</context>
</TS>
