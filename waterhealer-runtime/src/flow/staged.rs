//! What the open transaction holds, as far as offsets go: the highest record of each partition that a message in it was
//! made of. Pure. It may be committed only if every such record is below the position that is committed with it: else a
//! record's message would be visible, and the record read again.

use crate::ledger::SlotId;

/// Below every offset.
const NOTHING: i64 = i64::MIN;

#[derive(Debug, Default)]
pub(super) struct Staged {
    highest: Vec<i64>,
    any: bool,
}

impl Staged {
    /// A message made of this record is in the transaction.
    #[inline]
    pub(super) fn note(&mut self, slot: SlotId, offset: i64) {
        let index = slot.0 as usize;
        if self.highest.len() <= index {
            self.highest.resize(index + 1, NOTHING);
        }
        if let Some(highest) = self.highest.get_mut(index) {
            *highest = offset.max(*highest);
        }
        self.any = true;
    }

    /// Whether anything is in it.
    pub(super) fn any(&self) -> bool {
        self.any
    }

    /// Whether all records of the slot that have a message in it are below this position.
    pub(super) fn is_below(&self, slot: SlotId, position: Option<i64>) -> bool {
        match self.highest.get(slot.0 as usize) {
            None | Some(&NOTHING) => true,
            Some(highest) => position.is_some_and(|position| *highest < position),
        }
    }

    /// Another transaction has begun.
    pub(super) fn clear(&mut self) {
        self.highest.clear();
        self.any = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: SlotId = SlotId(1);
    const TWO: SlotId = SlotId(2);

    #[test]
    fn what_has_a_message_must_be_below_the_position() {
        let mut staged = Staged::default();
        assert!(!staged.any() && staged.is_below(ONE, None));
        staged.note(TWO, 7);
        staged.note(TWO, 5);
        assert!(staged.any());
        assert!(staged.is_below(TWO, Some(8)));
        assert!(!staged.is_below(TWO, Some(7)), "7 would be read again");
        assert!(!staged.is_below(TWO, None));
        assert!(staged.is_below(ONE, Some(0)), "nothing of it has a message");
        staged.clear();
        assert!(!staged.any() && staged.is_below(TWO, Some(0)));
    }
}
