//! Which record keeps a partition from moving on. Where it is, the ledger does not know: its ticket is elsewhere.

use super::slot::Slot;
use super::{Epoch, Ledger, SlotId};

impl Ledger {
    /// The lowest offset that was delivered and is not finished, and of which assignment.
    pub(crate) fn blocking(&self, slot: SlotId) -> Option<(Epoch, i64)> {
        let found = self.slots.get(slot.0 as usize)?;
        Some((found.epoch(), Slot::unfinished(found).next()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_lowest_that_is_not_finished() {
        let (slot, epoch, mut ledger) = (SlotId(1), Epoch(3), Ledger::new());
        ledger.open(slot, epoch);
        assert_eq!(ledger.blocking(slot), None);
        let tickets = [7, 8, 9].map(|offset| ledger.deliver(slot, offset, None));
        let [first, second, third] = tickets;
        ledger.settle(second);
        assert_eq!(ledger.blocking(slot), Some((epoch, 7)));
        ledger.settle(first);
        assert_eq!(ledger.blocking(slot), Some((epoch, 9)));
        ledger.settle(third);
        assert_eq!(ledger.blocking(slot), None);
    }
}
