//! Offsets as bits: runs cut into chunks of a fixed number of offsets, and bitmaps read back as runs. The bit of the lowest
//! offset is the highest one of the first byte, as Redis counts them.

use std::ops::Range;

/// Cuts runs at the borders of chunks of `size` offsets: for each chunk its number and the runs in it, relative to its
/// start. The runs must be in order; offsets below zero are left out.
pub(super) fn chunks(runs: &[Range<i64>], size: u64) -> Vec<(u64, Vec<Range<u64>>)> {
    let mut chunks: Vec<(u64, Vec<Range<u64>>)> = Vec::new();
    for run in runs {
        let mut start = u64::try_from(run.start).unwrap_or(0);
        let end = u64::try_from(run.end).unwrap_or(0);
        while start < end {
            let chunk = start / size;
            let first = chunk * size;
            let stop = end.min(first + size);
            let part = start - first..stop - first;
            match chunks.last_mut() {
                Some((last, parts)) if *last == chunk => parts.push(part),
                _ => chunks.push((chunk, vec![part])),
            }
            start = stop;
        }
    }
    chunks
}

/// Sets bits, relative to the start of the bitmap; those past its end are left out.
pub(super) fn set(bitmap: &mut [u8], bits: &Range<u64>) {
    let end = bits.end.min(bitmap.len() as u64 * 8);
    let mut bit = bits.start;
    while bit < end {
        let byte = (bit / 8) as usize;
        if bit % 8 == 0 && end - bit >= 8 {
            let whole = ((end - bit) / 8) as usize;
            bitmap[byte..byte + whole].fill(0xff);
            bit += whole as u64 * 8;
        } else {
            bitmap[byte] |= 0x80 >> (bit % 8);
            bit += 1;
        }
    }
}

/// The offsets of a bitmap whose first bit is `first`, added to runs that end before it.
pub(super) fn read(bitmap: &[u8], first: i64, into: &mut Vec<Range<i64>>) {
    let mut add = |start: i64, end: i64| match into.last_mut() {
        Some(run) if run.end == start => run.end = end,
        _ => into.push(start..end),
    };
    for (index, byte) in bitmap.iter().enumerate() {
        let at = first.saturating_add(index as i64 * 8);
        match byte {
            0 => {}
            0xff => add(at, at + 8),
            byte => {
                for bit in 0..8 {
                    if byte & (0x80 >> bit) != 0 {
                        add(at + bit, at + bit + 1);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::Runs;
    use super::*;

    proptest! {
        #[test]
        fn what_is_cut_and_set_is_read_back(offsets in prop::collection::btree_set(0..5_000_i64, 0..500), from in 0..4_000_i64, len in 0..2_000_i64) {
            let runs = offsets.iter().map(|offset| *offset..offset + 1).chain([from..from + len]);
            let runs: Runs = runs.collect();
            let mut model = offsets.clone();
            model.extend(from..from + len);
            let mut found = Vec::new();
            for (chunk, parts) in chunks(runs.as_slice(), 1_024) {
                let mut bitmap = vec![0; 128];
                for part in &parts {
                    set(&mut bitmap, part);
                }
                read(&bitmap, chunk as i64 * 1_024, &mut found);
            }
            prop_assert_eq!(&found, runs.as_slice());
            prop_assert_eq!(found.into_iter().flatten().collect::<BTreeSet<_>>(), model);
        }
    }

    #[test]
    fn the_bit_of_the_lowest_offset_is_the_highest_of_the_first_byte() {
        let mut bitmap = [0; 2];
        set(&mut bitmap, &(0..1));
        set(&mut bitmap, &(9..11));
        assert_eq!(bitmap, [0x80, 0x60]);
        set(&mut bitmap, &(15..40));
        assert_eq!(bitmap, [0x80, 0x61], "what is past the end is left out");
    }

    #[test]
    fn offsets_below_zero_are_left_out() {
        assert_eq!(chunks(&[-5..2], 8), [(0, vec![0..2])]);
    }
}
