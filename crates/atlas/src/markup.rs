//! Texts of others in pages of ours.

/// A text in which nothing is a tag, an attribute or an entity.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What no page may hold, and what would turn the text around.
            c if c.is_control() && !c.is_whitespace() => out.push('\u{fffd}'),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_stands_in_a_text_is_no_markup() {
        assert_eq!(escaped("<a href='x'>\"&"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;");
        assert_eq!(escaped("Le\u{202f}Puy\n"), "Le\u{202f}Puy\n");
        assert_eq!(escaped("a\u{0}b\u{202e}c"), "a\u{fffd}b\u{fffd}c");
    }
}
