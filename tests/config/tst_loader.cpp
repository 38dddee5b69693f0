// Values from flags, environment, .env and file, in this order; and everything that is refused.
#include "config_folder.h"

#include <sallyport/config/loader.h>

#include <QTest>

#include <algorithm>
#include <map>
#include <optional>

using namespace sallyport;
using namespace sallyport::config;

namespace {

struct Door
{
    std::string colour;
};

struct Model
{
    std::string name = "house";
    uint64_t rooms = 3;
    std::vector<Network> networks;
    std::string plan;
    std::optional<Secret> key;
    std::map<std::string, Door> doors;

    void declare(Fields& fields)
    {
        fields.section("All", "");
        fields.value("name", name, plainText(20), "");
        fields.value("size.rooms", rooms, countBetween(1, 10), "");
        fields.list("size.networks", networks, network(), 2, "");
        fields.value("plan", plan, filePath(), "");
        fields.secret("key", key, "");
        fields.reserved("garden", "not yet");
        FieldMap map;
        map.path = "doors";
        map.limit = 3;
        map.example = "front: {colour: red}";
        map.checkKey = [](std::string_view text) -> Result<std::string, std::string> {
            if (text == "BAD")
                return Failure(std::string("is a bad name"));
            return std::string(text);
        };
        map.shape = [](Fields& entry) { Model::declareDoor(entry, Door()); };
        map.entry = [this](Fields& entry, const std::string& label) {
            entry.value("colour", doors[label].colour, plainText(), "");
            entry.value("back.colour", m_backs[label], plainText(), "");
        };
        fields.map(map);
    }
    static void declareDoor(Fields& entry, Door door)
    {
        std::string back;
        entry.value("colour", door.colour, plainText(), "");
        entry.value("back.colour", back, plainText(), "");
    }
    std::map<std::string, std::string> m_backs;
};

} // namespace

class TestLoader : public QObject
{
    Q_OBJECT

    ConfigFolder m_folder{"house.yaml"};

    std::string problemsOf(const Sources& sources, Model* out = nullptr)
    {
        Model model;
        Fields fields;
        model.declare(fields);
        Loader loader(sources);
        loader.apply(fields);
        if (out) {
            out->name = model.name;
            out->rooms = model.rooms;
            out->networks = model.networks;
            out->plan = model.plan;
            out->key = model.key;
            out->doors = model.doors;
            out->m_backs = model.m_backs;
        }
        return m_folder.shortened(loader.problems().text());
    }

private slots:
    void cleanup() { QFile::remove(QString::fromStdString(m_folder.path(".env"))); }

    void keepsDefaultsWithoutAnySource()
    {
        Model model;
        QCOMPARE(problemsOf({}, &model), std::string());
        QCOMPARE(model.name, std::string("house"));
    }

    void takesTheStrongestSource()
    {
        Model model;
        Sources sources = m_folder.sources("name: file\n");
        QCOMPARE(problemsOf(sources, &model), std::string());
        QCOMPARE(model.name, std::string("file"));
        m_folder.write(".env", "SALLYPORT_NAME=dotenv\n");
        problemsOf(sources, &model);
        QCOMPARE(model.name, std::string("dotenv"));
        sources.environment["SALLYPORT_NAME"] = "environment";
        problemsOf(sources, &model);
        QCOMPARE(model.name, std::string("environment"));
        sources.flags.push_back({"name", "flag", "--name"});
        problemsOf(sources, &model);
        QCOMPARE(model.name, std::string("flag"));
    }

    void countsAnEmptyVariableAsUnset()
    {
        Model model;
        Sources sources = m_folder.sources("name: file\n");
        sources.environment["SALLYPORT_NAME"] = "";
        problemsOf(sources, &model);
        QCOMPARE(model.name, std::string("file"));
    }

    void namesTheSourceOfABadValue()
    {
        Sources sources = m_folder.sources("size:\n  rooms: 11\n");
        QCOMPARE(problemsOf(sources),
                 std::string("house.yaml:2: size.rooms \"11\": is out of bounds: 1 to 10\n"));
        sources = m_folder.sources("");
        sources.environment["SALLYPORT_SIZE_ROOMS"] = "x";
        QCOMPARE(problemsOf(sources),
                 std::string("SALLYPORT_SIZE_ROOMS: size.rooms \"x\": is not a whole number\n"));
        sources.environment.clear();
        m_folder.write(".env", "\nSALLYPORT_SIZE_ROOMS=x\n");
        QCOMPARE(problemsOf(sources),
                 std::string(".env:2: size.rooms \"x\": is not a whole number\n"));
        m_folder.write(".env", "");
        sources.flags.push_back({"size.rooms", "x", "--rooms"});
        QCOMPARE(problemsOf(sources),
                 std::string("--rooms: size.rooms \"x\": is not a whole number\n"));
    }

    void refusesUnknownKeysWithASuggestion()
    {
        QCOMPARE(problemsOf(m_folder.sources("nmae: x\n")),
                 std::string("house.yaml:1: nmae: unknown key, did you mean \"name\"?\n"));
        QCOMPARE(problemsOf(m_folder.sources("size:\n  romos: 1\n")),
                 std::string("house.yaml:2: size.romos: unknown key, did you mean \"rooms\"?\n"));
        QCOMPARE(
            problemsOf(m_folder.sources("rooms: 1\n")),
            std::string("house.yaml:1: rooms: unknown key here, did you mean \"size.rooms\"?\n"));
        QCOMPARE(problemsOf(m_folder.sources("zebra: 1\n")),
                 std::string("house.yaml:1: zebra: unknown key\n"));
        QVERIFY(problemsOf(m_folder.sources("size.rooms: 1\n"))
                    .starts_with("house.yaml:1: size.rooms: "));
    }

    void tellsOfEveryProblemAtOnce()
    {
        const std::string said =
            problemsOf(m_folder.sources("nmae: x\nsize: {rooms: 0, networks: [a, b]}\n"));
        QCOMPARE(std::count(said.begin(), said.end(), '\n'), 4);
        QVERIFY(said.find("size.networks[1] \"b\"") != std::string::npos);
    }

    void refusesReservedKeysWithTheirReason()
    {
        QCOMPARE(problemsOf(m_folder.sources("garden: 1\n")),
                 std::string("house.yaml:1: garden: not yet\n"));
        Sources sources;
        sources.environment["SALLYPORT_GARDEN"] = "1";
        QCOMPARE(problemsOf(sources), std::string("SALLYPORT_GARDEN: garden: not yet\n"));
    }

    void refusesValuesOfTheWrongShape()
    {
        QCOMPARE(problemsOf(m_folder.sources("name: [a]\n")),
                 std::string("house.yaml:1: name: takes one value, not a list\n"));
        QCOMPARE(problemsOf(m_folder.sources("name: {a: b}\n")),
                 std::string("house.yaml:1: name: takes one value, not keys below it\n"));
        QCOMPARE(problemsOf(m_folder.sources("name:\n")),
                 std::string("house.yaml:1: name: has no value: give one or remove the key\n"));
        QCOMPARE(problemsOf(m_folder.sources("size: 3\n")),
                 std::string("house.yaml:1: size: is a section: its keys stand below it\n"));
        QCOMPARE(problemsOf(m_folder.sources("size:\n")), std::string());
        QCOMPARE(problemsOf(m_folder.sources("- a\n")),
                 std::string("house.yaml:1: must hold keys and values (key: value)\n"));
        QVERIFY(problemsOf(m_folder.sources("size: {networks: {a: b}}\n")).find("takes a list") !=
                std::string::npos);
        QVERIFY(
            problemsOf(m_folder.sources("size: {networks: [[a]]}\n")).find("must be one value") !=
            std::string::npos);
    }

    void readsListsInTheirThreeForms()
    {
        Model model;
        QCOMPARE(problemsOf(m_folder.sources("size: {networks: [10.0.0.0/8, '::1']}\n"), &model),
                 std::string());
        QCOMPARE(model.networks.size(), size_t(2));
        QCOMPARE(problemsOf(m_folder.sources("size: {networks: 10.0.0.0/8}\n"), &model),
                 std::string());
        QCOMPARE(model.networks.size(), size_t(1));
        Sources sources = m_folder.sources("size: {networks: 10.0.0.0/8}\n");
        sources.environment["SALLYPORT_SIZE_NETWORKS"] = "10.0.0.0/8, 192.168.0.0/16";
        QCOMPARE(problemsOf(sources, &model), std::string());
        QCOMPARE(model.networks.size(), size_t(2));
        sources.environment["SALLYPORT_SIZE_NETWORKS"] = "none";
        QCOMPARE(problemsOf(sources, &model), std::string());
        QVERIFY(model.networks.empty());
    }

    void refusesListsOverTheirLimit()
    {
        QCOMPARE(problemsOf(m_folder.sources("size: {networks: [10.0.0.1, 10.0.0.2, 10.0.0.3]}\n")),
                 std::string("house.yaml:1: size.networks: has more than 2 items\n"));
    }

    void readsMapsWithChosenKeys()
    {
        Model model;
        Sources sources =
            m_folder.sources("doors:\n  front: {colour: red}\n  side-door:\n    colour: blue\n");
        sources.environment["SALLYPORT_DOORS_SIDE_DOOR_COLOUR"] = "green";
        sources.environment["SALLYPORT_DOORS_NEW_BACK_COLOUR"] = "white";
        QCOMPARE(problemsOf(sources, &model), std::string());
        QCOMPARE(model.doors.at("front").colour, std::string("red"));
        QCOMPARE(model.doors.at("side-door").colour, std::string("green"));
        QCOMPARE(model.m_backs.at("new"), std::string("white"));
        QCOMPARE(model.doors.size(), size_t(3));
        sources.flags.push_back({"doors.front.colour", "black", "--colour"});
        QCOMPARE(problemsOf(sources, &model), std::string());
        QCOMPARE(model.doors.at("front").colour, std::string("black"));
    }

    void refusesBadMaps()
    {
        QCOMPARE(problemsOf(m_folder.sources("doors:\n  front: red\n")),
                 std::string("house.yaml:2: doors.front \"red\": needs keys of its own, like "
                             "front: {colour: red}\n"));
        QVERIFY(
            problemsOf(m_folder.sources("doors: [a]\n")).find("takes names and what they mean") !=
            std::string::npos);
        QCOMPARE(problemsOf(m_folder.sources("doors: {BAD: {colour: red}}\n")),
                 std::string("house.yaml:1: doors \"BAD\": is a bad name\n"));
        QCOMPARE(
            problemsOf(m_folder.sources("doors: {a: {coluor: red}}\n")),
            std::string("house.yaml:1: doors.a.coluor: unknown key, did you mean \"colour\"?\n"));
        const std::string four =
            "doors: {a: {colour: x}, b: {colour: x}, c: {colour: x}, d: {colour: x}}\n";
        QCOMPARE(problemsOf(m_folder.sources(four)),
                 std::string("house.yaml:1: doors \"d\": is more than the 3 that are allowed\n"));
        Sources sources;
        sources.flags.push_back({"doors.a.window", "x", "--window"});
        QCOMPARE(problemsOf(sources), std::string("--window: doors.a.window: unknown key\n"));
    }

    void readsASecretFromItsOwnFile()
    {
        Model model;
        m_folder.write("secret", "s3cret\r\n");
        Sources sources;
        sources.environment["SALLYPORT_KEY_FILE"] = m_folder.path("secret");
        QCOMPARE(problemsOf(sources, &model), std::string());
        QCOMPARE(model.key->reveal(), std::string_view("s3cret"));
        sources.environment["SALLYPORT_KEY"] = "other";
        QVERIFY(problemsOf(sources).find("is given twice") != std::string::npos);
        sources.environment.erase("SALLYPORT_KEY");
        sources.environment["SALLYPORT_KEY_FILE"] = "/no/such/file";
        QCOMPARE(problemsOf(sources),
                 std::string("SALLYPORT_KEY_FILE: key \"/no/such/file\": does not exist\n"));
    }

    void letsTheEnvironmentsSecretWinOverDotEnvsFile()
    {
        Model model;
        m_folder.write("secret", "from-file");
        m_folder.write(".env", "SALLYPORT_KEY_FILE=secret\n");
        Sources sources = m_folder.sources("");
        QCOMPARE(problemsOf(sources, &model), std::string());
        QCOMPARE(model.key->reveal(), std::string_view("from-file"));
        sources.environment["SALLYPORT_KEY"] = "direct";
        QCOMPARE(problemsOf(sources, &model), std::string());
        QCOMPARE(model.key->reveal(), std::string_view("direct"));
    }

    void neverShowsASecret()
    {
        const std::string said = problemsOf(m_folder.sources("key: \"two words\"\n"));
        QVERIFY(said.find("words") == std::string::npos);
        QVERIFY(said.find("one word") != std::string::npos);
        Sources sources;
        sources.environment["SALLYPORT_KEY"] = std::string(5000, 'x');
        QVERIFY(problemsOf(sources).find("xxx") == std::string::npos);
    }

    void resolvesPathsBesideTheFileThatNamesThem()
    {
        Model model;
        Sources sources = m_folder.sources("plan: sub/plan.txt\n");
        problemsOf(sources, &model);
        QCOMPARE(model.plan, m_folder.path("sub/plan.txt"));
        sources = m_folder.sources("plan: /etc/plan\n");
        problemsOf(sources, &model);
        QCOMPARE(model.plan, std::string("/etc/plan"));
        sources = m_folder.sources("");
        sources.environment["SALLYPORT_PLAN"] = "plan.txt";
        problemsOf(sources, &model);
        QCOMPARE(model.plan, std::string("plan.txt"));
        qputenv("HOME", "/home/ann");
        sources.environment["SALLYPORT_PLAN"] = "~/plan.txt";
        problemsOf(sources, &model);
        QCOMPARE(model.plan, std::string("/home/ann/plan.txt"));
    }

    void warnsOfVariablesThatLookLikeASlip()
    {
        Sources sources = m_folder.sources("");
        sources.environment["SALLYPORT_NAEM"] = "x";
        sources.environment["SALLYPORT_SERVICE_HOST"] = "10.0.0.1";
        QCOMPARE(problemsOf(sources), std::string("SALLYPORT_NAEM: SALLYPORT_NAEM: has no meaning, "
                                                  "did you mean \"SALLYPORT_NAME\"?\n"));
        sources.environment.clear();
        m_folder.write(".env", "SALLYPORT_ZEBRA=1\nOTHER=2\n");
        QCOMPARE(problemsOf(sources),
                 std::string(".env:1: SALLYPORT_ZEBRA: has no meaning here\n"));
    }

    void toleratesAMissingFileUnlessItWasNamed()
    {
        Sources sources;
        sources.file = m_folder.path("missing.yaml");
        QCOMPARE(problemsOf(sources), std::string());
        sources.fileNamed = true;
        QCOMPARE(problemsOf(sources), std::string("missing.yaml: does not exist\n"));
    }

    void refusesAFileOverTheLimit()
    {
        QCOMPARE(problemsOf(m_folder.sources("#" + std::string(1024 * 1024, 'x'))),
                 std::string("house.yaml: is too large\n"));
    }

    void passesOnWhatYamlAndDotEnvRefuse()
    {
        QVERIFY(problemsOf(m_folder.sources("name: a\nname: b\n"))
                    .starts_with("house.yaml:2: name: is given twice"));
        Sources sources = m_folder.sources("");
        m_folder.write(".env", "what\n");
        QVERIFY(problemsOf(sources).starts_with(".env:1: is not NAME=VALUE"));
    }

    void remembersWhereValuesCameFrom()
    {
        Model model;
        Fields fields;
        model.declare(fields);
        Sources sources = m_folder.sources("\nname: x\n");
        Loader loader(sources);
        loader.apply(fields);
        QCOMPARE(loader.placeOf("name").line, 2);
        QCOMPARE(loader.fileModeOf("name"), 0600u);
        QCOMPARE(loader.placeOf("plan").kind, Place::Kind::Default);
        QVERIFY(loader.isGiven("name"));
        QVERIFY(!loader.isGiven("plan"));
        QCOMPARE(loader.files().size(), size_t(2));
        loader.complain("name", "clashes");
        QCOMPARE(m_folder.shortened(loader.problems().text()),
                 std::string("house.yaml:2: name: clashes\n"));
    }
};

QTEST_GUILESS_MAIN(TestLoader)
#include "tst_loader.moc"
