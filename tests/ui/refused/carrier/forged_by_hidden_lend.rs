//! Leak: a hidden item lends a carrier for a ticket of the user's own, and its receipt is answered.

use waterhealer::__private::{Epoch, Ledger, SlotId, lend};
use waterhealer::prelude::*;

#[pipeline(group = "shop")]
mod shop {
    use super::*;

    #[source(topic = "orders")]
    fn order(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = order)]
    fn store(order: Tracked<i64>) -> Done {
        let mut ledger = Ledger::new();
        ledger.open(SlotId(0), Epoch(1));
        let ticket = ledger.deliver(SlotId(0), 0, None);

        let mut receipt = None;
        let lent = lend(*order, &ticket, |_brand, made| {
            receipt = Some(made.done());
            panic!("nobody answers for the other one")
        });
        assert!(lent.is_ok_and(|()| true));
        order.done()
    }
}

fn main() -> ExitCode {
    shop::main()
}
