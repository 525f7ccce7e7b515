//! The tags of one way or node.

/// Keys and values, each key once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tags<'a>(pub(super) &'a [(&'a str, &'a str)]);

impl<'a> Tags<'a> {
    /// The value of a key, without the blanks around it; an empty one is none.
    pub(super) fn get(self, key: &str) -> Option<&'a str> {
        let value = self.0.iter().find(|(k, _)| *k == key)?.1.trim();
        (!value.is_empty()).then_some(value)
    }

    /// Whether a key has one of some values.
    pub(super) fn is(self, key: &str, values: &[&str]) -> bool {
        self.get(key).is_some_and(|value| values.contains(&value))
    }

    /// Whether it has a key.
    pub(super) fn has(self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether a key says yes.
    pub(super) fn yes(self, key: &str) -> bool {
        self.is(key, &["yes", "true", "1"])
    }
}

/// The values of one key («50;30»).
pub(super) fn listed(value: &str) -> impl Iterator<Item = &str> {
    value.split(';').map(str::trim).filter(|part| !part.is_empty())
}

/// Tags as the tests write them: `key=value, key=value`.
#[cfg(test)]
pub(super) fn written(tags: &str) -> Vec<(&str, &str)> {
    tags.split(", ").filter_map(|tag| tag.split_once('=')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_around_a_value_count_for_nothing_and_an_empty_value_is_none() {
        let pairs = [("a", " yes "), ("b", " "), ("a", "second")];
        let tags = Tags(&pairs);
        assert_eq!((tags.get("a"), tags.get("b"), tags.get("c")), (Some("yes"), None, None));
        assert!(tags.yes("a") && tags.has("a") && !tags.has("b") && tags.is("a", &["no", "yes"]));
        assert_eq!(listed("50; 30;;").collect::<Vec<_>>(), ["50", "30"]);
    }
}
