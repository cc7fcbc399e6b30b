//! Further attempts: what a call is made again with, whether it is, and after what time.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use super::super::lane::Lane;
use super::{Pass, Turns};
use crate::error::Failure;
use crate::failures::Fate;
use crate::graph::Retry;
use crate::guard::guard;
use crate::ledger::Ticket;

impl<V> Turns<V> {
    /// Whether there is another attempt after the one that begins.
    pub(super) fn has_more(&self, pass: Pass) -> bool {
        let attempts = self.visits.get(&pass).map_or(1, |visit| visit.attempts);
        self.retry.is_some_and(|retry| attempts <= retry.max)
    }

    /// Hears how a call went. `None` when it is made again: then the value waits here.
    #[inline]
    pub fn hear<C, R>(
        &mut self,
        lane: &mut Lane<C>,
        pass: Pass,
        spare: Option<V>,
        outcome: Result<R, Failure>,
        ticket: Ticket,
    ) -> Option<(Result<R, Failure>, Ticket)> {
        match outcome {
            Ok(answer) => {
                let left = self.leave(pass);
                // What was kept is the user's, and so is its `Drop`.
                Some((guard(|| drop((spare, left))).map(|()| answer), ticket))
            }
            Err(failure) => {
                let (failure, ticket) = self.hear_failure(lane, pass, spare, failure, ticket)?;
                Some((Err(failure), ticket))
            }
        }
    }

    #[cold]
    fn hear_failure<C>(
        &mut self,
        lane: &mut Lane<C>,
        pass: Pass,
        spare: Option<V>,
        failure: Failure,
        ticket: Ticket,
    ) -> Option<(Failure, Ticket)> {
        let left = self.visits.get_mut(&pass).map(|visit| {
            let spare = visit.spare.take();
            (visit.attempts, spare, visit.delays.take())
        });
        let (attempts, kept, delays) = left.unwrap_or((1, None, None));
        let again = self.retry.filter(|_| failure.is_retryable());
        let again = again.and_then(|retry| {
            let mut delays = delays.unwrap_or_else(|| delays_of(retry));
            Some((retry, delays.next()?, delays))
        });
        let (value, (retry, delay, delays)) = match (spare.or(kept), again) {
            (Some(value), Some(again)) => (value, again),
            (value, _) => {
                self.leave(pass);
                // If its `Drop` panics too, the first failure is the one that counts.
                let _second = guard(|| drop(value));
                return Some((failure.after(attempts), ticket));
            }
        };
        let kept = lane.ledger.keeps(&ticket);
        if !kept || self.closed || lane.is_halted() {
            self.leave(pass);
            let (stage, emit_id) = (lane.name(self.node), lane.emit_id(&ticket));
            tracing::info!(stage, emit_id = emit_id.map(display), error = %failure, "not tried again: whoever reads the record next does it again");
            lane.at_desk(self.node, |desk| desk.let_go(value, ticket));
            return None;
        }
        let delay = match retry.jitter {
            true => delay.mul_f64(fastrand::f64()),
            false => delay,
        };
        let failure = failure.after(attempts);
        self.say(lane, &failure, &ticket, attempts, delay);
        lane.tell_failure(self.node, &ticket, &failure, Fate::Retry);
        lane.note_again(self.node);
        lane.trace_again(self.node, &failure);
        let moment = lane.clock.now() + delay;
        lane.effects.wake_at(moment);
        let pass = match pass {
            Pass::AT_ONCE => {
                let place = self.place(lane, &ticket);
                self.enter(place, None)
            }
            pass => {
                self.inside -= 1;
                pass
            }
        };
        if let Some(visit) = self.visits.get_mut(&pass) {
            self.resting.insert((moment, pass), visit.place.slot);
            visit.held = Some((value, ticket));
            lane.lined_up += 1;
            visit.delays = Some(delays);
        }
        None
    }

    fn say<C>(
        &self,
        lane: &Lane<C>,
        failure: &Failure,
        ticket: &Ticket,
        attempt: usize,
        delay: Duration,
    ) {
        let (stage, position) = (lane.name(self.node), lane.position(ticket));
        let emit_id = lane.emit_id(ticket);
        tracing::warn!(stage, %position, emit_id = emit_id.map(display), attempt, ?delay, error = %failure, "to be tried again");
    }
}

/// The times between attempts, of which there is none after the last.
pub(super) fn delays_of(retry: Retry) -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(retry.from)
        .with_max_delay(retry.to)
        .with_max_times(retry.max)
        .build()
}
