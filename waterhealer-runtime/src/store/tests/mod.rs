//! The same tests for every store, against a naive model: what a store answers was finished, and nothing above the last
//! commit is missing. Redis is a real one, started here on a socket of its own.

#[cfg(feature = "store-redb")]
mod in_a_file;
#[cfg(feature = "store-redis")]
mod in_redis;
mod keeping;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::memory::Memory;
use super::*;

const HOUR: Duration = Duration::from_secs(3_600);

/// A clock that is moved by hand, in seconds.
#[derive(Clone, Default)]
struct Hand(Arc<AtomicU64>);

impl Hand {
    fn pass(&self, time: Duration) {
        self.0.fetch_add(time.as_secs(), Ordering::Relaxed);
    }

    fn now(&self) -> Now {
        let seconds = Arc::clone(&self.0);
        Box::new(move || Duration::from_secs(seconds.load(Ordering::Relaxed)))
    }
}

fn place(partition: i32, identity: &str) -> Arc<Place> {
    Arc::new(Place {
        group: Arc::from("a:group"),
        topic: Arc::from("orders"),
        identity: Arc::from(identity),
        partition,
    })
}

/// A place that no other test or case has.
fn fresh() -> Arc<Place> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    place(0, &format!("{}-{number}", std::process::id()))
}

fn finished(place: &Arc<Place>, runs: &[Range<i64>]) -> News {
    News {
        finished: BTreeMap::from([(Arc::clone(place), runs.iter().cloned().collect())]),
        committed: BTreeMap::new(),
    }
}

fn committed(place: &Arc<Place>, position: i64) -> News {
    News {
        finished: BTreeMap::new(),
        committed: BTreeMap::from([(Arc::clone(place), position)]),
    }
}

fn offsets(found: &[Range<i64>]) -> BTreeSet<i64> {
    found.iter().cloned().flatten().collect()
}

#[derive(Debug, Clone)]
enum Step {
    Finish {
        partition: usize,
        runs: Vec<Range<i64>>,
    },
    Commit {
        partition: usize,
        position: i64,
    },
}

/// Around the borders of the chunks of all stores, dense and scattered.
fn offset() -> impl Strategy<Value = i64> {
    prop_oneof![
        0..200_i64,
        8_000..8_400_i64,
        65_400..65_700_i64,
        131_000..131_100_i64,
        1_i64 << 40..(1_i64 << 40) + 9
    ]
}

fn run() -> impl Strategy<Value = Range<i64>> {
    let len = prop_oneof![4 => Just(1_i64), 2 => 1..40_i64];
    (offset(), len).prop_map(|(start, len)| start..start + len)
}

fn step() -> impl Strategy<Value = Step> {
    let partition = || 0..2_usize;
    let long = (offset(), 1..70_000_i64).prop_map(|(start, len)| start..start + len);
    let finish = |(partition, runs)| Step::Finish { partition, runs };
    prop_oneof![
        6 => (partition(), prop::collection::vec(run(), 1..60)).prop_map(finish),
        1 => (partition(), prop::collection::vec(long, 1)).prop_map(finish),
        2 => (partition(), offset()).prop_map(|(partition, position)| Step::Commit { partition, position }),
    ]
}

/// Runs any history against a store and the model.
fn behaves(cases: u32, store: impl Fn() -> Box<dyn Store>) {
    let mut runner = TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 300,
        ..ProptestConfig::default()
    });
    let test = |steps: Vec<Step>| {
        let mut store = store();
        let places = [fresh(), fresh()];
        let mut model: [(Runs, Option<i64>); 2] = Default::default();
        for step in steps {
            match step {
                Step::Finish { partition, runs } => {
                    store.write(&finished(&places[partition], &runs)).unwrap();
                    let done = &mut model[partition].0;
                    done.absorb(runs.into_iter().collect());
                    done.put_in_order();
                }
                Step::Commit {
                    partition,
                    position,
                } => {
                    // Positions only rise, as a group's do.
                    let position = position.max(model[partition].1.unwrap_or(0));
                    let news = committed(&places[partition], position);
                    store.write(&news).unwrap();
                    model[partition].1 = Some(position);
                }
            }
            for (place, (done, position)) in places.iter().zip(&model) {
                let answer = &store.read(place).unwrap();
                let apart =
                    |runs: &[Range<i64>]| runs.windows(2).all(|pair| pair[0].end < pair[1].start);
                prop_assert!(apart(answer), "{answer:?}");
                let invented = without(answer, done.as_slice());
                prop_assert!(invented.is_empty(), "not finished: {invented:?}");
                let below = [0..position.unwrap_or(0)];
                let missing = without(&without(done.as_slice(), answer), &below);
                prop_assert!(missing.is_empty(), "not named: {missing:?}");
            }
        }
        Ok(())
    };
    let outcome = runner.run(&prop::collection::vec(step(), 1..12), test);
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// What of these runs is not in those; both in order.
fn without(runs: &[Range<i64>], those: &[Range<i64>]) -> Vec<Range<i64>> {
    let mut left = Vec::new();
    for run in runs {
        let mut start = run.start;
        for other in those
            .iter()
            .filter(|other| other.end > run.start && other.start < run.end)
        {
            left.push(start..other.start.max(start));
            start = other.end.max(start);
        }
        left.push(start.min(run.end)..run.end);
    }
    left.retain(|run| !run.is_empty());
    left
}

/// What was finished in another life of the offsets is not finished in this one; and partitions are not one another's.
fn keeps_places_apart(store: &mut dyn Store) {
    let old = place(1, "old");
    store.write(&finished(&old, &[5..9])).unwrap();
    store.write(&committed(&old, 4)).unwrap();
    for other in [place(1, "new"), place(2, "old")] {
        assert_eq!(store.read(&other).unwrap(), []);
    }
    assert_eq!(offsets(&store.read(&old).unwrap()), (5..9).collect());
}

#[test]
fn memory_behaves() {
    behaves(64, || {
        Box::new(Memory::new(u64::MAX, HOUR, Hand::default().now()))
    });
    keeps_places_apart(&mut Memory::new(u64::MAX, HOUR, Hand::default().now()));
}

#[test]
fn memory_expires_the_oldest_entries_by_number() {
    let mut store = Memory::new(1_000, HOUR, Hand::default().now());
    let place = fresh();
    for start in (0..5_000).step_by(10) {
        store
            .write(&finished(&place, &[start..start + 10]))
            .unwrap();
    }
    assert_eq!(
        offsets(&store.read(&place).unwrap()),
        (4_000..5_000).collect()
    );
    store.write(&finished(&place, &[9_000..20_000])).unwrap();
    assert_eq!(
        offsets(&store.read(&place).unwrap()),
        (19_000..20_000).collect()
    );
}

#[test]
fn memory_expires_entries_by_age() {
    let hand = Hand::default();
    expires_by_age(&mut Memory::new(u64::MAX, HOUR, hand.now()), &hand);
}

/// Entries are gone an hour after they came, and not before.
fn expires_by_age(store: &mut dyn Store, hand: &Hand) {
    let (first, second) = (fresh(), fresh());
    store.write(&finished(&first, &[0..10])).unwrap();
    hand.pass(HOUR / 2);
    store.write(&finished(&second, &[0..10])).unwrap();
    hand.pass(HOUR / 2);
    assert_eq!(offsets(&store.read(&first).unwrap()).len(), 10);
    hand.pass(HOUR / 4);
    assert_eq!(offsets(&store.read(&first).unwrap()).len(), 0);
    assert_eq!(offsets(&store.read(&second).unwrap()).len(), 10);
    // What comes where something has expired does not bring it back.
    store.write(&finished(&first, &[20..21])).unwrap();
    assert_eq!(offsets(&store.read(&first).unwrap()), [20].into());
}
