//! Codes of the *code officiel géographique* (COG): checked once, never bare strings afterwards.
//!
//! A spreadsheet turns `01001` into `1001`; such a code is refused, never padded: padding would
//! turn a damaged file into a plausible one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A code that is not one: which kind, which text, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a {kind}: {reason}")]
pub struct InvalidCode {
    /// What was expected, e.g. `commune code`.
    pub kind: &'static str,
    /// The text refused.
    pub value: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// Implements text in, text out and serde for a code held as ASCII bytes.
macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $len:literal, $kind:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; $len]);

        impl $name {
            /// The code as text, as published.
            pub fn as_str(&self) -> &str {
                // Only ASCII is ever stored, and zero bytes only as the tail of a shorter code.
                let len = self.0.iter().position(|&b| b == 0).unwrap_or($len);
                std::str::from_utf8(&self.0[..len]).unwrap_or_default()
            }
        }

        impl FromStr for $name {
            type Err = InvalidCode;

            fn from_str(text: &str) -> Result<Self, InvalidCode> {
                let check: fn(&[u8]) -> Result<(), &'static str> = $check;
                check(text.as_bytes())
                    .map_err(|reason| InvalidCode { kind: $kind, value: text.to_owned(), reason })?;
                let mut bytes = [0; $len];
                bytes[..text.len()].copy_from_slice(text.as_bytes());
                Ok(Self(bytes))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidCode;
            fn try_from(text: String) -> Result<Self, InvalidCode> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.as_str().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }
    };
}

code! {
    /// «Code Insee» of a commune: five characters, `01004`, `2A004`, `97411`.
    CommuneCode, 5, "commune code", |b| {
        match b {
            [d1 @ b'0'..=b'9', d2, rest @ ..] if rest.len() == 3 => {
                let second_ok = d2.is_ascii_digit() || (*d1 == b'2' && matches!(d2, b'A' | b'B'));
                if second_ok && rest.iter().all(u8::is_ascii_digit) && &b[..2] != b"00" && &b[..2] != b"20" {
                    Ok(())
                } else {
                    Err("expected two département characters (01…95, 2A, 2B, 97, 98) and three digits")
                }
            }
            _ if b.len() == 4 => Err("four characters; a spreadsheet may have dropped the leading zero"),
            _ => Err("expected exactly five characters such as 01004 or 2A004"),
        }
    }
}

code! {
    /// Code of a département or an overseas collectivity: `01`, `2A`, `971`, `987`.
    DepartementCode, 3, "département code", |b| match b {
        [b'2', b'A' | b'B'] => Ok(()),
        [b'2' | b'0', b'0'] => Err("no such département (Corsica is 2A and 2B)"),
        [b'9', b'7' | b'8'] => Err("overseas codes have three characters, such as 971"),
        [d1, d2] if d1.is_ascii_digit() && d2.is_ascii_digit() => Ok(()),
        [b'9', b'7' | b'8', d] if d.is_ascii_digit() => Ok(()),
        _ => Err("expected two characters (01…95, 2A, 2B) or three overseas (971…988)"),
    }
}

code! {
    /// Code of a région: `84`, `01` (Guadeloupe) … `94` (Corsica); an overseas collectivity, which is
    /// in none, stands for its own under its three digits: `975` … `988`.
    RegionCode, 3, "région code", |b| match b {
        [d1, d2] if d1.is_ascii_digit() && d2.is_ascii_digit() => Ok(()),
        [b'9', b'7' | b'8', d] if d.is_ascii_digit() => Ok(()),
        _ => Err("expected two digits such as 84, or three overseas (975…989)"),
    }
}

code! {
    /// SIREN of a legal body, here of an EPCI: nine digits with a Luhn check digit.
    Siren, 9, "SIREN", |b| {
        if b.len() != 9 || !b.iter().all(u8::is_ascii_digit) {
            return Err("expected nine digits");
        }
        if luhn(b) { Ok(()) } else { Err("its check digit is wrong (Luhn)") }
    }
}

code! {
    /// «Code postal»: five digits, `01000`, `20090`, `97410`.
    ///
    /// Not a code of the COG: it belongs to the post, one may serve several communes and several
    /// may serve one.
    Postcode, 5, "postcode", |b| match b {
        [b'0', b'0', ..] if b.len() == 5 => Err("no postcode begins with 00"),
        _ if b.len() == 5 && b.iter().all(u8::is_ascii_digit) => Ok(()),
        _ if b.len() == 4 => Err("four characters; a spreadsheet may have dropped the leading zero"),
        _ => Err("expected five digits such as 01000"),
    }
}

impl Postcode {
    /// Whether a commune of this département may have it: by its first two digits, three overseas
    /// (`20` is Corsica). Some forty communes are served from a post office across the border of
    /// their département: a disagreement is a doubt, not a proof.
    pub fn agrees_with(&self, departement: DepartementCode) -> bool {
        let code = departement.as_str();
        self.as_str().starts_with(if matches!(code, "2A" | "2B") { "20" } else { code })
    }
}

code! {
    /// Code of an IRIS, the statistical part of a commune: its commune's code (an arrondissement's in
    /// Paris, Lyon and Marseille) and four digits, `0000` for a commune that is not cut.
    IrisCode, 9, "IRIS code", |b| match b {
        [commune @ .., _, _, _, _] if b.len() == 9 && b[5..].iter().all(u8::is_ascii_digit) => {
            match std::str::from_utf8(commune).map(str::parse::<CommuneCode>) {
                Ok(Ok(_)) => Ok(()),
                _ => Err("its first five characters are no commune code"),
            }
        }
        _ if b.len() == 8 => Err("expected nine characters: its leading zero may be lost"),
        _ => Err("expected nine characters: a commune code and four digits"),
    }
}

code! {
    /// Code of a «quartier prioritaire de la politique de la ville» (QPV): `QP031012` in the geography of
    /// 2014, `QN03112M` in that of 2024.
    QpvCode, 8, "QPV code", |b| match b {
        [b'Q', b'A'..=b'Z', rest @ ..]
            if b.len() == 8 && rest.iter().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()) => Ok(()),
        _ => Err("expected Q, a letter and six digits or capitals, such as QP031012"),
    }
}

impl IrisCode {
    /// The commune, or the arrondissement, that it is a part of.
    pub fn commune(&self) -> CommuneCode {
        let mut bytes = [0; 5];
        bytes.copy_from_slice(&self.0[..5]);
        CommuneCode(bytes)
    }
}

impl CommuneCode {
    /// The département the code itself names: its first two characters, three overseas.
    ///
    /// True of every code of the COG since its creation; a commune that changed département got a
    /// new code.
    pub fn departement(&self) -> DepartementCode {
        let len = if self.0.starts_with(b"97") || self.0.starts_with(b"98") { 3 } else { 2 };
        let mut bytes = [0; 3];
        bytes[..len].copy_from_slice(&self.0[..len]);
        DepartementCode(bytes)
    }
}

impl DepartementCode {
    /// Whether it lies overseas: a département or a collectivity of three digits, 971 to 989.
    pub fn is_overseas(&self) -> bool {
        self.as_str().len() == 3
    }
}

/// Luhn's check, as used by SIREN and SIRET.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let digit = u32::from(b - b'0');
            match (i % 2, digit) {
                (0, d) => d,
                (_, d) if d * 2 > 9 => d * 2 - 9,
                (_, d) => d * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused<T: FromStr<Err = InvalidCode> + fmt::Debug>(text: &str) -> InvalidCode {
        text.parse::<T>().expect_err("refused")
    }

    #[test]
    fn a_commune_code_keeps_corsica_and_overseas() {
        for text in ["01004", "2A004", "2B033", "69123", "97411", "98818"] {
            assert_eq!(text.parse::<CommuneCode>().expect(text).as_str(), text);
        }
    }

    #[test]
    fn a_commune_code_refuses_what_a_spreadsheet_breaks() {
        assert!(refused::<CommuneCode>("1001").reason.contains("leading zero"));
        for text in ["", "010123", "2C004", "20001", "00001", "2A-1-23", "0100A", "０1001", "1e004"] {
            refused::<CommuneCode>(text);
        }
    }

    #[test]
    fn a_commune_knows_its_departement() {
        let departement = |text: &str| text.parse::<CommuneCode>().expect(text).departement().to_string();
        assert_eq!(departement("01004"), "01");
        assert_eq!(departement("2A004"), "2A");
        assert_eq!(departement("97411"), "974");
    }

    #[test]
    fn a_departement_code_refuses_the_old_corsica_and_a_bare_97() {
        assert_eq!("971".parse::<DepartementCode>().expect("ok").as_str(), "971");
        for text in ["20", "97", "1", "2C", "001"] {
            refused::<DepartementCode>(text);
        }
    }

    #[test]
    fn an_overseas_collectivity_stands_for_its_own_region() {
        for text in ["84", "01", "975", "988"] {
            assert_eq!(text.parse::<RegionCode>().expect(text).as_str(), text);
        }
        for text in ["8", "840", "9", "9750", "97a", ""] {
            refused::<RegionCode>(text);
        }
    }

    #[test]
    fn a_postcode_has_five_digits_and_agrees_with_its_departement() {
        let agrees = |postcode: &str, departement: &str| {
            let departement = departement.parse().expect(departement);
            postcode.parse::<Postcode>().expect(postcode).agrees_with(departement)
        };
        assert!(agrees("01000", "01") && agrees("20090", "2A") && agrees("97410", "974"));
        assert!(!agrees("69001", "01") && !agrees("97410", "971"));
        assert!(refused::<Postcode>("1000").reason.contains("leading zero"));
        for text in ["", "00000", "2A004", "750011", "7500 ", "35000.0"] {
            refused::<Postcode>(text);
        }
    }

    #[test]
    fn a_siren_needs_its_check_digit() {
        assert!("200046977".parse::<Siren>().is_ok(), "Métropole de Lyon");
        assert!(refused::<Siren>("200046978").reason.contains("Luhn"));
        refused::<Siren>("20004697");
    }

    #[test]
    fn an_iris_is_a_part_of_its_commune() {
        for (text, commune) in [("010040101", "01004"), ("2A0040101", "2A004"), ("693810000", "69381")] {
            assert_eq!(text.parse::<IrisCode>().expect(text).commune().as_str(), commune);
        }
        assert!(refused::<IrisCode>("10040101").reason.contains("leading zero"));
        for text in ["", "0100401012", "2C0040101", "01004010A", "0100é0101", "éé0040101"] {
            refused::<IrisCode>(text);
        }
    }

    #[test]
    fn a_quarter_has_a_code_of_either_geography() {
        for text in ["QP031012", "QN03112M"] {
            assert_eq!(text.parse::<QpvCode>().expect(text).as_str(), text);
        }
        for text in ["", "QP31012", "qp031012", "XP031012", "QP0310123", "QPé31012"] {
            refused::<QpvCode>(text);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_either_refused_or_printed_back(text in "\\PC{0,7}") {
            if let Ok(code) = text.parse::<CommuneCode>() {
                prop_assert_eq!(code.to_string(), text.clone());
                prop_assert!(code.departement().as_str().len() >= 2);
            }
            if let Ok(code) = text.parse::<DepartementCode>() { prop_assert_eq!(code.to_string(), text.clone()); }
            if let Ok(code) = text.parse::<Siren>() { prop_assert_eq!(code.to_string(), text.clone()); }
            if let Ok(code) = text.parse::<Postcode>() { prop_assert_eq!(code.to_string(), text.clone()); }
            if let Ok(code) = text.parse::<QpvCode>() { prop_assert_eq!(code.to_string(), text); }
        }

        #[test]
        fn any_iris_is_either_refused_or_printed_back(text in "\\PC{8,10}|[0-9AB]{9}") {
            if let Ok(code) = text.parse::<IrisCode>() {
                prop_assert_eq!(code.to_string(), text.clone());
                prop_assert!(text.starts_with(code.commune().as_str()));
            }
        }
    }
}
