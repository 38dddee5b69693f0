<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
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
        <source>Trying …</source>
        <translation>Wird probiert …</translation>
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
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation>Entfernen …</translation>
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
        <translation>Relays, für die Sie ein Token haben. Eines davon ist in Gebrauch.</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>This computer has no keychain that is open, so a token is kept in a file that only your user can read. Unlock or install a keychain and add the account again to move it there.</source>
        <translation>Auf diesem Computer ist kein Schlüsselbund offen, deshalb liegt ein Token in einer Datei, die nur Ihr Benutzer lesen kann. Öffnen oder installieren Sie einen Schlüsselbund und fügen Sie das Konto erneut hinzu, um es dorthin zu verlegen.</translation>
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
        <source>Shown as soon as the service is known</source>
        <translation>Erscheint, sobald der Dienst bekannt ist</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Adresse kopieren</translation>
    </message>
</context>
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
    <name>ForgetDialog</name>
    <message>
        <source>Remove “%1”?</source>
        <translation>„%1“ entfernen?</translation>
    </message>
    <message>
        <source>Its token is deleted from this computer. To come back you need a token or a join line again. Tunnels stay in agent.yaml.</source>
        <translation>Das Token wird von diesem Computer gelöscht. Um zurückzukehren, brauchen Sie wieder ein Token oder eine Beitrittszeile. Die Tunnel bleiben in agent.yaml.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
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
        <translation>Wählen Sie einen Dienst dieses Computers, oder geben Sie ein, wo er lauscht.</translation>
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
        <source>Import …</source>
        <translation>Importieren …</translation>
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
    <name>RemoveDialog</name>
    <message>
        <source>Remove “%1”?</source>
        <translation>„%1“ entfernen?</translation>
    </message>
    <message>
        <source>Its public address stops working at once, and its settings are taken out of agent.yaml. To stop it for a while, pause it instead.</source>
        <translation>Die öffentliche Adresse funktioniert sofort nicht mehr, und die Einstellungen werden aus agent.yaml entfernt. Um nur eine Weile auszusetzen, pausieren Sie den Tunnel.</translation>
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
        <source>Start your web site or program; it appears here within seconds. A service elsewhere in your network can be typed beside this.</source>
        <translation>Starten Sie Ihre Website oder Ihr Programm; es erscheint hier binnen Sekunden. Ein Dienst anderswo in Ihrem Netz lässt sich nebenan eintippen.</translation>
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
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pausieren</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
</context>
<context>
    <name>TileMenu</name>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Duplizieren</translation>
    </message>
    <message>
        <source>Show traffic</source>
        <translation>Verkehr zeigen</translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation>Entfernen …</translation>
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
    <name>TunnelDraft</name>
    <message>
        <source>The service %1</source>
        <translation>Der Dienst: %1</translation>
    </message>
    <message>
        <source>A name has small letters, digits and hyphens, at most 63, and no hyphen at its ends.</source>
        <translation>Ein Name besteht aus Kleinbuchstaben, Ziffern und Bindestrichen, höchstens 63, ohne Bindestrich an den Enden.</translation>
    </message>
    <message>
        <source>The port %1</source>
        <translation>Der Port: %1</translation>
    </message>
    <message>
        <source>Only web services can ask for a password.</source>
        <translation>Nur Webdienste können nach einem Passwort fragen.</translation>
    </message>
    <message>
        <source>The user&apos;s name %1</source>
        <translation>Der Benutzername: %1</translation>
    </message>
    <message>
        <source>At most %1 networks.</source>
        <translation>Höchstens %1 Netze.</translation>
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
        <translation>Ein Port dieses Computers, oder Host und Port.</translation>
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
        <source>Publishing …</source>
        <translation>Wird veröffentlicht …</translation>
    </message>
    <message>
        <source>Publish</source>
        <translation>Veröffentlichen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
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
    <name>TunnelTile</name>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
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
        <translation>Starten Sie einen Dienst auf diesem Computer, zum Beispiel eine Website, und veröffentlichen Sie ihn: Er bekommt eine öffentliche Adresse, die Sie jedem schicken können.</translation>
    </message>
    <message>
        <source>Publish a service</source>
        <translation>Dienst veröffentlichen</translation>
    </message>
    <message>
        <source>No tunnel is called “%1”</source>
        <translation>Kein Tunnel heißt „%1“</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
</context>
<context>
    <name>WelcomeButtons</name>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Trying %1 …</source>
        <translation>%1 wird probiert …</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Verbinden</translation>
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
        <translation>Die Zeile, die Ihr Relay ausgegeben hat</translation>
    </message>
    <message>
        <source>It looks like sallyport://TOKEN@HOST:7000?pin=… and holds a secret, so it is hidden here.</source>
        <translation>Sie sieht aus wie sallyport://TOKEN@HOST:7000?pin=… und enthält ein Geheimnis, darum ist sie hier verdeckt.</translation>
    </message>
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
        <source>Kept in the keychain of this computer.</source>
        <translation>Wird im Schlüsselbund dieses Computers verwahrt.</translation>
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
        <translation>Geben Sie einem Dienst auf diesem Computer eine öffentliche Adresse, über ein eigenes Relay.</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::AccountsModel</name>
    <message>
        <source>The relay takes this token.</source>
        <translation>Das Relay nimmt dieses Token an.</translation>
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
    <name>sallyport::gui::ServicesModel</name>
    <message>
        <source>Unknown service</source>
        <translation>Unbekannter Dienst</translation>
    </message>
    <message>
        <source>another user&apos;s program</source>
        <translation>Programm eines anderen Benutzers</translation>
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
<context>
    <name>sallyport::gui::TunnelEditor</name>
    <message>
        <source>The password could not be hashed: this computer has no memory left. Close a program and try again.</source>
        <translation>Das Passwort konnte nicht verschlüsselt werden: Der Speicher dieses Computers ist voll. Schließen Sie ein Programm und versuchen Sie es noch einmal.</translation>
    </message>
</context>
<context>
    <name>sallyport::gui::WelcomeModel</name>
    <message>
        <source>The address %1</source>
        <translation>Die Adresse %1</translation>
    </message>
    <message>
        <source>Connected. Now choose what to publish.</source>
        <translation>Verbunden. Wählen Sie nun, was Sie veröffentlichen.</translation>
    </message>
</context>
</TS>
