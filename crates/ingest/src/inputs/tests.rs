use super::*;

/// Two communes of Ain, the second undrawn, and a venue; files are replaced by those given.
fn small(replaced: &[(&str, &str)]) -> tempfile::TempDir {
    let table =
        |key: &str, file: &str| format!("[{key}]\npath = \"{file}\"\nvintage = \"2025\"\nlicence = \"LO\"\n");
    let config = [
        "name = \"Ain\"\n[scope]\ndepartements = [\"01\"]\n".to_owned(),
        table("shapes", "shapes.json"),
        table("cog.communes", "communes.json"),
        table("cog.epcis", "epcis.json"),
        table("cog.departements", "departements.json"),
        table("cog.regions", "regions.json"),
        table("[venues]", "venues.csv"),
    ]
    .concat();
    let square = "[[[5.0,46.0],[5.1,46.0],[5.1,46.1],[5.0,46.0]]]";
    let shapes = format!(
        r#"{{"type":"Feature","properties":{{"code":"01001"}},"geometry":{{"type":"Polygon","coordinates":{square}}}}}"#
    );
    let commune = |code: &str, departement: &str| {
        format!(
            r#"{{"code":"{code}","nom":"{code}","type":"commune-actuelle","departement":"{departement}","region":"84","population":10}}"#
        )
    };
    let communes =
        format!("[{},{},{}]", commune("01001", "01"), commune("01002", "01"), commune("69123", "69"));
    let files = [
        ("build.toml", config.as_str()),
        ("shapes.json", &shapes),
        ("communes.json", &communes),
        ("epcis.json", r#"[{"code":"200046977","nom":"M","membres":[{"code":"69123"}]}]"#),
        ("departements.json", r#"[{"code":"01","nom":"Ain"},{"code":"69","nom":"Rhône"}]"#),
        ("regions.json", r#"[{"code":"84","nom":"AURA"}]"#),
        ("venues.csv", "id,nom,latitude,longitude\nb,B,46.05,5.05\na,A,46.0,5.0\n"),
    ];
    let folder = tempfile::tempdir().expect("folder");
    for (name, text) in files.iter().chain(replaced) {
        std::fs::File::create(folder.path().join(name))
            .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
            .expect("written");
    }
    folder
}

fn refused(replaced: &[(&str, &str)]) -> String {
    read(&small(replaced).path().join("build.toml")).expect_err("refused").to_string()
}

#[test]
fn a_small_build_is_joined_and_what_is_absent_is_said() {
    let folder = small(&[]);
    let Read { value: inputs, refused } = read(&folder.path().join("build.toml")).expect("a build");
    assert_eq!(inputs.gazetteer.communes().len(), 2, "the Rhône is out of scope");
    assert!(inputs.gazetteer.epcis().is_empty(), "an EPCI without commune in scope is left out");
    let mut venues: Vec<&str> = inputs.venues.iter().map(|v| v.records[0].id.as_str()).collect();
    venues.sort_unstable();
    assert_eq!(venues, ["a", "b"]);
    assert!(inputs.venues.iter().all(|v| v.id.starts_with("v-")) && inputs.identities.len() == 2);
    assert_eq!(inputs.sources.len(), 6);
    assert_eq!(inputs.absent.len(), 4);
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].value, "01002");
    assert!(refused[0].reason.contains("no shape draws"));
}

#[test]
fn each_unusable_table_is_named_with_what_is_wrong() {
    assert!(refused(&[("communes.json", "[]")]).contains("communes.json"));
    assert!(refused(&[("departements.json", r#"[{"code":"69","nom":"R"}]"#)]).contains("département 01"));
    assert!(refused(&[("regions.json", r#"[{"code":"11","nom":"I"}]"#)]).contains("no commune"));
    assert!(refused(&[("venues.csv", "id,nom\n")]).contains("`latitude`"));
    assert!(refused(&[("shapes.json", "")]).contains("is empty"));
}

#[test]
fn a_digest_changes_with_any_byte_and_with_nothing_else() {
    let of = |replaced: &[(&str, &str)]| digest(&small(replaced).path().join("build.toml")).expect("digest");
    assert_eq!(of(&[]), of(&[]), "the folder makes no difference");
    assert_ne!(of(&[]), of(&[("venues.csv", "id,nom,latitude,longitude\n")]));
    assert_eq!(of(&[]).len(), 64);
}

/// The configuration of [`small`] with a scope and more tables.
fn config(scope: &str, more: &str) -> String {
    let folder = small(&[]);
    let text = std::fs::read_to_string(folder.path().join("build.toml")).expect("a configuration");
    text.replace("departements = [\"01\"]", scope) + more
}

const GRID: &str = "[population]\npath = \"grid.csv\"\nvintage = \"2021\"\nlicence = \"Eurostat\"\n";

#[test]
fn a_population_grid_is_read_where_the_build_is_and_is_a_source() {
    let config = config("departements = [\"01\"]", GRID);
    // In the shape of 01001, in Paris, and nowhere.
    let grid = "x,y,T\n3938000,2562000,50\n3760000,2889000,20000\n3938000,2562000,\n";
    let folder = small(&[("build.toml", &config), ("grid.csv", grid)]);
    let Read { value: inputs, refused } = read(&folder.path().join("build.toml")).expect("a build");
    assert_eq!(inputs.headcount.map(|headcount| headcount.total().round()), Some(50.0));
    assert!(!inputs.absent.contains(&Absent::PopulationGrid) && inputs.absent.len() == 3);
    assert!(inputs.sources.iter().any(|source| source.name.contains("carreaux de 1 km")));
    assert!(refused.iter().any(|r| r.source == "grid.csv" && r.line == Some(4)), "{refused:?}");
}

#[test]
fn a_population_grid_that_is_missing_or_another_file_is_named() {
    let config = config("departements = [\"01\"]", GRID);
    assert!(refused(&[("build.toml", &config)]).contains("grid.csv: there is no such file"));
    let of = |grid: &str| refused(&[("build.toml", &config), ("grid.csv", grid)]);
    assert!(of("a,b\n1,2\n").contains("no column `x`"));
    assert!(of("x,y,T\n5.05,46.05,12\n").contains("none of its rows is a usable square"));
    assert!(of("\u{1f}\u{8b}").contains("grid.csv"));
}

#[test]
fn a_scope_of_communes_joins_the_others_and_each_must_exist() {
    let kept = |scope: &str| {
        let folder = small(&[("build.toml", &config(scope, ""))]);
        let inputs = read(&folder.path().join("build.toml")).expect("a build").value;
        inputs.gazetteer.communes().iter().map(|c| c.code.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(kept("communes = [\"01001\"]"), ["01001"]);
    assert_eq!(kept("communes = [\"01001\", \"01001\"]"), ["01001"]);
    assert_eq!(kept("communes = [\"01001\"]\ndepartements = [\"69\"]"), ["01001", "69123"]);
    let unknown = refused(&[("build.toml", &config("communes = [\"01001\", \"01999\"]", ""))]);
    assert!(unknown.contains("the commune 01999") && unknown.contains("check its code"), "{unknown}");
}

#[test]
fn a_digest_covers_the_population_grid_and_the_roads() {
    let config = config("departements = [\"01\"]", GRID).replacen("[scope]", "roads = \"r.pbf\"\n[scope]", 1);
    let of = |grid: &str, roads: &str| {
        let folder = small(&[("build.toml", &config), ("grid.csv", grid), ("r.pbf", roads)]);
        digest(&folder.path().join("build.toml")).expect("a digest")
    };
    assert_eq!(of("a", "b"), of("a", "b"));
    let all = [of("a", "b"), of("x", "b"), of("a", "x"), of("ab", ""), of("", "ab")];
    assert_eq!(BTreeSet::from(all).len(), 5);
}

#[test]
fn a_register_keeps_the_identifiers_of_an_earlier_build() {
    let more = "[identities]\npath = \"identities.csv\"\n";
    let configuration = config("departements = [\"01\"]", more);
    let producer = "Lieux de médiation numérique";
    let register = format!(
        "id,producer,record,merged_into,metres,score,reason\nv-0000000000,{producer},b,,,,\nv-zzzzzzzzzz,Gone,1,,,,\n"
    );
    let folder = small(&[("build.toml", &configuration), ("identities.csv", &register)]);
    let path = folder.path().join("build.toml");
    let inputs = read(&path).expect("a build").value;
    assert!(inputs.venues.iter().any(|v| v.id == "v-0000000000" && v.records[0].id == "b"));
    assert_eq!(inputs.identities.len(), 3, "what is no longer read stays registered");
    let of = |register: &str| {
        digest(
            &small(&[("build.toml", &configuration), ("identities.csv", register)]).path().join("build.toml"),
        )
    };
    assert_ne!(of("a").expect("a digest"), of("b").expect("a digest"));
    assert!(refused(&[("build.toml", &configuration)]).contains("identities.csv"));
}

#[test]
fn what_says_the_need_is_read_for_all_of_france_and_kept_where_the_build_is() {
    let table =
        |key: &str, file: &str| format!("[{key}]\npath = \"{file}\"\nvintage = \"2022\"\nlicence = \"LO\"\n");
    let more = [
        table("rates.census", "census.csv"),
        table("rates.incomes", "incomes.csv"),
        table("rates.broadband", "broadband.csv"),
        table("ifn.communes", "ifn.csv"),
        table("ifn.iris", "iris.csv"),
        table("[priority_areas]", "zrr.csv") + "kind = \"zrr\"\n",
    ];
    let ifn = "name,division,code,no_thd_coverage_rate,no_4g_coverage_rate,poverty_rate,older_65_rate,nscol15p_rate,total\n";
    let (city, iris) = (
        format!("{ifn}A,city,01001,2,2,2,2,2,2\nP,city,75101,2,2,2,2,2,2\n"),
        format!("{ifn}a,iris,010010000,2,2,2,2,2,2\nb,iris,751010101,2,2,2,2,2,2\n"),
    );
    let folder = small(&[
        ("build.toml", &config("departements = [\"01\"]", &more.concat())),
        ("census.csv", "COM,pop22,dmv_65p_pct_22,dsp_dipl_infbac_pct_22\n01001,10,20,50\n75056,9,1331,20\n"),
        ("incomes.csv", "CODGEO;MED21\n01001;25000\n33063;24000\n"),
        ("broadband.csv", "CODE_INSEE,TAUX_COUVERTURE_THD\n01001,80\n75056,3.1\n01999,5\n"),
        ("ifn.csv", &city),
        ("iris.csv", &iris),
        ("zrr.csv", "code_insee,statut_zrr\n01001,C\n01002,NC\n75056,C\n"),
    ]);
    let Read { value: inputs, refused } = read(&folder.path().join("build.toml")).expect("a build");
    let Some(Social::Rates(rates)) = inputs.social else { panic!("rates") };
    assert_eq!(
        rates.keys().map(CommuneCode::as_str).collect::<Vec<_>>(),
        ["01001", "01999", "33063", "75056"]
    );
    let published = inputs.published.expect("an index");
    assert_eq!((published.communes.len(), published.epcis.len(), published.iris.len()), (1, 0, 1));
    assert_eq!(inputs.priority_areas.len(), 1);
    assert_eq!(inputs.sources.len(), 6 + 6);
    assert!(!inputs.absent.contains(&Absent::SocialClasses));
    let values: Vec<&str> = refused.iter().map(|r| r.value.as_str()).collect();
    assert_eq!(values, ["1331", "01999", "01002"], "no share, no commune, no shape");
}
