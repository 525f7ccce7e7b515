use super::*;
use proptest::prelude::*;
use territory::Extent;

fn whole() -> String {
    let table = |key: &str| format!("[{key}]\npath = \"{key}.x\"\nvintage = \"2025\"\nlicence = \"LO\"\n");
    let keys = ["shapes", "cog.communes", "cog.epcis", "cog.departements", "cog.regions", "[venues]"];
    format!("name = \"A\"\n[scope]\nregions = [\"84\"]\n{}", keys.map(table).concat())
}

fn loaded(files: &[(&str, &str)]) -> Result<Build, String> {
    let folder = tempfile::tempdir().expect("folder");
    for (name, text) in files {
        std::fs::create_dir_all(folder.path().join(name).parent().expect("parent")).expect("folder");
        std::fs::File::create(folder.path().join(name))
            .and_then(|mut f| std::io::Write::write_all(&mut f, text.as_bytes()))
            .expect("written");
    }
    load(&folder.path().join(files[0].0)).map_err(|e| e.to_string())
}

#[test]
fn a_users_own_venues_go_over_the_sample() {
    let own = "base = \"base/b.toml\"\nname = \"B\"\n[[venues]]\npath = \"v.csv\"\nvintage = \"2026-11\"\nlicence = \"LO\"\n";
    let build = loaded(&[("own.toml", own), ("base/b.toml", &whole())]).expect("a build");
    assert_eq!((build.name.as_str(), build.venues.len()), ("B", 1));
    assert!(
        build.venues[0].file.path.ends_with("v.csv") && !build.venues[0].file.path.ends_with("base/v.csv")
    );
    assert!(build.shapes.path.ends_with("base/shapes.x"));
    assert_eq!(build.scope.regions.len(), 1);
    assert!(build.scope.venues_stop_at_edge);
    assert_eq!((build.files.len(), build.inputs().count()), (2, 6));
}

#[test]
fn the_weight_of_time_is_a_preset_or_steps_and_each_mistake_is_named() {
    let decay = |line: &str| loaded(&[("c.toml", &format!("{}[apl]\n{line}\n", whole()))]).map(|b| b.decay);
    assert_eq!(loaded(&[("c.toml", &whole())]).map(|build| build.decay.name()), Ok("apl-2012"));
    assert_eq!(decay("decay = \"apl-2015\"").map(|decay| decay.name()), Ok("apl-2015"));
    assert_eq!(decay("decay = [[5, 1.0], [10, 0.3], [15, 0.1]]").map(|decay| decay.name()), Ok("apl-2012"));
    assert_eq!(decay("decay = [[30, 1]]").map(|decay| decay.longest().minutes()), Ok(30.0));
    let base = format!("{}[apl]\ndecay = \"apl-2015\"\n", whole());
    let inherited = loaded(&[("own.toml", "base = \"b.toml\"\n"), ("b.toml", &base)]);
    assert_eq!(inherited.map(|build| build.decay.name()), Ok("apl-2015"));
    for (line, said) in [
        ("decay = \"apl-2020\"", "apl-2012, apl-2015"),
        ("decay = []", "no step"),
        ("decay = [[10, 0.3], [5, 1.0]]", "sort the steps"),
        ("decay = [[5, 1.5]]", "weight 1.5"),
        ("decay = [[5.5, 1.0]]", "decay"),
        ("decay = 3", "name of a preset"),
        ("decays = \"apl-2012\"", "decays"),
        ("", "decay"),
    ] {
        let error = decay(line).expect_err(line);
        assert!(error.contains(said), "{line}: {error}");
    }
}

#[test]
fn venues_may_name_a_mapping_and_no_other_table_may() {
    let text = whole().replace("path = \"[venues].x\"", "path = \"v.json\"\nmapping = \"maps/v.toml\"");
    let build = loaded(&[("c.toml", &text)]).expect("a build");
    assert!(build.venues[0].mapping.as_ref().is_some_and(|path| path.ends_with("maps/v.toml")));
    assert_eq!((build.mappings().count(), build.inputs().count()), (1, 6));
    let text = whole().replace("path = \"shapes.x\"", "path = \"shapes.x\"\nmapping = \"m.toml\"");
    assert!(loaded(&[("c.toml", &text)]).expect_err("refused").contains("mapping"));
}

#[test]
fn each_mistake_is_named() {
    let refused = |text: &str| loaded(&[("c.toml", text)]).expect_err("refused");
    let mistakes = [
        (whole().replace("name", "nome"), "nome"),
        (whole().replace("path = \"shapes.x\"", "url = \"ftp://x/y\""), "[shapes] url: \"ftp://x/y\""),
        (
            whole().replace("path = \"shapes.x\"", "path = \"s\"\nurl = \"x.geojson\""),
            "[shapes] url: \"x.geojson\"",
        ),
        (whole().replace("path = \"shapes.x\"", ""), "[shapes] has no `path`"),
        (whole().replacen("vintage = \"2025\"", "", 1), "[shapes] has no `vintage`"),
        (whole().replacen("\"2025\"", "\"25\"", 1), "not a vintage"),
        (whole().replace("\"84\"", "\"840\""), "région code"),
        (whole().replace("[shapes]", "[shape]"), "shape"),
        (whole().replace("name = \"A\"", ""), "has no `name`"),
        ("name = \"A\"".to_owned(), "[[venues]]"),
        ("base = \"c.toml\"".to_owned(), "circle"),
        ("base = \"d.toml\"".to_owned(), "no such file"),
        ("name =".to_owned(), "c.toml"),
    ];
    for (text, expected) in mistakes {
        assert!(refused(&text).contains(expected), "{} should say {expected:?}", refused(&text));
    }
}

fn tables(keys: &[&str]) -> String {
    let table = |key: &&str| format!("[{key}]\npath = \"{key}.x\"\nvintage = \"2022\"\nlicence = \"LO\"\n");
    keys.iter().map(table).collect()
}

const RATES: [&str; 3] = ["rates.census", "rates.incomes", "rates.broadband"];

#[test]
fn rates_and_classes_are_two_ways_to_say_the_same_and_the_nearest_file_says_it() {
    let over = |own: &str, base: &str| {
        let own = format!("base = \"b.toml\"\n{own}");
        let build = loaded(&[("c.toml", &own), ("b.toml", &(whole() + base))]).expect("a build");
        (build.rates.is_some(), build.social_classes.is_some())
    };
    let (rates, classes) = (tables(&RATES), tables(&["social_classes"]));
    assert_eq!(over("", &classes), (false, true));
    assert_eq!(over(&rates, &classes), (true, false));
    assert_eq!(over(&classes, &rates), (false, true));
    assert_eq!(over(&(rates + &classes), ""), (true, false), "in one file the rates count");
}

#[test]
fn what_says_the_need_is_read_and_each_mistake_is_named() {
    let areas = |more: &str| {
        format!("[[priority_areas]]\npath = \"p.x\"\nvintage = \"2024\"\nlicence = \"LO\"\n{more}\n")
    };
    let more = [
        tables(&RATES),
        tables(&["ifn.epcis"]),
        areas("kind = \"qpv\""),
        areas("kind = \"frr\"\nstatuses = [\"FRR+\"]"),
    ];
    let build = loaded(&[("c.toml", &(whole() + &more.concat()))]).expect("a build");
    assert_eq!(build.inputs().count(), 6 + 3 + 1 + 2);
    assert_eq!(build.priority_areas[1].statuses, Some(vec!["FRR+".to_owned()]));
    assert!(build.priority_areas[0].file.name.contains("QPV"));
    for (text, expected) in [
        (tables(&RATES[..2]), "[rates.broadband]"),
        ("[ifn]\n".to_owned(), "[ifn] names no table"),
        (areas("kind = \"zus\""), "expected qpv, frr or zrr"),
        (areas(""), "kind"),
        (areas("kind = \"qpv\"\nstatuses = []"), "have no `statuses`"),
        (tables(&["ifn.communes"]).replace("2022", "22"), "[ifn.communes] vintage"),
    ] {
        let refused = loaded(&[("c.toml", &(whole() + &text))]).expect_err("refused");
        assert!(refused.contains(expected), "{refused} should say {expected:?}");
    }
}

proptest! {
    #[test]
    fn any_text_never_panics(text in "\\PC{0,100}", lines in "([a-z_]{1,6}(\\.[a-z]{1,3})? = [\\[\\]\"0-9a-z]{0,6}\n|\\[{1,2}[a-z_.]{1,9}\\]{1,2}\n){0,6}") {
        let _ = parse(Path::new("c.toml"), &text);
        let _ = parse(Path::new("c.toml"), &lines);
    }
}

/// The whole configuration with `roads` before its tables, or more tables behind.
fn with(roads: &str, more: &str) -> String {
    format!("{roads}\n{}{more}", whole())
}

/// File, vintage, licence, extent and ferries.
type Roads = (String, String, String, Option<[f64; 4]>, bool);

fn roads_of(text: &str) -> Vec<Roads> {
    let build = loaded(&[("c.toml", text)]).expect("a build");
    let named = build.roads.iter().map(|roads| {
        let vintage = roads.file.vintage.as_ref().expect("every source says it").to_string();
        let licence = roads.file.licence.clone().expect("every source says it");
        (crate::file::name(&roads.file.path), vintage, licence, roads.extent.map(Extent::bbox), roads.ferries)
    });
    named.collect()
}

#[test]
fn roads_are_a_path_a_list_a_table_or_several() {
    let plain = |name: &str| (name.to_owned(), "non précisée".to_owned(), "ODbL 1.0".to_owned(), None, true);
    let dated = |name: &str, extent, ferries| {
        (name.to_owned(), "2026-10".to_owned(), "ODbL".to_owned(), extent, ferries)
    };
    let table = |brackets: &str, name: &str, more: &str| {
        let (open, close) = (brackets, brackets.replace('[', "]"));
        format!("{open}roads{close}\npath = \"{name}\"\nvintage = \"2026-10\"\nlicence = \"ODbL\"\n{more}")
    };
    assert_eq!(roads_of(&whole()), []);
    assert_eq!(roads_of(&with("roads = \"a.osm.pbf\"", "")), [plain("a.osm.pbf")]);
    assert_eq!(roads_of(&with("roads = [\"a.pbf\", \"b.pbf\"]", "")), [plain("a.pbf"), plain("b.pbf")]);
    assert_eq!(roads_of(&with("", &table("[", "a.pbf", ""))), [dated("a.pbf", None, true)]);
    let two =
        [table("[[", "a.pbf", "extent = [1, 43.5, 1.5, 44]\n"), table("[[", "b.pbf", "ferries = false\n")];
    let expected = [dated("a.pbf", Some([1.0, 43.5, 1.5, 44.0]), true), dated("b.pbf", None, false)];
    assert_eq!(roads_of(&with("", &two.concat())), expected);
    let mixed = "roads = [\"a.pbf\", { path = \"b.pbf\", vintage = \"2026-10\", licence = \"ODbL\" }]";
    assert_eq!(roads_of(&with(mixed, "")), [plain("a.pbf"), dated("b.pbf", None, true)]);
}

#[test]
fn roads_given_here_replace_those_of_the_base_and_an_empty_list_does_without() {
    let base = with("roads = [\"r.pbf\"]", "");
    let roads = |own: &str| {
        let own = format!("base = \"base/b.toml\"\n{own}\n");
        let build = loaded(&[("own.toml", &own), ("base/b.toml", &base)]).expect("a build");
        let inputs = build.inputs().count();
        (build.roads.into_iter().map(|roads| roads.file.path).collect::<Vec<_>>(), inputs)
    };
    assert!(matches!(roads("").0.as_slice(), [path] if path.ends_with("base/r.pbf")));
    assert_eq!(roads("").1, 7, "what is read is what the digest covers");
    assert!(matches!(roads("roads = \"own.pbf\"").0.as_slice(), [path] if path.ends_with("own.pbf")));
    assert_eq!(roads("roads = []").0.len(), 0);
}

#[test]
fn a_population_grid_and_a_scope_of_communes_are_read() {
    let grid = "[population]\npath = \"g.csv\"\nvintage = \"2021\"\nlicence = \"Eurostat\"\n";
    let text = with("", grid).replace("regions = [\"84\"]", "communes = [\"31555\", \"2A004\"]");
    let build = loaded(&[("c.toml", &text)]).expect("a build");
    let grid = build.population.as_ref().expect("a grid");
    assert_eq!((grid.name.as_str(), build.inputs().count()), ("Recensement 2021 : carreaux de 1 km", 7));
    let commune = |code: &str| {
        let code: CommuneCode = code.parse().expect("a code");
        build.scope.holds("84".parse().expect("a région"), code.departement(), code)
    };
    assert!(commune("31555") && commune("2A004") && !commune("31069"));
    assert!(build.scope.venues_stop_at_edge);
}

#[test]
fn each_mistake_about_roads_grid_and_communes_is_named() {
    let refused = |text: &str| loaded(&[("c.toml", text)]).expect_err("refused");
    let table = "[[roads]]\npath = \"a.pbf\"\nvintage = \"2026\"\nlicence = \"ODbL\"\n";
    let grid = "[population]\npath = \"g.csv\"\nvintage = \"2021\"\n";
    let mistakes = [
        (with("roads = 3", ""), "the path of an OpenStreetMap extract"),
        (with("roads = [3]", ""), "the path of an OpenStreetMap extract"),
        (with("roads = \"\"", ""), "[roads] has no `path`"),
        (with("", &table.replace("path", "pth")), "pth"),
        (with("", &table.replace("path = \"a.pbf\"", "")), "[roads] has no `path`"),
        (with("", &table.replace("path = \"a.pbf\"", "url = \"https:///x\"")), "[roads] url"),
        (with("", &table.replace("vintage = \"2026\"", "")), "[roads] has no `vintage`"),
        (with("", &table.replace("\"2026\"", "\"26\"")), "not a vintage"),
        (with("", &format!("{table}extent = [1.5, 43.5, 1.3, 43.7]")), "west below east"),
        (with("", &format!("{table}extent = [1.3, 43.7, 1.5, 43.7]")), "south below north"),
        (with("", &format!("{table}extent = [1.3, 43.5, 1.5, 143.7]")), "143.7"),
        (with("", &format!("{table}extent = [1.3, nan, 1.5, 43.7]")), "is no box"),
        (with("", &format!("{table}extent = [1.3, 43.5]")), "extent"),
        (with("", &format!("{table}ferries = \"no\"")), "ferries"),
        (with("", grid), "[population] has no `licence`"),
        (whole().replace("regions = [\"84\"]", "communes = [\"1555\"]"), "1555"),
        (whole().replace("regions", "comunes"), "comunes"),
    ];
    for (text, expected) in mistakes {
        assert!(refused(&text).contains(expected), "{} should say {expected:?}", refused(&text));
    }
}

#[test]
fn a_vintage_that_is_not_stated_may_say_so() {
    let text = whole().replacen("\"2025\"", "\"non précisée\"", 1);
    let build = loaded(&[("c.toml", &text)]).expect("a build");
    assert_eq!(build.shapes.vintage, Some(Vintage::unstated()));
}

#[test]
fn a_table_published_at_an_address_is_kept_beside_the_file_that_names_it_or_where_it_says() {
    let url = "url = \"https://a.fr/r/communes.geojson.gz\"";
    let base = whole().replace("path = \"shapes.x\"", url);
    let own = "base = \"base/b.toml\"\n[[venues]]\npath = \"own/v.csv\"\nurl = \"https://a.fr/v?f=csv\"\n\
               vintage = \"2026-11\"\nlicence = \"LO\"\nsha256 = \"00\"\n";
    let build = loaded(&[("own.toml", own), ("base/b.toml", &base)]).expect("a build");
    let shapes = build.shapes.path.to_string_lossy().into_owned();
    assert!(shapes.contains("base/sources/communes-") && shapes.ends_with(".geojson.gz"), "{shapes}");
    assert!(build.venues[0].file.path.ends_with("own/v.csv"));
    let items = build.downloads();
    assert_eq!(
        items.iter().map(|i| i.address.as_str()).collect::<Vec<_>>(),
        ["https://a.fr/r/communes.geojson.gz", "https://a.fr/v?f=csv"]
    );
    assert_eq!((&items[1].path, items[1].sha256.as_deref()), (&build.venues[0].file.path, Some("00")));
}

#[test]
fn a_file_named_twice_is_downloaded_once() {
    let table = "url = \"https://a.fr/x\"";
    let text = whole().replace("path = \"shapes.x\"", table).replace("path = \"cog.epcis.x\"", table);
    assert_eq!(loaded(&[("c.toml", &text)]).expect("a build").downloads().len(), 1);
}

#[test]
fn a_build_whose_downloads_are_not_here_says_how_to_have_them() {
    let folder = tempfile::tempdir().expect("folder");
    let text = whole().replace("path = \"shapes.x\"", "url = \"https://a.fr/communes.json\"");
    let config = folder.path().join("c.toml");
    std::fs::File::create(&config)
        .and_then(|mut f| std::io::Write::write_all(&mut f, text.as_bytes()))
        .expect("written");
    let error = load_fetched(&config).expect_err("not here").to_string();
    let command = format!("maillage fetch {}", config.display());
    assert!(error.contains(&command) && error.contains("https://a.fr/communes.json"), "{error}");
    let place = load(&config).expect("a configuration").shapes.path;
    std::fs::create_dir(place.parent().expect("a folder")).expect("made");
    std::fs::File::create(&place).expect("written");
    load_fetched(&config).expect("here");
}

#[test]
fn holes_between_communes_are_declared_with_their_shapes() {
    let with = |more: &str| whole().replace("path = \"shapes.x\"", &format!("path = \"shapes.x\"\n{more}"));
    let owners = "holes = [[1.98, 42.465]]\nowners = [{ commune = \"42084\", at = [3.9, 45.8] }]";
    let build = loaded(&[("c.toml", &with(owners))]).expect("a build");
    assert_eq!((build.holes.kept.len(), build.holes.owned.len()), (1, 1));
    assert_eq!(build.holes.kept[0].lat(), 42.465);
    assert_eq!(build.holes.owned[0].1.as_str(), "42084");
    // They go with the shapes, from a base or not.
    let derived = loaded(&[("c.toml", "base = \"b.toml\""), ("b.toml", &with(owners))]).expect("a build");
    assert_eq!(derived.holes, build.holes);
    let mistakes = [
        ("holes = [[42.465]]", "length"),
        ("holes = [[1.98, 142.0]]", "[shapes] holes"),
        ("owners = [{ commune = \"42\", at = [3.9, 45.8] }]", "[shapes] owners"),
        ("owners = [{ commune = \"42084\", at = [3.9, 145.8] }]", "[shapes] owners"),
        ("owners = [{ commune = \"42084\" }]", "at"),
        ("hole = [[1.98, 42.465]]", "hole"),
    ];
    for (more, expected) in mistakes {
        let refused = loaded(&[("c.toml", &with(more))]).expect_err("refused");
        assert!(refused.contains(expected), "{refused} should say {expected:?}");
    }
}
