//! Offsets collected in runs: cheap to add to in any order, put in order when they are looked at.

use std::ops::Range;

/// Runs that are put in order before there are more than twice as many as there were after the last time.
const FEW: usize = 256;

/// A set of offsets, as runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Runs {
    runs: Vec<Range<i64>>,
    /// How many were left when they were last put in order.
    ordered: usize,
}

impl Runs {
    /// Adds an offset; the next one after the last costs next to nothing.
    #[inline]
    pub(crate) fn push(&mut self, offset: i64) {
        match self.runs.last_mut() {
            Some(run) if run.end == offset => run.end += 1,
            _ => self.runs.push(offset..offset + 1),
        }
    }

    /// Adds what another set holds.
    pub(crate) fn absorb(&mut self, other: Runs) {
        if self.runs.is_empty() {
            return *self = other;
        }
        self.runs.extend(other.runs);
        if self.runs.len() > (2 * self.ordered).max(FEW) {
            self.put_in_order();
        }
    }

    /// Whether it holds nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Sorts the runs and joins those that touch.
    pub(crate) fn put_in_order(&mut self) {
        self.runs.sort_unstable_by_key(|run| run.start);
        self.runs.dedup_by(|next, run| {
            let touches = next.start <= run.end;
            if touches {
                run.end = run.end.max(next.end);
            }
            touches
        });
        self.ordered = self.runs.len();
    }

    /// The runs; in order and apart from one another after [`put_in_order`](Runs::put_in_order).
    pub(crate) fn as_slice(&self) -> &[Range<i64>] {
        &self.runs
    }
}

impl FromIterator<Range<i64>> for Runs {
    fn from_iter<I: IntoIterator<Item = Range<i64>>>(runs: I) -> Self {
        let mut runs = Runs {
            runs: runs.into_iter().filter(|run| !run.is_empty()).collect(),
            ordered: 0,
        };
        runs.put_in_order();
        runs
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_are_a_set(first in prop::collection::vec(0..400_i64, 0..300), second in prop::collection::vec(0..400_i64, 0..300)) {
            let mut model = BTreeSet::new();
            let mut all = Runs::default();
            for part in [first, second] {
                let mut runs = Runs::default();
                for offset in part {
                    runs.push(offset);
                    model.insert(offset);
                }
                all.absorb(runs);
            }
            all.put_in_order();
            let apart = all.as_slice().windows(2).all(|pair| pair[0].end < pair[1].start);
            prop_assert!(apart, "{all:?}");
            let found: BTreeSet<i64> = all.as_slice().iter().cloned().flatten().collect();
            prop_assert_eq!(found, model);
        }
    }

    #[test]
    fn offsets_in_order_are_one_run() {
        let mut runs = Runs::default();
        for offset in 5..100_000 {
            runs.push(offset);
        }
        assert_eq!(runs.as_slice(), [5..100_000]);
    }
}
