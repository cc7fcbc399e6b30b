//! The keeper: what is finished and what is committed is left with it, and a thread of its own, the clerk, tells the store,
//! as much at once as has come up. Nobody waits here but who asks to; what a wait is worth is decided by those who do.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{News, Outage, Outages, Place, Runs, Store};

/// How long news is gathered before it is told: a thousand times a second the store has something to do, not more often.
const LINGER: Duration = Duration::from_millis(1);

/// Between two tries, while the store is away: from and to.
const SOON: Duration = Duration::from_millis(50);
const LATER: Duration = Duration::from_secs(1);

/// What is left for the clerk, and how much that is.
#[derive(Debug)]
pub(crate) struct Keeper {
    inbox: Mutex<Inbox>,
    arrived: Condvar,
    outages: Outages,
    /// Records that may be finished without the store knowing it, where that is bounded.
    room: u64,
    /// Finished records that the store does not know yet.
    waiting: AtomicU64,
    /// Finished records that the store was not told of, since it was away.
    untold: AtomicU64,
}

/// What a lane has finished since it last said so.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    pub(crate) finished: Vec<(Arc<Place>, Runs)>,
    pub(crate) records: u64,
}

/// The finished offsets of one partition, in order; none where the store is away and is not waited for.
pub(crate) type Answer = Vec<Range<i64>>;

#[derive(Debug, Default)]
struct Inbox {
    news: News,
    records: u64,
    questions: Vec<(Arc<Place>, SyncSender<Answer>)>,
    flushes: Vec<SyncSender<()>>,
    closed: bool,
}

/// The clerk, who asks the store.
pub(crate) struct Clerk {
    keeper: Arc<Keeper>,
    store: Box<dyn Store>,
    /// Taken out of the inbox, and not told yet.
    work: Inbox,
    away_since: Option<Instant>,
}

impl Keeper {
    /// A keeper of this store and its clerk, who is to [`run`](Clerk::run) on a thread of its own. While the store is away
    /// and is waited for, not many more than `room` records may be finished.
    pub(crate) fn new(store: Box<dyn Store>, outages: Outages, room: u64) -> (Arc<Keeper>, Clerk) {
        let keeper = Arc::new(Keeper {
            inbox: Mutex::new(Inbox::default()),
            arrived: Condvar::new(),
            outages,
            room,
            waiting: AtomicU64::new(0),
            untold: AtomicU64::new(0),
        });
        let clerk = Clerk {
            keeper: Arc::clone(&keeper),
            store,
            work: Inbox::default(),
            away_since: None,
        };
        (keeper, clerk)
    }

    /// Leaves what is finished.
    pub(crate) fn note(&self, noted: Noted) {
        self.waiting.fetch_add(noted.records, Ordering::AcqRel);
        let mut inbox = self.lock();
        inbox.records += noted.records;
        for (place, runs) in noted.finished {
            inbox.news.finished.entry(place).or_default().absorb(runs);
        }
        self.arrived.notify_one();
    }

    /// Leaves positions that the broker has confirmed.
    pub(crate) fn commit(&self, committed: impl IntoIterator<Item = (Arc<Place>, i64)>) {
        self.lock().news.committed.extend(committed);
        self.arrived.notify_one();
    }

    /// Asks what is finished in this partition; the answer comes when the store has answered.
    pub(crate) fn ask(&self, place: Arc<Place>) -> Receiver<Answer> {
        let (answer, wait) = sync_channel(1);
        self.lock().questions.push((place, answer));
        self.arrived.notify_one();
        wait
    }

    /// Waits until the store knows what was left here before, or is not waited for; false if that takes longer.
    pub(crate) fn flush(&self, at_most: Duration) -> bool {
        let (done, wait) = sync_channel(1);
        self.lock().flushes.push(done);
        self.arrived.notify_one();
        wait.recv_timeout(at_most).is_ok()
    }

    /// Whether so much is finished without the store knowing it that nothing new is to be begun.
    pub(crate) fn is_full(&self) -> bool {
        self.outages == Outages::Block && self.waiting.load(Ordering::Acquire) >= self.room
    }

    /// Whether that has become little enough to go on.
    pub(crate) fn has_room(&self) -> bool {
        self.waiting.load(Ordering::Acquire) <= self.room / 2
    }

    /// Finished records that the store was not told of, since it was away.
    pub(crate) fn untold(&self) -> u64 {
        self.untold.load(Ordering::Relaxed)
    }

    /// Ends the clerk, once the store was told what is left here, or not.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inbox {
    fn is_empty(&self) -> bool {
        self.news.finished.is_empty()
            && self.news.committed.is_empty()
            && self.questions.is_empty()
            && self.flushes.is_empty()
    }

    fn absorb(&mut self, other: Inbox) {
        for (place, runs) in other.news.finished {
            self.news.finished.entry(place).or_default().absorb(runs);
        }
        self.news.committed.extend(other.news.committed);
        self.records += other.records;
        self.questions.extend(other.questions);
        self.flushes.extend(other.flushes);
        self.closed |= other.closed;
    }
}

impl Clerk {
    /// Tells the store what is left, and asks it what is asked, until the keeper is closed.
    pub(crate) fn run(mut self) {
        let mut wait = SOON;
        loop {
            self.gather(wait);
            match self.serve() {
                Ok(()) => {
                    self.is_back();
                    wait = SOON;
                }
                Err(outage) => {
                    self.is_away(&outage);
                    wait = (wait * 2).min(LATER);
                }
            }
            if self.work.closed {
                if self.work.records > 0 {
                    let records = self.work.records;
                    tracing::warn!(
                        records,
                        "the dedupe store was not told of finished records; what of them is not committed is done again"
                    );
                }
                return;
            }
        }
    }

    /// Waits for something to do, and gathers it; with something left to do, for so long at most.
    fn gather(&mut self, wait: Duration) {
        let keeper = Arc::clone(&self.keeper);
        let mut inbox = keeper.lock();
        if self.work.is_empty() {
            while inbox.is_empty() && !inbox.closed {
                inbox = wait_on(&keeper.arrived, inbox, None);
            }
            let in_hurry = inbox.closed || !inbox.questions.is_empty() || !inbox.flushes.is_empty();
            if !in_hurry {
                drop(inbox);
                std::thread::sleep(LINGER);
                inbox = keeper.lock();
            }
        } else {
            let until = Instant::now() + wait;
            while !inbox.closed && Instant::now() < until {
                let left = until.saturating_duration_since(Instant::now());
                inbox = wait_on(&keeper.arrived, inbox, Some(left));
            }
        }
        let come = std::mem::take(&mut *inbox);
        drop(inbox);
        self.work.absorb(come);
    }

    /// First what is to be told, so that what is asked has it, too.
    fn serve(&mut self) -> Result<(), Outage> {
        let news = &mut self.work.news;
        if !news.finished.is_empty() || !news.committed.is_empty() {
            news.finished.values_mut().for_each(Runs::put_in_order);
            self.store.write(news)?;
            self.told();
        }
        self.answer_flushes();
        while let Some((place, _)) = self.work.questions.first() {
            let answer = self.store.read(place)?;
            let (_, asker) = self.work.questions.remove(0);
            // Who asked may have given the partition up.
            let _gone = asker.send(answer);
        }
        Ok(())
    }

    /// What was to be told is told, or is not told any more.
    fn told(&mut self) {
        self.work.news = News::default();
        let records = std::mem::take(&mut self.work.records);
        self.keeper.waiting.fetch_sub(records, Ordering::AcqRel);
    }

    fn answer_flushes(&mut self) {
        for done in self.work.flushes.drain(..) {
            let _gone = done.send(());
        }
    }

    fn is_back(&mut self) {
        if let Some(since) = self.away_since.take() {
            tracing::info!(
                away = %humantime::format_duration(Duration::from_secs(since.elapsed().as_secs())),
                untold = self.keeper.untold(),
                "the dedupe store answers again"
            );
        }
    }

    fn is_away(&mut self, outage: &Outage) {
        let waits = self.keeper.outages == Outages::Block;
        if self.away_since.is_none() {
            self.away_since = Some(Instant::now());
            let policy = match waits {
                true => "waiting for it",
                false => {
                    "going on without it; what is finished and not committed may be done again"
                }
            };
            tracing::warn!(why = %outage, policy, "the dedupe store does not answer");
        }
        if waits {
            return;
        }
        let records = self.work.records;
        self.keeper.untold.fetch_add(records, Ordering::Relaxed);
        self.told();
        self.answer_flushes();
        for (_, asker) in self.work.questions.drain(..) {
            let _gone = asker.send(Vec::new());
        }
    }
}

fn wait_on<'a>(
    arrived: &Condvar,
    inbox: MutexGuard<'a, Inbox>,
    at_most: Option<Duration>,
) -> MutexGuard<'a, Inbox> {
    match at_most {
        None => arrived.wait(inbox).unwrap_or_else(PoisonError::into_inner),
        Some(at_most) => {
            arrived
                .wait_timeout(inbox, at_most)
                .unwrap_or_else(PoisonError::into_inner)
                .0
        }
    }
}
