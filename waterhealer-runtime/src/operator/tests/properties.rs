//! Each window, delay and limit against its naive model (`harness.rs`), under any history.

use std::time::Duration;

use proptest::prelude::*;

use super::Rig;
use super::case::{Books, Case, Id};
use super::harness::{history, run};
use crate::carrier::Rows;
use crate::clock::Moment;
use crate::ledger::Ticket;
use crate::operator::{
    Collect, Delay, Partition, PartitionTime, RateLimit, Ready, Slice, SlidingWindow, TimedWindow,
    Waiting,
};

/// `partition(size, within)`; without a size, `partition_time(within)`.
struct Batches {
    size: Option<usize>,
    within: Option<Duration>,
}

impl Batches {
    fn push(&self, books: &mut Books, id: Id) -> Option<Vec<Id>> {
        books.hold(id);
        let full = self.size.is_some_and(|size| books.held.len() == size);
        full.then(|| books.take()).flatten()
    }

    fn due(&self, books: &mut Books) -> Option<Vec<Id>> {
        let over = books.began()? + self.within? <= books.now;
        over.then(|| books.take()).flatten()
    }

    fn drain(&self, books: &mut Books) -> Option<Vec<Id>> {
        self.within.and_then(|_| books.take())
    }
}

struct BySize(Batches);

impl Case for BySize {
    type Operator = Partition<Id>;

    fn operator(&self) -> Partition<Id> {
        Partition::new(self.0.size.unwrap(), self.0.within)
    }

    fn on_push(&mut self, books: &mut Books, _port: usize, id: Id) -> Option<Vec<Id>> {
        self.0.push(books, id)
    }

    fn on_due(&mut self, books: &mut Books) -> Option<Vec<Id>> {
        self.0.due(books)
    }

    fn on_drain(&mut self, books: &mut Books) -> Option<Vec<Id>> {
        self.0.drain(books)
    }

    fn since(&self, books: &Books) -> Option<Moment> {
        books.began()
    }
}

struct ByTime(Batches);

impl Case for ByTime {
    type Operator = PartitionTime<Id>;

    fn operator(&self) -> PartitionTime<Id> {
        PartitionTime::new(self.0.within.unwrap())
    }

    fn on_push(&mut self, books: &mut Books, _port: usize, id: Id) -> Option<Vec<Id>> {
        self.0.push(books, id)
    }

    fn on_due(&mut self, books: &mut Books) -> Option<Vec<Id>> {
        self.0.due(books)
    }

    fn on_drain(&mut self, books: &mut Books) -> Option<Vec<Id>> {
        self.0.drain(books)
    }

    fn since(&self, books: &Books) -> Option<Moment> {
        books.began()
    }
}

/// Windows are numbered from the first value ever; what is held goes once the window it began in is over.
struct Ticks {
    interval: Duration,
    start: Option<Moment>,
}

impl Ticks {
    fn window(&self, moment: Moment) -> u128 {
        let start = self.start.unwrap_or_default();
        moment.since(start).as_nanos() / self.interval.as_nanos()
    }
}

impl Case for Ticks {
    type Operator = TimedWindow<Id>;

    fn operator(&self) -> TimedWindow<Id> {
        TimedWindow::new(self.interval)
    }

    fn on_push(&mut self, books: &mut Books, _port: usize, id: Id) -> Option<Vec<Id>> {
        self.start.get_or_insert(books.now);
        books.hold(id);
        None
    }

    fn on_due(&mut self, books: &mut Books) -> Option<Vec<Id>> {
        let over = self.window(books.began()?) < self.window(books.now);
        over.then(|| books.take()).flatten()
    }

    fn on_drain(&mut self, books: &mut Books) -> Option<Vec<Id>> {
        books.take()
    }

    fn since(&self, books: &Books) -> Option<Moment> {
        books.began()
    }
}

/// Every record is in at most `size` windows: the model takes the oldest out once a window is whole.
struct Slides {
    size: usize,
    partial: bool,
}

impl Case for Slides {
    type Operator = SlidingWindow<Id>;

    fn operator(&self) -> SlidingWindow<Id> {
        SlidingWindow::new(self.size, self.partial)
    }

    fn on_push(&mut self, books: &mut Books, _port: usize, id: Id) -> Option<Vec<Id>> {
        books.hold(id);
        let window = books.ids();
        let whole = window.len() == self.size;
        if whole {
            books.held.remove(0);
        }
        (whole || self.partial).then_some(window)
    }
}

/// Every third value or so flushes.
struct Collects;

impl Collects {
    fn flushes(port: usize) -> bool {
        port.is_multiple_of(3)
    }
}

impl Case for Collects {
    type Operator = Collect<Id, Id>;

    fn operator(&self) -> Collect<Id, Id> {
        Collect::new()
    }

    fn push(
        &self,
        rig: &mut Rig,
        operator: &mut Collect<Id, Id>,
        port: usize,
        id: Id,
        ticket: Ticket,
    ) -> Ready<Rows<Id>> {
        match Self::flushes(port) {
            true => rig.push::<1, _>(operator, id, ticket),
            false => rig.push::<0, _>(operator, id, ticket),
        }
    }

    fn on_push(&mut self, books: &mut Books, port: usize, id: Id) -> Option<Vec<Id>> {
        if !Self::flushes(port) {
            books.hold(id);
            return None;
        }
        let all = books.take()?;
        books.along.push(id);
        Some(all)
    }

    fn since(&self, books: &Books) -> Option<Moment> {
        books.began()
    }
}

struct Delays(Duration);

impl Case for Delays {
    type Operator = Delay<Id>;

    fn operator(&self) -> Delay<Id> {
        Delay::new(self.0)
    }

    fn on_push(&mut self, books: &mut Books, _port: usize, id: Id) -> Option<Vec<Id>> {
        books.hold(id);
        None
    }

    fn on_due(&mut self, books: &mut Books) -> Option<Vec<Id>> {
        let over = books.held.first()?.1 + self.0 <= books.now;
        over.then(|| books.take_first()).flatten()
    }
}

struct Limits {
    interval: Duration,
    waiting: Waiting,
    /// When the last value went on.
    last: Option<Moment>,
}

impl Limits {
    fn is_open(&self, now: Moment) -> bool {
        self.last
            .is_none_or(|last| now.since(last) >= self.interval)
    }
}

impl Case for Limits {
    type Operator = RateLimit<Id>;

    fn operator(&self) -> RateLimit<Id> {
        RateLimit::new(self.interval, self.waiting)
    }

    fn on_push(&mut self, books: &mut Books, _port: usize, id: Id) -> Option<Vec<Id>> {
        if books.held.is_empty() && self.is_open(books.now) {
            self.last = Some(books.now);
            return Some(vec![id]);
        }
        if self.waiting == Waiting::Latest {
            books.held.clear();
        }
        books.hold(id);
        None
    }

    fn on_due(&mut self, books: &mut Books) -> Option<Vec<Id>> {
        if !self.is_open(books.now) {
            return None;
        }
        let first = books.take_first()?;
        self.last = Some(books.now);
        Some(first)
    }

    fn intake(&self, books: &Books) -> usize {
        match self.waiting {
            Waiting::Hold { room } => books.held.len().saturating_sub(room),
            Waiting::Latest => 0,
        }
    }
}

struct Slices {
    start: usize,
    end: Option<usize>,
    step: usize,
    seen: usize,
}

impl Case for Slices {
    type Operator = Slice<Id>;

    fn operator(&self) -> Slice<Id> {
        Slice::new(self.start, self.end, self.step)
    }

    fn on_push(&mut self, _books: &mut Books, _port: usize, id: Id) -> Option<Vec<Id>> {
        let mut passing = (self.start..self.end.unwrap_or(usize::MAX)).step_by(self.step);
        let number = self.seen;
        self.seen += 1;
        (passing.find(|passes| *passes >= number) == Some(number)).then(|| vec![id])
    }
}

fn time() -> impl Strategy<Value = Duration> {
    (1..60_u64).prop_map(Duration::from_millis)
}

fn waiting() -> impl Strategy<Value = Waiting> {
    prop_oneof![
        (0..3_usize).prop_map(|room| Waiting::Hold { room }),
        Just(Waiting::Latest),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn partition(
        size in 1..5_usize, within in prop::option::of(time()), steps in history(), drain: bool,
    ) {
        run(BySize(Batches { size: Some(size), within }), steps, drain);
    }

    #[test]
    fn partition_time(within in time(), steps in history(), drain: bool) {
        run(ByTime(Batches { size: None, within: Some(within) }), steps, drain);
    }

    #[test]
    fn timed_window(interval in time(), steps in history(), drain: bool) {
        run(Ticks { interval, start: None }, steps, drain);
    }

    #[test]
    fn sliding_window(size in 1..5_usize, partial: bool, steps in history(), drain: bool) {
        run(Slides { size, partial }, steps, drain);
    }

    #[test]
    fn collect(steps in history(), drain: bool) {
        run(Collects, steps, drain);
    }

    #[test]
    fn delay(time in time(), steps in history(), drain: bool) {
        run(Delays(time), steps, drain);
    }

    #[test]
    fn rate_limit(
        interval in time(), waiting in waiting(), steps in history(), drain: bool,
    ) {
        run(Limits { interval, waiting, last: None }, steps, drain);
    }

    #[test]
    fn slice(
        start in 0..4_usize, end in prop::option::of(0..20_usize), step in 1..4_usize,
        steps in history(), drain: bool,
    ) {
        run(Slices { start, end, step, seen: 0 }, steps, drain);
    }
}
