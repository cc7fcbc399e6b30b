//! What the ledger costs: nanoseconds a record for deliver + settle + advance. One iteration is one record. That a
//! record in flight takes at most 24 bytes is a unit test beside the ledger.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use waterhealer_runtime::private::{Epoch, Ledger, SlotId, Ticket};

const SLOT: SlotId = SlotId(1);

/// Records in flight in the measurements that keep some.
const IN_FLIGHT: usize = 100_000;

fn ledger() -> Ledger {
    let mut ledger = Ledger::new();
    ledger.open(SLOT, Epoch(1));
    ledger
}

/// Each record is finished before the next one comes: a chain of plain functions.
fn in_order(criterion: &mut Criterion) {
    let mut ledger = ledger();
    let mut offset = 0;
    criterion.bench_function("ledger/in_order", |bencher| {
        bencher.iter(|| {
            let ticket = ledger.deliver(SLOT, black_box(offset), None);
            offset += 1;
            ledger.settle(ticket)
        });
    });
    assert_eq!(ledger.position(SLOT), Some(offset));
}

/// A thousand are delivered, then finished in order: an asynchronous stage that keeps it.
fn behind(criterion: &mut Criterion) {
    criterion.bench_function("ledger/in_order_1000_in_flight", |bencher| {
        bencher.iter_custom(|records| rounds(records, 1_000, |_| {}));
    });
}

/// 100,000 are delivered, then finished in random order.
fn random(criterion: &mut Criterion) {
    criterion.bench_function("ledger/random_100000_in_flight", |bencher| {
        bencher.iter_custom(|records| rounds(records, IN_FLIGHT, shuffle));
    });
}

/// Time for `records`, measured over whole rounds of `size`; the tickets' order is made up outside of the measurement.
fn rounds(records: u64, size: usize, order: impl Fn(&mut [Option<Ticket>])) -> Duration {
    let mut ledger = ledger();
    let mut tickets: Vec<Option<Ticket>> = Vec::with_capacity(size);
    let count = records.div_ceil(size as u64);
    let mut offset = 0;
    let mut took = Duration::ZERO;
    // The first round warms the ring up and is not counted.
    for round in 0..=count {
        let start = Instant::now();
        for _ in 0..size {
            tickets.push(Some(ledger.deliver(SLOT, offset, None)));
            offset += 1;
        }
        let delivered = start.elapsed();
        order(&mut tickets);
        let start = Instant::now();
        for ticket in tickets.drain(..).flatten() {
            black_box(ledger.settle(ticket));
        }
        if round > 0 {
            took += delivered + start.elapsed();
        }
        assert_eq!(ledger.position(SLOT), Some(offset));
    }
    took.mul_f64(records as f64 / (count * size as u64) as f64)
}

/// Fisher and Yates's, by a small generator that always starts alike.
fn shuffle(tickets: &mut [Option<Ticket>]) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for last in (1..tickets.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        tickets.swap(last, (state % (last as u64 + 1)) as usize);
    }
}

criterion_group!(benches, in_order, behind, random);
criterion_main!(benches);
