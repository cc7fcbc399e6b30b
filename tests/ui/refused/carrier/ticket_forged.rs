//! Leak: a ticket, the obligation itself, made from nothing.

use waterhealer::__private::{Epoch, SlotId, Ticket};

fn main() {
    let _forged = Ticket {
        slot: SlotId(0),
        epoch: Epoch(0),
        seq: 0,
        meta: None,
    };
}
