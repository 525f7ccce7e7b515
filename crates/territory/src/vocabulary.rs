//! The enumerations of the national schema of «lieux de médiation numérique» (v1.0.x), with the
//! values that only v0.1 knew where a question may still name them.
//!
//! Source: `LaMednum/standard-mediation-num` and npm `@gouvfr-anct/lieux-de-mediation-numerique` 2.3.0.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::slug::slug;

/// A term of a closed vocabulary of at most 128 terms.
pub trait Term: Copy + Eq + Ord + fmt::Debug + 'static {
    /// The parameter of a question that names it, e.g. `service`.
    const FIELD: &'static str;

    /// How many terms there are.
    const COUNT: usize;

    /// Its rank in the vocabulary, below `COUNT`.
    fn index(self) -> usize;

    /// The term of a rank.
    fn from_index(index: usize) -> Option<Self>;

    /// The label published, in French.
    fn label(self) -> &'static str;

    /// Its name in a question.
    fn slug(self) -> String {
        slug(self.label())
    }

    /// All terms in the order published.
    fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).filter_map(Self::from_index)
    }

    /// The term of a slug.
    fn from_slug(text: &str) -> Option<Self> {
        Self::all().find(|term| term.slug() == text)
    }

    /// The term of a label as it comes in files: accents, case, spacing and the two apostrophes
    /// (`'` and `’`) make no difference.
    fn from_label(text: &str) -> Option<Self> {
        let text = slug(text);
        Self::all().find(|term| slug(term.label()) == text)
    }
}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident, $field:literal, { $($variant:ident = $label:literal,)* } $($slug:item)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!("«", $label, "»")] $variant,)*
        }

        impl Term for $name {
            const FIELD: &'static str = $field;
            const COUNT: usize = [$(Self::$variant),*].len();

            fn index(self) -> usize {
                self as usize
            }

            fn from_index(index: usize) -> Option<Self> {
                [$(Self::$variant),*].get(index).copied()
            }

            fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }

            $($slug)?
        }
    };
}

vocabulary! {
    /// «Services»: what help a venue gives.
    Service, "service", {
        Procedures = "Aide aux démarches administratives",
        EverydayTools = "Maîtrise des outils numériques du quotidien",
        Employment = "Insertion professionnelle via le numérique",
        SafeUse = "Utilisation sécurisée du numérique",
        Parenting = "Parentalité et éducation avec le numérique",
        Leisure = "Loisirs et créations numériques",
        Understanding = "Compréhension du monde numérique",
        Equipment = "Accès internet et matériel informatique",
        AffordableEquipment = "Acquisition de matériel informatique à prix solidaire",
    }
}

vocabulary! {
    /// «Publics spécifiquement adressés».
    Public, "public", {
        Youth = "Jeunes",
        Students = "Étudiants",
        Families = "Familles et/ou enfants",
        Seniors = "Seniors",
        Women = "Femmes",
    }
}

vocabulary! {
    /// «Prise en charge spécifique»: whom the venue is equipped to help.
    Care, "care", {
        Deafness = "Surdité",
        MotorDisability = "Handicaps moteurs",
        MentalDisability = "Handicaps mentaux",
        Illiteracy = "Illettrisme",
        English = "Langues étrangères (anglais)",
        OtherLanguages = "Langues étrangères (autres)",
        VisualImpairment = "Déficience visuelle",
    }
}

vocabulary! {
    /// «Frais à charge», with the two conditions only v0.1 knew.
    Fee, "fee", {
        Free = "Gratuit",
        Conditional = "Gratuit sous condition",
        Paid = "Payant",
        Membership = "Adhésion",
        PassNumerique = "Accepte le Pass numérique",
    }
    fn slug(self) -> String {
        // Named in English by the contract of a question (design §5), unlike the other lists.
        ["free", "conditional", "paid", "membership", "pass-numerique"][self.index()].to_owned()
    }
}

vocabulary! {
    /// «Dispositifs et programmes nationaux».
    Programme, "programme", {
        AidantsConnect = "Aidants Connect",
        ReferenceLibrary = "Bibliothèques numérique de référence",
        Pix = "Certification PIX",
        ConseillersNumeriques = "Conseillers numériques",
        EmmausConnect = "Emmaüs Connect",
        FranceServices = "France Services",
        GrandeEcoleDuNumerique = "Grande école du numérique",
        CroixRouge = "La Croix Rouge",
        CafAccessPoint = "Point d'accès numérique CAF",
        PromeneursDuNet = "Promeneurs du net",
        EmmausRelay = "Relais numérique (Emmaüs Connect)",
    }
}

vocabulary! {
    /// «Formations et labels».
    Label, "label", {
        MonEspaceSante = "Formé à « Mon Espace Santé »",
        Duplex = "Formé à « DUPLEX » (illettrisme)",
        Arnia = "Arnia/MedNum BFC (Bourgogne-Franche-Comté)",
        ReuseCollective = "Collectif ressources et acteurs réemploi (Normandie)",
        LaPoste = "Étapes numériques (La Poste)",
        FabriquesDeTerritoire = "Fabriques de Territoire",
        Eclaireurs = "Les Éclaireurs du numérique (Drôme)",
        MesPapiers = "Mes Papiers (Métropole de Lyon)",
        Ordi3 = "ORDI 3.0",
        SudLabs = "SUD LABS (PACA)",
    }
}

vocabulary! {
    /// «Modalités d'accès»: how one gets in.
    Entry, "entry", {
        WalkIn = "Se présenter",
        Phone = "Téléphoner",
        Mail = "Contacter par mail",
        OnlineAppointment = "Prendre un RDV en ligne",
        NoPublic = "Ce lieu n'accueille pas de public",
        Referral = "Envoyer un mail avec une fiche de prescription",
    }
}

vocabulary! {
    /// «Modalités d'accompagnement»: how one is helped.
    Support, "support", {
        Alone = "En autonomie",
        Individual = "Accompagnement individuel",
        Workshop = "Dans un atelier collectif",
        Remote = "À distance",
    }
}

vocabulary! {
    /// «Itinérance».
    Itinerance, "itinerance", {
        Itinerant = "Itinérant",
        Fixed = "Fixe",
    }
}

/// «Typologie»: what kind of structure runs the venue, by its published code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Typology(u8);

const TYPOLOGIES: [&str; 92] = [
    "ACI",
    "ACIPHC",
    "AFPA",
    "AI",
    "ASE",
    "ASSO",
    "ASSO_CHOMEUR",
    "Autre",
    "AVIP",
    "BIB",
    "CAARUD",
    "CADA",
    "CAF",
    "CAP_EMPLOI",
    "CAVA",
    "CC",
    "CCAS",
    "CCONS",
    "CD",
    "CDAS",
    "CFP",
    "CHRS",
    "CHU",
    "CIAS",
    "CIDFF",
    "CITMET",
    "CMP",
    "CMS",
    "CPAM",
    "CPH",
    "CS",
    "CSAPA",
    "CSC",
    "DEETS",
    "DEPT",
    "DIPLP",
    "E2C",
    "EA",
    "EATT",
    "EI",
    "EITI",
    "ENM",
    "EPCI",
    "EPI",
    "EPIDE",
    "EPN",
    "ES",
    "ESAT",
    "ESS",
    "ETTI",
    "EVS",
    "FABLAB",
    "FABRIQUE",
    "FAIS",
    "FT",
    "GEIQ",
    "HUDA",
    "LA_POSTE",
    "MDE",
    "MDH",
    "MDEF",
    "MDPH",
    "MDS",
    "MJC",
    "ML",
    "MQ",
    "MSA",
    "MSAP",
    "MUNI",
    "OACAS",
    "ODC",
    "OF",
    "OIL",
    "OPCS",
    "PAD",
    "PENSION",
    "PI",
    "PIJ_BIJ",
    "PIMMS",
    "PJJ",
    "PLIE",
    "PREF",
    "PREVENTION",
    "REG",
    "RELAIS_LECTURE",
    "RESSOURCERIE",
    "RFS",
    "RS_FJT",
    "SCP",
    "SPIP",
    "TIERS_LIEUX",
    "UDAF",
];

impl Term for Typology {
    const FIELD: &'static str = "typology";
    const COUNT: usize = TYPOLOGIES.len();

    fn index(self) -> usize {
        usize::from(self.0)
    }

    fn from_index(index: usize) -> Option<Self> {
        (index < Self::COUNT).then_some(Self(index as u8))
    }

    fn label(self) -> &'static str {
        TYPOLOGIES[usize::from(self.0)]
    }
}

/// A set of terms, empty when nothing is known.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Terms<T>(u128, PhantomData<T>);

impl<T: Term> Terms<T> {
    /// No term.
    pub const EMPTY: Self = Self(0, PhantomData);

    /// Whether no term is known.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Adds a term.
    pub fn insert(&mut self, term: T) {
        self.0 |= 1 << term.index();
    }

    /// Whether the term is among them.
    pub fn contains(self, term: T) -> bool {
        self.0 & (1 << term.index()) != 0
    }

    /// Whether a term is in both.
    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The terms, in the order of the vocabulary.
    pub fn iter(self) -> impl Iterator<Item = T> {
        T::all().filter(move |&term| self.contains(term))
    }
}

impl<T> Clone for Terms<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Terms<T> {}

impl<T: Term> Default for Terms<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<T: Term> FromIterator<T> for Terms<T> {
    fn from_iter<I: IntoIterator<Item = T>>(terms: I) -> Self {
        let mut set = Self::EMPTY;
        terms.into_iter().for_each(|term| set.insert(term));
        set
    }
}

impl<T: Term> fmt::Debug for Terms<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<T> Serialize for Terms<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Terms<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u128::deserialize(deserializer).map(|bits| Self(bits, PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speaks<T: Term>() {
        for term in T::all() {
            assert_eq!(T::from_slug(&term.slug()), Some(term), "slug of {term:?}");
            assert_eq!(T::from_label(term.label()), Some(term), "label of {term:?}");
            assert_eq!(T::from_index(term.index()), Some(term));
        }
        assert_eq!(T::from_index(T::COUNT), None);
    }

    #[test]
    fn every_term_is_found_by_its_slug_and_by_its_label() {
        speaks::<Service>();
        speaks::<Public>();
        speaks::<Care>();
        speaks::<Fee>();
        speaks::<Programme>();
        speaks::<Label>();
        speaks::<Entry>();
        speaks::<Support>();
        speaks::<Itinerance>();
        speaks::<Typology>();
    }

    #[test]
    fn both_apostrophes_and_a_lost_space_are_the_same_word() {
        assert_eq!(Entry::from_label("Ce lieu n’accueille pas de public"), Some(Entry::NoPublic));
        assert_eq!(Entry::from_label("Ce lieu n'accueille pas de public"), Some(Entry::NoPublic));
        assert_eq!(Label::from_label("Étapes numériques(La Poste)"), Some(Label::LaPoste));
    }

    #[test]
    fn a_set_holds_what_was_put_in_it() {
        let mut set: Terms<Typology> = [Typology(91), Typology(0)].into_iter().collect();
        assert_eq!(set.iter().map(Term::label).collect::<Vec<_>>(), ["ACI", "UDAF"]);
        set.insert(Typology(0));
        assert_eq!(set.iter().count(), 2);
        assert!(!set.intersects(Terms::EMPTY));
    }
}
