//! How far the dead letters of one partition have gone back: an offset below which all have, and single ones above it, for
//! those that were picked out. It is kept as a commit of a group of its own, the single ones in the commit's metadata.

use std::collections::BTreeSet;

/// What precedes the offsets in the metadata, with the version of the form.
const PREFIX: &str = "replayed1:";

/// What the broker takes as metadata, in bytes, unless it is set otherwise.
const LIMIT: usize = 4096;

/// Which dead letters of a partition have gone back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// All before it have.
    next: i64,
    /// These have as well.
    above: BTreeSet<i64>,
}

impl Cursor {
    /// As a commit has it. Metadata that is not ours says nothing: then some go back twice, and none is left out.
    pub(crate) fn read(offset: i64, metadata: &str) -> Cursor {
        let ranges = metadata.strip_prefix(PREFIX).unwrap_or_default();
        let mut above = BTreeSet::new();
        for range in ranges.split(',') {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (Ok(first), Ok(last)) = (first.parse::<i64>(), last.parse::<i64>()) else {
                continue;
            };
            // What no metadata of ours can say would take for ever.
            if first >= offset && last.saturating_sub(first) < 100_000_000 {
                above.extend(first..=last);
            }
        }
        Cursor {
            next: offset.max(0),
            above,
        }
    }

    /// Whether the letter has gone back.
    pub(crate) fn has(&self, offset: i64) -> bool {
        offset < self.next || self.above.contains(&offset)
    }

    /// Where to look for those that have not.
    pub(crate) fn next(&self) -> i64 {
        self.next
    }

    /// Notes letters that have gone back, of a look at all from `next` up to `end`, of which `kept` is the first that has not.
    pub(crate) fn note(&mut self, gone: &[i64], kept: Option<i64>, end: i64) {
        self.above.extend(gone);
        self.next = self.next.max(kept.unwrap_or(end));
        self.above = self.above.split_off(&self.next);
    }

    /// The single ones; `None` when they are so scattered that no commit has room for them.
    pub(crate) fn metadata(&self) -> Option<String> {
        let mut ranges: Vec<(i64, i64)> = Vec::new();
        for offset in &self.above {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == *offset => *last = *offset,
                _ => ranges.push((*offset, *offset)),
            }
        }
        let ranges = ranges.iter().map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        });
        let text = format!("{PREFIX}{}", ranges.collect::<Vec<_>>().join(","));
        (text.len() <= LIMIT).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn picked_ones_are_remembered_until_all_before_them_have_gone() {
        let mut cursor = Cursor::default();
        cursor.note(&[3, 4, 7], Some(0), 9);
        assert_eq!(cursor.metadata().as_deref(), Some("replayed1:3-4,7"));
        assert!(cursor.has(4) && !cursor.has(5) && cursor.next() == 0);
        cursor.note(&[0, 1, 2, 5], Some(6), 9);
        assert_eq!(
            (cursor.next(), cursor.metadata().as_deref()),
            (6, Some("replayed1:7"))
        );
        cursor.note(&[6], None, 9);
        assert_eq!(
            cursor,
            Cursor {
                next: 9,
                above: BTreeSet::new()
            }
        );
    }

    #[test]
    fn too_many_have_no_room() {
        let mut cursor = Cursor::default();
        let scattered: Vec<i64> = (0..2_000).map(|n| 1 + n * 2).collect();
        cursor.note(&scattered, Some(0), 5_000);
        assert_eq!(cursor.metadata(), None);
    }

    #[test]
    fn the_metadata_of_others_says_nothing() {
        for foreign in [
            "",
            "x",
            "replayed1:",
            "replayed1:a-b,-,9-",
            "replayed2:1",
            "replayed1:0-9223372036854775807",
        ] {
            assert_eq!(Cursor::read(5, foreign), Cursor::read(5, ""), "{foreign}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(gone in proptest::collection::btree_set(0_i64..200, 0..40), kept in 0_i64..200) {
            let mut cursor = Cursor::default();
            let gone: Vec<i64> = gone.into_iter().filter(|offset| *offset != kept).collect();
            cursor.note(&gone, Some(kept), 200);
            let read = Cursor::read(cursor.next(), &cursor.metadata().expect("it has room"));
            prop_assert_eq!(&read, &cursor);
            for offset in kept..200 {
                prop_assert_eq!(read.has(offset), gone.contains(&offset), "{}", offset);
            }
        }
    }
}
