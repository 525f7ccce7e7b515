//! Defines what exists on the ground, so that an invalid one cannot be built.
//!
//! Never reads a file, never holds an opinion: no path, no threshold, no weight is named here.
//!
//! | the field says | here |
//! |---|---|
//! | commune, code Insee | [`Commune`], [`CommuneCode`] |
//! | département, région | [`Departement`], [`DepartementCode`], [`Region`], [`RegionCode`] |
//! | EPCI, EPT, SIREN | [`Epci`], [`Ept`], [`Siren`] |
//! | bassin de vie | [`LivingArea`] |
//! | code officiel géographique (COG), millésime | [`Gazetteer`], [`Vintage`] |
//! | territoire, périmètre | [`Territory`], [`Perimeter`] |
//! | maille (hexagone H3) | [`Cell`] |
//! | où vivent les gens | [`Place`] = (cell, commune), all of them in a [`Grid`] |
//! | population municipale | [`Inhabitants`] |
//! | carroyage de population | [`Headcount`], by cell |
//! | temps de parcours | [`TravelTime`] |
//! | lieu de médiation numérique | [`Venue`] |
//! | services, publics, frais… | [`vocabulary`] |
//! | horaires | [`OpeningHours`] |
//! | équivalents temps plein (ETP) | [`FullTimeEquivalents`] |
//! | fonction décroissante du temps | [`Decay`] |
//! | longitude, latitude | [`Position`], which names its order |
//! | carte imprimée | [`Frame`], the sheet it is drawn on |
//! | voirie, sens unique, desserte | [`Roads`], [`Passage`] |
//! | taux, classes de rang | [`SocialRates`], [`SocialClasses`] |
//! | indice de fragilité publié (IFN), IRIS | [`PublishedIndex`], [`IrisCode`] |
//! | périmètre dessiné | [`Area`] |
//! | zonages prioritaires (QPV, FRR, ZRR) | [`PriorityArea`], [`PriorityKind`] |
//! | source, producteur, licence | [`Source`] |

pub mod apportion;
pub mod area;
pub mod cell;
pub mod code;
pub mod coverage;
pub mod decay;
pub mod frame;
pub mod gazetteer;
pub mod grid;
pub mod grouping;
pub mod headcount;
pub mod hours;
pub mod measure;
pub mod perimeter;
pub mod position;
pub mod priority;
pub mod road;
pub mod search;
pub mod slug;
pub mod social;
pub mod source;
pub mod spread;
pub mod staff;
pub mod venue;
pub mod vocabulary;

pub use area::{Area, AreaIndex};
pub use cell::{Cell, ParentCell};
pub use code::{CommuneCode, DepartementCode, InvalidCode, IrisCode, Postcode, QpvCode, RegionCode, Siren};
pub use decay::Decay;
pub use frame::Frame;
pub use gazetteer::{Commune, CommuneIdx, Departement, Epci, Gazetteer, Region};
pub use grid::{Grid, Place, PlaceIdx, Settlement, Spread};
pub use grouping::{Ept, LivingArea};
pub use headcount::Headcount;
pub use hours::{Day, Moment, OpeningHours};
pub use measure::{Inhabitants, Meters, Minutes, Mode, TravelTime};
pub use perimeter::{Hub, Perimeter, Territory};
pub use position::{Extent, FixedPosition, Position};
pub use priority::{PriorityArea, PriorityKind};
pub use road::{Directed, Passage, Road, RoadClass, Roads};
pub use social::{PublishedIndex, RankClass, Score, SocialClasses, SocialRates};
pub use source::{Source, Vintage};
pub use staff::FullTimeEquivalents;
pub use venue::{SourceRecord, Venue, VenueIdx};
