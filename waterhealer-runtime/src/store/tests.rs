//! The same tests for every store, against a naive model: what a store answers was finished, and nothing above the last
//! commit is missing. Redis is a real one, started here on a socket of its own.

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

fn offsets(found: &Found) -> BTreeSet<i64> {
    found.finished.iter().cloned().flatten().collect()
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
    Forget {
        partition: usize,
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
        1 => partition().prop_map(|partition| Step::Forget { partition }),
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
        let mut model: [(BTreeSet<i64>, Option<i64>); 2] = Default::default();
        for step in steps {
            match step {
                Step::Finish { partition, runs } => {
                    store.write(&finished(&places[partition], &runs)).unwrap();
                    model[partition].0.extend(runs.into_iter().flatten());
                }
                Step::Commit {
                    partition,
                    position,
                } => {
                    // Positions only rise, as a group's do.
                    let position = model[partition]
                        .1
                        .map_or(position, |before| before.max(position));
                    store
                        .write(&committed(&places[partition], position))
                        .unwrap();
                    model[partition].1 = Some(position);
                }
                Step::Forget { partition } => {
                    store.forget(&places[partition]).unwrap();
                    model[partition] = Default::default();
                }
            }
            for (place, (done, position)) in places.iter().zip(&model) {
                let found = store.read(place).unwrap();
                let answer = offsets(&found);
                prop_assert!(answer.is_subset(done), "it names what is not finished");
                let above = done.range(position.unwrap_or(0)..);
                prop_assert_eq!(above.filter(|offset| !answer.contains(offset)).count(), 0);
                prop_assert_eq!(found.committed, *position);
                let apart = found
                    .finished
                    .windows(2)
                    .all(|pair| pair[0].end < pair[1].start);
                prop_assert!(apart, "{:?}", found.finished);
            }
        }
        Ok(())
    };
    let outcome = runner.run(&prop::collection::vec(step(), 1..12), test);
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// What was finished of a topic that was deleted is not finished in the one that has its name now; and partitions are
/// not one another's.
fn keeps_places_apart(store: &mut dyn Store) {
    let old = place(1, "old");
    store.write(&finished(&old, &[5..9])).unwrap();
    store.write(&committed(&old, 4)).unwrap();
    for other in [place(1, "new"), place(2, "old")] {
        assert_eq!(store.read(&other).unwrap(), Found::default());
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

#[cfg(feature = "store-redb")]
mod in_a_file {
    use super::super::redb::Redb;
    use super::*;

    #[test]
    fn redb_behaves() {
        let folder = tempfile::tempdir().unwrap();
        let open = || -> Box<dyn Store> {
            let path = folder.path().join(&*fresh().identity);
            Box::new(Redb::open(&path, HOUR, Hand::default().now()).unwrap())
        };
        behaves(8, open);
        keeps_places_apart(&mut *open());
    }

    #[test]
    fn redb_expires_entries_by_age() {
        let folder = tempfile::tempdir().unwrap();
        let hand = Hand::default();
        let path = folder.path().join("aged.redb");
        let mut store = Redb::open(&path, HOUR, hand.now()).unwrap();
        expires_by_age(&mut store, &hand);
    }

    #[test]
    fn redb_has_it_after_a_restart_and_for_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept.redb");
        let place = fresh();
        let open = || Redb::open(&path, HOUR, Hand::default().now());
        let mut store = open().unwrap();
        store.write(&finished(&place, &[3..70_000])).unwrap();
        store.write(&committed(&place, 20_000)).unwrap();
        let Err(Outage::Refused(why)) = open() else {
            panic!("the file is open");
        };
        assert!(why.contains("for one at a time"), "{why}");
        drop(store);
        let found = open().unwrap().read(&place).unwrap();
        // Whole chunks below the commit are gone.
        assert_eq!(found.finished, [16_384..70_000]);
        assert_eq!(found.committed, Some(20_000));
    }

    #[test]
    fn a_folder_that_is_not_there_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("no/such/folder.redb");
        let settings = Settings {
            target: Target::Redb(path.clone()),
            outages: Outages::Continue,
            max_entries: 1,
            max_age: HOUR,
        };
        let error = open(&settings, Duration::ZERO).err().unwrap().to_string();
        assert!(error.contains(&path.display().to_string()), "{error}");
        assert!(error.contains("No such file"), "{error}");
    }
}

#[cfg(feature = "store-redis")]
mod in_redis {
    use std::path::Path;
    use std::process::{Child, Command, Stdio};

    use super::super::redis::Redis;
    use super::*;

    /// A Redis of this test's own; it ends with it.
    struct Server {
        folder: tempfile::TempDir,
        process: Child,
    }

    impl Server {
        fn start(arguments: &[&str]) -> Server {
            let folder = tempfile::tempdir().unwrap();
            let process = launch(folder.path(), arguments);
            Server { folder, process }
        }

        fn url(&self) -> String {
            format!("unix://{}/socket", self.folder.path().display())
        }

        fn store(&self) -> Redis {
            Redis::new(&self.url(), HOUR).unwrap()
        }

        fn ask<T: ::redis::FromRedisValue>(&self, command: &[&str]) -> T {
            let client = ::redis::Client::open(self.url()).unwrap();
            let mut ask = ::redis::cmd(command[0]);
            for argument in &command[1..] {
                ask.arg(argument);
            }
            ask.query(&mut client.get_connection().unwrap()).unwrap()
        }

        fn stop(&mut self) {
            self.process.kill().unwrap();
            self.process.wait().unwrap();
        }
    }

    impl Drop for Server {
        fn drop(&mut self) {
            self.stop();
        }
    }

    fn launch(folder: &Path, arguments: &[&str]) -> Child {
        let socket = folder.join("socket");
        let process = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no"])
            .arg("--dir")
            .arg(folder)
            .arg("--unixsocket")
            .arg(&socket)
            .args(arguments)
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed");
        let mut tries = 0;
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            tries += 1;
            assert!(tries < 3_000, "redis-server does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        process
    }

    #[test]
    fn redis_behaves() {
        let server = Server::start(&[]);
        behaves(32, || Box::new(server.store()));
        keeps_places_apart(&mut server.store());
    }

    #[test]
    fn writers_never_clear_what_others_have_set() {
        let server = Server::start(&[]);
        let (mut one, mut other) = (server.store(), server.store());
        let place = fresh();
        // Even offsets by one, every third by the other, all mixed up, densely enough for bitmaps to be laid over.
        for start in (0..9_000).step_by(900) {
            let of = |step: usize| {
                let runs = (start..start + 900).filter(move |offset| offset % step as i64 == 0);
                runs.map(|offset| offset..offset + 1).collect::<Vec<_>>()
            };
            other.write(&finished(&place, &of(3))).unwrap();
            one.write(&finished(&place, &of(2))).unwrap();
        }
        let all: BTreeSet<i64> = (0..9_000)
            .filter(|offset| offset % 2 == 0 || offset % 3 == 0)
            .collect();
        assert_eq!(offsets(&one.read(&place).unwrap()), all);
    }

    #[test]
    fn every_key_has_an_end() {
        let server = Server::start(&[]);
        let mut store = server.store();
        let place = fresh();
        let scattered: Vec<_> = (0..60_000)
            .step_by(3)
            .map(|offset| offset..offset + 1)
            .collect();
        store.write(&finished(&place, &scattered)).unwrap();
        store.write(&finished(&place, &[60_001..200_000])).unwrap();
        store.write(&committed(&place, 140_000)).unwrap();
        let keys: Vec<String> = server.ask(&["KEYS", "*"]);
        let base = format!("waterhealer:{{a:group:orders:0}}:{}", place.identity);
        let expected = [
            format!("{base}:2"),
            format!("{base}:3"),
            format!("{base}:index"),
        ];
        let keys: BTreeSet<String> = keys.into_iter().collect();
        assert_eq!(keys, expected.into(), "and no chunk below the commit");
        for key in keys {
            let left: u64 = server.ask(&["TTL", &key]);
            assert!((1..=HOUR.as_secs()).contains(&left), "{key}: {left}");
        }
    }

    #[test]
    fn it_comes_back_to_a_server_that_was_away() {
        let mut server = Server::start(&[]);
        let mut store = server.store();
        let place = fresh();
        store.write(&finished(&place, &[0..10])).unwrap();
        server.stop();
        let away = store.write(&finished(&place, &[10..20]));
        assert!(matches!(away, Err(Outage::Away(_))), "{away:?}");
        server.process = launch(server.folder.path(), &[]);
        store.write(&finished(&place, &[10..20])).unwrap();
        // It has forgotten what it had: that is done again, and nothing else happens.
        assert_eq!(offsets(&store.read(&place).unwrap()), (10..20).collect());
        // A connection that was closed behind our back is no outage.
        let _closed: i64 = server.ask(&["CLIENT", "KILL", "TYPE", "normal"]);
        store.write(&finished(&place, &[20..30])).unwrap();
    }

    #[test]
    fn a_password_that_is_wrong_is_said_and_not_shown() {
        let server = Server::start(&["--requirepass", "hunter2"]);
        for url in [server.url(), format!("{}?pass=hunter3", server.url())] {
            let settings = Settings {
                target: Target::Redis(url),
                // Not an outage: somebody has to change something.
                outages: Outages::Continue,
                max_entries: 1,
                max_age: HOUR,
            };
            let error = open(&settings, Duration::ZERO).err().unwrap().to_string();
            assert!(error.contains("cannot be opened"), "{error}");
            assert!(!error.contains("hunter"), "{error}");
        }
        let mut store = Redis::new(&format!("{}?pass=hunter2", server.url()), HOUR).unwrap();
        store.ping().unwrap();
    }

    #[test]
    fn one_that_does_not_answer_is_said_or_gone_without() {
        let mut server = Server::start(&[]);
        server.stop();
        let mut settings = Settings {
            target: Target::Redis(server.url()),
            outages: Outages::Block,
            max_entries: 1,
            max_age: HOUR,
        };
        let error = open(&settings, Duration::ZERO).err().unwrap().to_string();
        assert!(error.contains("does not answer within"), "{error}");
        assert!(error.contains("dedupe_outage"), "{error}");
        settings.outages = Outages::Continue;
        assert!(open(&settings, Duration::ZERO).is_ok());
    }
}
