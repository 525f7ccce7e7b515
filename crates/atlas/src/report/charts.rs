//! Charts as inline SVG: lines and squares that print.

use territory::Day;

use super::words::{Inscribe, day, decimal, escaped, percent};
use crate::answer::CurvePoint;
use crate::week::Week;
use crate::wording::{inhabitants, number};

/// Sequential and colour-blind safe: `BuGn` of `ColorBrewer` 2, with white for nobody.
const RAMP: [&str; 6] = ["#ffffff", "#e5f5f0", "#b2e2d0", "#66c2a4", "#238b65", "#00563b"];

/// Where the colours of the ramp begin, 0 to 1.
const STEPS: [f64; 6] = [0.0, 0.0001, 0.25, 0.5, 0.75, 0.9];

/// The share of people beyond by minutes, with the promise marked.
pub(super) fn curve(points: &[CurvePoint], counted: u32, promised: u16) -> String {
    if counted == 0 {
        return super::blocks::not_given();
    }
    let share = |p: &CurvePoint| f64::from(p.beyond) / f64::from(counted);
    let most = points.iter().map(share).fold(0.0, f64::max);
    let top = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0].into_iter().find(|&top| most <= top).unwrap_or(1.0);
    let (left, right, head, foot) = (46.0, 706.0, 30.0, 178.0);
    let x = |minutes: f64| left + (right - left) * (minutes - 5.0) / 55.0;
    let y = |share: f64| foot - (foot - head) * share / top;
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 720 216\" role=\"img\" aria-labelledby=\"curve-title curve-desc\">\
         <title id=\"curve-title\">Part des habitants au-delà, selon le temps consenti</title>\
         <desc id=\"curve-desc\">{}</desc>",
        points
            .iter()
            .map(|p| format!("{}\u{a0}minutes\u{a0}: {}", p.minutes, escaped(&percent(share(p)))))
            .collect::<Vec<_>>()
            .join("\u{202f}; ")
    );
    for step in 0..=4 {
        let level = top * f64::from(step) / 4.0;
        let (at, text) = (y(level), decimal(level * 100.0, usize::from(top < 0.2)));
        svg.inscribe(format_args!(
            "<path class=\"grid\" d=\"M{left} {at:.1}H{right}\"/><text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"end\">{text}\u{202f}%</text>",
            left - 7.0,
            at + 3.5
        ));
    }
    for p in points {
        svg.inscribe(format_args!(
            "<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            x(f64::from(p.minutes)),
            foot + 16.0,
            p.minutes
        ));
    }
    svg.inscribe(format_args!(
        "<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">minutes</text>",
        f64::midpoint(left, right),
        foot + 32.0
    ));
    if (5..=60).contains(&promised) {
        let at = x(f64::from(promised));
        let (anchor, shift) = if promised > 40 { ("end", -5.0) } else { ("start", 5.0) };
        svg.inscribe(format_args!(
            "<path class=\"mark\" d=\"M{at:.1} {:.1}V{foot}\"/><text class=\"marked\" x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"{anchor}\">seuil\u{a0}: {promised}\u{a0}min</text>",
            head - 22.0,
            at + shift,
            head - 13.0
        ));
    }
    let line = points
        .iter()
        .enumerate()
        .map(|(i, p)| {
            format!("{}{:.1} {:.1}", if i == 0 { "M" } else { "L" }, x(f64::from(p.minutes)), y(share(p)))
        })
        .collect::<Vec<String>>()
        .concat();
    svg.inscribe(format_args!(
        "<path class=\"area\" d=\"{line}V{foot}H{left}Z\"/><path class=\"line\" d=\"{line}\"/>"
    ));
    for p in points {
        svg.inscribe(format_args!(
            "<circle class=\"dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"/>",
            x(f64::from(p.minutes)),
            y(share(p))
        ));
    }
    format!("<figure>{svg}</svg></figure>\n")
}

/// Seven rows of twenty-four hours: the share of people who have an open venue within the promise.
pub(super) fn week(week: &Week) -> String {
    let (left, top, wide, tall) = (72.0, 20.0, 27.0, 25.0);
    let share = |n: u32| if week.population > 0 { f64::from(n) / f64::from(week.population) } else { 0.0 };
    let best = Day::ALL
        .into_iter()
        .zip(&week.within)
        .flat_map(|(d, hours)| hours.iter().enumerate().map(move |(hour, &n)| (n, d, hour)))
        .max_by(|a, b| a.0.cmp(&b.0).then((b.1, b.2).cmp(&(a.1, a.2))));
    let said = best.map_or_else(String::new, |(n, d, hour)| {
        format!(
            "Le plus\u{a0}: le {} à {hour}\u{a0}h, {} sur {}.",
            day(d),
            inhabitants(n),
            number(week.population)
        )
    });
    let mut svg = format!(
        "<svg class=\"chart week\" viewBox=\"0 0 722 200\" role=\"img\" aria-labelledby=\"week-title week-desc\">\
         <title id=\"week-title\">Part des habitants qui ont un lieu ouvert à portée, par jour et par heure</title>\
         <desc id=\"week-desc\">{said}</desc>"
    );
    for hour in 0..24 {
        svg.inscribe(format_args!(
            "<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{hour}\u{a0}h</text>",
            left + wide * (f64::from(hour) + 0.5),
            top - 7.0
        ));
    }
    for (row, (of, hours)) in Day::ALL.into_iter().zip(&week.within).enumerate() {
        let y = top + tall * row as f64;
        svg.inscribe(format_args!(
            "<text class=\"day\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            left - 7.0,
            y + tall / 2.0 + 4.0,
            day(of)
        ));
        for (hour, &n) in hours.iter().enumerate() {
            let share = share(n);
            let class = STEPS.iter().rposition(|&from| share >= from).unwrap_or(0);
            let x = left + wide * hour as f64;
            let text = if n == 0 { "·".to_owned() } else { decimal(share * 100.0, 0) };
            svg.inscribe(format_args!(
                "<rect class=\"hour\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide}\" height=\"{tall}\" fill=\"{}\"/>\
                 <text class=\"pct{}\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" \
                 data-figure=\"week/within/{row}/{hour}\" data-value=\"{n}\">{text}</text>",
                RAMP[class],
                if class >= 4 { " light" } else { "" },
                x + wide / 2.0,
                y + tall / 2.0 + 4.0
            ));
        }
    }
    let legend = [
        "personne",
        "moins de 25\u{202f}%",
        "25 à 50\u{202f}%",
        "50 à 75\u{202f}%",
        "75 à 90\u{202f}%",
        "90\u{202f}% et plus",
    ]
    .into_iter()
    .zip(RAMP)
    .map(|(label, colour)| format!("<li><i style=\"background:{colour}\"></i>{label}</li>"))
    .collect::<Vec<String>>()
    .concat();
    format!(
        "<figure>{svg}</svg><ul class=\"legend\">{legend}</ul><figcaption>Pour cent des habitants. {said}</figcaption></figure>\n"
    )
}
