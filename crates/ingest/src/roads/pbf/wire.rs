//! Protocol buffers on the wire: numbered fields, numbers of seven bits a byte.
//!
//! Format: <https://protobuf.dev/programming-guides/encoding/>.

/// What is wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::roads) struct Flaw(pub(in crate::roads) &'static str);

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// Four or eight bytes, which no message of OpenStreetMap uses.
    Fixed,
}

impl<'a> Value<'a> {
    pub(super) fn bytes(self) -> Result<&'a [u8], Flaw> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err(Flaw("a field is a number where bytes are due")),
        }
    }

    pub(super) fn number(self) -> Result<u64, Flaw> {
        match self {
            Self::Number(number) => Ok(number),
            _ => Err(Flaw("a field is bytes where a number is due")),
        }
    }
}

/// The fields of a message, in the order written.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn field(&mut self) -> Result<(u64, Value<'a>), Flaw> {
        let key = number(&mut self.rest)?;
        let value = match key & 7 {
            0 => Value::Number(number(&mut self.rest)?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let len = number(&mut self.rest)?;
                Value::Bytes(self.take(usize::try_from(len).unwrap_or(usize::MAX))?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return Err(Flaw("a field is of a kind that does not exist")),
        };
        Ok((key >> 3, value))
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Flaw> {
        let (taken, rest) =
            self.rest.split_at_checked(len).ok_or(Flaw("a field is longer than its message"))?;
        self.rest = rest;
        Ok(taken)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), Flaw>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// Numbers one after another without anything between.
#[derive(Debug, Clone, Default)]
pub(in crate::roads) struct Numbers<'a> {
    rest: &'a [u8],
}

impl<'a> Numbers<'a> {
    pub(in crate::roads) fn of(packed: &'a [u8]) -> Self {
        Self { rest: packed }
    }

    /// The next number, which must be there.
    pub(super) fn due(&mut self) -> Result<u64, Flaw> {
        self.next().unwrap_or(Err(Flaw("a list is shorter than the one beside it")))
    }
}

impl Iterator for Numbers<'_> {
    type Item = Result<u64, Flaw>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let next = number(&mut self.rest);
        if next.is_err() {
            self.rest = &[];
        }
        Some(next)
    }
}

/// Reads a number off the front.
fn number(rest: &mut &[u8]) -> Result<u64, Flaw> {
    let mut value = 0;
    for (rank, &byte) in rest.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * rank);
        if byte < 0x80 {
            *rest = rest.get(rank + 1..).unwrap_or_default();
            return Ok(value);
        }
    }
    Err(Flaw("a number has no end"))
}

/// A signed number from its zigzag: 0, −1, 1, −2…
pub(in crate::roads) fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// Running sum of differences: what lists of identifiers and coordinates are written as.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum(i64);

impl Sum {
    pub(super) fn add(&mut self, zigzag: u64) -> Result<i64, Flaw> {
        self.0 = self.0.checked_add(unzigzag(zigzag)).ok_or(Flaw("differences add up past 64 bits"))?;
        Ok(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_come_in_order_with_their_number_and_kind() {
        // Field 1 = 150, field 2 = "ok", field 3 four bytes.
        let message = [0x08, 0x96, 0x01, 0x12, 2, b'o', b'k', 0x1d, 1, 2, 3, 4];
        let fields: Result<Vec<_>, Flaw> = Fields::of(&message).collect();
        let fields = fields.expect("whole");
        assert_eq!(fields, [(1, Value::Number(150)), (2, Value::Bytes(b"ok")), (3, Value::Fixed)]);
    }

    #[test]
    fn a_message_cut_anywhere_is_shorter_or_flawed_and_ends() {
        let message = [0x08, 0x96, 0x01, 0x12, 2, b'o', b'k', 0x1d, 1, 2, 3, 4];
        for end in 0..message.len() {
            assert!(Fields::of(&message[..end]).count() <= 3, "{end}");
        }
        assert_eq!(Fields::of(&[0x12, 5, 0]).last(), Some(Err(Flaw("a field is longer than its message"))));
        assert_eq!(Numbers::of(&[0xff; 11]).last(), Some(Err(Flaw("a number has no end"))));
    }

    #[test]
    fn zigzags_alternate_around_zero_up_to_the_ends() {
        assert_eq!([0, 1, 2, 3, 4].map(unzigzag), [0, -1, 1, -2, 2]);
        assert_eq!([u64::MAX - 1, u64::MAX].map(unzigzag), [i64::MAX, i64::MIN]);
        let mut sum = Sum::default();
        assert_eq!(sum.add(u64::MAX - 1), Ok(i64::MAX));
        assert!(sum.add(2).is_err(), "past the end");
    }

    proptest! {
        #[test]
        fn any_bytes_are_fields_or_a_flaw(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for field in Fields::of(&bytes).flatten() {
                if let (_, Value::Bytes(bytes)) = field {
                    let _ = Numbers::of(bytes).count();
                }
            }
        }
    }
}
