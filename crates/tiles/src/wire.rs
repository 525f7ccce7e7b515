//! The few bytes of Protocol Buffers that a vector tile is made of.

/// A message, or a packed list of numbers, being written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wire(Vec<u8>);

impl Wire {
    /// Base 128, the lowest seven bits first.
    pub(crate) fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// A signed number near zero takes few bytes: 0, −1, 1, −2… become 0, 1, 2, 3….
    pub(crate) fn zigzag(&mut self, number: i64) {
        self.varint(((number << 1) ^ (number >> 63)) as u64);
    }

    /// A field that holds a number.
    pub(crate) fn number(&mut self, field: u32, number: u64) {
        self.varint(u64::from(field) << 3);
        self.varint(number);
    }

    /// A field that holds eight bytes.
    pub(crate) fn fixed64(&mut self, field: u32, bits: u64) {
        self.varint(u64::from(field) << 3 | 1);
        self.0.extend(bits.to_le_bytes());
    }

    /// A field that holds a text, a message or a packed list.
    pub(crate) fn bytes(&mut self, field: u32, bytes: &[u8]) {
        self.varint(u64::from(field) << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_the_guide_to_protocol_buffers() {
        let mut wire = Wire::default();
        wire.number(1, 150);
        assert_eq!(wire.as_slice(), [0x08, 0x96, 0x01]);
        wire.clear();
        wire.bytes(2, b"testing");
        assert_eq!(wire.as_slice(), b"\x12\x07testing");
        wire.clear();
        for number in [0, -1, 1, -2, 0x7fff_ffff, -0x8000_0000] {
            wire.zigzag(number);
        }
        let expected = [0, 1, 2, 3, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0xff, 0xff, 0xff, 0xff, 0x0f];
        assert_eq!(wire.into_bytes(), expected);
    }
}
