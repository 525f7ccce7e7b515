//! The page: its title block, its key figures, and its blocks in their order.

use super::Subject;
use super::blocks::{tile, tiles};
use super::words::{
    by, count, css_string, decimal, escaped, figure, floor, minutes, percent, promise, venue_asked,
};
use super::{access, comparison, equity, method, needs, offer, zones};
use crate::atlas::AtlasError;
use crate::wording::inhabitants;

const STYLE: &str = include_str!("style.css");

pub(super) fn page(subject: &Subject<'_>) -> Result<String, AtlasError> {
    let name = &subject.told.territory.name;
    let running = css_string(&format!("Diagnostic d'accès à l'aide numérique · {}", shortened(name)));
    Ok(format!(
        "<!doctype html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Diagnostic d'accès à l'aide numérique · {}</title>\n\
         <style>\n{STYLE}@page{{@bottom-left{{content:{running}}}}}\n</style></head>\n<body>\n{}<main>\n{}{}{}{}{}{}{}{}{}{}{}</main>\n</body></html>\n",
        escaped(name),
        title(subject),
        key_figures(subject),
        needs::needs(subject),
        offer::offer(subject),
        access::access(subject),
        access::adequacy(subject),
        equity::equity(subject),
        zones::priority(subject),
        zones::zones(subject)?,
        comparison::comparison(subject),
        method::method(subject),
        method::limits(subject),
    ))
}

/// A name that fits at the foot of a page.
fn shortened(name: &str) -> String {
    const MOST: usize = 70;
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    format!("{}…", name.chars().take(MOST - 1).collect::<String>().trim_end())
}

fn title(subject: &Subject<'_>) -> String {
    let territory = &subject.told.territory;
    let context = territory.context.as_ref().map(|c| format!("{} · ", escaped(c))).unwrap_or_default();
    let floor = floor(subject.inquiry).map(|floor| format!(" {floor}")).unwrap_or_default();
    format!(
        "<header>\n<p class=\"kicker\">Annexe de la feuille de route France Numérique Ensemble</p>\n<h1>{}</h1>\n\
         <p class=\"place\">{context}{}</p>\n<p class=\"question\"><b>La question.</b> Qui est à plus de {}, {}, d'{}\u{202f}?{}</p>\n\
         <p class=\"dates\">{}</p>\n</header>\n",
        escaped(&territory.name),
        figure("territory/population", Some(inhabitants(territory.population))),
        promise(subject.inquiry),
        by(subject.inquiry.promise.question.mode),
        escaped(&venue_asked(&subject.inquiry.promise.question)),
        escaped(&floor),
        escaped(&dates(subject)),
    )
}

/// When the data are true, from the oldest to the newest; never the day of printing.
fn dates(subject: &Subject<'_>) -> String {
    let mut years: Vec<&str> = subject
        .told
        .sources
        .iter()
        .filter_map(|source| source.vintage.get(..4))
        .filter(|year| year.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    years.sort_unstable();
    let updated = subject.told.offer.updated.keys().next_back();
    let venues =
        updated.map(|year| format!(" Fiche de lieu la plus récente\u{a0}: {year}.")).unwrap_or_default();
    match (years.first(), years.last()) {
        (Some(first), Some(last)) if first != last => {
            format!("Données de {first} à {last}, détaillées source par source à la fin.{venues}")
        }
        (Some(only), _) => format!("Données de {only}, détaillées à la fin.{venues}"),
        _ => format!("Date des données non précisée.{venues}"),
    }
}

fn key_figures(subject: &Subject<'_>) -> String {
    let (told, answer) = (&subject.told, &subject.told.answer);
    let counted = subject.counted();
    let lede = if counted == 0 {
        "<p class=\"lede\">La question ne garde aucun habitant de ce territoire.</p>\n".to_owned()
    } else if answer.beyond == 0 {
        format!(
            "<p class=\"lede\">Tous les habitants comptés sont à {} au plus.</p>\n",
            promise(subject.inquiry)
        )
    } else {
        let (who, verb) = if answer.beyond < 2 { ("habitant", "est") } else { ("habitants", "sont") };
        format!(
            "<p class=\"lede\"><strong>{}\u{a0}{who}</strong>, soit {} de ceux que la question compte, {verb} au-delà de {}.</p>\n",
            count("answer/beyond", answer.beyond),
            figure("answer/beyond_share", answer.beyond_share.map(percent)),
            promise(subject.inquiry)
        )
    };
    let reading = told.equity.as_ref().map_or("", |found| found.reading_label);
    let all = tiles(&[
        tile(
            "Habitants au-delà du seuil",
            &count("answer/beyond", answer.beyond),
            &format!("{} des habitants", figure("answer/beyond_share", answer.beyond_share.map(percent))),
        ),
        tile(
            "Temps d'accès médian",
            &figure("answer/access_min", answer.access_min.map(minutes)),
            &format!(
                "neuf sur dix\u{a0}: {} au plus",
                figure("answer/access_min_p90", answer.access_min_p90.map(minutes))
            ),
        ),
        tile(
            "Lieux qui répondent",
            &count("answer/venues", answer.venues),
            &format!(
                "{} pour 10\u{202f}000 habitants",
                figure("answer/venues_per_10k", answer.venues_per_10k.map(|n| decimal(n, 2)))
            ),
        ),
        tile(
            "Indice de fragilité, sur 10",
            &figure("answer/fragility", answer.fragility.map(|n| decimal(n, 1))),
            &escaped(reading),
        ),
    ]);
    let unsure = if told.answer.method == "routed" {
        ""
    } else {
        "<p class=\"warn\">Temps estimés, au moins en partie, d'après la distance\u{a0}: voir «\u{a0}Ce que les données ne disent pas\u{a0}».</p>\n"
    };
    format!(
        "<section id=\"chiffres\" class=\"key\">\n<h2>Chiffres clés</h2>\n{lede}{all}{unsure}</section>\n"
    )
}
