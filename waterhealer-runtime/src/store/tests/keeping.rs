//! The keeper and its clerk, over a store that is away when it is told to be.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;

use crate::store::{Keeper, Noted};

use super::*;

/// As a memory that others can look into, and that can be away.
#[derive(Clone)]
struct Shared {
    store: Arc<Mutex<Memory>>,
    away: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
}

impl Shared {
    fn new() -> Shared {
        let memory = Memory::new(u64::MAX, HOUR, Hand::default().now());
        Shared {
            store: Arc::new(Mutex::new(memory)),
            away: Arc::default(),
            asked: Arc::default(),
        }
    }

    fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::Release);
    }

    fn is_there(&self) -> Result<(), Outage> {
        self.asked.fetch_add(1, Ordering::AcqRel);
        match self.away.load(Ordering::Acquire) {
            true => Err(Outage::Away("it is away".to_owned())),
            false => Ok(()),
        }
    }

    /// Waits until it was asked so many times more.
    fn wait_until_asked(&self, times: usize) {
        let until = self.asked.load(Ordering::Acquire) + times;
        while self.asked.load(Ordering::Acquire) < until {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn known(&self, place: &Place) -> BTreeSet<i64> {
        offsets(&self.store.lock().unwrap().read(place).unwrap())
    }
}

impl Store for Shared {
    fn write(&mut self, news: &News) -> Result<(), Outage> {
        self.is_there()?;
        self.store.lock().unwrap().write(news)
    }

    fn read(&mut self, place: &Place) -> Result<Vec<Range<i64>>, Outage> {
        self.is_there()?;
        self.store.lock().unwrap().read(place)
    }
}

/// A keeper with its clerk at work.
struct Kept {
    keeper: Arc<Keeper>,
    store: Shared,
    clerk: JoinHandle<()>,
}

const PATIENCE: Duration = Duration::from_secs(30);
const ROOM: u64 = 100;

impl Kept {
    fn new(outages: Outages) -> Kept {
        let store = Shared::new();
        let (keeper, clerk) = Keeper::new(Box::new(store.clone()), outages, ROOM);
        Kept {
            keeper,
            store,
            clerk: std::thread::spawn(move || clerk.run()),
        }
    }

    fn note(&self, place: &Arc<Place>, run: Range<i64>) {
        self.keeper.note(Noted {
            records: (run.end - run.start) as u64,
            finished: vec![(Arc::clone(place), [run].into_iter().collect())],
        });
    }

    fn ask(&self, place: &Arc<Place>) -> Vec<Range<i64>> {
        let answer = self.keeper.ask(Arc::clone(place));
        answer.recv_timeout(PATIENCE).unwrap()
    }

    fn end(self) {
        self.keeper.close();
        self.clerk.join().unwrap();
    }
}

#[test]
fn what_is_noted_is_told_and_found() {
    let kept = Kept::new(Outages::Block);
    let place = fresh();
    kept.note(&place, 5..10);
    kept.note(&place, 20..30);
    kept.note(&place, 10..20);
    // What is asked after something was noted has it.
    assert_eq!(kept.ask(&place), [5..30]);
    kept.note(&place, 40..50);
    assert!(kept.keeper.flush(PATIENCE));
    assert_eq!(kept.store.known(&place).len(), 35);
    assert!(!kept.keeper.is_full() && kept.keeper.has_room());
    kept.note(&place, 60..61);
    let (store, known) = (kept.store.clone(), Arc::clone(&place));
    kept.end();
    assert!(
        store.known(&known).contains(&60),
        "the last of it is told at the end"
    );
}

#[test]
fn while_the_store_is_waited_for_it_fills_up_and_forgets_nothing() {
    let kept = Kept::new(Outages::Block);
    let place = fresh();
    kept.store.set_away(true);
    kept.note(&place, 0..99);
    assert!(!kept.keeper.is_full());
    kept.note(&place, 99..150);
    assert!(kept.keeper.is_full() && !kept.keeper.has_room());
    kept.store.wait_until_asked(3);
    assert!(kept.keeper.is_full(), "it is still to be told");
    assert!(!kept.keeper.flush(Duration::from_millis(1)));
    let answer = kept.keeper.ask(Arc::clone(&place));
    kept.store.wait_until_asked(2);
    assert!(answer.try_recv().is_err(), "nobody knows yet");
    kept.store.set_away(false);
    assert_eq!(answer.recv_timeout(PATIENCE).unwrap(), [0..150]);
    assert!(kept.keeper.has_room());
    assert_eq!(kept.keeper.untold(), 0);
    kept.end();
}

#[test]
fn without_the_store_it_goes_on_and_counts() {
    let kept = Kept::new(Outages::Continue);
    let place = fresh();
    kept.store.set_away(true);
    kept.note(&place, 0..150);
    assert!(!kept.keeper.is_full(), "nobody waits for it");
    assert!(kept.keeper.flush(PATIENCE));
    assert_eq!(kept.keeper.untold(), 150);
    assert!(kept.ask(&place).is_empty());
    kept.store.set_away(false);
    kept.note(&place, 150..160);
    assert!(kept.keeper.flush(PATIENCE));
    assert_eq!(kept.ask(&place), [150..160]);
    assert_eq!(kept.keeper.untold(), 150);
    kept.end();
}
