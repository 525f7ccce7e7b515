//! Tiles in one line: zoom by zoom, each along a Hilbert curve, so that neighbours have near numbers.

use crate::coord::TileCoord;

/// The number of a tile in an archive: tiles of the zooms above, then the place on the curve, which runs
/// 1/0/0, 1/0/1, 1/1/1, 1/1/0 (chapter 4 of the specification).
pub fn tile_id(tile: TileCoord) -> u64 {
    let (mut x, mut y) = (u64::from(tile.x()), u64::from(tile.y()));
    let above = ((1 << (2 * tile.z())) - 1) / 3;
    let mut along = 0;
    for level in (0..tile.z()).rev() {
        let side = 1 << level;
        let (right, low) = (x >> level & 1, y >> level & 1);
        along += side * side * ((3 * right) ^ low);
        (x, y) = (x & (side - 1), y & (side - 1));
        if low == 0 {
            if right == 1 {
                (x, y) = (side - 1 - x, side - 1 - y);
            }
            (x, y) = (y, x);
        }
    }
    above + along
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The curve of a zoom drawn by its definition: four smaller ones, the first and the last turned.
    fn curve(zoom: u8) -> Vec<(u32, u32)> {
        let Some(smaller) = zoom.checked_sub(1) else { return vec![(0, 0)] };
        let (small, side) = (curve(smaller), 1 << smaller);
        let first = small.iter().map(|&(x, y)| (y, x));
        let second = small.iter().map(|&(x, y)| (x, y + side));
        let third = small.iter().map(|&(x, y)| (x + side, y + side));
        let last = small.iter().map(|&(x, y)| (2 * side - 1 - y, side - 1 - x));
        first.chain(second).chain(third).chain(last).collect()
    }

    /// From a number back to its tile, bit by bit from the lowest: nothing of what the other way does.
    fn tile_at(id: u64) -> TileCoord {
        let (mut z, mut rest) = (0u8, id);
        while rest >= 1 << (2 * z) {
            rest -= 1 << (2 * z);
            z += 1;
        }
        let (mut x, mut y) = (0u32, 0u32);
        for level in 0..z {
            let side = 1 << level;
            (x, y) = match rest & 3 {
                0 => (y, x),
                1 => (x, y + side),
                2 => (x + side, y + side),
                _ => (2 * side - 1 - y, side - 1 - x),
            };
            rest >>= 2;
        }
        TileCoord::new(z, x, y).expect("in the matrix")
    }

    fn id(z: u8, x: u32, y: u32) -> u64 {
        tile_id(TileCoord::new(z, x, y).expect("in the matrix"))
    }

    #[test]
    fn the_first_tiles_and_one_of_the_specification_have_their_numbers() {
        assert_eq!(
            [id(0, 0, 0), id(1, 0, 0), id(1, 0, 1), id(1, 1, 1), id(1, 1, 0), id(2, 0, 0)],
            [0, 1, 2, 3, 4, 5]
        );
        assert_eq!(id(12, 3423, 1763), 19_078_479);
    }

    #[test]
    fn numbers_follow_the_curve_drawn_by_its_definition_without_a_jump() {
        let mut next = 0;
        for zoom in 0..=6 {
            let drawn = curve(zoom);
            for (x, y) in &drawn {
                assert_eq!(id(zoom, *x, *y), next, "{zoom}/{x}/{y}");
                next += 1;
            }
            assert!(
                drawn.windows(2).all(|two| two[0].0.abs_diff(two[1].0) + two[0].1.abs_diff(two[1].1) == 1)
            );
        }
    }

    proptest! {
        #[test]
        fn a_number_leads_back_to_its_tile(z in 0u8..=22, x in any::<u32>(), y in any::<u32>()) {
            let within = |n: u32| (u64::from(n) % (1u64 << z)) as u32;
            let tile = TileCoord::new(z, within(x), within(y)).expect("in the matrix");
            prop_assert_eq!(tile_at(tile_id(tile)), tile);
        }
    }
}
