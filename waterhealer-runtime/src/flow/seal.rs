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
        if !matches!(self.seal, Seal::Asked(_)) || self.is_under_way() {
            return;
        }
        // A commit is near: what a sink has buffered is written first, or its records would stay behind what was made of them.
        self.graph.flush(&mut self.lane);
        self.release();
        self.publish();
        if self.is_under_way() {
            return;
        }
        let Seal::Asked(sealed) = &self.seal else {
            return;
        };
        let lane = &mut self.lane;
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

    /// Whether something may still be made of what was taken in, or the lane halts.
    fn is_under_way(&self) -> bool {
        let lane = &self.lane;
        lane.halted || lane.held > 0 || lane.lined_up > 0 || lane.calls.len() > 0
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::mpsc;

    use super::super::lane::Lane;
    use super::super::slots::Slots;
    use super::super::{Control, Mailbox, Notice};
    use super::*;
    use crate::clock::Clock;
    use crate::graph::{NoEmit, Spec};
    use crate::ledger::{Finished, Ticket};
    use crate::sync::mpsc::sync_channel;
    use crate::types::{NoExtras, Record, RecordParts};

    static SPEC: Spec = Spec {
        name: "buffers",
        settings: &[],
        nodes: &[],
        edges: &[],
    };

    /// A sink that has written nothing before its flush.
    struct Buffers(Vec<Ticket>);

    impl Graph for Buffers {
        type Resources = ();
        type Emitted = NoEmit;
        type Completion = ();

        fn spec() -> &'static Spec {
            &SPEC
        }

        fn new(_: Arc<()>) -> Self {
            Buffers(Vec::new())
        }

        fn record(&mut self, _: &mut Lane<()>, _: usize, _: &Record<'_>, ticket: Ticket) {
            self.0.push(ticket);
        }

        fn emitted(&mut self, _: &mut Lane<()>, value: NoEmit, _: Ticket) {
            match value {}
        }

        fn completed(&mut self, _: &mut Lane<()>, (): (), _: Ticket) {}

        fn flush(&mut self, lane: &mut Lane<()>) {
            for ticket in self.0.drain(..) {
                lane.settle(ticket);
            }
        }
    }

    #[test]
    fn what_a_sink_has_buffered_is_written_before_the_lane_is_sealed() {
        let pool = tokio::runtime::Builder::new_current_thread();
        let pool = { pool }.build().unwrap();
        let (mailbox, control) = (Mailbox::new(), Control::new());
        let handle = pool.handle().clone();
        let lane = Lane::new(&SPEC, mailbox, control, handle, None, Clock::still());
        let (_emit, emissions) = mpsc::channel(1);
        let mut crew = Crew::new(lane, Buffers::new(Arc::new(())), emissions);
        let assigned = Slots::new(1).assign("orders", 0, 0);
        let notice = Notice::Assign(Arc::clone(&assigned), Finished::default());
        crew.lane.mailbox.notify(notice);
        crew.attend();
        crew.record(
            &assigned,
            &Record::new(RecordParts {
                topic: &assigned.topic,
                stream: assigned.stream,
                partition: 0,
                offset: 0,
                key: None,
                value: None,
                extras: &NoExtras,
            }),
        );
        let (sealed, answer) = sync_channel(1);
        crew.lane
            .mailbox
            .notify(Notice::Seal(Sealing::Close(sealed)));
        crew.attend();
        crew.tell();
        assert!(answer.try_recv().is_ok(), "it is sealed");
        assert_eq!(assigned.figures.position(), Some(1), "and told before that");
        crew.close();
    }
}
