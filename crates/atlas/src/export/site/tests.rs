use std::fs;
use std::io::Write as _;

use super::*;
use crate::tables::tests::plain_tables;

const PAGE: [(&str, &[u8]); 2] =
    [("/assets/main.js", b"start()"), ("/index.html", b"<html><head><title>x</title></head></html>")];

fn atlas() -> Atlas {
    Atlas::new(plain_tables(4, 3), "0".to_owned())
}

fn json(path: &Path) -> Json {
    serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
}

#[test]
fn a_site_holds_the_page_with_its_manifest_and_an_answer_for_each_territory_listed() {
    let aside = tempfile::tempdir().expect("a folder");
    let folder = aside.path().join("site");
    let (atlas, inquiry) = (atlas(), Inquiry::default());
    let site = atlas.write_site(&inquiry, &PAGE, &folder, &mut |_| {}).expect("a site");
    let manifest = json(&folder.join("site.json"));
    let answers = manifest["answers"].as_array().expect("answers");
    assert!(!answers.is_empty() && answers.len() == site.answers);
    let names = answers.iter().map(|id| id.as_str().expect("an id").replace(':', "-"));
    for name in names.chain([WHOLE.to_owned()]) {
        let answer = json(&folder.join(format!("answers/{name}.json")));
        assert!(answer["answer"]["beyond"].is_u64(), "{name}");
        let zones = json(&folder.join(format!("zones/{name}.json")));
        assert_eq!(zones["totals"]["population"], answer["answer"]["beyond"], "{name}");
        assert!(zones["features"].as_array().expect("zones").len() <= ZONES);
    }
    let page = fs::read_to_string(folder.join("index.html")).expect("the page");
    let (_, script) = page.split_once("id=\"site\">").expect("a manifest");
    let (text, _) = script.split_once("</script>").expect("an end");
    assert_eq!(serde_json::from_str::<Json>(text).expect("JSON"), manifest);
    for file in ["assets/main.js", "tiles.pmtiles", "territories.json", "LISEZMOI.txt", "diagnostic.html"] {
        assert!(folder.join(file).metadata().expect(file).len() > 0, "{file}");
    }
    assert!(FILES.iter().all(|(name, ..)| folder.join("data").join(name).is_file()));
    assert_eq!(fs::read_dir(aside.path()).expect("a folder").count(), 1, "nothing left aside");
}

#[test]
fn no_address_of_a_style_leaves_the_folder() {
    let atlas = atlas();
    for metric in Metric::ALL {
        let style = atlas.site_style(metric, &Inquiry::default()).expect("a style");
        assert_eq!(style["glyphs"], "./fonts/{fontstack}/{range}.pbf");
        let sources = style["sources"].as_object().expect("sources");
        for layer in style["layers"].as_array().expect("layers") {
            let named = layer.get("source").and_then(Json::as_str);
            assert!(named.is_none_or(|source| sources.contains_key(source)), "{layer}");
        }
        assert!(!style.to_string().contains("\"/"), "an address from the root of the host");
    }
}

#[test]
fn the_same_question_makes_the_same_site_in_place_of_the_former() {
    let aside = tempfile::tempdir().expect("a folder");
    let folder = aside.path().join("site");
    let (atlas, inquiry) = (atlas(), Inquiry::default());
    let write = || atlas.write_site(&inquiry, &PAGE, &folder, &mut |_| {}).expect("a site");
    write();
    let tiles = fs::read(folder.join(ARCHIVE)).expect("tiles");
    fs::remove_file(folder.join("LISEZMOI.txt")).expect("removed");
    write();
    assert!(fs::read(folder.join(ARCHIVE)).expect("tiles") == tiles);
    assert!(folder.join("LISEZMOI.txt").is_file());
    assert_eq!(fs::read_dir(aside.path()).expect("a folder").count(), 1, "nothing left aside");
}

#[test]
fn a_folder_with_something_else_in_it_is_left_alone() {
    let aside = tempfile::tempdir().expect("a folder");
    let mine = aside.path().join("mine.txt");
    crate::store::write_aside(&mine, |out| out.write_all(b"mine")).expect("written");
    let refused = atlas().write_site(&Inquiry::default(), &PAGE, aside.path(), &mut |_| {});
    assert!(matches!(refused, Err(SiteError::NotEmpty(_))), "{refused:?}");
    let nowhere = aside.path().join("no/such/folder");
    let refused = atlas().write_site(&Inquiry::default(), &PAGE, &nowhere, &mut |_| {});
    assert!(matches!(refused, Err(SiteError::Io { .. })), "{refused:?}");
    assert_eq!(fs::read_dir(aside.path()).expect("a folder").count(), 1);
}

#[test]
fn a_manifest_is_no_markup_in_a_page() {
    let page = fixed(b"<head></head><p>", &json!({"name": "</script><b>"}));
    let page = String::from_utf8(page).expect("UTF-8");
    assert_eq!(page.matches("</script>").count(), 1);
    assert!(page.ends_with("</head><p>") && page.contains("\\u003c/script>\\u003cb>"));
}
