//! Made-up communes, where each case is arithmetic.

use proptest::prelude::*;

use super::projection::tests::{areas, projected};
use super::*;
use crate::codes::tests::{code, small};

pub(crate) fn at(lon: f64, lat: f64) -> Position {
    Position::from_lon_lat(lon, lat).expect("on Earth")
}

/// A square commune by its south-west corner.
pub(crate) fn square(west: f64, south: f64, side: f64) -> MultiPolygon {
    let (east, north) = (west + side, south + side);
    let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)];
    let ring: geo::LineString = corners.into_iter().collect();
    MultiPolygon::new(vec![geo::Polygon::new(ring, Vec::new())])
}

/// The communes of [`small`], drawn: Lyon to the south-west of the two of Ain.
pub(crate) fn ain() -> BTreeMap<CommuneCode, MultiPolygon> {
    [
        (code("01001"), square(4.9, 46.0, 0.3)),
        (code("01002"), square(5.2, 45.9, 0.3)),
        (code("69123"), square(4.7, 45.7, 0.3)),
    ]
    .into()
}

/// [`small`] with names and postcodes, and Mont-Dore of the Puy-de-Dôme and of New Caledonia undrawn.
fn named() -> Codes {
    let mut codes = small();
    codes.current.extend(["63236", "98817", "33063"].map(code));
    for (commune, name, postcode) in [
        ("01001", "Abergement", "01400"),
        ("01002", "Bourg", "01500"),
        ("69123", "Lyon", "69001"),
        ("63236", "Mont-Dore", "63240"),
        ("98817", "Le Mont-Dore", "98809"),
        ("33063", "Bordeaux", "33000"),
    ] {
        codes.postal.add(code(commune), name, &[postcode.to_owned()]);
    }
    codes
}

/// A row by the text of its longitude and latitude, its code, postcode and name.
fn row<'a>(lon: &'a str, lat: &'a str, [insee, postcode, commune_name]: [&'a str; 3]) -> Claim<'a> {
    Claim { lon, lat, commune: insee.parse().ok(), postcode, commune_name, address: "" }
}

fn judged(claim: Claim, shapes: &BTreeMap<CommuneCode, MultiPolygon>) -> Result<Located, Reason> {
    Judge::new(&named(), shapes).locate(&claim, &Crowd::default())
}

/// What a row drawn in Ain becomes: nothing to say, or the kind of its first finding or of its refusal.
fn outcome(claim: Claim) -> (Option<Outcome>, Option<Kind>) {
    match judged(claim, &ain()) {
        Err(reason) => (Some(Outcome::Refused), Some(reason.kind())),
        Ok(located) => {
            let first = located.findings.first();
            (first.map(|f| f.outcome), first.map(|f| f.reason.kind()))
        }
    }
}

const SOUND: (Option<Outcome>, Option<Kind>) = (None, None);
const ABERGEMENT: [&str; 3] = ["01001", "01400", "Abergement"];

fn repaired_as(kind: Kind) -> (Option<Outcome>, Option<Kind>) {
    (Some(Outcome::Repaired), Some(kind))
}

fn refused_as(kind: Kind) -> (Option<Outcome>, Option<Kind>) {
    (Some(Outcome::Refused), Some(kind))
}

fn doubted_as(kind: Kind) -> (Option<Outcome>, Option<Kind>) {
    (Some(Outcome::Kept), Some(kind))
}

#[test]
fn the_commune_of_the_code_is_the_judge() {
    // Its edge is at 5.2° E; a degree is 77 km there: 1 km, 10 km, then 40 km beyond the western edge.
    assert_eq!(outcome(row("5.0", "46.1", ABERGEMENT)), SOUND);
    assert_eq!(outcome(row("4.887", "46.1", ABERGEMENT)), SOUND);
    assert_eq!(outcome(row("4.77", "46.1", ABERGEMENT)), doubted_as(Kind::CoordinatesFar));
    assert_eq!(outcome(row("4.4", "46.1", ABERGEMENT)), refused_as(Kind::CoordinatesFar));
    assert_eq!(outcome(row("46.1", "5.0", ABERGEMENT)), repaired_as(Kind::CoordinatesSwapped));
    assert_eq!(outcome(row("46.1", "4.4", ABERGEMENT)), refused_as(Kind::CoordinatesFar), "nor swapped");
    assert_eq!(outcome(row("", "", ABERGEMENT)), refused_as(Kind::CoordinatesMissing));
    assert_eq!(outcome(row("x", "46", ABERGEMENT)), refused_as(Kind::CoordinatesDamaged));
    assert_eq!(outcome(row("500", "46", ABERGEMENT)), refused_as(Kind::CoordinatesDamaged));
    assert_eq!(outcome(row("5,0", "46,1", ABERGEMENT)), repaired_as(Kind::CoordinatesFormat));
}

#[test]
fn metres_are_repaired_in_the_one_projection_that_fits_the_commune() {
    for (epsg, name) in [
        (2154, "Lambert-93"),
        (3946, "CC46"),
        (3947, "CC47"),
        (27572, "Lambert II étendu"),
        (3857, "Web Mercator"),
    ] {
        let (x, y) = projected(epsg, at(5.0, 46.1));
        for (lon, lat) in [(x, y), (y, x)] {
            let (lon, lat) = (lon.to_string(), lat.to_string());
            let located = judged(row(&lon, &lat, ABERGEMENT), &ain()).expect("repaired");
            assert!(located.position.distance_to(at(5.0, 46.1)).0 < 0.01, "{name}");
            let why = format!("metres of {name} in place of degrees");
            let expected = Kind::CoordinatesProjected.because(why).with_repair("46.100000, 5.000000");
            assert_eq!(located.findings[0].reason, expected);
        }
    }
    let (x, y) = projected(2154, at(6.0, 47.5));
    let (x, y) = (x.to_string(), y.to_string());
    assert_eq!(
        outcome(row(&x, &y, ABERGEMENT)),
        refused_as(Kind::CoordinatesProjected),
        "Lambert-93 of elsewhere"
    );
}

#[test]
fn several_readings_that_fit_are_refused_and_the_territory_may_decide() {
    // Lambert-93 of Hérault is Web Mercator of Lorraine: without any word of the row, nobody knows.
    let metres = row("700000", "6300000", [""; 3]);
    let nothing = BTreeMap::new();
    assert_eq!(judged(metres, &nothing).expect_err("refused").kind(), Kind::CoordinatesProjected);
    let herault = [(code("34172"), square(2.9, 43.7, 0.2))].into();
    let located = judged(metres, &herault).expect("repaired");
    assert!((located.position.lon() - 3.0).abs() < 1e-9, "{located:?}");
}

#[test]
fn the_address_judges_without_a_code_and_corrects_a_wrong_one() {
    assert_eq!(outcome(row("5.0", "46.1", ["", "01400", "ABERGEMENT"])), SOUND);
    assert_eq!(
        outcome(row("46.1", "5.0", ["", "1400", "L'Abergement"])),
        repaired_as(Kind::CoordinatesSwapped)
    );
    assert_eq!(outcome(row("5.7", "46.1", ["", "01400", "Abergement"])), refused_as(Kind::CoordinatesFar));
    // In Bourg as its address says, with the code of Lyon.
    let claim = row("5.4", "46.15", ["69123", "01500", "Bourg"]);
    assert_eq!(outcome(claim), repaired_as(Kind::BadCommune));
    let located = judged(claim, &ain()).expect("kept");
    assert_eq!((located.corrected, located.commune), (Some(code("01002")), Some(code("01002"))));
    assert_eq!(located.position, at(5.4, 46.15), "only the code was wrong");
    // In New Caledonia as its address says, with the code of the namesake in the Puy-de-Dôme.
    let claim = row("166.52", "-22.23", ["63236", "98800", "Mont-Dore"]);
    assert_eq!(judged(claim, &ain()).expect("kept").corrected, Some(code("98817")));
    // A postcode and a code of elsewhere, but no other commune has this name.
    let claim = row("5.4", "46.15", ["69123", "33000", "Bourg"]);
    assert_eq!(judged(claim, &ain()).expect("kept").corrected, Some(code("01002")));
    assert_eq!(outcome(row("5.4", "46.15", ["", "33999", "Bourg"])), SOUND, "the mainland");
    assert_eq!(outcome(row("5.4", "46.15", ["", "97400", "Bourg"])), doubted_as(Kind::CoordinatesFar));
    // The code was found from the position, the address tells another story.
    assert_eq!(outcome(row("5.45", "45.95", ["01002", "69001", "Lyon"])), doubted_as(Kind::CoordinatesFar));
}

#[test]
fn a_departement_or_a_territory_judges_what_is_not_drawn() {
    // Ain is drawn whole: 4.9…5.5, 45.9…46.3, with 15 km around.
    assert_eq!(outcome(row("5.45", "46.25", ["", "01990", "Nulle-Part"])), SOUND);
    assert_eq!(outcome(row("46.25", "5.45", ["", "01990", ""])), repaired_as(Kind::CoordinatesSwapped));
    assert_eq!(outcome(row("3.0", "46.25", ["", "01990", ""])), refused_as(Kind::CoordinatesFar));
    // Of Gironde nothing is drawn: the mainland judges.
    let bordeaux = ["33063", "33000", "Bordeaux"];
    assert_eq!(outcome(row("-0.58", "44.84", bordeaux)), SOUND);
    assert_eq!(outcome(row("44.84", "-0.58", bordeaux)), repaired_as(Kind::CoordinatesSwapped));
    assert_eq!(outcome(row("55.45", "-20.9", bordeaux)), refused_as(Kind::CoordinatesFar), "on Réunion");
    assert_eq!(outcome(row("5.0", "46.1", bordeaux)), doubted_as(Kind::CoordinatesFar), "in Ain");
    // A row that says nothing.
    assert_eq!(outcome(row("44.84", "-0.58", [""; 3])), repaired_as(Kind::CoordinatesSwapped));
    assert_eq!(outcome(row("-22.27", "166.44", [""; 3])), repaired_as(Kind::CoordinatesSwapped), "Nouméa");
    assert_eq!(outcome(row("13.4", "52.5", [""; 3])), refused_as(Kind::CoordinatesFar), "Berlin");
}

#[test]
fn what_is_sound_but_elsewhere_is_out_of_reach_and_what_should_be_here_is_refused() {
    let bordeaux = judged(row("-0.58", "44.84", ["33063", "", ""]), &ain()).expect("sound");
    assert!(!bordeaux.in_reach && bordeaux.findings.is_empty());
    assert!(judged(row("6.5", "45.92", [""; 3]), &ain()).expect("sound").in_reach, "77 km off");
    assert_eq!(outcome(row("-0.58", "44.84", ABERGEMENT)), refused_as(Kind::CoordinatesFar));
    let (codes, shapes) = (named(), ain());
    let judge = Judge::new(&codes, &shapes).everywhere();
    let claim = row("-0.58", "44.84", ["33063", "", ""]);
    assert!(judge.locate(&claim, &Crowd::default()).expect("sound").in_reach);
}

#[test]
fn a_point_of_many_communes_is_nowhere_and_one_of_many_addresses_doubtful() {
    let (codes, shapes) = (named(), ain());
    let judge = Judge::new(&codes, &shapes);
    let bourg = ["01002", "01500", "Bourg"];
    let at_one_point = [ABERGEMENT, bourg, ["69123", "69001", "Lyon"]].map(|words| row("5.0", "46.1", words));
    let crowd = judge.crowd(at_one_point);
    let kinds = at_one_point.map(|claim| judge.locate(&claim, &crowd).map_err(|reason| reason.kind()));
    assert!(kinds[0].as_ref().is_ok_and(|located| located.findings.is_empty()), "it lies there");
    assert_eq!(kinds[1..], [Err(Kind::CoordinatesFallback), Err(Kind::CoordinatesFallback)]);
    // Two communes are a border, not a crowd.
    let two = judge.crowd(at_one_point.into_iter().take(2));
    let second = judge.locate(&at_one_point[1], &two).expect("in the neighbourhood");
    assert_eq!(second.findings[0].reason.kind(), Kind::CoordinatesFar);

    let addresses = ["1 rue A", "2 rue A", "3 rue A", "4 rue A", "5 rue A"];
    let claims = addresses.map(|address| Claim { address, ..row("5.0", "46.1", ABERGEMENT) });
    let kinds = |n: usize| {
        let crowd = judge.crowd(claims.into_iter().take(n));
        judge
            .locate(&claims[0], &crowd)
            .expect("kept")
            .findings
            .into_iter()
            .map(|f| f.reason.kind())
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds(5), [Kind::CoordinatesFallback]);
    assert!(kinds(4).is_empty());

    let default = row("4.691", "44.9687", ABERGEMENT);
    let refused = judge.locate(&default, &Crowd::default()).expect_err("refused");
    assert_eq!(refused.kind(), Kind::CoordinatesFallback, "a known default of a geocoder");
}

/// A square of 0.2° around a position, as commune 01001.
fn around(position: Position) -> BTreeMap<CommuneCode, MultiPolygon> {
    [(code("01001"), square(position.lon() - 0.1, position.lat() - 0.1, 0.2))].into()
}

proptest! {
    #[test]
    fn a_position_that_fits_is_never_moved(lon in 4.7..5.5f64, lat in 45.7..46.3f64) {
        for words in [ABERGEMENT, ["01002", "", ""], ["69123", "", ""], ["", "69001", "Lyon"], [""; 3]] {
            let (x, y) = (lon.to_string(), lat.to_string());
            if let Ok(located) = judged(row(&x, &y, words), &ain()) {
                prop_assert_eq!(located.position, at(lon, lat));
                prop_assert!(located.findings.iter().all(|f| f.outcome == Outcome::Kept));
            }
        }
    }

    #[test]
    fn swapped_or_projected_a_position_comes_back(
        which in 0..areas().len(), across in 0.02..0.98f64, along in 0.02..0.98f64,
    ) {
        let (epsg, [west, south, east, north]) = areas()[which];
        // Web Mercator is used the world over: here, over the mainland.
        let [west, south, east, north] = if epsg == 3857 { [-4.8, 42.0, 8.2, 51.0] } else { [west, south, east, north] };
        let position = at(west + across * (east - west), south + along * (north - south));
        let shapes = around(position);
        let (x, y) = projected(epsg, position);
        // Near the diagonal of a projection, as around Koumac, both orders are in one commune.
        prop_assume!((x - y).abs() > 60_000.0);
        for (lon, lat) in [(x, y), (y, x), (position.lat(), position.lon())] {
            let (lon, lat) = (lon.to_string(), lat.to_string());
            match judged(row(&lon, &lat, ["01001", "", ""]), &shapes) {
                Ok(located) => {
                    let off = located.position.distance_to(position).0;
                    prop_assert!(off < 1.0, "EPSG:{}: {} m", epsg, off);
                }
                Err(reason) => prop_assert!(false, "EPSG:{}: {:?}", epsg, reason),
            }
        }
    }

    #[test]
    fn any_row_never_panics(
        lon in "[-+0-9.,eE ]{0,10}", lat in "\\PC{0,10}", insee in "[0-9AB]{0,5}", postcode in "\\PC{0,6}", name in "\\PC{0,12}",
    ) {
        let _ = judged(row(&lon, &lat, [&insee, &postcode, &name]), &ain());
        let _ = judged(row(&lat, &lon, [&insee, &postcode, &name]), &BTreeMap::new());
    }
}
