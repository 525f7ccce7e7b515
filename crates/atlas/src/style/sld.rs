//! Styles of the OGC: Styled Layer Descriptor 1.0 (OGC 02-070), for what does not read QML.

use std::fmt::Write;

use super::symbology::{Line, Rule, Symbol, Test};
use crate::markup::escaped;

/// A pixel of the standard is 0.28 mm.
const PIXELS_A_MILLIMETRE: f64 = 1.0 / 0.28;

/// A style of a layer: rules in the order in which they draw; those that write names alone draw nothing here.
pub(crate) fn sld(layer: &str, title: &str, rules: &[Rule]) -> String {
    let mut xml = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<StyledLayerDescriptor version=\"1.0.0\" xmlns=\"http://www.opengis.net/sld\"",
        " xmlns:ogc=\"http://www.opengis.net/ogc\">\n"
    ));
    let _ = writeln!(
        xml,
        "<NamedLayer><Name>{}</Name><UserStyle><Title>{}</Title>",
        escaped(layer),
        escaped(title)
    );
    // A style for each rule: within one, a feature is drawn rule after rule as they come, not surface by surface.
    for rule in rules {
        let _ = writeln!(xml, "<FeatureTypeStyle><Rule><Title>{}</Title>", escaped(&rule.label));
        filter(&mut xml, &rule.test);
        symbolizer(&mut xml, &rule.symbol);
        xml.push_str("</Rule></FeatureTypeStyle>\n");
    }
    xml.push_str("</UserStyle></NamedLayer>\n</StyledLayerDescriptor>\n");
    xml
}

fn filter(xml: &mut String, test: &Test) {
    if let Some(condition) = condition(test) {
        let _ = writeln!(xml, "<ogc:Filter>{condition}</ogc:Filter>");
    }
}

/// What a filter holds; none for all features.
fn condition(test: &Test) -> Option<String> {
    let name = |field: &str| format!("<ogc:PropertyName>{field}</ogc:PropertyName>");
    let compared = |operator: &str, field: &str, value: &str| {
        let operator = format!("ogc:PropertyIs{operator}");
        format!("<{operator}>{}<ogc:Literal>{}</ogc:Literal></{operator}>", name(field), escaped(value))
    };
    let missing = |field: &str| format!("<ogc:PropertyIsNull>{}</ogc:PropertyIsNull>", name(field));
    let all = |tests: Vec<String>| match tests.as_slice() {
        [one] => one.clone(),
        several => format!("<ogc:And>{}</ogc:And>", several.concat()),
    };
    Some(match *test {
        Test::All => return None,
        Test::Between(field, min, max) => all([
            min.map(|min| compared("GreaterThanOrEqualTo", field, &min.to_string())),
            max.map(|max| compared("LessThan", field, &max.to_string())),
        ]
        .into_iter()
        .flatten()
        .collect()),
        Test::Missing(field, other) => all(std::iter::once(field).chain(other).map(missing).collect()),
        Test::MissingBut(field, other) => {
            all(vec![missing(field), format!("<ogc:Not>{}</ogc:Not>", missing(other))])
        }
        Test::Is(field, is) => compared("EqualTo", field, is),
        Test::IsNot(field, is) => compared("NotEqualTo", field, is),
        Test::Yes(field) => compared("EqualTo", field, "true"),
        Test::IsPeopled(field, is, people) => {
            all(vec![compared("EqualTo", field, is), compared("GreaterThan", people, "0")])
        }
        Test::Both(ref tests) => all(tests.iter().filter_map(condition).collect()),
        Test::Either(ref tests) => {
            format!("<ogc:Or>{}</ogc:Or>", tests.iter().filter_map(condition).collect::<String>())
        }
    })
}

fn symbolizer(xml: &mut String, symbol: &Symbol) {
    let drawn = match symbol {
        Symbol::Nothing => return,
        Symbol::Fill { colour, border, width } => {
            let border = Line { colour: border, width: *width, dashed: false, opacity: 1.0 };
            format!("<PolygonSymbolizer>{}{}</PolygonSymbolizer>", fill(colour, 1.0), stroke(&border))
        }
        Symbol::Hatch { colour, degrees, apart, width, opacity } => {
            let line = Line { colour, width: *width, dashed: false, opacity: *opacity };
            let mark = if *degrees > 90.0 { "backslash" } else { "slash" };
            format!(
                "<PolygonSymbolizer><Fill><GraphicFill><Graphic><Mark><WellKnownName>shape://{mark}</WellKnownName>{}</Mark><Size>{:.1}</Size></Graphic></GraphicFill></Fill></PolygonSymbolizer>",
                stroke(&line),
                apart * PIXELS_A_MILLIMETRE
            )
        }
        Symbol::Outline(lines) => {
            let line = |line| format!("<LineSymbolizer>{}</LineSymbolizer>", stroke(line));
            lines.iter().map(line).collect()
        }
        Symbol::Disc { colour, border, width, size, opacity } => {
            let border = Line { colour: border, width: *width, dashed: false, opacity: *opacity };
            format!(
                "<PointSymbolizer><Graphic><Mark><WellKnownName>circle</WellKnownName>{}{}</Mark><Size>{:.1}</Size></Graphic></PointSymbolizer>",
                fill(colour, *opacity),
                stroke(&border),
                size * PIXELS_A_MILLIMETRE
            )
        }
    };
    xml.push_str(&drawn);
    xml.push('\n');
}

fn fill(colour: &str, opacity: f64) -> String {
    format!("<Fill>{}{}</Fill>", parameter("fill", colour), parameter("fill-opacity", &opacity.to_string()))
}

fn stroke(line: &Line) -> String {
    let width = format!("{:.2}", line.width * PIXELS_A_MILLIMETRE);
    let mut parameters = parameter("stroke", line.colour)
        + &parameter("stroke-width", &width)
        + &parameter("stroke-opacity", &line.opacity.to_string())
        + &parameter("stroke-linejoin", "round");
    if line.dashed {
        parameters += &parameter("stroke-dasharray", "4 3");
    }
    format!("<Stroke>{parameters}</Stroke>")
}

fn parameter(name: &str, value: &str) -> String {
    format!("<CssParameter name=\"{name}\">{value}</CssParameter>")
}
