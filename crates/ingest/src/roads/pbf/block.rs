//! One block of data: a table of texts, then ways and nodes that point into it.

use territory::FixedPosition;

use super::wire::{Fields, Flaw, Numbers, Sum, Value, unzigzag};

/// Nanodegrees in a step of [`FixedPosition`].
const NANODEGREES_PER_STEP: i64 = 100;

/// A block, its ways and nodes not read yet.
#[derive(Debug)]
pub(in crate::roads) struct Block<'a> {
    texts: Vec<&'a str>,
    groups: Vec<&'a [u8]>,
    granularity: i64,
    lon_offset: i64,
    lat_offset: i64,
    /// Texts that are not UTF-8, taken for empty.
    pub(in crate::roads) n_not_utf8: u64,
}

/// A way: its identifier, tags and the nodes it goes through.
#[derive(Debug)]
pub(in crate::roads) struct Way<'t, 'a> {
    pub(in crate::roads) id: i64,
    pub(in crate::roads) tags: &'t [(&'a str, &'a str)],
    /// Differences of node identifiers, as written.
    pub(in crate::roads) refs: &'a [u8],
}

/// A node: its identifier, rank, place and tags.
#[derive(Debug)]
pub(in crate::roads) struct Node<'t, 'a> {
    pub(in crate::roads) id: i64,
    /// Its rank among those wanted.
    pub(in crate::roads) rank: u32,
    /// None when it is nowhere on Earth.
    pub(in crate::roads) position: Option<FixedPosition>,
    pub(in crate::roads) tags: &'t [(&'a str, &'a str)],
}

impl<'a> Block<'a> {
    pub(in crate::roads) fn of(content: &'a [u8]) -> Result<Self, Flaw> {
        let mut block = Self {
            texts: Vec::new(),
            groups: Vec::new(),
            granularity: 100,
            lon_offset: 0,
            lat_offset: 0,
            n_not_utf8: 0,
        };
        for field in Fields::of(content) {
            match field? {
                (1, table) => block.read_texts(table.bytes()?)?,
                (2, group) => block.groups.push(group.bytes()?),
                (17, nanodegrees) => block.granularity = nanodegrees.number()?.cast_signed(),
                (19, nanodegrees) => block.lat_offset = nanodegrees.number()?.cast_signed(),
                (20, nanodegrees) => block.lon_offset = nanodegrees.number()?.cast_signed(),
                _ => {}
            }
        }
        if block.granularity <= 0 { Err(Flaw("has no size of its steps")) } else { Ok(block) }
    }

    fn read_texts(&mut self, table: &'a [u8]) -> Result<(), Flaw> {
        for field in Fields::of(table) {
            if let (1, text) = field? {
                let text = std::str::from_utf8(text.bytes()?);
                self.n_not_utf8 += u64::from(text.is_err());
                self.texts.push(text.unwrap_or_default());
            }
        }
        Ok(())
    }

    /// Calls back with each way.
    pub(in crate::roads) fn ways(
        &self,
        mut each: impl FnMut(Way<'_, 'a>) -> Result<(), Flaw>,
    ) -> Result<(), Flaw> {
        let mut tags = Vec::new();
        for group in &self.groups {
            for field in Fields::of(group) {
                if let (3, way) = field? {
                    let (id, refs) = self.way(way.bytes()?, &mut tags)?;
                    each(Way { id, tags: &tags, refs })?;
                }
            }
        }
        Ok(())
    }

    fn way(&self, message: &'a [u8], tags: &mut Vec<(&'a str, &'a str)>) -> Result<(i64, &'a [u8]), Flaw> {
        let mut id = None;
        let (mut keys, mut values) = (Numbers::default(), Numbers::default());
        let mut refs: &[u8] = &[];
        for field in Fields::of(message) {
            match field? {
                (1, number) => id = Some(number.number()?.cast_signed()),
                (2, list) => keys = Numbers::of(list.bytes()?),
                (3, list) => values = Numbers::of(list.bytes()?),
                (8, list) => refs = list.bytes()?,
                _ => {}
            }
        }
        self.read_tags(keys, values, tags)?;
        Ok((id.ok_or(Flaw("has a way without identifier"))?, refs))
    }

    /// Whether it has nodes.
    pub(in crate::roads) fn has_nodes(&self) -> Result<bool, Flaw> {
        for group in &self.groups {
            for field in Fields::of(group) {
                if let (1 | 2, _) = field? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Calls back with each node that has a rank among those wanted.
    pub(in crate::roads) fn nodes(
        &self,
        mut rank: impl FnMut(i64) -> Option<u32>,
        mut each: impl FnMut(Node<'_, 'a>),
    ) -> Result<(), Flaw> {
        let mut tags = Vec::new();
        for group in &self.groups {
            for field in Fields::of(group) {
                match field? {
                    (1, node) => {
                        let (id, position) = self.node(node.bytes()?, &mut tags)?;
                        if let Some(rank) = rank(id) {
                            each(Node { id, rank, position, tags: &tags });
                        }
                    }
                    (2, dense) => self.dense(dense.bytes()?, &mut tags, &mut rank, &mut each)?,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn node(
        &self,
        message: &'a [u8],
        tags: &mut Vec<(&'a str, &'a str)>,
    ) -> Result<(i64, Option<FixedPosition>), Flaw> {
        let (mut id, mut lat, mut lon) = (None, None, None);
        let (mut keys, mut values) = (Numbers::default(), Numbers::default());
        for field in Fields::of(message) {
            let (number, value) = field?;
            let signed = |value: Value| value.number().map(unzigzag);
            match number {
                1 => id = Some(signed(value)?),
                2 => keys = Numbers::of(value.bytes()?),
                3 => values = Numbers::of(value.bytes()?),
                8 => lat = Some(signed(value)?),
                9 => lon = Some(signed(value)?),
                _ => {}
            }
        }
        self.read_tags(keys, values, tags)?;
        let (Some(id), Some(lon), Some(lat)) = (id, lon, lat) else {
            return Err(Flaw("has a node without identifier or place"));
        };
        Ok((id, self.position(lon, lat)))
    }

    fn dense(
        &self,
        message: &'a [u8],
        tags: &mut Vec<(&'a str, &'a str)>,
        rank: &mut impl FnMut(i64) -> Option<u32>,
        each: &mut impl FnMut(Node<'_, 'a>),
    ) -> Result<(), Flaw> {
        let [mut ids, mut lats, mut lons, mut pairs] = [(); 4].map(|()| Numbers::default());
        for field in Fields::of(message) {
            match field? {
                (1, list) => ids = Numbers::of(list.bytes()?),
                (8, list) => lats = Numbers::of(list.bytes()?),
                (9, list) => lons = Numbers::of(list.bytes()?),
                (10, list) => pairs = Numbers::of(list.bytes()?),
                _ => {}
            }
        }
        // Where no node of the block has tags the list may be left out.
        let tagged = pairs.clone().next().is_some();
        let [mut id, mut lat, mut lon] = [Sum::default(); 3];
        for difference in ids {
            let id = id.add(difference?)?;
            let (lat, lon) = (lat.add(lats.due()?)?, lon.add(lons.due()?)?);
            let rank = rank(id);
            tags.clear();
            let mut key = if tagged { pairs.due()? } else { 0 };
            while key != 0 {
                let value = pairs.due()?;
                if rank.is_some() {
                    tags.push((self.text(key)?, self.text(value)?));
                }
                key = pairs.due()?;
            }
            if let Some(rank) = rank {
                each(Node { id, rank, position: self.position(lon, lat), tags });
            }
        }
        if lats.next().is_some() || lons.next().is_some() || pairs.next().is_some() {
            return Err(Flaw("has lists of nodes of different lengths"));
        }
        Ok(())
    }

    fn read_tags(
        &self,
        keys: Numbers<'a>,
        mut values: Numbers<'a>,
        tags: &mut Vec<(&'a str, &'a str)>,
    ) -> Result<(), Flaw> {
        tags.clear();
        for key in keys {
            tags.push((self.text(key?)?, self.text(values.due()?)?));
        }
        if values.next().is_some() { Err(Flaw("has more values of tags than keys")) } else { Ok(()) }
    }

    fn text(&self, rank: u64) -> Result<&'a str, Flaw> {
        let text = usize::try_from(rank).ok().and_then(|rank| self.texts.get(rank));
        text.copied().ok_or(Flaw("points to a text that it does not have"))
    }

    fn position(&self, lon: i64, lat: i64) -> Option<FixedPosition> {
        let steps = |offset: i64, steps: i64| {
            let nanodegrees = steps.checked_mul(self.granularity)?.checked_add(offset)?;
            // To the nearest: files finer than ours are rounded, not cut.
            let steps = nanodegrees.checked_add(NANODEGREES_PER_STEP / 2)?.div_euclid(NANODEGREES_PER_STEP);
            i32::try_from(steps).ok()
        };
        FixedPosition::from_steps([steps(self.lon_offset, lon)?, steps(self.lat_offset, lat)?]).ok()
    }
}
