use plain::Plain;
use territory::{Siren, Territory};

use super::*;
use crate::apl::AplAnswer;
use crate::tables::tests::plain_tables;
use crate::week::Week;

fn inquiry(query: &str) -> Inquiry {
    Inquiry::parse(query).expect(query)
}

fn plain() -> Atlas {
    Atlas::new(plain_tables(6, 5), "0123456789abcdef0123".to_owned())
}

#[test]
fn hostile_names_are_text_and_nothing_of_the_page_comes_from_elsewhere() {
    const HOSTILE: &str = "</style><script>alert(1)</script><img src=x onerror='x'>\"";
    let mut tables = plain_tables(6, 5);
    HOSTILE.clone_into(&mut tables.venues[0].name);
    HOSTILE.clone_into(&mut tables.name);
    tables.sources = vec![territory::Source {
        name: HOSTILE.to_owned(),
        vintage: "2025".parse().expect("a year"),
        licence: HOSTILE.to_owned(),
        sha256: String::new(),
    }];
    let page = Atlas::new(tables, HOSTILE.to_owned()).report(&inquiry("minutes=5"), None).expect("a page");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "the name is shown");
    assert!(!page.contains("<script") && !page.contains("<img"));
    assert_eq!(page.matches("</style>").count(), 1);
    for elsewhere in ["http:", "https:", "url(", "@import", "<link"] {
        assert!(!page.contains(elsewhere), "{elsewhere}");
    }
    for tag in page.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        assert!(!["src=", "onerror", "alert"].iter().any(|word| tag.contains(word)), "{tag}");
    }
}

#[test]
fn what_is_not_given_is_said_and_is_no_zero() {
    let page = plain().report(&inquiry("minutes=5"), None).expect("a page");
    for block in ["besoins", "prioritaires", "equite", "adequation", "acces"] {
        let start = page.find(&format!("<section id=\"{block}\"")).expect(block);
        let end = start + page[start..].find("</section>").expect(block);
        assert!(page[start..end].contains("donnée non fournie"), "{block}");
    }
    assert!(!page.contains("NaN") && !page.contains("null"));
}

#[test]
fn titles_follow_one_another_and_every_figure_of_the_page_has_a_place_in_the_json() {
    let atlas = plain();
    let asked = inquiry("minutes=5");
    let page = atlas.report(&asked, None).expect("a page");
    let levels: Vec<u8> = page
        .match_indices("<h")
        .filter_map(|(at, _)| page.as_bytes().get(at + 2).filter(|b| b.is_ascii_digit()).map(|b| b - b'0'))
        .collect();
    assert_eq!(levels[0], 1);
    assert!(levels[1..].iter().all(|&level| level > 1), "one first title");
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    let told = serde_json::to_value(atlas.diagnosis(&asked).expect("a diagnosis")).expect("JSON");
    let paths: Vec<&str> =
        page.split("data-figure=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(paths.len() > 30, "{}", paths.len());
    for path in paths {
        assert!(told.pointer(&format!("/{path}")).is_some_and(|value| !value.is_null()), "{path}");
    }
}

#[test]
fn the_territory_around_is_the_smallest_that_holds_more() {
    let atlas = plain();
    let plain = Plain::new(6, 5);
    let around = |query: &str| {
        let parent = atlas.parent(&inquiry(query)).expect("known");
        parent.map(|parent| parent.perimeter.to_string())
    };
    let commune = atlas.gazetteer().communes()[0].clone();
    let epci: Siren = commune.epci.expect("an EPCI");
    assert_eq!(
        around(&format!("territory=commune:{}", commune.code)),
        Some(Territory::Epci(epci).to_string())
    );
    let wider = around(&format!("territory=epci:{epci}")).expect("a wider one");
    assert!(wider.starts_with("departement:") || wider == "france", "{wider}");
    assert_eq!(around(""), None, "nothing is wider than everything");
    let far = format!("territory=commune:{},commune:{}", plain.code(0, 0), plain.code(5, 4));
    assert_ne!(around(&far), around(&format!("territory=commune:{}", plain.code(0, 0))));
}

#[test]
fn a_report_is_the_same_twice_and_tells_of_the_second_territory() {
    let atlas = plain();
    let codes: Vec<String> = atlas.gazetteer().communes().iter().map(|c| c.code.to_string()).collect();
    let (one, other) = (
        inquiry(&format!("territory=commune:{}", codes[0])),
        inquiry(&format!("territory=commune:{}", codes[7])),
    );
    let page = atlas.report(&one, Some(&other)).expect("a page");
    assert_eq!(page, atlas.report(&one, Some(&other)).expect("a page"));
    assert!(page.contains(&format!("data-territory=\"commune:{}\"", codes[7])));
    let unknown = inquiry("territory=commune:99999");
    assert!(atlas.report(&one, Some(&unknown)).is_err());
}

/// The blocks that nothing fills yet, filled.
fn filled() -> String {
    let atlas = plain();
    let asked = inquiry("minutes=5");
    let mut told = atlas.diagnosis(&asked).expect("a diagnosis");
    let mut within = [[0; 24]; 7];
    for (day, hours) in within.iter_mut().enumerate().take(6) {
        for (hour, people) in hours.iter_mut().enumerate().take(19).skip(8) {
            *people = if hour == 12 || day == 5 && hour > 12 { 0 } else { (60 * hour + 100 * day) as u32 };
        }
    }
    told.week = Some(Week { within, population: told.territory.population, hours_unknown: 3 });
    told.apl = Some(AplAnswer {
        mean: 12.34,
        p10: 1.0,
        median: 10.0,
        p90: 30.0,
        decay: "<gauss>".to_owned(),
        supply: "weekly-hours".to_owned(),
        imputed: 2,
        venues: 9,
    });
    page::page(&Subject { atlas: &atlas, inquiry: &asked, told, others: Vec::new() }).expect("a page")
}

#[test]
fn the_week_has_a_square_for_each_hour_and_nobody_is_no_number() {
    let page = filled();
    assert_eq!(page.matches("data-figure=\"week/within/").count(), 7 * 24);
    assert!(page.contains("data-figure=\"week/within/2/17\" data-value=\"1220\""));
    assert!(page.contains("data-value=\"0\">·<"));
    assert!(page.contains("Le plus\u{a0}: le samedi") || page.contains("Le plus\u{a0}: le vendredi"));
    assert!(page.contains("&lt;gauss&gt;") && page.contains(">12,3<"));
}
