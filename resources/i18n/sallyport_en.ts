<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
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
    <name>sallyport::gui::ImportModel</name>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… and %n more</numerusform>
            <numerusform>… and %n more</numerusform>
        </translation>
    </message>
</context>
</TS>
