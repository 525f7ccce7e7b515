//! The tiles of today's IFN service, from ours: a front end switches by changing an address.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::BTreeMap;

use fast_mvt::{MvtReaderRef, MvtValueRef};
use flate2::read::GzDecoder;
use maillage_tests::{Server, folder, run, shared_data};

/// What a feature of these tiles says: its name, and its score with its basis.
type Scored = (String, Option<(f64, String)>);

/// The features of a level met in the tiles of a zoom over Auvergne-Rhône-Alpes, by code.
fn scored(
    server: &Server,
    level: &str,
    z: u8,
    columns: std::ops::RangeInclusive<u32>,
) -> BTreeMap<String, Scored> {
    let mut met = BTreeMap::new();
    for x in columns {
        let shift = z - 6;
        for y in (22 << shift)..(24 << shift) {
            let answer = server.get(&format!("/compat/ifn/{level}/{z}/{x}/{y}"));
            if answer.status == 204 {
                continue;
            }
            assert_eq!(answer.status, 200, "{level} {z}/{x}/{y}");
            assert_eq!(answer.header("content-type"), Some("application/vnd.mapbox-vector-tile"));
            let reader = MvtReaderRef::new(&answer.body).expect("a tile");
            let layers: Vec<_> = reader.layers().collect();
            assert_eq!((layers.len(), layers[0].name()), (1, level));
            for feature in layers[0].features() {
                let (mut code, mut name, mut score, mut basis) = (None, None, None, None);
                for property in feature.properties() {
                    match property.expect("a property") {
                        ("code", MvtValueRef::String(text)) => code = Some(text.to_owned()),
                        ("name", MvtValueRef::String(text)) => name = Some(text.to_owned()),
                        ("basis", MvtValueRef::String(text)) => basis = Some(text.to_owned()),
                        ("score", MvtValueRef::Double(number)) => score = Some(number),
                        ("score", MvtValueRef::Float(number)) => score = Some(f64::from(number)),
                        (other, value) => panic!("{other}: {value:?}"),
                    }
                }
                met.insert(code.expect("a code"), (name.expect("a name"), score.zip(basis)));
            }
        }
    }
    met
}

/// Code and total of the published file.
fn published(file: &str) -> Option<BTreeMap<String, f64>> {
    let file = std::fs::File::open(shared_data(file)?).expect("a file");
    let mut table = csv::Reader::from_reader(GzDecoder::new(file));
    let header = table.headers().expect("a header").clone();
    let rank = |name: &str| header.iter().position(|column| column == name).expect(name);
    let (code, total) = (rank("code"), rank("total"));
    let rows = table.records().map(|row| row.expect("a row"));
    Some(
        rows.filter_map(|row| Some((row[code].to_owned(), row[total].parse().ok().filter(|t| *t > 0.0)?)))
            .collect(),
    )
}

#[test]
fn the_score_under_the_name_of_the_index_is_the_index_published() {
    let (Some(communes), Some(epcis)) =
        (published("fragility/ifn-communes.csv.gz"), published("fragility/ifn-epci.csv.gz"))
    else {
        return;
    };
    let folder = folder();
    let atlas = folder.path().join("atlas");
    run(&["build", "tests/atlases/sample-ifn.toml", "--out", atlas.to_str().expect("UTF-8")]).succeeded();
    let server = Server::of(&atlas);

    let cities = scored(&server, "city", 8, 128..=133);
    assert!(cities.len() > 3_900, "{}", cities.len());
    let (mut known, mut merged) = (0, 0);
    for (code, (name, score)) in &cities {
        assert!(!name.is_empty());
        if let Some((score, basis)) = score {
            assert_eq!(basis, "published");
            match communes.get(code) {
                Some(total) => assert!((score - total).abs() <= 0.0501, "{code}: {score}, published {total}"),
                // Lyon by its arrondissements, a new commune by those it was made of.
                None => merged += 1,
            }
            known += 1;
        }
    }
    assert!(known > 3_800 && merged < 20, "{known} of {}, {merged} merged", cities.len());

    let groups = scored(&server, "epci", 6, 32..=33);
    assert!(groups.len() > 130, "{}", groups.len());
    let agree = groups.iter().filter_map(|(code, (_, score))| {
        let (score, basis) = score.as_ref()?;
        assert!(basis == "published" && (score - epcis[code]).abs() <= 0.0501, "{code}: {score}");
        Some(())
    });
    assert!(agree.count() > 120);

    // By hand: the mean of the communes of Cantal weighted by their people.
    let departements = scored(&server, "department", 6, 32..=33);
    assert_eq!(departements.len(), 12);
    let items =
        "/api/collections/communes/items?limit=10000&territory=departement:15&properties=code,population";
    let (mut sum, mut people) = (0.0, 0.0);
    for feature in server.features(items) {
        let code = feature["properties"]["code"].as_str().expect("a code");
        if let Some(total) = communes.get(code) {
            let population = feature["properties"]["population"].as_f64().expect("people");
            sum += total * population;
            people += population;
        }
    }
    let (name, score) = &departements["15"];
    let (score, basis) = score.as_ref().expect("a score");
    assert_eq!((name.as_str(), basis.as_str()), ("Cantal", "mean-of-communes"));
    assert!((score - sum / people).abs() < 0.06, "{score}, by hand {}", sum / people);

    let tile = "/compat/ifn/city/8/131/91";
    let suffixed = server.get(&format!("{tile}.pbf"));
    assert!(suffixed.status == 200 && suffixed.body == server.get(tile).body);
    let tag = suffixed.header("etag").expect("a tag").to_owned();
    assert_eq!(server.send("GET", tile.as_bytes(), &[("If-None-Match", &tag)]).status, 304);
    let id = server.json("/api")["atlas"].as_str().expect("an identity").to_owned();
    let named = server.get(&format!("{tile}?v={}", &id[..12]));
    assert!(named.header("cache-control").is_some_and(|kept| kept.contains("immutable")));
    assert_eq!(server.get("/compat/ifn/city/8/100/91").status, 204);
}

#[test]
fn without_the_published_index_nothing_stands_for_it() {
    let server = Server::of_the_sample();
    for (level, table) in
        [("city", "[ifn.communes]"), ("department", "[ifn.communes]"), ("epci", "[ifn.epcis]")]
    {
        let problem = server.get(&format!("/compat/ifn/{level}/8/131/91")).problem(404);
        assert!(problem["detail"].as_str().is_some_and(|said| said.contains(table)), "{problem}");
    }
    for nowhere in ["communes/8/131/91", "city/8/256/0", "city/23/0/0", "city/8/131/91.png", "city/a/b/c"] {
        server.get(&format!("/compat/ifn/{nowhere}")).problem(404);
    }
    let refused = server.get("/compat/ifn/city/8/131/91?minutes=20").problem(400);
    assert_eq!(refused["parameter"], "minutes");
}
