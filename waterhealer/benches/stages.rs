//! What the stages cost: nanoseconds a record from the source to its last settled share, fed from memory, with no
//! broker. One iteration is one record.
//! Each is measured as it runs, and without counting and timing its stages, which takes checkpoints off as well.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;
use waterhealer::__private::{Graph, Memory};
use waterhealer::prelude::*;

/// A hundred bytes that begin with a number, as in `cargo xtask bench throughput`.
const RECORD: &[u8; 100] = b"0000000042xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

/// Four plain functions.
#[pipeline(group = "bench")]
mod plain {
    use super::*;

    #[source(topic = "numbers")]
    fn number(record: &Record<'_>) -> u64 {
        scan(record.value().unwrap_or_default())
    }

    #[map(from = number)]
    fn add(number: u64) -> u64 {
        number + 1
    }

    #[filter(from = add)]
    fn keep(number: &u64) -> bool {
        !number.is_multiple_of(1_024)
    }

    #[sink(from = keep)]
    fn store(number: u64) {
        black_box(number);
    }
}

/// The same with a checkpoint on each.
#[pipeline(group = "bench", checkpoint)]
mod kept {
    use super::*;

    #[source(topic = "numbers")]
    fn number(record: &Record<'_>) -> u64 {
        scan(record.value().unwrap_or_default())
    }

    #[map(from = number)]
    fn add(number: u64) -> u64 {
        number + 1
    }

    #[filter(from = add)]
    fn keep(number: &u64) -> bool {
        !number.is_multiple_of(1_024)
    }

    #[sink(from = keep)]
    fn store(number: u64) {
        black_box(number);
    }
}

/// The same with a stage whose future is ready at once, and two sinks for each value.
#[pipeline(group = "bench")]
mod forked {
    use super::*;

    #[source(topic = "numbers")]
    fn number(record: &Record<'_>) -> u64 {
        scan(record.value().unwrap_or_default())
    }

    #[map(from = number, concurrency = 64)]
    async fn add(number: u64) -> u64 {
        number + 1
    }

    #[filter(from = add)]
    fn keep(number: &u64) -> bool {
        !number.is_multiple_of(1_024)
    }

    #[sink(from = keep)]
    fn store(number: u64) {
        black_box(number);
    }

    #[sink(from = add)]
    fn count(number: &u64) {
        black_box(number);
    }
}

fn scan(value: &[u8]) -> u64 {
    value.iter().take(10).fold(0, |number, digit| {
        number * 10 + u64::from(digit.wrapping_sub(b'0'))
    })
}

fn stages(criterion: &mut Criterion) {
    measure::<plain::__waterhealer::Graph>(criterion, "stages/source_map_filter_sink");
    measure::<kept::__waterhealer::Graph>(criterion, "stages/with_checkpoints");
    measure::<forked::__waterhealer::Graph>(criterion, "stages/with_ready_async_and_fan_out");
}

fn measure<G: Graph<Resources = ()>>(criterion: &mut Criterion, name: &str) {
    let runtime = Runtime::new().expect("a runtime starts");
    let _inside = runtime.enter();
    let memory = || Memory::<G>::new((), runtime.handle().clone());
    for (watched, mut memory) in [("", memory()), ("_unwatched", memory().unwatched())] {
        let mut records = 0;
        criterion.bench_function(&format!("{name}{watched}"), |bencher| {
            bencher.iter(|| {
                memory.record(black_box(RECORD));
                records += 1;
            });
        });
        assert_eq!(
            memory.position(),
            Some(records),
            "all are finished: nothing here waits"
        );
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
