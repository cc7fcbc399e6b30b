//! What each operator costs: nanoseconds a record from the source to its last settled share, against a bare map between
//! the same source and sink, fed from memory, with no broker. One iteration is one record, also where a hundred of them
//! are a batch. What the stages themselves cost is in `stages`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;
use waterhealer::__private::{Graph, Memory};
use waterhealer::prelude::*;

/// Pipelines that differ in what is between the source, `number`, and the sink.
macro_rules! pipelines {
    ($($name:ident { $($nodes:tt)* })*) => {$(
        #[pipeline(group = "bench")]
        mod $name {
            use super::*;

            #[source(topic = "numbers")]
            fn number(record: &Record<'_>) -> u64 {
                record.offset().unsigned_abs()
            }

            $($nodes)*
        }
    )*};
}

pipelines! {
    map {
        #[map(from = number)]
        fn next(number: u64) -> u64 { number + 1 }
        #[sink(from = next)]
        fn store(number: u64) { black_box(number); }
    }
    fan_out {
        #[sink(from = number)]
        fn store(number: u64) { black_box(number); }
        #[sink(from = number)]
        fn count(number: u64) { black_box(number); }
    }
    union {
        #[source(topic = "others")]
        fn other(record: &Record<'_>) -> u64 { record.offset().unsigned_abs() }
        #[sink(from = number.union(other))]
        fn store(number: u64) { black_box(number); }
    }
    pluck {
        #[map(from = number)]
        fn pair(number: u64) -> (u64, u64) { (number, number + 1) }
        #[sink(from = pair.pluck(1))]
        fn store(number: u64) { black_box(number); }
    }
    slice {
        #[sink(from = number.slice(1))]
        fn store(number: u64) { black_box(number); }
    }
    unique {
        #[sink(from = number.unique(history = 1000))]
        fn store(number: u64) { black_box(number); }
    }
    accumulate {
        #[accumulate(from = number, start = 0, volatile)]
        fn sum(sum: u64, number: u64) -> u64 { sum.wrapping_add(number) }
        #[sink(from = sum)]
        fn store(number: u64) { black_box(number); }
    }
    partition {
        #[sink(from = number.partition(100, within = "1s"))]
        fn store(numbers: Vec<u64>) { black_box(numbers); }
    }
    partition_time {
        #[sink(from = number.partition_time("1ms"))]
        fn store(numbers: Vec<u64>) { black_box(numbers); }
    }
    timed_window {
        #[sink(from = number.timed_window("1ms"))]
        fn store(numbers: Vec<u64>) { black_box(numbers); }
    }
    sliding_window {
        #[sink(from = number.sliding_window(3))]
        fn store(numbers: Vec<u64>) { black_box(numbers); }
    }
    collect {
        #[source(topic = "ticks")]
        fn tick(record: &Record<'_>) -> u64 { record.offset().unsigned_abs() }
        #[sink(from = number.collect(flush = tick, hold))]
        fn store(numbers: Vec<u64>) { black_box(numbers); }
    }
    batch_map {
        #[map(from = number.partition(100, within = "1s"))]
        fn next(numbers: Batch<u64>) -> Batch<u64> { numbers.map(|number| number + 1) }
        #[sink(from = next)]
        fn store(numbers: Batch<u64>) -> Done { black_box(numbers.as_slice()); numbers.done() }
    }
    foreach_map {
        #[foreach_map(from = number.partition(100, within = "1s"))]
        fn next(number: u64) -> u64 { number + 1 }
        #[sink(from = next)]
        fn store(numbers: Vec<u64>) { black_box(numbers); }
    }
    foreach_async {
        #[foreach_async(from = number.partition(100, within = "1s"))]
        async fn next(number: u64) -> u64 { number + 1 }
        #[sink(from = next)]
        fn store(numbers: Vec<u64>) { black_box(numbers); }
    }
    flatten_batch {
        #[sink(from = number.partition(100, within = "1s").flatten())]
        fn store(number: u64) { black_box(number); }
    }
    many {
        #[flat_map(from = number)]
        fn four(number: u64) -> Vec<u64> { vec![number; 4] }
        #[sink(from = four)]
        fn store(number: u64) { black_box(number); }
    }
    flatten_vec {
        #[map(from = number)]
        fn four(number: u64) -> Vec<u64> { vec![number; 4] }
        #[sink(from = four.flatten())]
        fn store(number: u64) { black_box(number); }
    }
    zip_by_record {
        #[map(from = number)]
        fn next(number: u64) -> u64 { number + 1 }
        #[map(from = number)]
        fn twice(number: u64) -> u64 { number * 2 }
        #[sink(from = next.zip(twice))]
        fn store(both: (u64, u64)) { black_box(both); }
    }
    zip_by_arrival {
        #[source(topic = "others")]
        fn other(record: &Record<'_>) -> u64 { record.offset().unsigned_abs() }
        #[sink(from = number.zip(other, hold))]
        fn store(both: (u64, u64)) { black_box(both); }
    }
    zip_latest {
        #[source(topic = "others")]
        fn other(record: &Record<'_>) -> u64 { record.offset().unsigned_abs() }
        #[sink(from = number.zip_latest(other, hold))]
        fn store(both: (u64, u64)) { black_box(both); }
    }
    combine_latest {
        #[source(topic = "others")]
        fn other(record: &Record<'_>) -> u64 { record.offset().unsigned_abs() }
        #[sink(from = number.combine_latest(other))]
        fn store(both: (u64, u64)) { black_box(both); }
    }
    delay {
        #[sink(from = number.delay("1ms"))]
        fn store(number: u64) { black_box(number); }
    }
    rate_limit {
        #[sink(from = number.rate_limit("1ms"))]
        fn store(number: u64) { black_box(number); }
    }
}

/// How a pipeline is fed, and how that ends.
#[derive(Clone, Copy)]
struct Feed {
    /// Every so many records, one is of the second topic.
    second: u64,
    /// Time that is made to pass after each record, by a clock that stands still otherwise.
    pass: Option<Duration>,
    /// How far the first topic may be behind the last record at the end: what is held, or the other topic's.
    behind: i64,
}

const ONE_TOPIC: Feed = Feed {
    second: u64::MAX,
    pass: None,
    behind: 0,
};

/// Records of two topics in turn.
const BY_TURNS: Feed = Feed {
    second: 2,
    ..ONE_TOPIC
};

const fn behind(behind: i64, feed: Feed) -> Feed {
    Feed { behind, ..feed }
}

/// A sample of fewer records may end just before a batch does.
const ENOUGH: u64 = 10_000;

/// One line of the table. It has the quickest sample: what else the machine does only adds to it, and the table is about
/// differences.
struct Figure {
    name: &'static str,
    nanoseconds: f64,
}

fn operators(criterion: &mut Criterion) {
    let mut figures: Vec<Figure> = Vec::new();
    macro_rules! measure {
        ($($name:literal: $pipeline:ident, $feed:expr;)*) => {$(
            figures.extend(measure::<$pipeline::__waterhealer::Graph>(criterion, $name, $feed));
        )*};
    }
    let ticks = Feed {
        second: 101,
        ..ONE_TOPIC
    };
    // A rate of one in a millisecond is the highest that can be written; only a clock moved by hand makes it quick.
    let turns = Feed {
        pass: Some(Duration::from_millis(1)),
        ..ONE_TOPIC
    };
    measure! {
        "map": map, ONE_TOPIC;
        "map, clock by hand": map, turns;
        "fan-out to two sinks": fan_out, ONE_TOPIC;
        "union": union, behind(1, BY_TURNS);
        "pluck, after a map": pluck, ONE_TOPIC;
        "slice": slice, ONE_TOPIC;
        "unique(history = 1000), all new": unique, ONE_TOPIC;
        "accumulate": accumulate, ONE_TOPIC;
        "partition(100)": partition, ONE_TOPIC;
        "partition_time(1ms)": partition_time, ONE_TOPIC;
        "timed_window(1ms)": timed_window, ONE_TOPIC;
        "sliding_window(3)": sliding_window, behind(2, ONE_TOPIC);
        "collect, 100 and a flush": collect, behind(100, ticks);
        "partition(100), Batch map and sink": batch_map, ONE_TOPIC;
        "partition(100), foreach_map": foreach_map, ONE_TOPIC;
        "partition(100), foreach_async, ready": foreach_async, ONE_TOPIC;
        "partition(100), flatten": flatten_batch, ONE_TOPIC;
        "flat_map to four": many, ONE_TOPIC;
        "map to four, flatten": flatten_vec, ONE_TOPIC;
        "zip by record, after a map each": zip_by_record, ONE_TOPIC;
        "zip by arrival": zip_by_arrival, behind(1, BY_TURNS);
        "zip_latest": zip_latest, behind(2, BY_TURNS);
        "combine_latest": combine_latest, behind(2, BY_TURNS);
        "delay(1ms)": delay, ONE_TOPIC;
        "rate_limit, clock by hand": rate_limit, turns;
    }
    print(&figures);
}

/// Measures one pipeline; nothing if it was left out by name.
fn measure<G: Graph<Resources = ()>>(
    criterion: &mut Criterion,
    name: &'static str,
    feed: Feed,
) -> Option<Figure> {
    let runtime = Runtime::new().expect("a runtime starts");
    let _inside = runtime.enter();
    let pool = runtime.handle().clone();
    let mut memory = match feed.pass {
        None => Memory::<G>::new((), pool),
        Some(_) => Memory::<G>::standing((), pool),
    };
    let mut records = 0;
    let mut least = f64::INFINITY;
    criterion.bench_function(&format!("operators/{name}"), |bencher| {
        bencher.iter_custom(|iterations| {
            let start = Instant::now();
            for _ in 0..iterations {
                records += 1;
                let topic = usize::from(records % feed.second == 0);
                memory.record_of(topic, black_box(b"42"));
                match feed.pass {
                    None => memory.between(),
                    Some(time) => memory.pass(time),
                }
            }
            let took = start.elapsed();
            if iterations >= ENOUGH {
                least = least.min(took.as_nanos() as f64 / iterations as f64);
            }
            took
        });
    });
    // What waits for a time goes on by itself.
    std::thread::sleep(Duration::from_millis(5));
    memory.look_at_clock();
    memory.drain();
    let unfinished = records as i64 - memory.position().unwrap_or(0);
    assert!(
        unfinished <= feed.behind,
        "{name}: {unfinished} of {records} are unfinished"
    );
    least.is_finite().then_some(Figure {
        name,
        nanoseconds: least,
    })
}

/// The table: what each costs more than the map.
fn print(figures: &[Figure]) {
    let Some(map) = figures.iter().find(|figure| figure.name == "map") else {
        return;
    };
    println!("\n| operator | ns a record | more than the map |");
    println!("| --- | ---: | ---: |");
    for Figure { name, nanoseconds } in figures {
        let more = nanoseconds - map.nanoseconds;
        println!("| {name} | {nanoseconds:.1} | {more:+.1} |");
    }
}

criterion_group!(benches, operators);
criterion_main!(benches);
