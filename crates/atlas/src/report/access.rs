//! «Accès» and «adéquation»: how long it takes, when, and how much help there is for how many.

use super::Subject;
use super::blocks::{bar, not_given, note, part, section, table, tile, tiles};
use super::charts::{curve, week};
use super::words::{NOT_GIVEN, count, decimal, escaped, figure, minutes, percent, promise};
use crate::wording::{number, plural};

pub(super) fn access(subject: &Subject<'_>) -> String {
    let (told, counted) = (&subject.told, subject.counted());
    let answer = &told.answer;
    let mut body = tiles(&[
        tile(
            "Temps d'accès médian",
            &figure("answer/access_min", answer.access_min.map(minutes)),
            "la moitié des habitants met moins",
        ),
        tile(
            "Neuf habitants sur dix",
            &figure("answer/access_min_p90", answer.access_min_p90.map(minutes)),
            "au plus",
        ),
        tile(
            "Sans aucun lieu accessible",
            &count("answer/unreachable", answer.unreachable),
            "comptés au-delà du seuil",
        ),
    ]);
    let share = |n: u32| f64::from(n) / f64::from(counted.max(1));
    let steps: Vec<Vec<String>> = vec![
        std::iter::once("Habitants au-delà".to_owned())
            .chain(told.curve.iter().enumerate().map(|(i, p)| count(&format!("curve/{i}/beyond"), p.beyond)))
            .collect(),
        std::iter::once("Part".to_owned())
            .chain(
                told.curve.iter().map(|p| {
                    if counted > 0 { escaped(&percent(share(p.beyond))) } else { NOT_GIVEN.to_owned() }
                }),
            )
            .collect(),
    ];
    let heads: Vec<String> = told.curve.iter().map(|p| format!("{}\u{a0}min", p.minutes)).collect();
    let columns: Vec<(&str, bool)> =
        std::iter::once(("", false)).chain(heads.iter().map(|head| (head.as_str(), true))).collect();
    body.push_str(&part(
        "Selon le temps consenti",
        &format!(
            "{}<div class=\"dense\">{}</div>",
            curve(&told.curve, counted, subject.inquiry.promise.minutes.get()),
            table("Habitants à plus de 5 à 60\u{a0}minutes", &columns, &steps)
        ),
    ));
    body.push_str(&part("Selon la fragilité", &classes(subject)));
    let hours = told.week.as_ref().map_or_else(not_given, |found| {
        let unknown = plural(found.hours_unknown, "lieu du territoire", "lieux du territoire");
        week(found)
            + &note(&format!(
                "Habitants qui ont, à cette heure, un lieu ouvert à {} au plus. Les horaires de {unknown} ne sont \
                 pas connus\u{a0}: ces lieux ne comptent ici à aucune heure.",
                promise(subject.inquiry)
            ))
    });
    body.push_str(&part("Selon l'heure de la semaine", &hours));
    section("acces", "Accès", &body)
}

fn classes(subject: &Subject<'_>) -> String {
    let rows: Vec<Vec<String>> = subject
        .told
        .classes
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let path = |name: &str| format!("classes/{i}/{name}");
            vec![
                c.class.map_or_else(|| "Sans donnée".to_owned(), class_name),
                count(&path("population"), c.population),
                count(&path("beyond"), c.beyond),
                figure(&path("beyond_share"), c.beyond_share.map(percent)),
                c.beyond_share.map(bar).unwrap_or_default(),
                figure(&path("access_min"), c.access_min.map(minutes)),
            ]
        })
        .collect();
    table(
        "Par classe de l'indice de fragilité (partie entière\u{202f}; 10 = le plus fragile)",
        &[
            ("Indice", false),
            ("Habitants", true),
            ("Au-delà", true),
            ("Part", true),
            ("", false),
            ("Temps médian", true),
        ],
        &rows,
    )
}

fn class_name(class: u8) -> String {
    if class == 10 { "10".to_owned() } else { format!("{class} à {}", class + 1) }
}

pub(super) fn adequacy(subject: &Subject<'_>) -> String {
    let (told, answer) = (&subject.told, &subject.told.answer);
    let apl = told.apl.as_ref();
    let hours = |n: f64| decimal(n, 1);
    let body = tiles(&[
        tile(
            "Lieux pour 10\u{202f}000 habitants",
            &figure("answer/venues_per_10k", answer.venues_per_10k.map(|n| decimal(n, 2))),
            "qui répondent à la question, dans le territoire",
        ),
        tile(
            "Accessibilité potentielle (APL)",
            &figure("apl/mean", apl.map(|a| hours(a.mean))),
            "heures d'aide par semaine pour 1\u{202f}000 habitants, en moyenne",
        ),
        tile(
            "APL médiane",
            &figure("apl/median", apl.map(|a| hours(a.median))),
            &apl.map_or_else(String::new, |a| {
                format!(
                    "un habitant sur dix a moins de {}, un sur dix plus de {}",
                    figure("apl/p10", Some(hours(a.p10))),
                    figure("apl/p90", Some(hours(a.p90)))
                )
            }),
        ),
    ]);
    let remark = apl.map_or_else(
        || {
            note(
                "L'accessibilité potentielle localisée rapporte l'offre à tous ceux qui peuvent y prétendre\u{202f}; \
                 elle n'est pas calculée dans cet atlas.",
            )
        },
        |a| {
            let supply = match a.supply.as_str() {
                "weekly-hours" => "heures d'ouverture par semaine",
                other => other,
            };
            note(&format!(
                "Offre comptée en {supply}, décroissance «\u{a0}{}\u{a0}»\u{202f}; l'offre de {} sur {} est inconnue et \
                 imputée.",
                a.decay,
                plural(a.imputed, "lieu", "lieux"),
                number(a.venues)
            ))
        },
    );
    let whole = format!("<div class=\"part\">{body}{remark}</div>");
    section("adequation", "Adéquation de l'offre aux besoins", &whole)
}
