//! Values as a person reads them, in French.

use crate::field::{Field, Kind, Value};
use crate::wording::number;

/// U+202F, before `%`.
const NARROW_SPACE: char = '\u{202f}';

/// A count as a person reads it: `4 025`.
pub fn french_number(n: usize) -> String {
    number(n as u32)
}

impl Field {
    /// A value of the attribute as a person reads it: `8 205 557`, `12,5`, `oui`; nothing when there is
    /// none. A share is a percentage.
    pub fn shown(&self, value: &Value<'_>) -> String {
        match (value, self.kind) {
            (Value::Null, _) => String::new(),
            (Value::Text(text), _) => text.to_string(),
            (Value::Bool(yes), _) => if *yes { "oui" } else { "non" }.to_owned(),
            (Value::Int(n), _) => u32::try_from(*n).map_or_else(|_| n.to_string(), number),
            (Value::Float(share), _) if self.name.ends_with("_share") => {
                format!("{:.1}{NARROW_SPACE}%", share * 100.0).replace('.', ",")
            }
            (Value::Float(n), Kind::Float(decimals)) => {
                format!("{n:.*}", usize::from(decimals)).replace('.', ",")
            }
            (Value::Float(n), _) => n.to_string().replace('.', ","),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Layer;

    #[test]
    fn numbers_are_written_as_the_french_do() {
        let field = |name: &str| *Layer::Communes.fields().iter().find(|f| f.name == name).expect(name);
        for (name, value, shown) in [
            ("population", Value::Int(8_205_557), "8\u{202f}205\u{202f}557"),
            ("access_min", Value::Float(7.0), "7,0"),
            ("beyond_share", Value::Float(0.1234), "12,3\u{202f}%"),
            ("edge", Value::Bool(true), "oui"),
            ("name", Value::Text("Ambérieu".into()), "Ambérieu"),
            ("fragility", Value::Null, ""),
        ] {
            assert_eq!(field(name).shown(&value), shown);
        }
    }
}
