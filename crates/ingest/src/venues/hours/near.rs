//! Texts that are nearly in OSM's syntax: repairs that leave only one reading.

/// A slot from midnight to midnight beside others: what a form writes for one left blank. Taken at its
/// word it opens the venue all day.
pub(super) fn without_blank_slots(text: &str) -> Option<(String, &'static str)> {
    const BLANK: &str = "00:00-00:00";
    if !text.contains(BLANK) {
        return None;
    }
    let mut rules = Vec::new();
    for rule in text.split(';') {
        let slots: Vec<&str> = rule.split(',').collect();
        let days = slots.first().and_then(|first| first.trim().strip_suffix(BLANK)).map(str::trim);
        let kept: Vec<&str> =
            slots.iter().map(|slot| slot.trim()).filter(|slot| !slot.ends_with(BLANK)).collect();
        if kept.is_empty() {
            return None;
        }
        let slots = kept.join(",");
        rules.push(match days {
            Some(days) if !days.is_empty() => format!("{days} {slots}"),
            _ => slots,
        });
    }
    Some((rules.join("; "), "an empty slot from midnight to midnight is left out"))
}

/// A text without what a web page left in it: tags become lines, a quote at the end goes. None when
/// there was nothing of the sort.
pub(super) fn without_tags(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let (_, after) = after.split_once('>')?;
        plain.push_str(before);
        plain.push('\n');
        rest = after;
    }
    plain.push_str(rest);
    let plain = plain.trim().trim_end_matches('"').trim();
    (plain != text.trim()).then(|| plain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_slot_beside_others_is_left_out_and_alone_it_is_not() {
        let out = |text| without_blank_slots(text).map(|(text, _)| text);
        assert_eq!(
            out("Mo-Tu 00:00-00:00,09:00-12:00; We 09:00-12:00,00:00-00:00").as_deref(),
            Some("Mo-Tu 09:00-12:00; We 09:00-12:00")
        );
        assert_eq!(out("Mo 00:00-00:00; Tu 09:00-12:00"), None);
        assert_eq!(out("Mo 09:00-12:00"), None);
    }

    #[test]
    fn tags_of_a_web_page_separate() {
        assert_eq!(without_tags("<ul><li>a</li><li>b</li></ul>").as_deref(), Some("a\n\nb"));
        assert_eq!(without_tags("jeudi 9h-12h.\"").as_deref(), Some("jeudi 9h-12h."));
        assert_eq!((without_tags("a"), without_tags("a < b")), (None, None));
    }
}
