//! «Zonages prioritaires»: quarters (QPV) from GeoJSON, rural zonings (FRR, ZRR) from a list of communes.

use std::collections::{BTreeMap, BTreeSet};

use geojson::{Feature, JsonValue};
use territory::{CommuneCode, PriorityArea, PriorityKind, QpvCode};

use crate::codes::{ByCode, Codes, Meaning, Parts};
use crate::communes;
use crate::config::DeclaredPriority;
use crate::error::IngestError;
use crate::file::File;
use crate::json;
use crate::refusal::{Findings, Kind};
use crate::table::Table;

/// The names that a property or a column bears from one publication to the next.
const CODES: [&str; 2] = ["code_qp", "code_quartier"];
const NAMES: [&str; 3] = ["nom_qp", "lib_qp", "nom_quartier"];
const COMMUNES: [&str; 2] = ["code_commune", "insee_com"];
const LISTED: [&str; 3] = ["code_insee", "codgeo", "code"];
const STATUSES: [&str; 4] = ["statut_zrr", "codefrr", "statut_frr", "statut"];

/// What a status says of a commune that no zoning classes.
const NOT_CLASSED: [&str; 3] = ["NC", "-9999", ""];

/// What a status says of a commune of which a part is classed.
const IN_PART: &str = "PC";

/// The areas of a file that lie in the build, sorted by code.
pub(crate) fn read(
    file: &File,
    declared: &DeclaredPriority,
    codes: &Codes,
    findings: &mut Findings,
) -> Result<Vec<PriorityArea>, IngestError> {
    match declared.kind {
        PriorityKind::Qpv => quarters(file, codes, findings),
        kind => classed(file, kind, declared.statuses.as_deref(), codes, findings),
    }
}

fn quarters(file: &File, codes: &Codes, findings: &mut Findings) -> Result<Vec<PriorityArea>, IngestError> {
    if !matches!(file.content.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return Err(file.unlike("is not GeoJSON; convert it, for instance with ogr2ogr"));
    }
    let mut met = BTreeSet::new();
    let mut quarters = BTreeMap::new();
    json::records(file, Some("features"), findings, |rank, record, findings| {
        let feature: Feature = match serde_json::from_slice(record) {
            Ok(feature) => feature,
            Err(e) => return findings.refused(rank, "", &json::head(record), json::reason(&e)),
        };
        let text = text_of(&feature, &CODES);
        let code: QpvCode = match text.parse() {
            Ok(code) => code,
            Err(territory::InvalidCode { reason, .. }) => {
                let reason = format!("is not a code of a quarter: {reason}");
                return findings.refused(rank, CODES[0], &text, Kind::BadFormat.because(reason));
            }
        };
        if !met.insert(code) {
            let reason = Kind::DuplicateId.because("appears twice: the first is kept");
            return findings.refused(rank, CODES[0], &text, reason);
        }
        let name = text_of(&feature, &NAMES);
        let listed = text_of(&feature, &COMMUNES);
        let Some(communes) = communes_of(rank, &listed, codes, findings) else {
            return;
        };
        match communes::shape_of(feature) {
            Ok(shape) => {
                let name = if name.is_empty() { text } else { name };
                quarters.insert(code, PriorityArea::Quarter { code, name, shape, communes });
            }
            Err(reason) => {
                findings.refused(rank, "geometry", &text, Kind::CoordinatesDamaged.because(reason));
            }
        }
    });
    Ok(quarters.into_values().collect())
}

/// The first of some properties that is a text or a number.
fn text_of(feature: &Feature, names: &[&str]) -> String {
    let text = |name: &&str| match feature.property(name)? {
        JsonValue::String(text) => Some(text.trim().to_owned()),
        JsonValue::Number(number) => Some(number.to_string()),
        _ => None,
    };
    names.iter().find_map(text).unwrap_or_default()
}

/// The communes of the build that a quarter is said to lie in; none when it lies elsewhere.
fn communes_of(rank: u64, listed: &str, codes: &Codes, findings: &mut Findings) -> Option<Vec<CommuneCode>> {
    let mut communes = BTreeSet::new();
    let mut elsewhere = false;
    for text in listed.split([',', ';', '|', ' ']).filter(|text| !text.is_empty()) {
        match text.parse().map(|code| codes.meaning(code)) {
            Ok(Meaning::Commune(today) | Meaning::PartOf(today)) => {
                communes.insert(today);
            }
            Ok(Meaning::Outside) => elsewhere = true,
            Ok(Meaning::Unknown) => findings.kept(
                rank,
                COMMUNES[0],
                text,
                Kind::BadCommune.because("no commune has this code in the COG given"),
            ),
            Err(e) => {
                let reason = format!("is not a commune code: {}", e.reason);
                findings.kept(rank, COMMUNES[0], text, Kind::BadCommune.because(reason));
            }
        }
    }
    if communes.is_empty() && !elsewhere {
        let reason = Kind::MissingValue.because("names no commune of the COG: it cannot be placed");
        findings.refused(rank, COMMUNES[0], listed, reason);
    }
    (!communes.is_empty()).then(|| communes.into_iter().collect())
}

fn classed(
    file: &File,
    kind: PriorityKind,
    statuses: Option<&[String]>,
    codes: &Codes,
    findings: &mut Findings,
) -> Result<Vec<PriorityArea>, IngestError> {
    let table = Table::open(file)?;
    let column = |names: &[&str]| {
        names.iter().find_map(|name| table.optional(name)).map_or_else(|| table.column(names[0]), Ok)
    };
    let (code, status) = (column(&LISTED)?, column(&STATUSES)?);
    let mut rows = ByCode::new();
    table.rows(findings, |row, findings| {
        let read = (row.line, row.get(status).to_owned());
        rows.push(row.line, LISTED[0], row.get(code), read, findings);
    });
    let mut communes = Vec::new();
    for (commune, (line, text)) in rows.settle(LISTED[0], codes, Parts::Refused, findings) {
        let text = text.as_str();
        let classed = match statuses {
            Some(statuses) => statuses.iter().any(|status| status == text),
            // Of the FRR the file gives several levels under names that vary: all but what is none.
            None if kind == PriorityKind::Frr => !NOT_CLASSED.contains(&text) && text != IN_PART,
            None => text == "C",
        };
        if classed {
            communes.push(commune);
        } else if text == IN_PART {
            let reason = "a part of the commune is classed, it is not said which: left out";
            findings.kept(line, STATUSES[0], commune.as_str(), Kind::Other.because(reason));
        } else if !NOT_CLASSED.contains(&text) {
            let reason = Kind::UnknownValue.because("is not a status of this zoning: read as not classed");
            findings.kept(line, STATUSES[0], text, reason);
        }
    }
    Ok(if communes.is_empty() { Vec::new() } else { vec![PriorityArea::Communes { kind, communes }] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::tests::{code, small};
    use crate::config::Declared;
    use proptest::prelude::*;

    fn declared(kind: PriorityKind, statuses: Option<&[&str]>) -> DeclaredPriority {
        let file = Declared {
            path: "f".into(),
            url: None,
            name: String::new(),
            vintage: None,
            licence: None,
            sha256: None,
        };
        let statuses = statuses.map(|list| list.iter().map(|&status| status.to_owned()).collect());
        DeclaredPriority { file, kind, statuses }
    }

    fn areas(
        text: impl Into<Vec<u8>>,
        kind: PriorityKind,
        statuses: Option<&[&str]>,
    ) -> (Vec<PriorityArea>, Vec<String>) {
        let file = File::of(text);
        let mut findings = file.findings();
        let read = read(&file, &declared(kind, statuses), &small(), &mut findings).expect("readable");
        (read, findings.into_list().into_iter().map(|f| format!("{}: {}", f.value, f.reason)).collect())
    }

    fn listed(text: &str, kind: PriorityKind, statuses: Option<&[&str]>) -> (Vec<CommuneCode>, usize) {
        let (areas, findings) = areas(text, kind, statuses);
        (areas.first().map(|area| area.communes().to_vec()).unwrap_or_default(), findings.len())
    }

    const SQUARE: &str = "[[[4.9,46.1],[5.0,46.1],[5.0,46.2],[4.9,46.2],[4.9,46.1]],[[4.94,46.14],[4.96,46.14],[4.96,46.16],[4.94,46.14]]]";

    fn feature(code: &str, communes: &str, rings: &str) -> String {
        format!(
            r#"{{"type":"Feature","properties":{{"code_qp":{code},"lib_qp":"Le Pont","insee_com":{communes}}},"geometry":{{"type":"Polygon","coordinates":{rings}}}}}"#
        )
    }

    #[test]
    fn a_quarter_keeps_its_hole_and_the_communes_of_the_build() {
        let text = [
            feature("\"QP001002\"", "\"01001, 69381,75056\"", SQUARE),
            feature("\"QP001001\"", "\"01002\"", SQUARE),
            feature("\"QP075001\"", "\"75056\"", SQUARE),
        ]
        .join("\n");
        let (areas, findings) = areas(text, PriorityKind::Qpv, None);
        assert_eq!(findings, [""; 0]);
        let [first, second] = areas.as_slice() else { panic!("two quarters") };
        assert_eq!(first.communes(), [code("01002")]);
        assert_eq!(second.communes(), [code("01001"), code("69123")]);
        let PriorityArea::Quarter { name, shape, .. } = first else { panic!("a quarter") };
        assert_eq!((name.as_str(), shape.0[0].interiors().len()), ("Le Pont", 1));
    }

    #[test]
    fn each_quarter_that_is_refused_is_said_with_its_cause() {
        let text = [
            feature("\"31012\"", "\"01001\"", SQUARE),
            feature("null", "\"01001\"", SQUARE),
            feature("\"QP001001\"", "\"1001\"", SQUARE),
            feature(
                "\"QP001002\"",
                "\"01001\"",
                "[[[842000.0,6519000.0],[842100.0,6519000.0],[842100.0,6519900.0],[842000.0,6519000.0]]]",
            ),
            feature("\"QP001002\"", "\"01001\"", SQUARE),
            "{\"type\":".to_owned(),
        ];
        let (areas, findings) = areas(text.join("\n"), PriorityKind::Qpv, None);
        assert_eq!(areas, []);
        let expected = [
            "not a code of a quarter",
            "not a code of a quarter",
            "leading zero",
            "cannot be placed",
            "looks projected",
            "appears twice",
            "ends in the middle",
        ];
        assert_eq!(findings.len(), expected.len(), "{findings:#?}");
        for (finding, expected) in findings.iter().zip(expected) {
            assert!(finding.contains(expected), "{finding:?} should say {expected:?}");
        }
    }

    #[test]
    fn a_commune_classed_in_part_is_left_out_unless_the_build_takes_it() {
        let zrr = "code_insee,statut_zrr\n01001,C\n01002,PC\n69123,NC\n75056,C\n";
        assert_eq!(listed(zrr, PriorityKind::Zrr, None), (vec![code("01001")], 1));
        assert_eq!(
            listed(zrr, PriorityKind::Zrr, Some(&["C", "PC"])),
            (vec![code("01001"), code("01002")], 0)
        );
    }

    #[test]
    fn the_list_of_the_observatory_says_not_classed_by_minus_9999() {
        let frr = "codgeo;libgeo;codefrr\n01001;A;FRR\n01002;B;FRR+\n69123;Lyon;-9999\n";
        assert_eq!(listed(frr, PriorityKind::Frr, None), (vec![code("01001"), code("01002")], 0));
        assert_eq!(listed(frr, PriorityKind::Frr, Some(&["FRR+"])), (vec![code("01002")], 1));
    }

    #[test]
    fn a_status_nobody_knows_a_part_and_a_code_given_twice_are_said() {
        let zrr = "code_insee,statut_zrr\n01001,C\n01001,NC\n01300,C\n01002,oui\n1002,C\n";
        assert_eq!(listed(zrr, PriorityKind::Zrr, None), (vec![code("01001")], 4));
        let nobody = listed("code_insee,statut_zrr\n01001,NC\n", PriorityKind::Zrr, None);
        assert_eq!(nobody, (Vec::new(), 0), "an area without commune is none");
    }

    #[test]
    fn a_file_of_another_kind_is_said_to_be() {
        let refused = |text: &str, kind| {
            let file = File::of(text);
            read(&file, &declared(kind, None), &small(), &mut file.findings())
                .expect_err("refused")
                .to_string()
        };
        assert!(refused("code,name\n", PriorityKind::Qpv).contains("not GeoJSON"));
        assert!(refused("a,b\n", PriorityKind::Zrr).contains("`code_insee`"));
        assert!(refused("code,b\n", PriorityKind::Zrr).contains("`statut_zrr`"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            areas([b"{\"features\":[".to_vec(), bytes.clone()].concat(), PriorityKind::Qpv, None);
            areas([b"code_insee,statut_zrr\n01001,".to_vec(), bytes].concat(), PriorityKind::Zrr, None);
        }

        #[test]
        fn any_feature_is_read_without_panic(code in "\\PC{0,10}", communes in "[0-9,; AB]{0,20}", rings in "[\\[\\]0-9.,]{0,40}") {
            let quoted = |text: &str| serde_json::to_string(text).expect("a text");
            areas(feature(&quoted(&code), &quoted(&communes), &rings), PriorityKind::Qpv, None);
        }
    }
}
