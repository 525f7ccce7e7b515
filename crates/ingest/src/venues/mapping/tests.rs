use super::*;
use crate::file::File;
use crate::refusal::{Kind, Outcome, Refusal};
use crate::venues::rows::{self, Row};
use proptest::prelude::*;

const HEAD: &str =
    "source = \"Hub\"\nid = \"n\"\n[columns]\nnom = \"n\"\nlatitude = \"y\"\nlongitude = \"x\"\n";

fn mapping(text: &str) -> Mapping {
    Mapping::parse(Path::new("m.toml"), text).expect(text)
}

fn wrong(text: &str) -> String {
    Mapping::parse(Path::new("m.toml"), text).expect_err(text).to_string()
}

fn applied(mapping: &Mapping, file: &str) -> Result<(Vec<Row>, Vec<Refusal>), IngestError> {
    let file = File::of(file);
    let mut findings = file.findings();
    let rows = rows::read(&file, Some(mapping), &mut findings)?;
    Ok((rows.list, findings.into_list()))
}

/// The first row of a small file through a mapping that adds to the head.
fn row(more: &str, file: &str) -> (Row, Vec<Refusal>) {
    let (mut rows, findings) = applied(&mapping(&format!("{HEAD}{more}")), file).expect("rows");
    (rows.remove(0), findings)
}

#[test]
fn columns_are_copied_joined_constant_or_extracted() {
    let more = "commune = { constant = \"Lyon\" }\nadresse = [\"a\", \"b\"]\n\
                complement_adresse = { column = [\"a\", \"b\"], join = \", \" }\n\
                code_postal = { column = \"c\", extract = \"postcode\" }\n\
                date_maj = { column = \"d\", format = \"DD/MM/YYYY\" }\n";
    let (row, findings) = row(more, "n,x,y,a,b,c,d\nMon lieu,5,46,1,rue X,8 rue - 69001 Lyon,07/12/2021\n");
    assert!(findings.is_empty(), "{findings:?}");
    for (column, value) in [
        ("id", "Hub_Mon-lieu"),
        ("source", "Hub"),
        ("nom", "Mon lieu"),
        ("latitude", "46"),
        ("longitude", "5"),
        ("commune", "Lyon"),
        ("adresse", "1 rue X"),
        ("complement_adresse", "1, rue X"),
        ("code_postal", "69001"),
        ("date_maj", "2021-12-07"),
    ] {
        assert_eq!(row.text(column), value, "{column}");
    }
}

#[test]
fn staff_is_a_column_of_ours_which_takes_a_number_and_no_rule() {
    let (row, _) = row("fte = \"ETP\"\n", "n,x,y,ETP\nN,5,46,\"1,5\"\n");
    assert_eq!(row.text("fte"), "1,5");
    let rule = format!("{HEAD}[[rules.fte]]\nvalue = \"1\"\ncolumn = \"a\"\n");
    assert!(wrong(&rule).contains("[rules] fte is no such column"), "{}", wrong(&rule));
    assert!(wrong(&format!("{HEAD}etp = \"a\"\n")).contains(", fte"));
}

#[test]
fn a_rule_looks_for_terms_from_the_start_of_a_word_without_accents_nor_case() {
    let rule = |what: &str| {
        format!(
            "[[rules.services]]\nvalue = \"Aide aux démarches administratives\"\ncolumn = [\"a\", \"b\"]\n{what}\n"
        )
    };
    let given = |what: &str, a: &str, b: &str| {
        !row(&rule(what), &format!("n,x,y,a,b\nN,5,46,{a},{b}\n")).0.text("services").is_empty()
    };
    assert!(given("contains = \"démarche\"", "Les DEMARCHES", ""));
    assert!(given("contains = \"démarche\"", "", "demarche"));
    assert!(!given("contains = \"marche\"", "démarche", ""), "within a word");
    assert!(!given("contains = \"démarche\"\nexcept = \"pas de\"", "Pas de démarche", ""));
    assert!(
        given("contains = \"démarche\"\nexcept = \"pas de\"", "Pas de démarche", "démarche"),
        "cell by cell"
    );
    assert!(given("is = \"oui\"", "OUI", "") && !given("is = \"oui\"", "oui mais", ""));
    assert!(given("", "x", "") && !given("", "", ""), "a cell that says anything");
}

#[test]
fn values_of_several_rules_are_joined_once_each_and_a_star_names_many_columns() {
    let more = "[[rules.services]]\nvalue = \"Aide aux démarches administratives\"\ncolumn = \"t*\"\nis = \"a\"\n\
                [[rules.services]]\nvalue = \"Aide aux démarches administratives\"\ncolumn = \"t2\"\n\
                [[rules.services]]\nvalue = \"Loisirs et créations numériques\"\ncolumn = \"t1\"\n";
    let (row, _) = row(more, "n,x,y,t1,t2\nN,5,46,b,a\n");
    assert_eq!(row.text("services"), "Aide aux démarches administratives|Loisirs et créations numériques");
}

#[test]
fn hours_come_from_french_from_columns_by_day_or_from_odd_and_even_weeks() {
    let french = |text: &str| {
        row("horaires = { column = \"h\", format = \"french\" }", &format!("n,x,y,h\nN,5,46,{text}\n"))
            .0
            .text("horaires")
            .to_owned()
    };
    assert_eq!(french("du lundi au vendredi 9h-12h"), "Mo-Fr 09:00-12:00");
    assert_eq!(french("sur rendez-vous"), "sur rendez-vous", "for the reader to tell");

    let days = "horaires = { lundi = [\"a\", \"b\", \"c\", \"d\"], mardi = \"e\" }";
    let by_day = |cells: &str| row(days, &format!("n,x,y,a,b,c,d,e\nN,5,46,{cells}\n"));
    assert_eq!(
        by_day("09:00,12:00,14:00,17:00,9h-12h").0.text("horaires"),
        "Mo 09:00-12:00,14:00-17:00; Tu 09:00-12:00"
    );
    assert_eq!(by_day("09:00,,,17:00,").0.text("horaires"), "Mo 09:00-17:00");
    assert_eq!(by_day(",,,,-").0.text("horaires"), "", "nothing given is unknown");
    let (row_, findings) = by_day("09:00,12:00,14:00,,9h-12h");
    assert_eq!(
        (row_.text("horaires"), findings[0].kind, findings[0].outcome),
        ("", Kind::BadHours, Outcome::Kept)
    );
    assert_eq!(findings[0].column.as_deref(), Some("a"));

    let weeks = "horaires = { column = \"h\", weeks = \"w\" }";
    let of = |week: &str| {
        row(weeks, &format!("n,x,y,h,w\nN,5,46,Mo 09:00-12:00; PH off,{week}\n"))
            .0
            .text("horaires")
            .to_owned()
    };
    assert_eq!(of("Semaine paire"), "week 2-52/2 Mo 09:00-12:00; PH off");
    assert_eq!(of("Semaine impaire"), "week 1-53/2 Mo 09:00-12:00; PH off");
    assert_eq!((of(""), of("1 sur 3")), ("Mo 09:00-12:00; PH off".to_owned(), String::new()));
}

#[test]
fn what_is_not_known_is_refused_by_its_name_when_the_mapping_is_loaded() {
    for (text, expected) in [
        ("id = \"n\"", "no `source`"),
        ("source = \"S\"", "no `id`"),
        ("source = \"S\"\nid = \"n\"\n[columns]\nnom = \"n\"", "no latitude"),
        (&format!("{HEAD}horaire = \"h\"\n"), "horaire is no such column"),
        (&format!("{HEAD}source = \"h\"\n"), "at the top"),
        (&format!("colonnes = 1\n{HEAD}"), "colonnes"),
        (&format!("schema = \"2\"\n{HEAD}"), "\"2\" is none"),
        (&format!("{HEAD}date_maj = {{ column = \"d\", format = \"JJ/MM\" }}\n"), "DD/MM/YYYY"),
        (&format!("{HEAD}horaires = {{ column = \"d\", format = \"fr\" }}\n"), "french"),
        (&format!("{HEAD}commune = {{ column = \"d\", extract = \"ville\" }}\n"), "\"ville\" is none"),
        (&format!("{HEAD}commune = {{ column = \"d\", format = \"french\" }}\n"), "`format` has no meaning"),
        (&format!("{HEAD}commune = {{ column = \"d\", constant = \"L\" }}\n"), "one of"),
        (&format!("{HEAD}commune = {{}}\n"), "one of"),
        (&format!("{HEAD}commune = 3\n"), "name of a column"),
        (&format!("{HEAD}commune = {{ colonne = \"d\" }}\n"), "colonne"),
        (&format!("{HEAD}itinerance = {{ constant = \"Mobile\" }}\n"), "\"Mobile\" is none"),
        (&format!("{HEAD}[[rules.services]]\nvalue = \"Astrologie\"\n"), "\"Astrologie\" is none"),
        (
            &format!("{HEAD}[[rules.services]]\nvalue = \"Comprehension du monde numérique\"\n"),
            "did you mean \"Compréhension du monde numérique\"",
        ),
        (&format!("{HEAD}[[rules.nom]]\nvalue = \"x\"\n"), "nom is no such column"),
        (&format!("{HEAD}[[rules.typologie]]\nvalue = \"RFS\"\ncontains = \"x\"\n"), "in which `column`"),
        (
            &format!("{HEAD}[[rules.typologie]]\nvalue = \"RFS\"\ncolumn = \"x\"\ncontains = \" \"\n"),
            "empty term",
        ),
        (&format!("schema = \"0.1\"\n{HEAD}frais_a_charge = \"f\"\n"), "frais_a_charge is no such column"),
    ] {
        let error = wrong(text);
        assert!(error.contains("m.toml") && error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn a_column_the_file_does_not_have_is_named_with_those_it_has_unless_it_is_optional() {
    let file = "n,x,y\nN,5,46\n";
    let error =
        applied(&mapping(&format!("{HEAD}commune = \"Ville\"\n")), file).expect_err("refused").to_string();
    assert!(
        error.contains("`Ville`") && error.contains("`n`, `x`, `y`") && error.contains("m.toml"),
        "{error}"
    );
    let optional = mapping(&format!("{HEAD}commune = {{ column = \"Ville\", optional = true }}\n"));
    assert_eq!(applied(&optional, file).expect("read").0[0].text("commune"), "");
    let star = mapping(&format!("{HEAD}[[rules.typologie]]\nvalue = \"RFS\"\ncolumn = \"Tag *\"\n"));
    assert!(applied(&star, file).expect_err("refused").to_string().contains("`Tag *`"));
}

#[test]
fn records_may_be_under_a_key_and_a_column_inside_an_object() {
    let text = HEAD.replace("id = \"n\"", "id = \"n\"\nrecords = \"lieux\"").replace("\"y\"", "\"geo.lat\"");
    let file = r#"{"total": 1, "lieux": [{"n": "N", "x": 5, "geo": {"lat": 46.5}}, {"n": "M", "x": 5}]}"#;
    let (rows, _) = applied(&mapping(&text), file).expect("rows");
    assert_eq!(rows.iter().map(|row| row.text("latitude")).collect::<Vec<_>>(), ["46.5", ""]);
}

proptest! {
    #[test]
    fn any_text_is_a_mapping_or_an_error(
        text in "\\PC{0,80}",
        made in "((source|id|schema|[a-z]{2}) = (\"x\"|\\[\"a\"\\]|\\{\\}|1)\n|\\[columns\\]\n|\\[\\[rules.services\\]\\]\n|value = \"x\"\n){0,8}",
        file in "(n,x,y|[\\[{\"n:1,}\\]]|\n|,|é){0,20}",
    ) {
        let _ = Mapping::parse(Path::new("m.toml"), &text);
        let _ = Mapping::parse(Path::new("m.toml"), &made);
        let _ = Mapping::parse(Path::new("m.toml"), &format!("{HEAD}{made}"));
        let _ = applied(&mapping(&format!("{HEAD}[[rules.typologie]]\nvalue = \"RFS\"\ncolumn = \"x*\"\n")), &file);
    }
}
