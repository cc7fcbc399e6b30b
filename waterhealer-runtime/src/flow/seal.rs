//! The lane's side of a transaction: asked to, it brings what is under way to its end, says what the transaction holds, and
//! makes no output until another has begun. When that is asked, and what comes of it, is the consumer thread's (`exact`).

use std::time::Duration;

use super::crew::Crew;
use super::mailbox::{Sealed, Sealing};
use super::outbox::Outbox;
use super::stages::Graph;
use crate::sync::mpsc::SyncSender;

/// Whether outputs may be made.
pub(super) enum Seal {
    /// They may.
    Open,
    /// Of what is under way; nothing new is taken in.
    Asked(SyncSender<Sealed>),
    /// They may not.
    Closed,
}

impl Seal {
    #[inline]
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Seal::Open)
    }

    /// Whether even what an operator gives by its clock must wait.
    #[inline]
    pub(super) fn is_closed(&self) -> bool {
        matches!(self, Seal::Closed)
    }
}

impl<G: Graph> Crew<G> {
    pub(super) fn seal(&mut self, asked: Sealing) {
        self.seal = match asked {
            Sealing::Close(sealed) => Seal::Asked(sealed),
            Sealing::Stand(stands) => {
                // Nobody waits any more when the pipeline ends instead.
                let _late = stands.try_send(());
                Seal::Closed
            }
            Sealing::GoOn => Seal::Open,
            Sealing::Anew => {
                if let Some(staged) = self.lane.outbox.as_mut().and_then(Outbox::staged) {
                    staged.clear();
                }
                Seal::Open
            }
        };
    }

    /// Says that it is sealed, once nothing is under way. What operators hold for more to come stays with them. A lane that
    /// halts never says so.
    pub(super) fn answer_seal(&mut self) {
        let Seal::Asked(sealed) = &self.seal else {
            return;
        };
        let lane = &mut self.lane;
        if lane.halted || lane.held > 0 || lane.calls.len() > 0 {
            return;
        }
        let mut answer = Sealed {
            any: false,
            whole: true,
        };
        if let Some(staged) = lane.outbox.as_mut().and_then(Outbox::staged) {
            let mut held = lane.partitions.iter().flatten();
            answer.any = staged.any();
            answer.whole =
                held.all(|held| staged.is_below(held.slot, lane.ledger.position(held.slot)));
        }
        // Whoever has asked may have stopped waiting; then the pipeline ends, or everything is given up.
        let _late = sealed.try_send(answer);
        self.seal = Seal::Closed;
    }

    /// How long the lane may wait, if nothing comes, before it has to look again.
    pub(super) fn looks_in(&self) -> Option<Duration> {
        let wakes_in = match self.seal.is_closed() {
            // What an operator gives now would come after the seal.
            true => None,
            false => self.lane.wakes_in(),
        };
        let at_most = [self.lane.retry_in(), wakes_in, self.lane.notes_in()];
        at_most.into_iter().flatten().min()
    }
}
