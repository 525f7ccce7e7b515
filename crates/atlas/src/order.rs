//! «Tri»: in which order features are listed.

use std::cmp::Ordering;
use std::fmt;

use access::InvalidParameter;

use crate::atlas::Atlas;
use crate::field::Value;
use crate::filter::Fold;
use crate::layer::Layer;
use crate::property::{Property, names};
use crate::record::LayerTable;

/// By which properties features are sorted, the first deciding first; by identifier when nothing does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Order(Vec<(Property, Direction)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Ascending,
    Descending,
}

/// A value as it is sorted.
enum Key {
    /// Texts are sorted as people look them up, without case nor accents, then as they are written.
    Text(String, String),
    Number(f64),
    Truth(bool),
}

impl Order {
    /// Reads `-population,name`; a `+`, or the space it becomes in an address, changes nothing.
    pub fn parse(layer: Layer, text: &str) -> Result<Self, InvalidParameter> {
        let refused = |why: String| InvalidParameter::new("sortby", text, why);
        let mut keys: Vec<(Property, Direction)> = Vec::new();
        for part in text.split(',') {
            let (name, direction) = match part.strip_prefix('-') {
                Some(name) => (name, Direction::Descending),
                None => (part.strip_prefix(['+', ' ']).unwrap_or(part), Direction::Ascending),
            };
            let property = Property::named(layer, name).ok_or_else(|| {
                let name: String = name.chars().take(40).collect();
                refused(format!("{name:?} is no property of {}; sortables: {}", layer.slug(), names(layer)))
            })?;
            if keys.iter().any(|(other, _)| *other == property) {
                return Err(refused(format!("{name} is given twice; keep one")));
            }
            keys.push((property, direction));
        }
        Ok(Self(keys))
    }

    /// Sorts ranks in a table; those without a value come last whatever the direction, equals by identifier.
    pub(crate) fn sort(&self, atlas: &Atlas, table: &LayerTable, features: &mut Vec<usize>) {
        if self.0.is_empty() {
            return;
        }
        let mut keyed: Vec<(Vec<Option<Key>>, usize)> = features
            .drain(..)
            .map(|n| {
                let values = table.values(atlas, n);
                (self.0.iter().map(|(property, _)| key(&property.value(table.id(n), &values))).collect(), n)
            })
            .collect();
        keyed.sort_by(|(a, n), (b, m)| self.compare(a, b).then(n.cmp(m)));
        features.extend(keyed.into_iter().map(|(_, n)| n));
    }

    fn compare(&self, a: &[Option<Key>], b: &[Option<Key>]) -> Ordering {
        let columns = self.0.iter().zip(a.iter().zip(b));
        let mut orderings = columns.map(|((_, direction), pair)| match (pair, direction) {
            ((None, None), _) => Ordering::Equal,
            ((None, _), _) => Ordering::Greater,
            ((_, None), _) => Ordering::Less,
            ((Some(a), Some(b)), Direction::Ascending) => a.compare(b),
            ((Some(a), Some(b)), Direction::Descending) => b.compare(a),
        });
        orderings.find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl Key {
    /// Two values of one property: of one kind.
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(a, x), Self::Text(b, y)) => a.cmp(b).then_with(|| x.cmp(y)),
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Truth(a), Self::Truth(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }
}

fn key(value: &Value<'_>) -> Option<Key> {
    Some(match value {
        Value::Null => return None,
        Value::Text(text) => {
            Key::Text(Fold::Case.apply(&Fold::Accents.apply(text)), text.clone().into_owned())
        }
        Value::Int(number) => Key::Number(*number as f64),
        Value::Float(number) => Key::Number(*number),
        Value::Bool(yes) => Key::Truth(*yes),
    })
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(i, (property, direction))| {
            let sign = if *direction == Direction::Descending { "-" } else { "" };
            write!(f, "{}{sign}{}", if i == 0 { "" } else { "," }, property.name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::tests::plain_tables;
    use crate::{Inquiry, Subset};

    #[test]
    fn a_direction_may_be_said_and_an_unknown_property_is_refused_by_name() {
        for (text, canonical) in [("-population,name", "-population,name"), ("+name", "name"), (" id", "id")]
        {
            assert_eq!(Order::parse(Layer::Communes, text).map(|o| o.to_string()), Ok(canonical.to_owned()));
        }
        for (text, said) in
            [("", "\"\""), ("x", "sortables: id"), ("name,-name", "twice"), ("--name", "-name")]
        {
            let refused = Order::parse(Layer::Communes, text).expect_err(text);
            assert!(refused.parameter == "sortby" && refused.allowed.contains(said), "{}", refused.allowed);
        }
    }

    #[test]
    fn the_greatest_come_first_equals_stay_in_order_and_the_unknown_come_last() {
        let atlas = Atlas::new(plain_tables(4, 3), "0".to_owned());
        let table = atlas.table(Layer::Communes, &Inquiry::default()).expect("communes");
        for text in ["-population,name", "name", "-name", "edge,-access_min", "fragility", "-fragility,-id"] {
            let order = Order::parse(Layer::Communes, text).expect(text);
            let sorted = Subset { order: order.clone(), ..Subset::default() }.of(&atlas, &table);
            let keys = |n: usize| -> Vec<Option<Key>> {
                let values = table.values(&atlas, n);
                order.0.iter().map(|(property, _)| key(&property.value(table.id(n), &values))).collect()
            };
            for pair in sorted.windows(2) {
                let ordering = order.compare(&keys(pair[0]), &keys(pair[1])).then(pair[0].cmp(&pair[1]));
                assert_eq!(ordering, Ordering::Less, "{text}");
            }
            let mut all = sorted;
            all.sort_unstable();
            assert!(all.into_iter().eq(0..table.len()), "{text}");
        }
    }

    #[test]
    fn an_accent_does_not_send_a_name_to_the_end() {
        let text = |text: &str| key(&Value::Text(text.to_owned().into())).expect("a text");
        assert_eq!(text("Écully").compare(&text("Feyzin")), Ordering::Less);
        assert_eq!(text("Écully").compare(&text("Ecully")), Ordering::Greater);
    }
}
