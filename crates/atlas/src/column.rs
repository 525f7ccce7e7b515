//! «Valeurs»: the numbers of a layer for an inquiry, by feature identifier, without a shape.
//!
//! A page that holds the shapes of a layer, whose identifiers last as long as the atlas, asks for one of
//! these when the question changes.

use std::io::{self, Write};

use network::Method;
use territory::{CommuneIdx, Extent};

use crate::atlas::{Atlas, AtlasError};
use crate::field::{ESTIMATED, Field, Kind, Value, round};
use crate::figures::Figures;
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::record::LayerTable;

/// The first bytes of the binary form.
const MAGIC: &[u8; 4] = b"MVAL";

/// Its version: another one is another form.
const VERSION: u8 = 1;

/// Every part of the binary form begins at a multiple of this, so that it can be read in place.
const ALIGNED: usize = 8;

/// Columns of numbers of a layer, by identifier.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    layer: Layer,
    of: Identifiers,
    list: Vec<Column>,
}

/// Whom the numbers of a column are of, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Identifiers {
    /// Every identifier of the layer: 1 to this.
    All(usize),
    /// Some of them, ascending: what is little to tell of a large layer takes little room too.
    Listed(Vec<u32>),
}

/// The values of one attribute.
#[derive(Debug, Clone, PartialEq)]
struct Column {
    field: &'static Field,
    /// One for each of the identifiers; none outside the perimeter, and where there is no data.
    numbers: Vec<Option<f64>>,
}

/// How the numbers of a column are written: whole numbers as narrow as they allow, or doubles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    One = 1,
    Two = 2,
    Four = 4,
    Double = 8,
}

impl Atlas {
    /// Columns of a layer for an inquiry, of the features that touch one of the boxes; of all when there is none.
    /// Fields that are texts have no number anywhere.
    pub fn columns(
        &self,
        layer: Layer,
        inquiry: &Inquiry,
        fields: &[&'static Field],
        boxes: &[Extent],
    ) -> Result<Columns, AtlasError> {
        let table = self.table(layer, inquiry)?;
        let id = |n: usize| table.id(n) as u32;
        let (of, features) = match boxes {
            [] => (Identifiers::All(self.n_ids(layer, &table)), (0..table.len()).collect()),
            boxes => {
                let mut within: Vec<usize> = boxes.iter().flat_map(|extent| table.within(*extent)).collect();
                within.sort_by_key(|&n| id(n));
                within.dedup();
                (Identifiers::Listed(within.iter().map(|&n| id(n)).collect()), within)
            }
        };
        let list = fields.iter().map(|field| self.column(&table, &features, field, &of)).collect();
        Ok(Columns { layer, of, list })
    }

    /// How many identifiers a layer has, whatever the perimeter.
    fn n_ids(&self, layer: Layer, table: &LayerTable) -> usize {
        let gazetteer = self.gazetteer();
        match layer {
            Layer::Regions => gazetteer.regions().len(),
            Layer::Departements => gazetteer.departements().len(),
            Layer::Epcis => gazetteer.epcis().len(),
            Layer::Communes => gazetteer.communes().len(),
            Layer::Cells => self.cells.len(),
            Layer::Venues => self.venues().len(),
            Layer::PriorityAreas => self.tables().priority_areas.len(),
            Layer::Labels => gazetteer.communes().len() + gazetteer.departements().len(),
            // Those of zones last as long as their inquiry.
            Layer::Zones => table.len(),
        }
    }

    /// The column of a field, of some features of a table; those listed are in the order of the list.
    fn column(
        &self,
        table: &LayerTable,
        features: &[usize],
        field: &'static Field,
        of: &Identifiers,
    ) -> Column {
        let rank = table.layer().fields().iter().position(|other| other == field);
        let of_figures = of_figures(field.name).filter(|_| table.layer() != Layer::PriorityAreas);
        let number = |n: usize| {
            let row = table.id(n) as usize - 1;
            match (of_figures, table.figures(n)) {
                _ if field.name == "fragility_published" => match table.layer() {
                    Layer::Epcis => self.published_of_epci(row),
                    _ => self.published_of_commune(CommuneIdx(row as u32)),
                }
                .map(|score| round(score.get(), 1)),
                (Some(number), Some((figures, venues))) => number(figures, venues),
                // Where texts are made too: layers of few features, and what is not a figure.
                _ => rank.and_then(|rank| self.value(table, n, rank)),
            }
        };
        let numbers = match of {
            Identifiers::Listed(_) => features.iter().map(|&n| number(n)).collect(),
            Identifiers::All(n_ids) => {
                let mut numbers = vec![None; *n_ids];
                for &n in features {
                    if let Some(slot) = numbers.get_mut(table.id(n) as usize - 1) {
                        *slot = number(n);
                    }
                }
                numbers
            }
        };
        Column { field, numbers }
    }

    fn value(&self, table: &LayerTable, n: usize, rank: usize) -> Option<f64> {
        match table.values(self, n).get(rank)? {
            Value::Int(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            Value::Bool(yes) => Some(f64::from(u8::from(*yes))),
            Value::Text(_) | Value::Null => None,
        }
    }
}

/// The number of an attribute from the figures of an area, as `attributes::area_values` shows it.
fn of_figures(name: &str) -> Option<fn(&Figures, u32) -> Option<f64>> {
    Some(match name {
        "population" => |f, _| Some(f64::from(f.population.0)),
        "access_min" => |f, _| f.median.map(|time| round(time.minutes(), 1)),
        "beyond" => |f, _| Some(f64::from(f.beyond.0)),
        "beyond_share" => |f, _| f.beyond_share.map(|share| round(share, 4)),
        "fragility" => |f, _| f.fragility.map(|index| round(index.get(), 1)),
        "venues" => |_, venues| Some(f64::from(venues)),
        "apl" => |f, _| f.apl.map(|hours| round(hours, 3)),
        "edge" => |f, _| Some(f64::from(u8::from(f.edge))),
        // Where nobody lives, nobody's time is.
        "estimated" => |f, _| Some(f64::from(u8::from(f.method == Method::Estimated && f.population.0 > 0))),
        _ => return None,
    })
}

impl Layer {
    /// What columns tell of it: its attributes that are numbers, or yes or no, and of areas what hatching says.
    pub fn numbers(self) -> impl Iterator<Item = &'static Field> {
        let of_areas = Self::AREAS.contains(&self).then_some(&ESTIMATED);
        self.fields().iter().filter(|field| field.kind != Kind::Text).chain(of_areas)
    }
}

impl Columns {
    /// As JSON: `{"layer", "ids", "columns": {name: [value of 1, of 2, …]}}`, null where there is none; with
    /// `"of": [identifier, …]` before the columns, each value is of the identifier of its rank.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        write!(out, "{{\"layer\":\"{}\",\"ids\":{},", self.layer.slug(), self.of.len())?;
        if let Identifiers::Listed(ids) = &self.of {
            out.write_all(b"\"of\":")?;
            serde_json::to_writer(&mut *out, ids)?;
            out.write_all(b",")?;
        }
        out.write_all(b"\"columns\":{")?;
        for (rank, column) in self.list.iter().enumerate() {
            write!(out, "{}\"{}\":[", if rank == 0 { "" } else { "," }, column.field.name)?;
            for (n, number) in column.numbers.iter().enumerate() {
                out.write_all(if n == 0 { b"" } else { b"," })?;
                match (number, column.field.kind) {
                    (None, _) => out.write_all(b"null")?,
                    (Some(number), Kind::Bool) => write!(out, "{}", *number != 0.0)?,
                    (Some(number), Kind::Int) => write!(out, "{number:.0}")?,
                    (Some(number), _) => serde_json::to_writer(&mut *out, number)?,
                }
            }
            out.write_all(b"]")?;
        }
        out.write_all(b"}}")
    }

    /// As little-endian binary, which docs/api.md describes.
    ///
    /// | bytes | what |
    /// |---|---|
    /// | 4 | `MVAL` |
    /// | 1, 1, 2 | version 1; 1 where identifiers are listed, else 0; how many columns |
    /// | 4, 4 | n, how many identifiers; zero |
    /// | n × 4 | the identifiers, ascending, where they are listed; else they are 1 to n |
    ///
    /// then for each column, each part padded with zeros to a multiple of 8 bytes:
    ///
    /// | bytes | what |
    /// |---|---|
    /// | 1, 1, 1, 1, 4 | bytes a number (1, 2, 4: unsigned; 8: double); decimals; kind (0 number, 1 yes or no); length of the name; zero |
    /// | | its name |
    /// | ⌈n/8⌉ | a bit for each of them, the lowest first: whether it has a value |
    /// | n × width | the numbers; a whole number is the value × 10^decimals, zero where there is none |
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([VERSION, u8::from(matches!(self.of, Identifiers::Listed(_)))]);
        bytes.extend((self.list.len() as u16).to_le_bytes());
        bytes.extend((self.of.len() as u32).to_le_bytes());
        bytes.extend([0; 4]);
        if let Identifiers::Listed(ids) = &self.of {
            bytes.extend(ids.iter().flat_map(|id| id.to_le_bytes()));
            pad(&mut bytes);
        }
        for column in &self.list {
            column.write(&mut bytes);
        }
        bytes
    }
}

impl Identifiers {
    fn len(&self) -> usize {
        match self {
            Self::All(n) => *n,
            Self::Listed(ids) => ids.len(),
        }
    }
}

impl Column {
    fn write(&self, bytes: &mut Vec<u8>) {
        let decimals = match self.field.kind {
            Kind::Float(decimals) => decimals,
            Kind::Int | Kind::Bool | Kind::Text => 0,
        };
        let scale = 10f64.powi(i32::from(decimals));
        let width = Width::of(&self.numbers, scale);
        let (decimals, scale) = if width == Width::Double { (0, 1.0) } else { (decimals, scale) };
        let kind = u8::from(self.field.kind == Kind::Bool);
        bytes.extend([width as u8, decimals, kind, self.field.name.len() as u8, 0, 0, 0, 0]);
        bytes.extend(self.field.name.as_bytes());
        pad(bytes);
        bytes.extend(self.numbers.chunks(8).map(|eight| {
            let bits = eight.iter().enumerate().map(|(bit, number)| u8::from(number.is_some()) << bit);
            bits.sum::<u8>()
        }));
        pad(bytes);
        let scaled = self.numbers.iter().map(|number| number.unwrap_or(0.0) * scale);
        match width {
            Width::One => bytes.extend(scaled.map(|number| number.round() as u8)),
            Width::Two => bytes.extend(scaled.flat_map(|number| (number.round() as u16).to_le_bytes())),
            Width::Four => bytes.extend(scaled.flat_map(|number| (number.round() as u32).to_le_bytes())),
            Width::Double => bytes.extend(scaled.flat_map(f64::to_le_bytes)),
        }
        pad(bytes);
    }
}

impl Width {
    /// The narrowest that gives every number back exactly.
    fn of(numbers: &[Option<f64>], scale: f64) -> Self {
        let mut most = 0.0f64;
        for number in numbers.iter().flatten() {
            let scaled = (number * scale).round();
            let comes_back = (scaled / scale).to_bits() == number.to_bits();
            if !scaled.is_finite() || !comes_back || scaled.is_sign_negative() || scaled > f64::from(u32::MAX)
            {
                return Self::Double;
            }
            most = most.max(scaled);
        }
        match most {
            _ if most <= f64::from(u8::MAX) => Self::One,
            _ if most <= f64::from(u16::MAX) => Self::Two,
            _ => Self::Four,
        }
    }
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(ALIGNED), 0);
}

#[cfg(test)]
mod tests;
