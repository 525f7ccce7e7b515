use super::*;
use crate::refusal::{Kind, Outcome, Refusal};
use crate::venues::rows;
use proptest::prelude::*;

fn read(text: impl Into<Vec<u8>>) -> Result<(Rows, Vec<Refusal>), IngestError> {
    let file = File::of(text);
    let mut findings = file.findings();
    let rows = rows::read(&file, None, &mut findings)?;
    Ok((rows, findings.into_list()))
}

const FS_2024: &str = "id_fs,insee_dep,lib_fs,adresse,complement_adresse,insee_com,code_postal,lib_com,latitude,longitude,h_lundi,h_mardi,h_mercredi,h_jeudi,h_vendredi,h_samedi,prise_rdv,commentaire,type_fs,format_fs,groupe_fs,labellisation_fs";

/// A France services of 2024 with these hours of Monday and Tuesday and this format.
fn france_services(monday: &str, tuesday: &str, format: &str) -> (Row, Vec<Refusal>) {
    let line = format!(
        "7,01,F,1 rue X,,01001,01400,L,46.1,5.2,{monday},{tuesday},,,,,Non,,Principal,{format},,Espace labellisé 01/01/2020"
    );
    let (mut rows, findings) = read(format!("{FS_2024}\n{line}\n")).expect("rows");
    assert_eq!(rows.version, Version::V1);
    (rows.list.remove(0), findings)
}

#[test]
fn a_france_services_says_what_its_list_and_its_label_say_and_no_more() {
    let (row, findings) = france_services("09:00 - 12:00 / 13:30 - 17:00", "09:00-12:00/13:30-17:00", "Fixe");
    assert!(findings.is_empty(), "{findings:?}");
    for (column, value) in [
        ("id", "France-services_7"),
        ("nom", "F"),
        ("adresse", "1 rue X"),
        ("commune", "L"),
        ("code_insee", "01001"),
        ("code_postal", "01400"),
        ("horaires", "Mo-Tu 09:00-12:00,13:30-17:00"),
        ("source", "France services"),
        ("typologie", "RFS"),
        ("itinerance", "Fixe"),
        ("services", "Aide aux démarches administratives"),
        ("frais_a_charge", "Gratuit"),
        ("dispositif_programmes_nationaux", "France Services"),
        ("date_maj", ""),
        ("prise_rdv", ""),
    ] {
        assert_eq!(row.text(column), value, "{column}");
    }
}

#[test]
fn the_hours_of_a_france_services_are_unknown_when_none_or_nonsense_is_given() {
    assert_eq!(france_services("", "-", "Fixe").0.text("horaires"), "");
    assert_eq!(france_services("-", "09:00-12:00", "Fixe").0.text("horaires"), "Tu 09:00-12:00");
    for (monday, hours, outcome) in [
        ("00:00:00:00", "", Outcome::Kept),
        ("00:00 - 00:00", "", Outcome::Kept),
        ("00:00 - 00:00 / 09:00 - 12:00", "Mo-Tu 09:00-12:00", Outcome::Repaired),
        ("09:00 - 11:00 / 10:00 - 12:00", "Mo-Tu 09:00-12:00", Outcome::Repaired),
    ] {
        let (row, findings) = france_services(monday, "09:00 - 12:00", "Fixe");
        assert_eq!(row.text("horaires"), hours, "{monday}");
        assert_eq!((findings.len(), findings[0].kind, findings[0].outcome), (1, Kind::BadHours, outcome));
    }
}

#[test]
fn the_format_of_a_france_services_says_whether_it_moves() {
    for (format, expected) in [
        ("Bus_équivalent", "Itinérant"),
        ("Itinérante", "Itinérant"),
        ("Fixe", "Fixe"),
        ("Fixe_antenne(s)", "Fixe"),
        ("Multisites", "Fixe"),
        ("Péniche", ""),
        ("", ""),
    ] {
        let (row, findings) = france_services("", "", format);
        assert_eq!(row.text("itinerance"), expected, "{format}");
        assert_eq!(
            findings.iter().map(|f| f.kind).collect::<Vec<_>>(),
            if format == "Péniche" { vec![Kind::UnknownValue] } else { vec![] }
        );
    }
    let old = "id_fs,lib_fs,latitude,longitude,h_lundi,itinerance,format_fs\n1,F,46,5,,Oui,Site principal\n";
    assert_eq!(read(old).expect("rows").0.list[0].text("itinerance"), "Itinérant");
}

#[test]
fn rows_of_a_mosaic_have_the_identifier_of_their_source_and_the_words_of_v0() {
    let text = "source,vintage,id,nom,latitude,longitude,services,labels,itinerance\n\
                numi,2023-01,20,A,46,5,Accompagner les démarches administratives,CNFS;France Services,Bus_équivalent\n";
    let (rows, findings) = read(text).expect("rows");
    let row = &rows.list[0];
    assert_eq!((rows.version, findings.len()), (Version::V0, 0));
    assert_eq!(
        (row.text("id"), row.text("labels_nationaux"), row.text("itinerance")),
        ("numi_20", "CNFS;France Services", "Itinérant")
    );
    assert_eq!(row.text("services"), "Réaliser des démarches administratives avec un accompagnement");
    assert!(!row.has("vintage") && !row.has("date_maj"));
}

#[test]
fn what_is_nested_is_flat_again_with_its_contacts() {
    let text = r#"[{"id": "a", "nom": "A", "adresse": {"numero_voie": "5", "repetition": "bis", "nom_voie": "rue X",
        "commune": "Lyon", "code_postal": "69001", "complement_adresse": "B"}, "localisation": {"latitude": 46, "longitude": 5},
        "contact": {"telephone": "+33102030405", "courriels": ["a@b.fr", "c@d.fr"], "site_web": ["https://x.fr"]},
        "presentation": {"resume": "R", "detail": "D"}, "frais_a_charge": ["Gratuit"], "mediateurs": [{"nom": "N"}]},
        {"id": "b", "nom": "B", "adresse": {"voie": "1 rue Y"}}]"#;
    let (rows, findings) = read(text).expect("rows");
    assert!(findings.is_empty() && rows.version == Version::V1);
    let row = &rows.list[0];
    for (column, value) in [
        ("adresse", "5 bis rue X"),
        ("commune", "Lyon"),
        ("code_postal", "69001"),
        ("complement_adresse", "B"),
        ("latitude", "46"),
        ("longitude", "5"),
        ("telephone", "+33102030405"),
        ("courriels", "a@b.fr|c@d.fr"),
        ("site_web", "https://x.fr"),
        ("presentation_resume", "R"),
        ("presentation_detail", "D"),
        ("frais_a_charge", "Gratuit"),
        ("mediateurs", ""),
    ] {
        assert_eq!(row.text(column), value, "{column}");
    }
    assert_eq!(rows.list[1].text("adresse"), "1 rue Y");
}

#[test]
fn a_file_that_is_none_of_them_says_what_it_has_and_that_a_mapping_may_tell() {
    for text in ["Lieu,X,Y\nA,5,46\n", r#"[{"Lieu": "A", "X": 5}]"#] {
        let error = read(text).map(|_| ()).expect_err("refused").to_string();
        assert!(error.contains("`id`") && error.contains("Lieu") && error.contains("mapping"), "{error}");
    }
    assert!(read("[]").expect("no row").0.list.is_empty());
}

#[test]
fn damaged_files_cost_their_bad_rows_only() {
    let header = "id;nom;latitude;longitude;horaires";
    let good = "a;A;46;5;\"Mo 09:00-12:00, 14:00-17:00\"";
    let (rows, findings) =
        read([header.as_bytes(), b"\n", good.as_bytes(), b"\nb;\xe9t\xe9;46;5;\nc;C"].concat())
            .expect("rows");
    assert_eq!((rows.list.len(), rows.list[0].text("horaires")), (1, "Mo 09:00-12:00, 14:00-17:00"));
    assert_eq!(
        findings.iter().map(|f| (f.line, f.kind)).collect::<Vec<_>>(),
        [(Some(3), Kind::DamagedRow), (Some(4), Kind::DamagedRow)]
    );
    // Control characters are a value like another; they are no column.
    let (rows, _) = read(format!("{header}\na;\u{1}\u{7f};NaN;1e308;\u{0}\n")).expect("rows");
    assert_eq!((rows.list[0].text("latitude"), rows.list[0].text("longitude")), ("NaN", "1e308"));
    // One line of 10 MB: too few columns for a row, or one of them as long.
    let long = "x".repeat(10 << 20);
    assert_eq!(read(format!("{header}\n{long}\n")).expect("rows").1[0].kind, Kind::DamagedRow);
    assert_eq!(read(format!("{header}\na;{long};46;5;\n")).expect("rows").0.list.len(), 1);
    let truncated = r#"[{"id": "a", "nom": "A", "latitude": 46, "longitude": 5}, {"id": "b", "nom"#;
    let (rows, findings) = read(truncated).expect("rows");
    assert_eq!((rows.list.len(), findings[0].kind), (1, Kind::DamagedRow));
}

proptest! {
    #[test]
    fn any_france_services_never_panics(monday in "\\PC{0,30}", tuesday in "[0-9:/ h-]{0,30}", format in "\\PC{0,12}") {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        france_services(&quoted(&monday), &quoted(&tuesday), &quoted(&format));
    }
}
