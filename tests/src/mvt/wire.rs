//! The wire format of protocol buffers, as far as vector tiles use it.

use super::Fault;

/// A message being read, field after field.
pub(super) struct Message<'a> {
    rest: &'a [u8],
}

/// What a field holds, by how it is written.
pub(super) enum Field<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    Bytes(&'a [u8]),
    Fixed32([u8; 4]),
}

impl<'a> Message<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next field and its number, none at the end.
    pub(super) fn field(&mut self) -> Result<Option<(u32, Field<'a>)>, Fault> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let tag = u32::try_from(self.varint()?).map_err(|_| Fault::Varint)?;
        let number = tag >> 3;
        let field = match tag & 7 {
            _ if number == 0 => return Err(Fault::UnknownField(0)),
            0 => Field::Varint(self.varint()?),
            1 => Field::Fixed64(self.array()?),
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| Fault::Truncated)?;
                let (bytes, rest) = self.rest.split_at_checked(length).ok_or(Fault::Truncated)?;
                self.rest = rest;
                Field::Bytes(bytes)
            }
            5 => Field::Fixed32(self.array()?),
            // Groups, and what protocol buffers never used.
            _ => return Err(Fault::WireType(number)),
        };
        Ok(Some((number, field)))
    }

    /// Bytes not read yet.
    pub(super) fn n_left(&self) -> usize {
        self.rest.len()
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (array, rest) = self.rest.split_first_chunk().ok_or(Fault::Truncated)?;
        self.rest = rest;
        Ok(*array)
    }

    fn varint(&mut self) -> Result<u64, Fault> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.rest.split_first().ok_or(Fault::Truncated)?;
            self.rest = rest;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Fault::Varint)
    }
}

impl<'a> Field<'a> {
    pub(super) fn varint(&self, number: u32) -> Result<u64, Fault> {
        if let Self::Varint(value) = self { Ok(*value) } else { Err(Fault::WireType(number)) }
    }

    pub(super) fn u32(&self, number: u32) -> Result<u32, Fault> {
        u32::try_from(self.varint(number)?).map_err(|_| Fault::Varint)
    }

    pub(super) fn fixed32(&self, number: u32) -> Result<[u8; 4], Fault> {
        if let Self::Fixed32(bytes) = self { Ok(*bytes) } else { Err(Fault::WireType(number)) }
    }

    pub(super) fn fixed64(&self, number: u32) -> Result<[u8; 8], Fault> {
        if let Self::Fixed64(bytes) = self { Ok(*bytes) } else { Err(Fault::WireType(number)) }
    }

    pub(super) fn bytes(&self, number: u32) -> Result<&'a [u8], Fault> {
        if let Self::Bytes(bytes) = self { Ok(bytes) } else { Err(Fault::WireType(number)) }
    }

    /// Numbers one after the other: allocates by what is there, never by what is announced.
    pub(super) fn packed(&self, number: u32) -> Result<Vec<u32>, Fault> {
        let mut message = Message::new(self.bytes(number)?);
        let mut numbers = Vec::new();
        while !message.rest.is_empty() {
            numbers.push(u32::try_from(message.varint()?).map_err(|_| Fault::Varint)?);
        }
        Ok(numbers)
    }
}

/// Keeps a field that a message may hold once.
pub(super) fn once<T>(kept: &mut Option<T>, value: T, number: u32) -> Result<(), Fault> {
    if kept.replace(value).is_some() { Err(Fault::FieldTwice(number)) } else { Ok(()) }
}

/// A signed number from its zigzag: 0, −1, 1, −2…
pub(super) fn zigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}
