<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutPage</name>
    <message>
        <source>A way out for services on this computer, through a relay of your own.</source>
        <translation>Ein Weg nach draußen für Dienste auf diesem Computer, über ein eigenes Relay.</translation>
    </message>
    <message>
        <source>Copy versions</source>
        <translation>Versionen kopieren</translation>
    </message>
    <message>
        <source>The version in use</source>
        <translation>Die verwendete Version</translation>
    </message>
    <message>
        <source>Libraries and their licences</source>
        <translation>Bibliotheken und ihre Lizenzen</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
</context>
<context>
    <name>AccessForm</name>
    <message>
        <source>Who may visit</source>
        <translation>Wer zugreifen darf</translation>
    </message>
    <message>
        <source>Everybody</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>Netze</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Wie bisher</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>unverändert</translation>
    </message>
    <message>
        <source>Only visitors from these networks are let in.</source>
        <translation>Nur Besucher aus diesen Netzen werden eingelassen.</translation>
    </message>
    <message>
        <source>The rules in agent.yaml stay as they are.</source>
        <translation>Die Regeln in agent.yaml bleiben, wie sie sind.</translation>
    </message>
</context>
<context>
    <name>AccountCard</name>
    <message>
        <source>Pinned key</source>
        <translation>Fester Schlüssel</translation>
    </message>
    <message>
        <source>In a file</source>
        <translation>In einer Datei</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In Gebrauch</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Testen</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Replace token…</source>
        <translation>Token ersetzen…</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
    <message>
        <source>Move to the keychain</source>
        <translation>In den Schlüsselbund verschieben</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
</context>
<context>
    <name>AccountsModel</name>
    <message>
        <source>The keychain could not be opened, so the token stays in the file. Unlock the keychain and try again.</source>
        <translation>Der Schlüsselbund ließ sich nicht öffnen, daher bleibt das Token in der Datei. Den Schlüsselbund entsperren und erneut versuchen.</translation>
    </message>
</context>
<context>
    <name>AccountsPage</name>
    <message>
        <source>Accounts</source>
        <translation>Konten</translation>
    </message>
    <message>
        <source>Relays that you have a token for. One of them is in use.</source>
        <translation>Relays, für die ein Token da ist. Eines davon ist in Gebrauch.</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Move to the keychain</source>
        <translation>In den Schlüsselbund verschieben</translation>
    </message>
</context>
<context>
    <name>AddressForm</name>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>Beliebig</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Own host name</source>
        <translation>Eigener Hostname</translation>
    </message>
    <message>
        <source>Any port</source>
        <translation>Beliebiger Port</translation>
    </message>
    <message>
        <source>Own port</source>
        <translation>Eigener Port</translation>
    </message>
    <message>
        <source>my-site</source>
        <translation>meine-seite</translation>
    </message>
    <message>
        <source>Its DNS entry has to lead to the relay.</source>
        <translation>Sein DNS-Eintrag muss zum Relay führen.</translation>
    </message>
</context>
<context>
    <name>AddressPreview</name>
    <message>
        <source>Not checked</source>
        <translation>Nicht geprüft</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Wird geprüft</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>Frei</translation>
    </message>
    <message>
        <source>Not free</source>
        <translation>Nicht frei</translation>
    </message>
    <message>
        <source>Public address</source>
        <translation>Öffentliche Adresse</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Yours</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source>The relay is asked</source>
        <translation>Das Relay wird gefragt</translation>
    </message>
    <message>
        <source>The relay tells it when it is published</source>
        <translation>Das Relay nennt sie beim Veröffentlichen</translation>
    </message>
    <message>
        <source>Not known yet</source>
        <translation>Noch nicht bekannt</translation>
    </message>
</context>
<context>
    <name>AppearanceCard</name>
    <message>
        <source>Appearance</source>
        <translation>Erscheinungsbild</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
</context>
<context>
    <name>Banner</name>
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
    <message>
        <source>The configuration can&apos;t be used; it is read again when the file changes.</source>
        <translation>Die Konfiguration kann nicht verwendet werden; sie wird neu gelesen, sobald sich die Datei ändert.</translation>
    </message>
    <message>
        <source>Run it here</source>
        <translation>Hier ausführen</translation>
    </message>
    <message>
        <source>Next try in %1 s</source>
        <translation>Nächster Versuch in %1 s</translation>
    </message>
</context>
<context>
    <name>BaseButton</name>
    <message>
        <source>Not available now</source>
        <translation>Jetzt nicht verfügbar</translation>
    </message>
</context>
<context>
    <name>BodyPane</name>
    <message>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Wird geladen…</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>There is no body.</source>
        <translation>Es gibt keinen Inhalt.</translation>
    </message>
</context>
<context>
    <name>ByHandForm</name>
    <message>
        <source>Relay</source>
        <translation>Relay</translation>
    </message>
    <message>
        <source>Its host name; with a port when it is not 7000.</source>
        <translation>Sein Hostname; mit Port, wenn es nicht 7000 ist.</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Kept in the keychain of this computer or, where there is none, in a file that only your user can read.</source>
        <translation>Wird im Schlüsselbund dieses Computers oder, wo es keinen gibt, in einer Datei verwahrt, die nur der eigene Benutzer lesen kann.</translation>
    </message>
    <message>
        <source>Pin (optional)</source>
        <translation>Pin (optional)</translation>
    </message>
    <message>
        <source>The key of a relay whose certificate no authority has signed.</source>
        <translation>Der Schlüssel eines Relays, dessen Zertifikat keine Stelle unterschrieben hat.</translation>
    </message>
</context>
<context>
    <name>CaptureCard</name>
    <message>
        <source>Live traffic</source>
        <translation>Live-Verkehr</translation>
    </message>
    <message>
        <source>Record requests</source>
        <translation>Anfragen aufzeichnen</translation>
    </message>
    <message>
        <source>They stay on this computer.</source>
        <translation>Sie bleiben auf diesem Computer.</translation>
    </message>
    <message>
        <source>Space for bodies</source>
        <translation>Platz für Inhalte</translation>
    </message>
    <message>
        <source>The oldest go first; each is kept up to 16 MiB.</source>
        <translation>Die ältesten weichen zuerst; von jedem werden bis zu 16 MiB behalten.</translation>
    </message>
    <message>
        <source>Keep the history</source>
        <translation>Verlauf behalten</translation>
    </message>
    <message>
        <source>If off, it is forgotten when the program ends. Holds from the next start.</source>
        <translation>Wenn aus, wird er beim Beenden vergessen. Gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Never write secrets down</source>
        <translation>Geheimnisse nie festhalten</translation>
    </message>
    <message>
        <source>Passwords, tokens and cookies are hidden on screen in any case. If on, they are not even recorded, and a replay lacks them.</source>
        <translation>Passwörter, Token und Cookies werden auf dem Bildschirm in jedem Fall verborgen. Wenn an, werden sie nicht einmal aufgezeichnet und fehlen einer Wiederholung.</translation>
    </message>
    <message>
        <source>More secret headers and fields</source>
        <translation>Weitere geheime Header und Felder</translation>
    </message>
    <message>
        <source>Names with commas, besides the usual ones such as Authorization, Cookie and password.</source>
        <translation>Namen mit Kommas, neben den üblichen wie Authorization, Cookie und password.</translation>
    </message>
</context>
<context>
    <name>CheckRow</name>
    <message>
        <source>fine</source>
        <translation>in Ordnung</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
</context>
<context>
    <name>CheckText</name>
    <message>
        <source>%1, tunnels: %2</source>
        <translation>%1, Tunnel: %2</translation>
    </message>
    <message>
        <source>Relay %1</source>
        <translation>Relay %1</translation>
    </message>
    <message>
        <source>No relay is given: add an account.</source>
        <translation>Es ist kein Relay angegeben: ein Konto hinzufügen.</translation>
    </message>
    <message>
        <source>The certificate of %1; days left: %2</source>
        <translation>Das Zertifikat von %1; verbleibende Tage: %2</translation>
    </message>
    <message>
        <source>The certificate of %1 has expired. Ask the relay&apos;s operator for a new one.</source>
        <translation>Das Zertifikat von %1 ist abgelaufen. Beim Betreiber des Relays ist ein neues zu erfragen.</translation>
    </message>
    <message>
        <source>No token is configured.</source>
        <translation>Es ist kein Token eingerichtet.</translation>
    </message>
    <message>
        <source>A token in %1</source>
        <translation>Ein Token in %1</translation>
    </message>
    <message>
        <source>%1 is %2</source>
        <translation>%1 ist %2</translation>
    </message>
    <message>
        <source>%1: %2. The proxy may know it.</source>
        <translation>%1: %2. Der Proxy kennt den Namen vielleicht.</translation>
    </message>
    <message>
        <source>Through the proxy %1</source>
        <translation>Über den Proxy %1</translation>
    </message>
    <message>
        <source>%1 answers in %2</source>
        <translation>%1 antwortet in %2</translation>
    </message>
    <message>
        <source>The link is not encrypted (tcp://).</source>
        <translation>Die Verbindung ist nicht verschlüsselt (tcp://).</translation>
    </message>
    <message>
        <source>%1, the pinned key</source>
        <translation>%1, der festgelegte Schlüssel</translation>
    </message>
    <message>
        <source>%1, trusted by %2</source>
        <translation>%1, beglaubigt durch %2</translation>
    </message>
    <message>
        <source>%1, trusted by this system or by the bundle&apos;s authority</source>
        <translation>%1, beglaubigt durch dieses System oder die Stelle des Bündels</translation>
    </message>
    <message>
        <source>%1, trusted by this system</source>
        <translation>%1, beglaubigt durch dieses System</translation>
    </message>
    <message>
        <source>Not tried: there is no token.</source>
        <translation>Nicht versucht: Es gibt kein Token.</translation>
    </message>
    <message>
        <source>The relay takes this agent, by %1 on port %2</source>
        <translation>Das Relay nimmt diesen Agenten an, über %1 an Port %2</translation>
    </message>
    <message>
        <source>The relay takes this agent, by %1 on port %2; there and back in %3</source>
        <translation>Das Relay nimmt diesen Agenten an, über %1 an Port %2; hin und zurück in %3</translation>
    </message>
    <message>
        <source>%1 answers</source>
        <translation>%1 antwortet</translation>
    </message>
    <message>
        <source>Config</source>
        <translation>Konfiguration</translation>
    </message>
    <message>
        <source>Credentials</source>
        <translation>Anmeldedaten</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>Upstreams</source>
        <translation>Dienste</translation>
    </message>
    <message>
        <source>A token in %1, not in a keychain</source>
        <translation>Ein Token in %1, nicht in einem Schlüsselbund</translation>
    </message>
</context>
<context>
    <name>Choice</name>
    <message>
        <source>Not available now</source>
        <translation>Jetzt nicht verfügbar</translation>
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
    <name>DetailPane</name>
    <message>
        <source>Summary</source>
        <translation>Überblick</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>Raw</source>
        <translation>Rohdaten</translation>
    </message>
    <message>
        <source>Timing</source>
        <translation>Zeiten</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Send again (R)</source>
        <translation>Erneut senden (R)</translation>
    </message>
    <message>
        <source>Edit and send again…</source>
        <translation>Bearbeiten und erneut senden…</translation>
    </message>
    <message>
        <source>Copy as a curl command (Ctrl+C)</source>
        <translation>Als curl-Befehl kopieren (Strg+C)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Show secrets</source>
        <translation>Geheimnisse anzeigen</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>Erneut senden</translation>
    </message>
</context>
<context>
    <name>DiagnosePage</name>
    <message>
        <source>Diagnose</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Each step between your services and their visitors.</source>
        <translation>Jeder Schritt zwischen den Diensten und ihren Besuchern.</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message numerus="yes">
        <source>%n step(s) failed.</source>
        <translation>
            <numerusform>%n Schritt fehlgeschlagen.</numerusform>
            <numerusform>%n Schritte fehlgeschlagen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It works, with %n warning(s).</source>
        <translation>
            <numerusform>Es funktioniert, mit %n Warnung.</numerusform>
            <numerusform>Es funktioniert, mit %n Warnungen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Everything works.</source>
        <translation>Alles funktioniert.</translation>
    </message>
    <message>
        <source>The report holds no secrets; it can be sent to whoever helps you.</source>
        <translation>Der Bericht enthält keine Geheimnisse; er kann an Helfende weitergegeben werden.</translation>
    </message>
</context>
<context>
    <name>DiffView</name>
    <message>
        <source>New: </source>
        <translation>Neu: </translation>
    </message>
    <message>
        <source>Gone: </source>
        <translation>Entfallen: </translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Unterschiede</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>With passwords, tokens and cookies</source>
        <translation>Mit Passwörtern, Token und Cookies</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export requests</source>
        <translation>Anfragen exportieren</translation>
    </message>
    <message>
        <source>All requests that the filter finds are written, not only those that are loaded.</source>
        <translation>Geschrieben werden alle Anfragen, die der Filter findet, nicht nur die geladenen.</translation>
    </message>
    <message>
        <source>HAR archive</source>
        <translation>HAR-Archiv</translation>
    </message>
    <message>
        <source>HTTP file</source>
        <translation>HTTP-Datei</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>This file is there already and would be replaced.</source>
        <translation>Diese Datei gibt es schon; sie würde ersetzt.</translation>
    </message>
    <message>
        <source>%1 of %2 are written.</source>
        <translation>%1 von %2 sind geschrieben.</translation>
    </message>
    <message>
        <source>Looking for the requests…</source>
        <translation>Die Anfragen werden gesucht…</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
</context>
<context>
    <name>ExposureDialog</name>
    <message>
        <source>Publish %1?</source>
        <translation>%1 veröffentlichen?</translation>
    </message>
    <message>
        <source>Everybody on the internet will be able to reach it. Nothing but its own password protects it, if it has one.</source>
        <translation>Alle im Internet können dann darauf zugreifen. Nur das eigene Passwort des Dienstes schützt ihn, falls er eines hat.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Choose who may visit…</source>
        <translation>Auswählen, wer zugreifen darf…</translation>
    </message>
    <message>
        <source>Publish anyway</source>
        <translation>Trotzdem veröffentlichen</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Search (Ctrl+F)</source>
        <translation>Suchen (Strg+F)</translation>
    </message>
    <message>
        <source>Path contains</source>
        <translation>Pfad enthält</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Tunnel</source>
        <translation>Tunnel</translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation>Filter zurücksetzen</translation>
    </message>
</context>
<context>
    <name>ForgetDialog</name>
    <message>
        <source>Remove “%1”?</source>
        <translation>„%1“ entfernen?</translation>
    </message>
    <message>
        <source>Its token is deleted from this computer. To come back you need a token or a join line again. Tunnels stay in agent.yaml.</source>
        <translation>Das Token wird von diesem Computer gelöscht. Um zurückzukehren, ist wieder ein Token oder eine Beitrittszeile nötig. Die Tunnel bleiben in agent.yaml.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>HandOverNotice</name>
    <message>
        <source>The service that starts with the computer does not have the token that is in use now. After the next start it could not connect.</source>
        <translation>Der Dienst, der mit dem Computer startet, hat das jetzt verwendete Token nicht. Nach dem nächsten Start könnte er sich nicht verbinden.</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>To the service in the settings</source>
        <translation>Zum Dienst in den Einstellungen</translation>
    </message>
</context>
<context>
    <name>HeadersPane</name>
    <message>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>Header</translation>
    </message>
</context>
<context>
    <name>IconButton</name>
    <message>
        <source>Not available now</source>
        <translation>Jetzt nicht verfügbar</translation>
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
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Other file…</source>
        <translation>Andere Datei…</translation>
    </message>
    <message>
        <source>Choose file…</source>
        <translation>Datei wählen…</translation>
    </message>
    <message numerus="yes">
        <source>Add %n tunnel(s)</source>
        <translation>
            <numerusform>%n Tunnel hinzufügen</numerusform>
            <numerusform>%n Tunnel hinzufügen</numerusform>
        </translation>
    </message>
    <message>
        <source>Configurations of ngrok, frp, cloudflared and rathole can be taken over. Credentials of the other system stay behind; visitors&apos; passwords come along.</source>
        <translation>Die Konfigurationen von ngrok, frp, cloudflared und rathole lassen sich übernehmen. Zugangsdaten des anderen Systems bleiben zurück, Passwörter für Besucher kommen mit.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
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
        <source>Remarks</source>
        <translation>Anmerkungen</translation>
    </message>
</context>
<context>
    <name>ImportRow</name>
    <message>
        <source>Unprotected</source>
        <translation>Ungeschützt</translation>
    </message>
</context>
<context>
    <name>LogPage</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Search (Ctrl+F)</source>
        <translation>Suchen (Strg+F)</translation>
    </message>
    <message>
        <source>Warnings only</source>
        <translation>Nur Warnungen</translation>
    </message>
    <message>
        <source>There are no lines to show.</source>
        <translation>Es gibt keine Zeilen zum Anzeigen.</translation>
    </message>
    <message>
        <source>What the agent did, the newest last.</source>
        <translation>Was der Agent getan hat, das Neueste zuletzt.</translation>
    </message>
</context>
<context>
    <name>LogRow</name>
    <message>
        <source>Warning: </source>
        <translation>Warnung: </translation>
    </message>
</context>
<context>
    <name>MessagesPane</name>
    <message>
        <source>To the visitor: </source>
        <translation>An den Besucher: </translation>
    </message>
    <message>
        <source>From the visitor: </source>
        <translation>Vom Besucher: </translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
</context>
<context>
    <name>NotificationPolicy</name>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Your tunnels are published through %1.</source>
        <translation>Die Tunnel sind über %1 veröffentlicht.</translation>
    </message>
    <message>
        <source>Connection is back</source>
        <translation>Verbindung wieder da</translation>
    </message>
    <message>
        <source>Your tunnels can be reached again.</source>
        <translation>Die Tunnel sind wieder erreichbar.</translation>
    </message>
    <message>
        <source>%1 can&apos;t be reached. Sallyport keeps trying.</source>
        <translation>%1 ist nicht erreichbar. Sallyport versucht es weiter.</translation>
    </message>
    <message>
        <source>Connection lost</source>
        <translation>Verbindung verloren</translation>
    </message>
    <message>
        <source>The service behind %1 does not answer</source>
        <translation>Der Dienst hinter %1 antwortet nicht</translation>
    </message>
    <message>
        <source>First request on %1</source>
        <translation>Erste Anfrage an %1</translation>
    </message>
    <message>
        <source>Click to see it.</source>
        <translation>Zum Ansehen klicken.</translation>
    </message>
    <message>
        <source>The relay refuses the token</source>
        <translation>Das Relay lehnt das Token ab</translation>
    </message>
</context>
<context>
    <name>NotificationsCard</name>
    <message>
        <source>Connected for the first time</source>
        <translation>Erstmals verbunden</translation>
    </message>
    <message>
        <source>Connection lost for more than 10 seconds</source>
        <translation>Verbindung länger als 10 Sekunden verloren</translation>
    </message>
    <message>
        <source>Connection is back</source>
        <translation>Verbindung wieder da</translation>
    </message>
    <message>
        <source>A local service does not answer</source>
        <translation>Ein lokaler Dienst antwortet nicht</translation>
    </message>
    <message>
        <source>First request on a tunnel</source>
        <translation>Erste Anfrage an einen Tunnel</translation>
    </message>
    <message>
        <source>The relay refuses the token</source>
        <translation>Das Relay lehnt das Token ab</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Benachrichtigungen</translation>
    </message>
</context>
<context>
    <name>ProblemText</name>
    <message>
        <source>The relay&apos;s name is not known. Check how it is spelt, or this computer&apos;s DNS.</source>
        <translation>Der Name des Relays ist nicht bekannt. Schreibweise oder das DNS dieses Computers prüfen.</translation>
    </message>
    <message>
        <source>Nobody listens at the relay&apos;s address. Check the port, and whether the relay runs.</source>
        <translation>Unter der Adresse des Relays antwortet niemand. Port prüfen, und ob das Relay läuft.</translation>
    </message>
    <message>
        <source>The relay can&apos;t be reached. Check the network, and whether a firewall is in the way.</source>
        <translation>Das Relay ist nicht erreichbar. Netzwerk prüfen, und ob eine Firewall im Weg ist.</translation>
    </message>
    <message>
        <source>The proxy does not let the connection through.</source>
        <translation>Der Proxy lässt die Verbindung nicht durch.</translation>
    </message>
    <message>
        <source>Something answers at this address, but it is no relay. Check host and port.</source>
        <translation>Unter dieser Adresse antwortet etwas, aber kein Relay. Host und Port prüfen.</translation>
    </message>
    <message>
        <source>The relay shows another key than the one in the join line. Ask its operator for a new line, and why the key changed: without a reason somebody may stand in between.</source>
        <translation>Das Relay zeigt einen anderen Schlüssel als den aus der Beitrittszeile. Beim Betreiber eine neue Zeile erfragen, und warum sich der Schlüssel geändert hat: Ohne Grund steht vielleicht jemand dazwischen.</translation>
    </message>
    <message>
        <source>The relay&apos;s certificate has expired or is not valid yet. Check this computer&apos;s clock; if it is right, tell the operator.</source>
        <translation>Das Zertifikat des Relays ist abgelaufen oder noch nicht gültig. Die Uhr dieses Computers prüfen; geht sie richtig, dem Betreiber Bescheid geben.</translation>
    </message>
    <message>
        <source>The relay&apos;s certificate is made out for another name. Check the host name.</source>
        <translation>Das Zertifikat des Relays ist auf einen anderen Namen ausgestellt. Den Hostnamen prüfen.</translation>
    </message>
    <message>
        <source>No authority that this computer trusts vouches for the relay&apos;s certificate. Paste the whole join line, which holds its key.</source>
        <translation>Keine Stelle, der dieser Computer vertraut, bürgt für das Zertifikat des Relays. Die ganze Beitrittszeile einfügen, sie enthält den Schlüssel.</translation>
    </message>
    <message>
        <source>The connection to the relay was lost.</source>
        <translation>Die Verbindung zum Relay ist abgebrochen.</translation>
    </message>
    <message>
        <source>The relay does not know this token.</source>
        <translation>Das Relay kennt dieses Token nicht.</translation>
    </message>
    <message>
        <source>The token has expired. Ask the relay&apos;s operator for a new one.</source>
        <translation>Das Token ist abgelaufen. Beim Betreiber des Relays ein neues erfragen.</translation>
    </message>
    <message>
        <source>The token was revoked. Ask the relay&apos;s operator for a new one.</source>
        <translation>Das Token wurde zurückgezogen. Beim Betreiber des Relays ein neues erfragen.</translation>
    </message>
    <message>
        <source>The token is not valid yet. Check this computer&apos;s clock.</source>
        <translation>Das Token ist noch nicht gültig. Die Uhr dieses Computers prüfen.</translation>
    </message>
    <message>
        <source>The relay wants another kind of credential than this one.</source>
        <translation>Das Relay verlangt eine andere Art von Nachweis als diesen.</translation>
    </message>
    <message>
        <source>The relay and this program do not speak the same version of the protocol: one of the two is too old.</source>
        <translation>Das Relay und dieses Programm sprechen nicht dieselbe Version des Protokolls: Eines von beiden ist zu alt.</translation>
    </message>
    <message>
        <source>This token has as many connections as the relay allows.</source>
        <translation>Dieses Token hat so viele Verbindungen, wie das Relay erlaubt.</translation>
    </message>
    <message>
        <source>Another program with the same identity took this one&apos;s place.</source>
        <translation>Ein anderes Programm mit derselben Identität hat den Platz von diesem eingenommen.</translation>
    </message>
    <message>
        <source>The relay asks to wait: there were too many tries.</source>
        <translation>Das Relay bittet zu warten: Es waren zu viele Versuche.</translation>
    </message>
    <message>
        <source>The relay is about to stop.</source>
        <translation>Das Relay wird gerade beendet.</translation>
    </message>
    <message>
        <source>The relay has a fault of its own.</source>
        <translation>Das Relay hat selbst einen Fehler.</translation>
    </message>
    <message>
        <source>Somebody else has this address.</source>
        <translation>Diese Adresse hat schon jemand anders.</translation>
    </message>
    <message>
        <source>The token does not allow this address or kind.</source>
        <translation>Das Token erlaubt diese Adresse oder Art nicht.</translation>
    </message>
    <message>
        <source>That is no address that a relay can give.</source>
        <translation>Eine solche Adresse kann kein Relay vergeben.</translation>
    </message>
    <message>
        <source>The relay has no free port left.</source>
        <translation>Das Relay hat keinen freien Port mehr.</translation>
    </message>
    <message>
        <source>The relay allows no more tunnels.</source>
        <translation>Das Relay erlaubt keine weiteren Tunnel.</translation>
    </message>
    <message>
        <source>This relay does not serve such a tunnel.</source>
        <translation>Dieses Relay bietet einen solchen Tunnel nicht an.</translation>
    </message>
    <message>
        <source>There is no token for this relay. Add the account again.</source>
        <translation>Für dieses Relay ist kein Token da. Das Konto neu hinzufügen.</translation>
    </message>
    <message>
        <source>The keychain, where the token is, can&apos;t be used. Unlock it and try again, or add the account again to keep the token in a file.</source>
        <translation>Der Schlüsselbund, in dem das Token liegt, kann nicht benutzt werden. Entsperren und erneut versuchen oder das Konto neu hinzufügen, um das Token in einer Datei aufzubewahren.</translation>
    </message>
    <message>
        <source>The configuration can&apos;t be used.</source>
        <translation>Die Konfiguration kann nicht verwendet werden.</translation>
    </message>
    <message>
        <source>The configuration could not be changed.</source>
        <translation>Die Konfiguration konnte nicht geändert werden.</translation>
    </message>
    <message>
        <source>The agent that runs as a service does not answer right now.</source>
        <translation>Der Agent, der als Dienst läuft, antwortet gerade nicht.</translation>
    </message>
    <message>
        <source>There is no connection to the relay, which alone knows that.</source>
        <translation>Es besteht keine Verbindung zum Relay, und nur das Relay weiß das.</translation>
    </message>
    <message>
        <source>The relay is too old for that.</source>
        <translation>Dafür ist das Relay zu alt.</translation>
    </message>
    <message>
        <source>Nobody listens where the service should be. Start it, or check its port.</source>
        <translation>Wo der Dienst sein soll, nimmt niemand Verbindungen an. Bitte den Dienst starten oder den Port prüfen.</translation>
    </message>
    <message>
        <source>The service can&apos;t be reached. Check its address and the network.</source>
        <translation>Der Dienst ist nicht erreichbar. Bitte seine Adresse und das Netz prüfen.</translation>
    </message>
    <message>
        <source>The name of the service&apos;s computer is not known. Check how it is spelt.</source>
        <translation>Der Name des Rechners mit dem Dienst ist nicht bekannt. Bitte die Schreibweise prüfen.</translation>
    </message>
    <message>
        <source>The certificate for visitors is being issued.</source>
        <translation>Das Zertifikat für Besucher wird gerade ausgestellt.</translation>
    </message>
    <message>
        <source>There is no certificate for visitors.</source>
        <translation>Es gibt kein Zertifikat für Besucher.</translation>
    </message>
    <message>
        <source>The service does not answer in time. See whether it hangs, or a firewall is between.</source>
        <translation>Der Dienst antwortet nicht rechtzeitig. Bitte prüfen, ob er hängt oder eine Firewall dazwischen steht.</translation>
    </message>
    <message>
        <source>%1 In its words: “%2”</source>
        <extracomment>A sentence of ours, and the words of the relay or the system, which are English.</extracomment>
        <translation>%1 Im Wortlaut: „%2“</translation>
    </message>
    <message>
        <source>The service that starts with the computer was not given this relay&apos;s token. Hand it over in the settings.</source>
        <translation>Der Dienst, der mit dem Computer startet, hat das Token dieses Relays nicht bekommen. Bitte in den Einstellungen übergeben.</translation>
    </message>
</context>
<context>
    <name>PublishPage</name>
    <message>
        <source>Published</source>
        <translation>Veröffentlicht</translation>
    </message>
    <message>
        <source>Publish</source>
        <translation>Veröffentlichen</translation>
    </message>
    <message>
        <source>Edit “%1”</source>
        <translation>„%1“ bearbeiten</translation>
    </message>
    <message>
        <source>Choose a service of this computer, or type where it listens.</source>
        <translation>Einen Dienst dieses Computers wählen oder eingeben, wo er lauscht.</translation>
    </message>
    <message>
        <source>Changes are published at once.</source>
        <translation>Änderungen werden sofort veröffentlicht.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Address copied</source>
        <translation>Adresse kopiert</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
</context>
<context>
    <name>QrDialog</name>
    <message>
        <source>Scan to open</source>
        <translation>Zum Öffnen scannen</translation>
    </message>
    <message>
        <source>QR code of %1</source>
        <translation>QR-Code von %1</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Address copied</source>
        <translation>Adresse kopiert</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>RawPane</name>
    <message>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
</context>
<context>
    <name>RemoveDialog</name>
    <message>
        <source>Remove “%1”?</source>
        <translation>„%1“ entfernen?</translation>
    </message>
    <message>
        <source>Its public address stops working at once, and its settings are taken out of agent.yaml. To stop it for a while, pause it instead.</source>
        <translation>Die öffentliche Adresse funktioniert sofort nicht mehr, und die Einstellungen werden aus agent.yaml entfernt. Um nur eine Weile auszusetzen, den Tunnel pausieren.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>RenameDialog</name>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Empty: the address of the relay.</source>
        <translation>Leer: die Adresse des Relays.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>ReplayEditor</name>
    <message>
        <source>Edit and send again</source>
        <translation>Bearbeiten und erneut senden</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>The body is not text; it is sent as it was.</source>
        <translation>Der Inhalt ist kein Text; er wird unverändert gesendet.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Show secrets</source>
        <translation>Geheimnisse anzeigen</translation>
    </message>
    <message>
        <source>The body holds secrets; it is sent as it was unless they are shown.</source>
        <translation>Der Inhalt enthält Geheimnisse; er wird unverändert gesendet, solange sie nicht angezeigt werden.</translation>
    </message>
    <message>
        <source>*** stands for a secret, which is sent as it was.</source>
        <translation>*** steht für ein Geheimnis, das gesendet wird, wie es war.</translation>
    </message>
    <message>
        <source>Show secrets, once nothing is wrong above</source>
        <translation>Geheimnisse anzeigen, sobald oben nichts mehr falsch ist</translation>
    </message>
</context>
<context>
    <name>ReplayResult</name>
    <message>
        <source>Sent again: %1, before: %2</source>
        <translation>Erneut gesendet: %1, vorher: %2</translation>
    </message>
    <message>
        <source>Show details</source>
        <translation>Einzelheiten anzeigen</translation>
    </message>
    <message>
        <source>The answer is the same.</source>
        <translation>Die Antwort ist dieselbe.</translation>
    </message>
    <message>
        <source>Head (%1)</source>
        <translation>Kopf (%1)</translation>
    </message>
    <message>
        <source>Body (%1)</source>
        <translation>Inhalt (%1)</translation>
    </message>
    <message>
        <source>Waiting for the answer. After a minute of silence it is given up.</source>
        <translation>Auf die Antwort wird gewartet, bis eine Minute lang nichts kommt.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>What was compared is the same.</source>
        <translation>Was verglichen wurde, ist gleich.</translation>
    </message>
    <message>
        <source>The bodies are long: only the first 4 MB of each were compared.</source>
        <translation>Die Inhalte sind lang: Verglichen wurden nur die ersten 4 MB von jedem.</translation>
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
    <name>SecretInput</name>
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
    <name>ServiceCard</name>
    <message>
        <source>Service</source>
        <translation>Dienst</translation>
    </message>
    <message>
        <source>Runs as a service</source>
        <translation>Läuft als Dienst</translation>
    </message>
    <message>
        <source>Installed as a service, but not running</source>
        <translation>Als Dienst installiert, läuft aber nicht</translation>
    </message>
    <message>
        <source>Run as a service</source>
        <translation>Als Dienst ausführen</translation>
    </message>
    <message>
        <source>Tunnels stay published when the window is closed. This program then shows the agent of the service.</source>
        <translation>Tunnel bleiben veröffentlicht, wenn das Fenster geschlossen ist. Dieses Programm zeigt dann den Agenten des Dienstes.</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>Installieren</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove the service?</source>
        <translation>Den Dienst entfernen?</translation>
    </message>
    <message>
        <source>The tunnels are then published only while this program runs.</source>
        <translation>Die Tunnel sind dann nur noch veröffentlicht, solange dieses Programm läuft.</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
    <message>
        <source>Install the service</source>
        <translation>Den Dienst einrichten</translation>
    </message>
    <message>
        <source>Remove the service</source>
        <translation>Den Dienst entfernen</translation>
    </message>
    <message>
        <source>Starts when the computer starts, before anybody logs in</source>
        <translation>Startet mit dem Computer, noch vor jeder Anmeldung</translation>
    </message>
    <message>
        <source>Start when the computer starts, before anybody logs in</source>
        <translation>Mit dem Computer starten, noch vor jeder Anmeldung</translation>
    </message>
    <message>
        <source>Removing it asks for the administrator&apos;s password.</source>
        <translation>Das Entfernen fragt nach dem Passwort der Systemverwaltung.</translation>
    </message>
    <message>
        <source>Asks for the administrator&apos;s password. The keychain is closed before you log in, so the tokens are copied to a place that only the system can read.</source>
        <translation>Fragt nach dem Passwort der Systemverwaltung. Vor der Anmeldung ist der Schlüsselbund geschlossen; darum werden die Token an einen Ort kopiert, den nur das System lesen kann.</translation>
    </message>
    <message>
        <source>Set up…</source>
        <translation>Einrichten…</translation>
    </message>
    <message>
        <source>Set up the start with the computer</source>
        <translation>Den Start mit dem Computer einrichten</translation>
    </message>
    <message>
        <source>The service does not have the token that is in use now. After the next start of the computer it could not connect.</source>
        <translation>Der Dienst hat das jetzt verwendete Token nicht. Nach dem nächsten Start des Computers könnte er sich nicht verbinden.</translation>
    </message>
    <message>
        <source>Hand over…</source>
        <translation>Übergeben…</translation>
    </message>
    <message>
        <source>Hand the token over to the service</source>
        <translation>Das Token dem Dienst übergeben</translation>
    </message>
</context>
<context>
    <name>ServiceList</name>
    <message>
        <source>On this computer</source>
        <translation>Auf diesem Computer</translation>
    </message>
    <message>
        <source>Address copied</source>
        <translation>Adresse kopiert</translation>
    </message>
    <message>
        <source>No service was found</source>
        <translation>Kein Dienst gefunden</translation>
    </message>
    <message>
        <source>Start your web site or program; it appears here within seconds. A service elsewhere in your network can be typed in the form.</source>
        <translation>Eine Website oder ein Programm starten: Es erscheint binnen Sekunden hier. Ein Dienst an anderer Stelle im Netz lässt sich im Formular eingeben.</translation>
    </message>
</context>
<context>
    <name>ServiceProgress</name>
    <message>
        <source>Waiting for the administrator&apos;s password, in the system&apos;s own dialog. Closing that dialog changes nothing.</source>
        <translation>Wartet im Dialog des Systems auf das Passwort der Systemverwaltung. Wird der Dialog geschlossen, ändert sich nichts.</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>Einen Moment…</translation>
    </message>
</context>
<context>
    <name>ServiceRow</name>
    <message>
        <source>%1, port %2</source>
        <translation>%1, Port %2</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Publish %1</source>
        <translation>%1 veröffentlichen</translation>
    </message>
</context>
<context>
    <name>ServiceText</name>
    <message>
        <source>The system did not do it.</source>
        <translation>Das System hat es nicht ausgeführt.</translation>
    </message>
    <message>
        <source>This system does not run systemd, so the app can&apos;t install a service here. Start at login instead.</source>
        <translation>Auf diesem System läuft kein systemd, darum lässt sich hier kein Dienst einrichten. Stattdessen bei der Anmeldung starten.</translation>
    </message>
    <message>
        <source>The program “sallyport” was not found beside this one nor in PATH. Install it first.</source>
        <translation>Das Programm „sallyport“ wurde weder neben diesem noch im PATH gefunden. Bitte zuerst installieren.</translation>
    </message>
    <message>
        <source>Others than the administrator can change the program “sallyport” where it lies, so it is not run with their rights. Install Sallyport for the whole computer first.</source>
        <translation>Nicht nur die Systemverwaltung kann das Programm „sallyport“ an seinem Ort ändern, darum läuft es nicht mit deren Rechten. Bitte Sallyport zuerst für den ganzen Computer installieren.</translation>
    </message>
    <message>
        <source>There is nothing to run yet. Publish a service first.</source>
        <translation>Es gibt noch nichts auszuführen. Bitte zuerst einen Dienst veröffentlichen.</translation>
    </message>
    <message>
        <source>The system&apos;s password dialog (pkexec) is not installed. Install it first.</source>
        <translation>Der Passwort-Dialog des Systems (pkexec) ist nicht installiert. Bitte zuerst installieren.</translation>
    </message>
    <message>
        <source>No program of this desktop shows the system&apos;s password dialog. Start its polkit agent, or use “sallyport service” in a terminal.</source>
        <translation>Kein Programm dieser Oberfläche zeigt den Passwort-Dialog des Systems. Bitte deren Polkit-Agenten starten oder „sallyport service“ in einem Terminal verwenden.</translation>
    </message>
    <message>
        <source>Nothing was changed: the administrator&apos;s password was not given.</source>
        <translation>Nichts wurde geändert: Das Passwort der Systemverwaltung wurde nicht eingegeben.</translation>
    </message>
    <message>
        <source>The service can&apos;t be set up in this way.</source>
        <translation>So lässt sich der Dienst nicht einrichten.</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>This desktop shows no icons of programs in its panel, so closing the window ends the program. On GNOME, the extension “AppIndicator” adds them.</source>
        <translation>Diese Arbeitsumgebung zeigt keine Programmsymbole in ihrer Leiste, deshalb beendet das Schließen des Fensters das Programm. Unter GNOME ergänzt die Erweiterung „AppIndicator“ sie.</translation>
    </message>
    <message>
        <source>Sallyport does not look for updates and sends nothing about you to anybody.</source>
        <translation>Sallyport sucht nicht nach Aktualisierungen und sendet niemandem etwas über die Nutzung.</translation>
    </message>
    <message>
        <source>How this program looks and behaves.</source>
        <translation>Wie dieses Programm aussieht und sich verhält.</translation>
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
    <name>Spinner</name>
    <message>
        <source>Busy</source>
        <translation>Beschäftigt</translation>
    </message>
</context>
<context>
    <name>StartCard</name>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Start at login</source>
        <translation>Bei der Anmeldung starten</translation>
    </message>
    <message>
        <source>Start minimised</source>
        <translation>Minimiert starten</translation>
    </message>
    <message>
        <source>Only the icon in the panel is shown; where there is none, the window comes minimised.</source>
        <translation>Nur das Symbol in der Leiste wird gezeigt; wo es keines gibt, kommt das Fenster minimiert.</translation>
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
    <name>SummaryPane</name>
    <message>
        <source>Summary</source>
        <translation>Überblick</translation>
    </message>
</context>
<context>
    <name>TileAddress</name>
    <message>
        <source>Not published while paused</source>
        <translation>Pausiert, nicht veröffentlicht</translation>
    </message>
    <message>
        <source>No address yet</source>
        <translation>Noch keine Adresse</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Open in the browser</source>
        <translation>Im Browser öffnen</translation>
    </message>
    <message>
        <source>Show as QR code</source>
        <translation>Als QR-Code zeigen</translation>
    </message>
</context>
<context>
    <name>TileHead</name>
    <message>
        <source>Pause</source>
        <translation>Pausieren</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
</context>
<context>
    <name>TileMenu</name>
    <message>
        <source>Show traffic</source>
        <translation>Verkehr zeigen</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>Bearbeiten…</translation>
    </message>
    <message>
        <source>Duplicate…</source>
        <translation>Duplizieren…</translation>
    </message>
</context>
<context>
    <name>TileNumbers</name>
    <message>
        <source>%1 / s</source>
        <translation>%1 / s</translation>
    </message>
    <message>
        <source>%1 requests a second</source>
        <translation>%1 Anfragen pro Sekunde</translation>
    </message>
    <message>
        <source>Latency %1</source>
        <translation>Latenz %1</translation>
    </message>
    <message>
        <source>%1 received</source>
        <translation>%1 empfangen</translation>
    </message>
    <message>
        <source>%1 sent</source>
        <translation>%1 gesendet</translation>
    </message>
</context>
<context>
    <name>TimingPane</name>
    <message>
        <source>%1 in all</source>
        <translation>%1 insgesamt</translation>
    </message>
</context>
<context>
    <name>Toggle</name>
    <message>
        <source>Not available now</source>
        <translation>Jetzt nicht verfügbar</translation>
    </message>
</context>
<context>
    <name>TrafficEmpty</name>
    <message>
        <source>The history can&apos;t be read</source>
        <translation>Der Verlauf kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>Nothing matches the filter</source>
        <translation>Nichts entspricht dem Filter</translation>
    </message>
    <message>
        <source>No requests yet</source>
        <translation>Noch keine Anfragen</translation>
    </message>
    <message>
        <source>All that is set must hold. Take something out to see more.</source>
        <translation>Alles Eingestellte muss zutreffen. Etwas herausnehmen, um mehr zu sehen.</translation>
    </message>
    <message>
        <source>Open one of your public addresses. Each request appears here while it happens; you can read it, send it again, and copy it as a curl command.</source>
        <translation>Eine der öffentlichen Adressen öffnen. Jede Anfrage erscheint hier, während sie geschieht; sie lässt sich lesen, erneut senden und als curl-Befehl kopieren.</translation>
    </message>
    <message>
        <source>Publish a local service first. What visitors ask of it then appears here, while it happens.</source>
        <translation>Zuerst einen lokalen Dienst veröffentlichen. Was Besucher von ihm anfragen, erscheint dann hier, während es geschieht.</translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation>Filter zurücksetzen</translation>
    </message>
    <message>
        <source>Show my addresses</source>
        <translation>Meine Adressen anzeigen</translation>
    </message>
    <message>
        <source>Publish a service…</source>
        <translation>Dienst veröffentlichen…</translation>
    </message>
</context>
<context>
    <name>TrafficHeader</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>Tunnel</source>
        <translation>Tunnel</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
</context>
<context>
    <name>TrafficPage</name>
    <message>
        <source>Live traffic</source>
        <translation>Live-Verkehr</translation>
    </message>
    <message numerus="yes">
        <source>Paused. %n new request(s) wait.</source>
        <translation>
            <numerusform>Pausiert. %n neue Anfrage wartet.</numerusform>
            <numerusform>Pausiert. %n neue Anfragen warten.</numerusform>
        </translation>
    </message>
    <message>
        <source>Recording is switched off.</source>
        <translation>Die Aufzeichnung ist ausgeschaltet.</translation>
    </message>
    <message>
        <source>Go on (Space)</source>
        <translation>Fortsetzen (Leertaste)</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation>Pausieren (Leertaste)</translation>
    </message>
    <message>
        <source>Clear the history</source>
        <translation>Verlauf löschen</translation>
    </message>
    <message>
        <source>Clear the history?</source>
        <translation>Verlauf löschen?</translation>
    </message>
    <message>
        <source>All recorded requests and their bodies are removed from this computer. This can&apos;t be undone.</source>
        <translation>Alle aufgezeichneten Anfragen samt Inhalten werden von diesem Computer entfernt. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Requests while they happen, the newest first.</source>
        <translation>Anfragen, während sie geschehen, die neueste zuerst.</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Discard the changes?</source>
        <translation>Änderungen verwerfen?</translation>
    </message>
    <message>
        <source>What was changed in the request is lost.</source>
        <translation>Was an der Anfrage geändert wurde, geht verloren.</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
</context>
<context>
    <name>TrafficRow</name>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
</context>
<context>
    <name>TrafficTable</name>
    <message>
        <source>Requests</source>
        <translation>Anfragen</translation>
    </message>
</context>
<context>
    <name>TrafficText</name>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 B</source>
        <translation>%1 B</translation>
    </message>
    <message>
        <source>Still going on</source>
        <translation>Läuft noch</translation>
    </message>
    <message>
        <source>Nobody listens at the local service</source>
        <translation>Am lokalen Dienst lauscht niemand</translation>
    </message>
    <message>
        <source>The local service did not answer in time</source>
        <translation>Der lokale Dienst hat nicht rechtzeitig geantwortet</translation>
    </message>
    <message>
        <source>The local service broke off</source>
        <translation>Der lokale Dienst hat abgebrochen</translation>
    </message>
    <message>
        <source>The visitor left</source>
        <translation>Der Besucher ist gegangen</translation>
    </message>
    <message>
        <source>The connection to the relay ended</source>
        <translation>Die Verbindung zum Relay ist abgebrochen</translation>
    </message>
    <message>
        <source>WebSocket</source>
        <translation>WebSocket</translation>
    </message>
    <message>
        <source>Event stream</source>
        <translation>Ereignisstrom</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>HTTP request</source>
        <translation>HTTP-Anfrage</translation>
    </message>
    <message>
        <source>MMM d HH:mm</source>
        <extracomment>A day without its year and a time, in Qt&apos;s format; short, for a column of a table.</extracomment>
        <translation>dd.MM. HH:mm</translation>
    </message>
</context>
<context>
    <name>TunnelDraft</name>
    <message>
        <source>A name has small letters, digits and hyphens, at most 63, and no hyphen at its ends.</source>
        <translation>Ein Name besteht aus Kleinbuchstaben, Ziffern und Bindestrichen, höchstens 63, ohne Bindestrich an den Enden.</translation>
    </message>
    <message>
        <source>Only web services can ask for a password.</source>
        <translation>Nur Webdienste können nach einem Passwort fragen.</translation>
    </message>
    <message>
        <source>At most %1 networks.</source>
        <translation>Höchstens %1 Netze.</translation>
    </message>
    <message>
        <source>Write a port of this computer like 3000, host and port like 192.168.1.20:8080, or a socket like unix:/run/app.sock.</source>
        <translation>Ein Port dieses Computers wie 3000, Host und Port wie 192.168.1.20:8080 oder ein Socket wie unix:/run/app.sock.</translation>
    </message>
    <message>
        <source>A host name has letters, digits and hyphens between its dots, like www.example.com.</source>
        <translation>Ein Hostname hat Buchstaben, Ziffern und Bindestriche zwischen seinen Punkten, wie www.example.com.</translation>
    </message>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>Ein Port ist eine Zahl von 1 bis 65535.</translation>
    </message>
    <message>
        <source>A user&apos;s name has at most 128 letters, and no colon.</source>
        <translation>Ein Benutzername hat höchstens 128 Zeichen und keinen Doppelpunkt.</translation>
    </message>
    <message>
        <source>%1 is no network: write 10.0.0.0/8, fd00::/8 or one address.</source>
        <translation>%1 ist kein Netz: 10.0.0.0/8, fd00::/8 oder eine einzelne Adresse.</translation>
    </message>
    <message>
        <source>A service that speaks HTTPS itself is published as TLS, or by its plain HTTP port.</source>
        <translation>Ein Dienst, der selbst HTTPS spricht, wird als TLS veröffentlicht oder über seinen einfachen HTTP-Port.</translation>
    </message>
    <message>
        <source>Write host and port alone: %1</source>
        <translation>Nur Host und Port angeben: %1</translation>
    </message>
    <message>
        <source>A service has all its paths: write %1</source>
        <translation>Ein Dienst umfasst alle seine Pfade: %1 angeben</translation>
    </message>
    <message>
        <source>An IPv6 address stands in brackets before its port: [::1]:3000</source>
        <translation>Eine IPv6-Adresse steht in Klammern vor ihrem Port: [::1]:3000</translation>
    </message>
    <message>
        <source>The port is missing: write %1:3000</source>
        <translation>Der Port fehlt: %1:3000 angeben</translation>
    </message>
    <message>
        <source>Write where the service listens.</source>
        <translation>Angeben, wo der Dienst lauscht.</translation>
    </message>
    <message>
        <source>Write a name.</source>
        <translation>Einen Namen angeben.</translation>
    </message>
    <message>
        <source>Write a host name.</source>
        <translation>Einen Hostnamen angeben.</translation>
    </message>
    <message>
        <source>Write a port.</source>
        <translation>Einen Port angeben.</translation>
    </message>
    <message>
        <source>Write which networks may visit.</source>
        <translation>Angeben, welche Netze zugreifen dürfen.</translation>
    </message>
    <message>
        <source>Write a user and a password.</source>
        <translation>Benutzer und Passwort angeben.</translation>
    </message>
    <message>
        <source>Write a password.</source>
        <translation>Ein Passwort angeben.</translation>
    </message>
</context>
<context>
    <name>TunnelForm</name>
    <message>
        <source>Service</source>
        <translation>Dienst</translation>
    </message>
    <message>
        <source>3000 or 192.168.1.20:8080</source>
        <translation>3000 oder 192.168.1.20:8080</translation>
    </message>
    <message>
        <source>A port of this computer, or host and port.</source>
        <translation>Ein Port dieses Computers oder Host und Port.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Web</source>
        <translation>Web</translation>
    </message>
    <message>
        <source>Publish</source>
        <translation>Veröffentlichen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Publishing…</source>
        <translation>Wird veröffentlicht…</translation>
    </message>
</context>
<context>
    <name>TunnelGrid</name>
    <message>
        <source>Tunnels</source>
        <translation>Tunnel</translation>
    </message>
    <message>
        <source>Address copied</source>
        <translation>Adresse kopiert</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
</context>
<context>
    <name>TunnelRow</name>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Service down</source>
        <translation>Dienst fehlt</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>Netze</translation>
    </message>
</context>
<context>
    <name>TunnelsPage</name>
    <message>
        <source>Tunnels</source>
        <translation>Tunnel</translation>
    </message>
    <message>
        <source>%1 of %2 open</source>
        <translation>%1 von %2 offen</translation>
    </message>
    <message>
        <source>Find a tunnel</source>
        <translation>Tunnel suchen</translation>
    </message>
    <message>
        <source>Publish</source>
        <translation>Veröffentlichen</translation>
    </message>
    <message>
        <source>Nothing is published yet</source>
        <translation>Noch ist nichts veröffentlicht</translation>
    </message>
    <message>
        <source>Start a service on this computer, a web site for example, then publish it: it gets a public address that you can send to anybody.</source>
        <translation>Einen Dienst auf diesem Computer starten, zum Beispiel eine Website, und ihn veröffentlichen: Er bekommt eine öffentliche Adresse, die sich jedem schicken lässt.</translation>
    </message>
    <message>
        <source>No tunnel is called “%1”</source>
        <translation>Kein Tunnel heißt „%1“</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Services of this computer that have a public address.</source>
        <translation>Dienste dieses Computers, die eine öffentliche Adresse haben.</translation>
    </message>
    <message>
        <source>Publish a service…</source>
        <translation>Dienst veröffentlichen…</translation>
    </message>
</context>
<context>
    <name>WelcomeButtons</name>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Trying %1…</source>
        <translation>%1 wird probiert…</translation>
    </message>
</context>
<context>
    <name>WelcomeForm</name>
    <message>
        <source>Join line</source>
        <translation>Beitrittszeile</translation>
    </message>
    <message>
        <source>Host and token</source>
        <translation>Host und Token</translation>
    </message>
    <message>
        <source>The line that your relay printed</source>
        <translation>Die Zeile, die das Relay ausgegeben hat</translation>
    </message>
    <message>
        <source>It looks like sallyport://TOKEN@HOST:7000?pin=… and holds a secret, so it is hidden here.</source>
        <translation>Sie sieht aus wie sallyport://TOKEN@HOST:7000?pin=… und enthält ein Geheimnis, darum ist sie hier verdeckt.</translation>
    </message>
    <message>
        <source>How to log in</source>
        <translation>Art der Anmeldung</translation>
    </message>
</context>
<context>
    <name>WelcomeTitle</name>
    <message>
        <source>Welcome to Sallyport</source>
        <translation>Willkommen bei Sallyport</translation>
    </message>
    <message>
        <source>Add a relay</source>
        <translation>Relay hinzufügen</translation>
    </message>
    <message>
        <source>Give a service on this computer a public address, through a relay of your own.</source>
        <translation>Eine öffentliche Adresse für einen Dienst auf diesem Computer, über ein eigenes Relay.</translation>
    </message>
    <message>
        <source>Replace the token</source>
        <translation>Das Token ersetzen</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::AboutModel</name>
    <message>
        <source>Window, network, event loop</source>
        <translation>Fenster, Netzwerk, Ereignisschleife</translation>
    </message>
    <message>
        <source>TLS and certificates</source>
        <translation>TLS und Zertifikate</translation>
    </message>
    <message>
        <source>Tokens in the system&apos;s keychain</source>
        <translation>Token im Schlüsselbund des Systems</translation>
    </message>
    <message>
        <source>Public domain</source>
        <translation>Gemeinfrei</translation>
    </message>
    <message>
        <source>History of requests</source>
        <translation>Verlauf der Anfragen</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>Konfiguration</translation>
    </message>
    <message>
        <source>Import of other configurations</source>
        <translation>Import anderer Konfigurationen</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Password hashes</source>
        <translation>Passwort-Hashes</translation>
    </message>
    <message>
        <source>QR codes</source>
        <translation>QR-Codes</translation>
    </message>
    <message>
        <source>Unpacking bodies</source>
        <translation>Entpacken von Inhalten</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::AccountsModel</name>
    <message>
        <source>The relay takes this token.</source>
        <translation>Das Relay nimmt dieses Token an.</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s) are kept in a file that only your user can read, because no keychain was open then.</source>
        <translation>
            <numerusform>%n Token liegt in einer Datei, die nur der eigene Benutzer lesen kann, weil damals kein Schlüsselbund offen war.</numerusform>
            <numerusform>%n Token liegen in einer Datei, die nur der eigene Benutzer lesen kann, weil damals kein Schlüsselbund offen war.</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no keychain now either: GNOME Keyring or KWallet would be one.</source>
        <translation>Auch jetzt gibt es keinen Schlüsselbund; GNOME Keyring oder KWallet wäre einer.</translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation>Wird probiert…</translation>
    </message>
    <message>
        <source>Moving to the keychain, which may ask you to open it…</source>
        <translation>Wird in den Schlüsselbund verschoben; vielleicht fragt dieser nach seinem Passwort…</translation>
    </message>
    <message>
        <source>The token is in the keychain now.</source>
        <translation>Das Token liegt jetzt im Schlüsselbund.</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::BodyModel</name>
    <message>
        <source>Form</source>
        <translation>Formular</translation>
    </message>
    <message>
        <source>Multipart</source>
        <translation>Mehrteilig</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Binary</source>
        <translation>Binär</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>Leer</translation>
    </message>
    <message>
        <source>Only the first %1 of %2 were kept.</source>
        <translation>Nur die ersten %1 von %2 wurden behalten.</translation>
    </message>
    <message>
        <source>It is longer than what is unpacked here.</source>
        <translation>Er ist länger, als hier entpackt wird.</translation>
    </message>
    <message>
        <source>The rest is not shown.</source>
        <translation>Der Rest wird nicht angezeigt.</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::DesktopNotifier</name>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::DiagnoseModel</name>
    <message>
        <source>Relay</source>
        <translation>Relay</translation>
    </message>
    <message>
        <source>No relay is configured.</source>
        <translation>Es ist kein Relay eingerichtet.</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>%1 ms there and back</source>
        <translation>%1 ms hin und zurück</translation>
    </message>
    <message>
        <source>Credential</source>
        <translation>Zugangsdaten</translation>
    </message>
    <message>
        <source>In the system&apos;s keychain</source>
        <translation>Im Schlüsselbund des Systems</translation>
    </message>
    <message>
        <source>Tunnel %1</source>
        <translation>Tunnel %1</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Published, %1</source>
        <translation>Veröffentlicht, %1</translation>
    </message>
    <message>
        <source>Waits for the link</source>
        <translation>Wartet auf die Verbindung</translation>
    </message>
    <message>
        <source>Report copied</source>
        <translation>Bericht kopiert</translation>
    </message>
    <message>
        <source>Connected over %1</source>
        <translation>Verbunden über %1</translation>
    </message>
    <message>
        <source>In a file that only you can read, not in a keychain</source>
        <translation>In einer Datei, die nur der eigene Benutzer lesen kann, nicht in einem Schlüsselbund</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::DiffModel</name>
    <message>
        <source>… and more</source>
        <translation>… und mehr</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::ExchangeModel</name>
    <message>
        <source>Connection from %1</source>
        <translation>Verbindung von %1</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>dieser Computer</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Tunnel</source>
        <translation>Tunnel</translation>
    </message>
    <message>
        <source>Asked for</source>
        <translation>Angefragt</translation>
    </message>
    <message>
        <source>Visitor</source>
        <translation>Besucher</translation>
    </message>
    <message>
        <source>Local service</source>
        <translation>Lokaler Dienst</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Content type</source>
        <translation>Inhaltstyp</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Wiederholung</translation>
    </message>
    <message>
        <source>Edited and sent again</source>
        <translation>Bearbeitet und erneut gesendet</translation>
    </message>
    <message>
        <source>Sent again</source>
        <translation>Erneut gesendet</translation>
    </message>
    <message>
        <source>%1, from the relay in place of the service</source>
        <translation>%1, vom Relay anstelle des Dienstes</translation>
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
    <message>
        <source>%1 can&apos;t be taken over: everybody could visit it.</source>
        <translation>%1 lässt sich nicht übernehmen: Alle könnten zugreifen.</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
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
    <name>sallyport::gui::LogModel</name>
    <message numerus="yes">
        <source>%n line(s) copied</source>
        <translation>
            <numerusform>%n Zeile kopiert</numerusform>
            <numerusform>%n Zeilen kopiert</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sallyport::gui::MessageModel</name>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>binary</source>
        <translation>binär</translation>
    </message>
    <message>
        <source>ping</source>
        <translation>Ping</translation>
    </message>
    <message>
        <source>pong</source>
        <translation>Pong</translation>
    </message>
    <message>
        <source>close</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>event</source>
        <translation>Ereignis</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::Publisher</name>
    <message>
        <source>Other tunnels are being published. Try again when they are done.</source>
        <translation>Andere Tunnel werden gerade veröffentlicht. Danach noch einmal versuchen.</translation>
    </message>
    <message>
        <source>The password could not be hashed: this computer has no memory left. Close a program and try again.</source>
        <translation>Aus dem Passwort konnte kein Prüfwert (Hash) berechnet werden: Der Speicher dieses Computers ist voll. Ein Programm schließen und es noch einmal versuchen.</translation>
    </message>
    <message>
        <source>“%1” is published</source>
        <translation>„%1“ ist veröffentlicht</translation>
    </message>
    <message>
        <source>“%1” was not published: %2</source>
        <translation>„%1“ wurde nicht veröffentlicht: %2</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::ReplayDraft</name>
    <message>
        <source>“%1” is no header: write “Name: value”.</source>
        <translation>„%1“ ist kein Header: „Name: Wert“ schreiben.</translation>
    </message>
    <message>
        <source>The method is one word, such as GET.</source>
        <translation>Die Methode ist ein einzelnes Wort wie GET.</translation>
    </message>
    <message>
        <source>The path begins with “/” and has no spaces; write %20 for one.</source>
        <translation>Der Pfad beginnt mit „/“ und enthält keine Leerzeichen; stattdessen %20 schreiben.</translation>
    </message>
    <message>
        <source>It can&apos;t be told which secret *** stands for in “%1”: write the value itself.</source>
        <translation>Es ist unklar, für welches Geheimnis *** in „%1“ steht: bitte den Wert selbst schreiben.</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::ReplayModel</name>
    <message>
        <source>%1 in %2</source>
        <translation>%1 in %2</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::ServicesModel</name>
    <message>
        <source>Unknown service</source>
        <translation>Unbekannter Dienst</translation>
    </message>
    <message>
        <source>another user&apos;s program</source>
        <translation>Programm eines anderen Benutzers</translation>
    </message>
    <message>
        <source>also open to your network</source>
        <translation>auch im eigenen Netz offen</translation>
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
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>No program could be found that opens %1</source>
        <translation>Kein Programm gefunden, das %1 öffnet</translation>
    </message>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… und %n weiteres</numerusform>
            <numerusform>… und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>The disk that holds %1 is full. Traffic goes on, but it is kept in memory alone, without long bodies. Make room: then it is written by itself.</source>
        <translation>Der Datenträger mit %1 ist voll. Der Verkehr läuft weiter, wird aber nur im Arbeitsspeicher gehalten, ohne lange Inhalte. Sobald wieder Platz ist, wird er von selbst geschrieben.</translation>
    </message>
    <message>
        <source>%1 can&apos;t be written. Traffic goes on, but it is kept in memory alone, without long bodies. See who may write there: then it is written by itself.</source>
        <translation>In %1 kann nicht geschrieben werden. Der Verkehr läuft weiter, wird aber nur im Arbeitsspeicher gehalten, ohne lange Inhalte. Bitte die Schreibrechte dort prüfen; dann wird er von selbst geschrieben.</translation>
    </message>
    <message>
        <source>%1 can&apos;t be written: what is changed in the settings lasts until Sallyport ends. See whether there is room, and who may write there.</source>
        <translation>%1 kann nicht geschrieben werden: Geänderte Einstellungen gelten nur, bis Sallyport beendet wird. Bitte prüfen, ob dort Platz ist und wer schreiben darf.</translation>
    </message>
    <message>
        <source>The agent that runs outside this window does not answer. It is looked for; if it has ended, this window can run the tunnels itself.</source>
        <translation>Der Agent, der außerhalb dieses Fensters läuft, antwortet nicht. Er wird gesucht; ist er beendet, kann dieses Fenster die Tunnel selbst übernehmen.</translation>
    </message>
    <message>
        <source>The agent that ran outside this window has ended. If it stays away, this window runs the tunnels itself in a few seconds.</source>
        <translation>Der Agent, der außerhalb dieses Fensters lief, ist beendet. Bleibt er weg, übernimmt dieses Fenster die Tunnel in ein paar Sekunden selbst.</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::TimingModel</name>
    <message>
        <source>Request received</source>
        <translation>Anfrage empfangen</translation>
    </message>
    <message>
        <source>Waiting for the local service</source>
        <translation>Warten auf den lokalen Dienst</translation>
    </message>
    <message>
        <source>Answer passed on</source>
        <translation>Antwort weitergegeben</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::TrafficExport</name>
    <message>
        <source>%1 is there already.</source>
        <translation>%1 gibt es schon.</translation>
    </message>
    <message>
        <source>%1 can&apos;t be written: %2</source>
        <translation>%1 kann nicht geschrieben werden: %2</translation>
    </message>
    <message>
        <source>There is nothing to export.</source>
        <translation>Es gibt nichts zu exportieren.</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) written to %1</source>
        <translation>
            <numerusform>%n Anfrage nach %1 geschrieben</numerusform>
            <numerusform>%n Anfragen nach %1 geschrieben</numerusform>
        </translation>
    </message>
    <message>
        <source>These are the newest; the filter finds more.</source>
        <translation>Das sind die neuesten; der Filter findet mehr.</translation>
    </message>
    <message numerus="yes">
        <source>%n older one(s) left the history meanwhile.</source>
        <translation>
            <numerusform>%n ältere hat den Verlauf inzwischen verlassen.</numerusform>
            <numerusform>%n ältere haben den Verlauf inzwischen verlassen.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 is a folder: write the name of a file.</source>
        <translation>%1 ist ein Ordner: Bitte den Namen einer Datei angeben.</translation>
    </message>
    <message>
        <source>These are connections of which no requests are seen: there is nothing to export.</source>
        <translation>Das sind Verbindungen, von denen keine Anfragen zu sehen sind: Es gibt nichts zu exportieren.</translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s) without requests are left out.</source>
        <translation>
            <numerusform>%n Verbindung ohne Anfragen ist nicht dabei.</numerusform>
            <numerusform>%n Verbindungen ohne Anfragen sind nicht dabei.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sallyport::gui::TrafficModel</name>
    <message>
        <source>CONN</source>
        <translation>VERB</translation>
    </message>
    <message>
        <source>Copied as a curl command</source>
        <translation>Als curl-Befehl kopiert</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::TrayMenu</name>
    <message>
        <source>Publish tunnels</source>
        <translation>Tunnel veröffentlichen</translation>
    </message>
    <message>
        <source>More…</source>
        <translation>Mehr…</translation>
    </message>
    <message>
        <source>Publish a service…</source>
        <translation>Dienst veröffentlichen…</translation>
    </message>
    <message>
        <source>Open window</source>
        <translation>Fenster öffnen</translation>
    </message>
    <message>
        <source>Recent requests</source>
        <translation>Letzte Anfragen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Published</source>
        <translation>Veröffentlicht</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Open in browser</source>
        <translation>Im Browser öffnen</translation>
    </message>
    <message>
        <source>Show QR code</source>
        <translation>QR-Code anzeigen</translation>
    </message>
    <message>
        <source>Address copied</source>
        <translation>Adresse kopiert</translation>
    </message>
    <message>
        <source>%1 (paused)</source>
        <translation>%1 (pausiert)</translation>
    </message>
    <message>
        <source>%1 (not open)</source>
        <translation>%1 (nicht offen)</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::WelcomeModel</name>
    <message>
        <source>Connected. Now choose what to publish.</source>
        <translation>Verbunden. Nun wählen, was veröffentlicht wird.</translation>
    </message>
    <message>
        <source>A join line begins with sallyport://</source>
        <translation>Eine Beitrittszeile beginnt mit sallyport://</translation>
    </message>
    <message>
        <source>The join line is too long.</source>
        <translation>Die Beitrittszeile ist zu lang.</translation>
    </message>
    <message>
        <source>The token is missing: sallyport://TOKEN@HOST:7000</source>
        <translation>Das Token fehlt: sallyport://TOKEN@HOST:7000</translation>
    </message>
    <message>
        <source>The token holds a character that no token has.</source>
        <translation>Das Token enthält ein Zeichen, das kein Token hat.</translation>
    </message>
    <message>
        <source>The host is neither a host name nor an address; an IPv6 address stands in brackets.</source>
        <translation>Der Host ist weder ein Hostname noch eine Adresse; eine IPv6-Adresse steht in eckigen Klammern.</translation>
    </message>
    <message>
        <source>The port is not a number from 1 to 65535.</source>
        <translation>Der Port ist keine Zahl von 1 bis 65535.</translation>
    </message>
    <message>
        <source>The pin is not one: pin=sha256: and 43 characters.</source>
        <translation>Der Pin ist keiner: pin=sha256: und 43 Zeichen.</translation>
    </message>
    <message>
        <source>The only option of a join line is pin.</source>
        <translation>Die einzige Option einer Beitrittszeile ist pin.</translation>
    </message>
    <message>
        <source>Write the relay&apos;s host name, with its port when that is not 7000, like tunnel.example.com:7443.</source>
        <translation>Der Hostname des Relays, mit Port, wenn es nicht 7000 ist, wie tunnel.example.com:7443.</translation>
    </message>
    <message>
        <source>The token was replaced.</source>
        <translation>Das Token wurde ersetzt.</translation>
    </message>
</context>
</TS>
