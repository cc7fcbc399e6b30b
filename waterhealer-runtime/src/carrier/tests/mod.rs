//! Tests of the carrier of many rows: where each row's seat ends up. That a carrier cannot be leaked is shown by programs
//! that do not compile.

mod batches;
mod elements;

use super::Outcomes;
use crate::ledger::{Epoch, Ledger, SlotId, Ticket};

/// A ticket for the rows of a test, which `settled` takes back.
fn ticket(ledger: &mut Ledger) -> Ticket {
    ledger.open(SlotId(0), Epoch(7));
    ledger.deliver(SlotId(0), 0, None)
}

/// The seats that failed, each with its failure as it is logged.
fn failed(outcomes: &Outcomes) -> Vec<(u32, String)> {
    let failed = outcomes.failed.iter();
    failed
        .map(|(seat, failure)| (*seat, failure.to_string()))
        .collect()
}

fn block_on<R>(work: impl Future<Output = R>) -> R {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(work)
}
