//! Styles of QGIS: QML, as version 3.22 and later read it in a file beside a layer, or in the table
//! `layer_styles` of a GeoPackage.

use std::fmt::Write;

use super::symbology::{Line, Rule, Symbol, Test};
use crate::field::Field;
use crate::markup::escaped;

/// A style: rules in the order in which they draw, what attributes are called, the one that names a feature,
/// and whether names are written on the map.
pub(crate) fn qml(rules: &[Rule], fields: &[Field], named: bool) -> String {
    let mut xml = String::from("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n");
    let _ = writeln!(
        xml,
        "<qgis version=\"3.22.0\" styleCategories=\"AllStyleCategories\" labelsEnabled=\"{}\">",
        u8::from(named)
    );
    xml.push_str(&drawing(rules, fields, named));
    xml.push_str("</qgis>\n");
    xml
}

/// What a style and a layer of a project both hold: the renderer, names if they are written, and what attributes are
/// called.
pub(crate) fn drawing(rules: &[Rule], fields: &[Field], named: bool) -> String {
    let mut xml = String::new();
    renderer(&mut xml, rules);
    if named {
        xml.push_str(NAMES);
    }
    xml.push_str("<aliases>\n");
    for field in fields {
        let _ = writeln!(xml, "<alias field=\"{}\" name=\"{}\"/>", field.name, escaped(field.label));
    }
    xml.push_str("</aliases>\n<previewExpression>\"name\"</previewExpression>\n");
    xml
}

/// How the tiles of a layer are drawn in a project: a style a rule, since tiles know no rules.
pub(crate) fn tile_drawing(rules: &[Rule], layer: &str) -> String {
    let mut xml = String::from("<renderer type=\"basic\">\n<styles>\n");
    for rule in rules {
        let filter = filter(&rule.test).unwrap_or_default();
        // Kinds of geometry are numbers of QGIS.
        let kind = if is_point(&rule.symbol) { 0 } else { 2 };
        let _ = writeln!(
            xml,
            "<style name=\"{}\" layer=\"{layer}\" geometry=\"{kind}\" expression=\"{}\" enabled=\"1\" min-zoom=\"-1\" \
             max-zoom=\"-1\"><symbols>",
            escaped(&rule.label),
            escaped(&filter)
        );
        symbol(&mut xml, 0, &rule.symbol);
        xml.push_str("</symbols></style>\n");
    }
    xml.push_str("</styles>\n</renderer>\n");
    xml
}

fn is_point(symbol: &Symbol) -> bool {
    matches!(symbol, Symbol::Disc { .. } | Symbol::Nothing)
}

/// Names, dark on a pale halo; QGIS leaves out those that would cover others.
const NAMES: &str = r#"<labeling type="simple"><settings calloutType="simple">
<text-style fieldName="name" isExpression="0" fontFamily="Noto Sans" fontSize="9" fontSizeUnit="Point" textColor="51,55,61,255" textOpacity="1">
<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.9"/></text-style>
<placement placement="6" priority="5"/>
</settings></labeling>
"#;

fn renderer(xml: &mut String, rules: &[Rule]) {
    xml.push_str(
        "<renderer-v2 type=\"RuleRenderer\" symbollevels=\"0\" forceraster=\"0\">\n<rules key=\"all\">\n",
    );
    for (rank, rule) in rules.iter().enumerate() {
        let filter = filter(&rule.test);
        let filter = filter.map_or(String::new(), |f| format!(" filter=\"{}\"", escaped(&f)));
        let label = escaped(&rule.label);
        let _ = writeln!(xml, "<rule key=\"{rank}\" symbol=\"{rank}\" label=\"{label}\"{filter}/>");
    }
    xml.push_str("</rules>\n<symbols>\n");
    for (rank, rule) in rules.iter().enumerate() {
        symbol(xml, rank, &rule.symbol);
    }
    xml.push_str("</symbols>\n</renderer-v2>\n");
}

/// The expression of a test; none for all features.
fn filter(test: &Test) -> Option<String> {
    let quoted = |word: &str| format!("'{}'", word.replace('\'', "''"));
    Some(match *test {
        Test::All => return None,
        Test::Between(field, min, max) => {
            let bounds = [
                min.map(|min| format!("\"{field}\" >= {min}")),
                max.map(|max| format!("\"{field}\" < {max}")),
            ];
            bounds.into_iter().flatten().collect::<Vec<_>>().join(" AND ")
        }
        Test::Missing(field, None) => format!("\"{field}\" IS NULL"),
        Test::Missing(field, Some(other)) => format!("\"{field}\" IS NULL AND \"{other}\" IS NULL"),
        Test::MissingBut(field, other) => format!("\"{field}\" IS NULL AND \"{other}\" IS NOT NULL"),
        Test::Is(field, is) => format!("\"{field}\" = {}", quoted(is)),
        Test::IsNot(field, is) => format!("\"{field}\" <> {}", quoted(is)),
        Test::Yes(field) => format!("\"{field}\""),
        Test::IsPeopled(field, is, people) => format!("\"{field}\" = {} AND \"{people}\" > 0", quoted(is)),
        Test::Both(ref tests) => joined(tests.as_slice(), " AND "),
        Test::Either(ref tests) => joined(tests.as_slice(), " OR "),
    })
}

fn joined(tests: &[Test], by: &str) -> String {
    let tests = tests.iter().filter_map(filter).map(|test| format!("({test})"));
    tests.collect::<Vec<_>>().join(by)
}

fn symbol(xml: &mut String, rank: usize, symbol: &Symbol) {
    let kind = if is_point(symbol) { "marker" } else { "fill" };
    let alpha = match symbol {
        Symbol::Hatch { opacity, .. } | Symbol::Disc { opacity, .. } => *opacity,
        _ => 1.0,
    };
    let _ = writeln!(xml, "<symbol name=\"{rank}\" type=\"{kind}\" alpha=\"{alpha}\">");
    match symbol {
        Symbol::Fill { colour, border, width } => layer(
            xml,
            "SimpleFill",
            &[
                ("color", rgba(colour, 1.0)),
                ("style", "solid".into()),
                ("outline_color", rgba(border, 1.0)),
                ("outline_style", "solid".into()),
                ("outline_width", width.to_string()),
                ("outline_width_unit", "MM".into()),
                ("joinstyle", "round".into()),
            ],
            "",
        ),
        Symbol::Hatch { colour, degrees, apart, width, .. } => {
            let mut lines = format!("<symbol name=\"@{rank}@0\" type=\"line\" alpha=\"1\">\n");
            layer(
                &mut lines,
                "SimpleLine",
                &line(&Line { colour, width: *width, dashed: false, opacity: 1.0 }),
                "",
            );
            lines.push_str("</symbol>\n");
            let pattern = [
                ("angle", degrees.to_string()),
                ("distance", apart.to_string()),
                ("distance_unit", "MM".into()),
            ];
            layer(xml, "LinePatternFill", &pattern, &lines);
        }
        Symbol::Outline(lines) => {
            for one in lines {
                layer(xml, "SimpleLine", &line(one), "");
            }
        }
        Symbol::Disc { colour, border, width, size, .. } => layer(
            xml,
            "SimpleMarker",
            &[
                ("name", "circle".into()),
                ("color", rgba(colour, 1.0)),
                ("outline_color", rgba(border, 1.0)),
                ("outline_style", "solid".into()),
                ("outline_width", width.to_string()),
                ("outline_width_unit", "MM".into()),
                ("size", size.to_string()),
                ("size_unit", "MM".into()),
            ],
            "",
        ),
        Symbol::Nothing => layer(
            xml,
            "SimpleMarker",
            &[
                ("name", "circle".into()),
                ("color", rgba("#000000", 0.0)),
                ("outline_style", "no".into()),
                ("size", "0.1".into()),
            ],
            "",
        ),
    }
    xml.push_str("</symbol>\n");
}

fn line(line: &Line) -> Vec<(&'static str, String)> {
    let mut options = vec![
        ("line_color", rgba(line.colour, line.opacity)),
        ("line_style", "solid".into()),
        ("line_width", line.width.to_string()),
        ("line_width_unit", "MM".into()),
        ("joinstyle", "round".into()),
    ];
    if line.dashed {
        options.extend([
            ("use_custom_dash", "1".into()),
            ("customdash", "1.2;0.8".into()),
            ("customdash_unit", "MM".into()),
        ]);
    }
    options
}

fn layer(xml: &mut String, class: &str, options: &[(&str, String)], inside: &str) {
    let _ =
        writeln!(xml, "<layer class=\"{class}\" enabled=\"1\" locked=\"0\" pass=\"0\"><Option type=\"Map\">");
    for (name, value) in options {
        let _ = writeln!(xml, "<Option type=\"QString\" name=\"{name}\" value=\"{value}\"/>");
    }
    let _ = writeln!(xml, "</Option>{inside}</layer>");
}

/// «r,g,b,a» of `#rrggbb` and an opacity.
fn rgba(colour: &str, opacity: f64) -> String {
    let byte =
        |at: usize| colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
    format!("{},{},{},{}", byte(1), byte(3), byte(5), (opacity * 255.0).round())
}
