//! «Besoins»: how fragile the people of a perimeter are, by two indexes, and why.

use super::Subject;
use super::blocks::{bar, note, part, section, table, tile, tiles};
use super::words::{NOT_GIVEN, count, decimal, escaped, figure, percent};
use crate::wording::plural;

pub(super) fn needs(subject: &Subject<'_>) -> String {
    let answer = &subject.told.answer;
    let index = |n: Option<f64>| n.map(|n| decimal(n, 1));
    let published = answer.fragility_published_basis.map_or("", |basis| match basis {
        "published" => "valeur publiée de ce territoire",
        _ => "notre moyenne des communes, pondérée par les habitants",
    });
    let fragile: Option<u32> = (!subject.told.classes.iter().all(|c| c.class.is_none())).then(|| {
        subject.told.classes.iter().filter(|c| c.class.is_some_and(|n| n >= 7)).map(|c| c.population).sum()
    });
    let mut body = tiles(&[
        tile(
            "Indice de fragilité, sur 10",
            &figure("answer/fragility", index(answer.fragility)),
            "10 = le plus fragile\u{202f}; moyenne des habitants",
        ),
        tile(
            "Indice publié (MedNum), sur 10",
            &figure("answer/fragility_published", index(answer.fragility_published)),
            published,
        ),
        tile(
            "Habitants des communes fragiles",
            &fragile.map_or_else(|| NOT_GIVEN.to_owned(), |people| escaped(&crate::wording::number(people))),
            "indice d'au moins 7",
        ),
    ]);
    if let Some(found) = answer.fragility_correlation {
        body.push_str(&note(&format!(
            "Les deux indices classent les communes du territoire avec une corrélation de rang de {} sur {} où \
             les deux sont connus (ρ de Spearman).",
            decimal(found.rho, 2),
            plural(found.n as u32, "commune", "communes"),
        )));
    }
    let components = &subject.told.components;
    if components.iter().all(|c| c.class.is_none()) {
        body.push_str(&part("Composantes", &super::blocks::not_given()));
        return section("besoins", "Besoins", &body);
    }
    let rows: Vec<Vec<String>> = components
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let rate = c.rate.map(percent);
            let of = c.rate_of.map(|of| format!(" {}", escaped(of))).unwrap_or_default();
            vec![
                escaped(c.label),
                figure(&format!("components/{i}/class"), index(c.class)),
                c.class.map(|class| bar(class / 10.0)).unwrap_or_default(),
                c.class.map_or_else(
                    || NOT_GIVEN.to_owned(),
                    |_| count(&format!("components/{i}/fragile_population"), c.fragile_population),
                ),
                rate.map_or_else(
                    || NOT_GIVEN.to_owned(),
                    |rate| figure(&format!("components/{i}/rate"), Some(rate)) + &of,
                ),
            ]
        })
        .collect();
    let columns = [
        ("Composante", false),
        ("Classe moyenne", true),
        ("", false),
        ("Habitants en classe 7 et plus", true),
        ("Taux moyen", true),
    ];
    // An atlas built from classes has no rate at all: a column of nothing says less than a sentence.
    let rated = components.iter().any(|c| c.rate.is_some());
    let shown = if rated { &columns[..] } else { &columns[..columns.len() - 1] };
    let without = if rated { "" } else { " Les taux eux-mêmes ne sont pas fournis à cet atlas." };
    body.push_str(&part(
        "Composantes de l'indice",
        &(table("Rang national des communes du territoire, de 1 (dixième le moins fragile) à 10", shown, &rows)
            + &note(&format!(
                "Chaque commune est classée parmi toutes celles de France sur quatre taux publiés\u{202f}; l'indice est la \
                 moyenne de ses classes. La moyenne du territoire pondère les communes par leurs habitants.{without}"
            ))),
    ));
    section("besoins", "Besoins", &body)
}
