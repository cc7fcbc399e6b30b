//! `timed_window("…")`: every so often, what has come since the last time becomes a batch. The times are fixed from the
//! first value on; where nothing has come, nothing is given.
//!
//! A record is finished when its batch is. Held: the values of one window, at most as many records as may be in flight. At
//! the end the window goes on as it is. On revoke the records of the partition leave the window. It calls no code of the
//! user's, so nothing fails here but a value whose `Drop` panics as it is let go.

use std::time::Duration;

use super::pile::Pile;
use super::{Desk, Held, Input, Operator, Ready};
use crate::carrier::Rows;
use crate::clock::Moment;
use crate::ledger::Ticket;

/// Collects values into batches at fixed times.
#[derive(Debug)]
pub struct TimedWindow<T> {
    interval: Duration,
    /// The end of a window, the current one's while values are held; none before the first value.
    tick: Option<Moment>,
    pile: Pile<T>,
}

impl<T> TimedWindow<T> {
    /// A batch every `interval`.
    pub fn new(interval: Duration) -> Self {
        TimedWindow {
            interval: interval.max(Duration::from_nanos(1)),
            tick: None,
            pile: Pile::new(),
        }
    }

    /// The end of the window that `moment` is in. Windows are half open: a tick belongs to the one it begins.
    fn next_tick(&self, moment: Moment) -> Moment {
        match self.tick {
            None => moment + self.interval,
            Some(tick) if moment < tick => tick,
            Some(tick) => {
                let into = moment.since(tick).as_nanos() % self.interval.as_nanos();
                let left = self
                    .interval
                    .saturating_sub(Duration::from_nanos_u128(into));
                moment + left
            }
        }
    }
}

impl<T> Operator for TimedWindow<T> {
    type Out = Rows<T>;

    fn due(&mut self, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        self.pile.since()?;
        let tick = self.tick?;
        if desk.now() < tick {
            desk.wake_at(tick);
            return None;
        }
        self.pile.close(desk)
    }

    fn drain(&mut self, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        self.pile.close(desk)
    }

    fn forget(&mut self, desk: &mut Desk<'_>) {
        self.pile.forget(desk);
    }

    fn abandon(&mut self, desk: &mut Desk<'_>) {
        self.pile.abandon(desk);
    }

    fn held(&self) -> Held {
        self.pile.held()
    }

    fn tickets(&self, see: &mut dyn FnMut(&Ticket)) {
        self.pile.tickets(see);
    }
}

impl<T> Input<0> for TimedWindow<T> {
    type Value = T;

    #[inline]
    fn push(&mut self, value: T, ticket: Ticket, desk: &mut Desk<'_>) -> Ready<Rows<T>> {
        if self.pile.put(value, ticket, desk)
            && let Some(since) = self.pile.since()
        {
            let tick = self.next_tick(since);
            self.tick = Some(tick);
            desk.wake_at(tick);
        }
        None
    }
}
