//! The partitions that are held now, and how far those were taken that were held before: what is taken below that is taken
//! again. Nothing here decides anything.

use std::collections::HashMap;
use std::sync::Arc;

use crate::broker::Assigned;

/// The assignment as others see it, and what is remembered of earlier ones.
#[derive(Debug, Default)]
pub(super) struct Taken {
    held: Vec<Arc<Assigned>>,
    /// How far each partition was taken in assignments that are over.
    ends: HashMap<(Arc<str>, i32), i64>,
    /// Records that were taken again in assignments that are over.
    again: u64,
}

impl Taken {
    /// From now on these are held. Those that are new know how far they were taken before.
    pub(super) fn show(&mut self, held: Vec<Arc<Assigned>>) {
        let before = std::mem::replace(&mut self.held, held);
        for gone in before.iter().filter(|one| !has(&self.held, one)) {
            self.again += gone.figures.again();
            if let Some(end) = gone.figures.taken_to() {
                let place = (Arc::clone(&gone.topic), gone.partition);
                let known = self.ends.entry(place).or_insert(end);
                *known = end.max(*known);
            }
        }
        for new in self.held.iter().filter(|one| !has(&before, one)) {
            let place = (Arc::clone(&new.topic), new.partition);
            if let Some(end) = self.ends.get(&place) {
                new.figures.know_taken_to(*end);
            }
        }
    }

    pub(super) fn held(&self) -> &[Arc<Assigned>] {
        &self.held
    }

    /// Records that were taken again, by this process.
    pub(super) fn again(&self) -> u64 {
        let now = self.held.iter().map(|one| one.figures.again());
        self.again + now.sum::<u64>()
    }
}

fn has(partitions: &[Arc<Assigned>], one: &Arc<Assigned>) -> bool {
    partitions.iter().any(|other| Arc::ptr_eq(other, one))
}

#[cfg(test)]
mod tests {
    use super::super::slots::Slots;
    use super::*;

    #[test]
    fn what_was_taken_in_an_earlier_assignment_is_taken_again() {
        let mut slots = Slots::new(1);
        let (mut taken, first) = (Taken::default(), slots.assign("orders", 0, 0));
        taken.show(vec![Arc::clone(&first)]);
        first.figures.take(10..=29, 20, 1);
        assert_eq!(taken.again(), 0);
        taken.show(Vec::new());

        let second = slots.assign("orders", 0, 0);
        let other = slots.assign("orders", 1, 0);
        taken.show(vec![Arc::clone(&second), Arc::clone(&other)]);
        second.figures.take(15..=19, 5, 1);
        second.figures.take(20..=49, 30, 1);
        other.figures.take(0..=99, 100, 1);
        assert_eq!(taken.again(), 15, "from 15 to 29");
        taken.show(vec![other]);
        assert_eq!(taken.again(), 15, "it is not forgotten with its assignment");
    }
}
