use super::*;
use proptest::prelude::*;

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
    assert!(build.venues[0].path.ends_with("v.csv") && !build.venues[0].path.ends_with("base/v.csv"));
    assert!(build.shapes.path.ends_with("base/shapes.x"));
    assert_eq!(build.scope.regions.len(), 1);
    assert!(build.scope.venues_stop_at_edge);
    assert_eq!((build.files.len(), build.inputs().count()), (2, 6));
}

#[test]
fn each_mistake_is_named() {
    let refused = |text: &str| loaded(&[("c.toml", text)]).expect_err("refused");
    let mistakes = [
        (whole().replace("name", "nome"), "nome"),
        (whole().replace("path = \"shapes.x\"", "url = \"https://x\""), "give its `path`"),
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

proptest! {
    #[test]
    fn any_text_never_panics(text in "\\PC{0,100}", lines in "([a-z_]{1,6}(\\.[a-z]{1,3})? = [\\[\\]\"0-9a-z]{0,6}\n|\\[{1,2}[a-z_.]{1,9}\\]{1,2}\n){0,6}") {
        let _ = parse(Path::new("c.toml"), &text);
        let _ = parse(Path::new("c.toml"), &lines);
    }
}
