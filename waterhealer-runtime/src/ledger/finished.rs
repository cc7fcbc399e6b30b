//! Offsets of one partition that are finished already, from some offset on: what the next owner passes over. Where such a
//! set comes from, and in which form it travels, is not known here.

use std::ops::Range;

use roaring::RoaringBitmap;

/// A set of finished offsets of one partition. An offset below its base, or four thousand million and more above it, does
/// not fit and is left out: it is then done again, which is safe.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Finished {
    base: i64,
    /// Relative to the base.
    above: RoaringBitmap,
}

impl Finished {
    /// An empty set of offsets from `base` on.
    pub fn new(base: i64) -> Self {
        Finished {
            base,
            above: RoaringBitmap::new(),
        }
    }

    /// The lowest offset that fits.
    pub fn base(&self) -> i64 {
        self.base
    }

    /// One past the highest offset in it; the base when it is empty.
    pub fn end(&self) -> i64 {
        match self.above.max() {
            Some(highest) => self.base + i64::from(highest) + 1,
            None => self.base,
        }
    }

    /// How many offsets it holds.
    pub fn len(&self) -> u64 {
        self.above.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.above.is_empty()
    }

    /// Whether this offset is finished.
    pub fn contains(&self, offset: i64) -> bool {
        self.relative(offset)
            .is_some_and(|relative| self.above.contains(relative))
    }

    /// Adds an offset.
    pub fn insert(&mut self, offset: i64) {
        if let Some(relative) = self.relative(offset) {
            self.above.insert(relative);
        }
    }

    /// Adds a run of offsets.
    pub fn insert_run(&mut self, run: Range<i64>) {
        let from = run.start.max(self.base);
        let highest = self.base.saturating_add(i64::from(u32::MAX));
        let last = run.end.saturating_sub(1).min(highest);
        if let (Some(from), Some(last)) = (self.relative(from), self.relative(last))
            && from <= last
        {
            self.above.insert_range(from..=last);
        }
    }

    /// Takes an offset out.
    pub fn remove(&mut self, offset: i64) {
        if let Some(relative) = self.relative(offset) {
            self.above.remove(relative);
        }
    }

    /// Adds what another set holds.
    pub fn merge(&mut self, other: &Finished) {
        if self.is_empty() {
            return *self = other.clone();
        }
        if other.base < self.base {
            let mine = std::mem::replace(self, Finished::new(other.base));
            self.merge_above(&mine, mine.base);
        }
        self.merge_above(other, other.base);
    }

    /// Adds what another set holds from an offset on, as far as it fits.
    pub fn merge_above(&mut self, other: &Finished, from: i64) {
        for run in other.runs().filter(|run| run.end > from) {
            self.insert_run(run.start.max(from)..run.end);
        }
    }

    /// The finished offsets in runs, from the lowest on.
    pub fn runs(&self) -> impl Iterator<Item = Range<i64>> + Clone {
        let mut rest = self.above.iter();
        let base = self.base;
        std::iter::from_fn(move || {
            let run = rest.next_range()?;
            let (first, last) = (i64::from(*run.start()), i64::from(*run.end()));
            Some(base + first..base + last + 1)
        })
    }

    fn relative(&self, offset: i64) -> Option<u32> {
        offset
            .checked_sub(self.base)
            .and_then(|relative| u32::try_from(relative).ok())
            // The end must be an offset too.
            .filter(|_| offset < i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn offsets(set: &Finished) -> BTreeSet<i64> {
        set.runs().flatten().collect()
    }

    proptest! {
        #[test]
        fn it_is_a_set(base in -5..5_i64, added in prop::collection::vec((0..200_i64, 1..20_i64), 0..20),
                       other_base in -5..5_i64, others in prop::collection::vec(0..300_i64, 0..20), gone in 0..200_i64) {
            let mut set = Finished::new(base);
            let mut model = BTreeSet::new();
            for (from, len) in added {
                set.insert_run(from..from + len);
                model.extend((from..from + len).filter(|offset| *offset >= base));
            }
            let mut other = Finished::new(other_base);
            for offset in others {
                other.insert(offset);
                model.extend((offset >= other_base).then_some(offset));
            }
            set.merge(&other);
            set.remove(gone);
            model.remove(&gone);
            prop_assert_eq!(set.len(), model.len() as u64);
            if let Some(last) = model.last() {
                prop_assert_eq!(set.end(), last + 1);
            }
            for offset in -10..320 {
                prop_assert_eq!(set.contains(offset), model.contains(&offset), "{}", offset);
            }
            prop_assert_eq!(offsets(&set), model);
        }
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let mut set = Finished::new(10);
        for offset in [9, i64::MIN, i64::MAX, 10 + (1 << 32)] {
            set.insert(offset);
            assert!(!set.contains(offset), "{offset}");
        }
        set.insert_run(i64::MIN..12);
        set.insert_run(20..20);
        set.insert_run(Range { start: 30, end: 25 });
        assert_eq!(offsets(&set), BTreeSet::from([10, 11]));
        set.insert_run(11..i64::MAX);
        assert!(set.runs().eq([Range {
            start: 10,
            end: 10 + (1 << 32)
        }]));
        let mut highest = Finished::new(i64::MAX - 1);
        highest.insert_run(i64::MAX - 1..i64::MAX);
        assert_eq!(highest.end(), i64::MAX);
    }
}
