//! Where a file is published.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::file::hex;

/// An address of the web, `http` or `https`, with a host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(String);

/// What is no such address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no address to download from; write it whole, https://…")]
pub struct InvalidAddress {
    /// As written.
    pub text: String,
}

/// The longest name of a file made from an address, in bytes.
const MAX_NAME: usize = 100;

impl std::str::FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let invalid = || InvalidAddress { text: text.to_owned() };
        let fragmentless = text.split('#').next().unwrap_or_default();
        let uri: ureq::http::Uri = fragmentless.parse().map_err(|_| invalid())?;
        let known = matches!(uri.scheme_str(), Some("http" | "https"));
        // Names and passwords in an address end up in files and messages.
        let host = uri.host().is_some_and(|h| !h.is_empty());
        let open = uri.authority().is_some_and(|a| !a.as_str().contains('@'));
        if known && host && open { Ok(Self(fragmentless.to_owned())) } else { Err(invalid()) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Address {
    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether what comes from there is protected on its way.
    pub fn is_secure(&self) -> bool {
        self.0.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"))
    }

    /// A file name for what is published there: the last part of its path, with the first eight digits of
    /// the SHA-256 of the address before its extension, so that no two addresses share one.
    ///
    /// `https://example.fr/2025/communes.geojson.gz` is kept as `communes-….geojson.gz`.
    pub fn file_name(&self) -> String {
        let path = self.0.split('?').next().unwrap_or_default();
        let after_host = path.splitn(4, '/').nth(3).unwrap_or_default();
        let last = after_host.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
        let name: String = last.chars().map(plain).take(MAX_NAME).collect();
        let name = name.trim_start_matches('.');
        let (stem, extension) = name.split_at(extension_at(name));
        let stem = if stem.is_empty() { "source" } else { stem };
        let sum = hex(&Sha256::digest(self.0.as_bytes()));
        format!("{stem}-{}{extension}", sum.get(..8).unwrap_or_default())
    }

    /// Where a redirection from here leads (RFC 3986 §5.2, without the removal of dot segments).
    pub(super) fn join(&self, location: &str) -> Result<Self, InvalidAddress> {
        let location = location.trim();
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("https", &self.0));
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        let path = self.0.split('?').next().unwrap_or_default();
        let has_scheme = location.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':'));
        let whole = if has_scheme {
            location.to_owned()
        } else if location.starts_with("//") {
            format!("{scheme}:{location}")
        } else if location.starts_with('/') {
            format!("{scheme}://{host}{location}")
        } else if location.starts_with('?') {
            format!("{path}{location}")
        } else {
            let folder = rest.split('?').next().and_then(|path| path.rsplit_once('/')).map_or(host, |p| p.0);
            format!("{scheme}://{folder}/{location}")
        };
        whole.parse()
    }
}

/// Where the extensions of a name begin: the parts at its end that begin with a letter, unlike those of a
/// version (`package-6.0.0.tgz`).
fn extension_at(name: &str) -> usize {
    let mut at = name.len();
    while let Some(dot) = name[..at].rfind('.') {
        if !name[dot + 1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            break;
        }
        at = dot;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address(text: &str) -> Address {
        text.parse().expect(text)
    }

    #[test]
    fn what_cannot_be_downloaded_is_no_address() {
        for text in [
            "",
            "x",
            "ftp://a.fr/x",
            "file:///etc/passwd",
            "https://",
            "https:///x",
            "/x",
            "https://a b/",
            "https://me:secret@a.fr/x",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
        assert!(address("https://a.fr/x").is_secure() && address("HTTPS://a.fr/x").is_secure());
        assert!(!address("http://a.fr/x").is_secure());
    }

    #[test]
    fn a_file_is_named_by_the_end_of_its_address_and_no_two_share_a_name() {
        let name = |text: &str| address(text).file_name();
        let of = |stem: &str, text: &str, extension: &str| {
            let name = name(text);
            let digits = name.strip_prefix(&format!("{stem}-")).and_then(|n| n.strip_suffix(extension));
            assert!(
                digits.is_some_and(|d| d.len() == 8 && d.bytes().all(|b| b.is_ascii_hexdigit())),
                "{name}"
            );
        };
        of("communes", "https://a.fr/2025/communes.geojson.gz", ".geojson.gz");
        of("communes", "https://a.fr/2025/communes.geojson.gz?v=1/2.zip", ".geojson.gz");
        of("package-6.0.0", "https://a.fr/package-6.0.0.tgz", ".tgz");
        of("source", "https://a.fr", "");
        of("source", "https://a.fr/.bashrc/..", "");
        of("export-lieux", "https://a.fr/export%lieux/", "");
        assert_ne!(name("https://a.fr/1/x.csv"), name("https://a.fr/2/x.csv"));
    }

    #[test]
    fn a_redirection_leads_where_a_browser_would_go() {
        let from = address("https://a.fr/data/r/1?x=/y/z");
        for (location, to) in [
            ("https://b.fr/c", "https://b.fr/c"),
            ("http://b.fr/c", "http://b.fr/c"),
            ("//b.fr/c", "https://b.fr/c"),
            ("/c?d=http://e", "https://a.fr/c?d=http://e"),
            ("2", "https://a.fr/data/r/2"),
            ("?x=2", "https://a.fr/data/r/1?x=2"),
        ] {
            assert_eq!(from.join(location).expect(location).as_str(), to);
        }
        assert!(from.join("file:///etc/passwd").is_err());
        assert_eq!(address("http://a.fr").join("c").expect("joined").as_str(), "http://a.fr/c");
    }

    proptest! {
        #[test]
        fn any_text_gives_a_safe_name_or_is_refused(text in "https?://[a-z.]{1,9}/\\PC{0,60}", to in "\\PC{0,40}") {
            if let Ok(address) = text.parse::<Address>() {
                let name = address.file_name();
                prop_assert!(!name.starts_with('.') && !name.contains(['/', '\\']) && name.len() < 120);
                let _ = address.join(&to);
            }
        }
    }
}
