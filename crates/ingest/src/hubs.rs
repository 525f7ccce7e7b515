//! Perimeters people named for themselves: TOML, `[[hub]]` with `code`, `name`, `territories`.

use serde::Deserialize;
use territory::{Hub, Territory, slug::slug};

use crate::error::IngestError;
use crate::file::File;
use crate::refusal::Findings;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Published {
    #[serde(default)]
    hub: Vec<PublishedHub>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishedHub {
    code: String,
    name: String,
    territories: Vec<String>,
}

/// The hubs whose every territory is known to the build.
pub(crate) fn read(
    file: &File,
    known: impl Fn(&Territory) -> bool,
    findings: &mut Findings,
) -> Result<Vec<Hub>, IngestError> {
    let text =
        std::str::from_utf8(&file.content).map_err(|_| file.unlike("is not UTF-8; save it as UTF-8"))?;
    let published: Published =
        toml::from_str(text).map_err(|e| file.unlike(format!("is not a table of hubs: {e}")))?;
    let mut hubs: Vec<Hub> = Vec::new();
    for (rank, hub) in (1..).zip(published.hub) {
        if hub.code.is_empty() || slug(&hub.code) != hub.code {
            findings.refused(rank, "code", &hub.code, "is not a slug (lower case, digits, hyphens)");
            continue;
        }
        if hubs.iter().any(|h| h.code == hub.code) {
            findings.refused(rank, "code", &hub.code, "appears twice: the first is kept");
            continue;
        }
        let wrong = |text: &&String| text.parse().map_or(true, |territory| !known(&territory));
        if let Some(text) = hub.territories.iter().find(wrong) {
            findings.refused(rank, "territories", text, "is not a territory of the build");
            continue;
        }
        let territories: Vec<Territory> =
            hub.territories.iter().filter_map(|text| text.parse().ok()).collect();
        if territories.is_empty() {
            findings.refused(rank, "territories", &hub.code, "has no territory");
            continue;
        }
        hubs.push(Hub { code: hub.code, name: hub.name, territories });
    }
    Ok(hubs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_of_unknown_territories_is_refused_and_the_others_kept() {
        let file = File::of(
            r#"
            [[hub]]
            code = "hinaura"
            name = "Hinaura"
            territories = ["region:84"]
            [[hub]]
            code = "Été"
            name = "x"
            territories = ["region:84"]
            [[hub]]
            code = "nord"
            name = "x"
            territories = ["region:84", "region:32"]
            [[hub]]
            code = "vide"
            name = "x"
            territories = []
            "#,
        );
        let mut findings = file.findings();
        let hubs = read(&file, |t| t.to_string() == "region:84", &mut findings).expect("read");
        assert_eq!(hubs.iter().map(|h| h.code.as_str()).collect::<Vec<_>>(), ["hinaura"]);
        assert_eq!(findings.reasons().len(), 3);
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let file = File::of("[[hub]]\ncode=\"a\"\nname=\"a\"\nterritories=[]\ncolour=\"red\"\n");
        let error = read(&file, |_| true, &mut file.findings()).expect_err("key").to_string();
        assert!(error.contains("colour"), "{error}");
    }
}
