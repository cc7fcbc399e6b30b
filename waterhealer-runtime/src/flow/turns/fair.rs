//! A queue that is fair between partitions: each has its turn, however many wait of another.

use std::collections::{HashMap, VecDeque};

use super::Pass;
use crate::ledger::SlotId;

/// Passes by partition, and whose turn it is.
#[derive(Debug, Default)]
pub(super) struct Fair {
    queues: HashMap<SlotId, VecDeque<Pass>>,
    /// Those partitions of which something waits.
    ring: VecDeque<SlotId>,
}

impl Fair {
    pub(super) fn push(&mut self, slot: SlotId, pass: Pass) {
        let queue = self.queues.entry(slot).or_default();
        if queue.is_empty() {
            self.ring.push_back(slot);
        }
        queue.push_back(pass);
    }

    pub(super) fn pop(&mut self) -> Option<Pass> {
        let slot = self.ring.pop_front()?;
        let queue = self.queues.get_mut(&slot)?;
        let pass = queue.pop_front();
        if !queue.is_empty() {
            self.ring.push_back(slot);
        }
        pass
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.queues.clear();
        self.ring.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_partition_has_its_turn() {
        let mut fair = Fair::default();
        for number in 1..=4 {
            fair.push(SlotId(1), Pass(number));
        }
        fair.push(SlotId(2), Pass(10));
        fair.push(SlotId(2), Pass(11));
        let order: Vec<u64> = std::iter::from_fn(|| fair.pop())
            .map(|pass| pass.0)
            .collect();
        assert_eq!(order, [1, 10, 2, 11, 3, 4]);
        assert!(fair.is_empty());
    }
}
