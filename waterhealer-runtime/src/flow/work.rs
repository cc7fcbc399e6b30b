//! The lane's loop: it has the crew attend to notices, take values and records in and tell how far it is, and waits when
//! there is nothing to do. Everything here happens on the lane's own thread, between two records.

use std::time::Duration;

use tokio::sync::mpsc;

use super::crew::Crew;
use super::files::Intake;
use super::lane::{Emission, Lane};
use super::pace::Pace;
use super::stages::Graph;
use crate::broker::Batch;
use crate::clock::Moment;
use crate::guard::guard;

/// How often a busy lane shows how things stand; one that comes to rest shows it then.
const SHOW_EVERY: Duration = Duration::from_millis(100);

/// Values sent in by hand that are taken before records have their turn.
const EMISSIONS_A_TURN: usize = 1_000;

/// Items of files that are taken before records have their turn.
const READ_A_TURN: usize = 1_000;

/// Runs a lane until it is told to end.
pub(crate) fn run<G: Graph>(
    lane: Lane<G::Completion>,
    graph: G,
    emissions: mpsc::Receiver<Emission<G::Emitted>>,
    files: Intake,
) {
    lane.show_place();
    let mut worker = Worker {
        crew: Crew::new(lane, graph, emissions),
        files,
        current: None,
        pace: Pace::new(),
        shown: Moment::default(),
    };
    while !worker.crew.is_ended() {
        // The stages are guarded one by one; this catches what they cannot: a value whose `Drop` panics between them.
        if let Err(failure) = guard(|| worker.turn()) {
            worker.crew.halt_outside(failure);
        }
    }
    worker.crew.close();
}

struct Worker<G: Graph> {
    crew: Crew<G>,
    files: Intake,
    /// The batch that was interrupted, to go on with.
    current: Option<Batch>,
    pace: Pace,
    /// When it was last shown how things stand.
    shown: Moment,
}

impl<G: Graph> Worker<G> {
    /// One round: notices first, since they may forbid what follows; then records; then the figures.
    fn turn(&mut self) {
        self.crew.attend();
        self.look_at_clock();
        let more_by_hand = self.take_emissions();
        let more_read = self.take_read();
        if self.crew.takes_in()
            && let Some(batch) = self.current.take().or_else(|| self.crew.lane.mailbox.pop())
        {
            self.work(batch);
        }
        if self.crew.is_draining() {
            // It is not gone on with, and the consumer, which is told next, cannot close while it is held.
            self.current = None;
        }
        self.crew.tell();
        let takes_in = self.crew.takes_in();
        let more = takes_in && (self.current.is_some() || more_by_hand || more_read);
        if !more && !self.crew.is_ended() {
            let rest = self.crew.is_at_rest() && self.current.is_none();
            let lane = &self.crew.lane;
            lane.control.set_rest(lane.index, rest);
            self.crew.show();
            lane.mailbox.wait(takes_in, self.crew.looks_in());
            // Before anything is taken out of the mailbox, where the consumer thread looks first.
            lane.control.set_rest(lane.index, false);
        }
    }

    /// Takes values sent in by hand, but not so many that records, commits and revokes wait for them. True if there may
    /// be more.
    fn take_emissions(&mut self) -> bool {
        for _ in 0..EMISSIONS_A_TURN {
            if !self.crew.take_emission() {
                return false;
            }
            if self.pace.step() {
                self.look_at_clock();
            }
        }
        true
    }

    /// Takes a batch through the stages until it ends, a stage is full, or a notice forbids more.
    fn work(&mut self, mut batch: Batch) {
        while let Some((assigned, record)) = batch.next() {
            if self.crew.record(assigned, &record.view(assigned)) && self.pace.step() {
                self.look_at_clock();
            }
            if self.crew.wants_attention() {
                self.crew.attend();
                if !self.crew.takes_in() {
                    self.current = (!batch.is_done()).then_some(batch);
                    return;
                }
                self.crew.tell();
            }
        }
    }

    /// Takes what was read of files, but not so much that records, commits and revokes wait for it. True if there may be
    /// more.
    fn take_read(&mut self) -> bool {
        for _ in 0..READ_A_TURN {
            if !self.crew.takes_in_beside() {
                return false;
            }
            let Some((assigned, item)) = self.files.next(&self.crew.lane.control) else {
                return false;
            };
            self.crew.read(&assigned, item);
            if self.pace.step() {
                self.look_at_clock();
            }
            if self.crew.wants_attention() {
                self.crew.attend();
            }
        }
        true
    }

    fn look_at_clock(&mut self) {
        let now = self.crew.look_at_clock();
        self.pace.looked(now);
        if now.since(self.shown) >= SHOW_EVERY {
            self.shown = now;
            self.crew.show();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::Ordering;

    use super::super::slots::Slots;
    use super::super::{Control, Mailbox, Notice};
    use super::*;
    use crate::broker::Assigned;
    use crate::clock::Clock;
    use crate::graph::{NoEmit, Spec};
    use crate::ledger::{Finished, Ticket};
    use crate::operator::{Partition, SlidingWindow};
    use crate::types::{NoExtras, Record, RecordParts};

    static SPEC: Spec = Spec {
        name: "windows",
        settings: &[],
        nodes: &[],
        edges: &[],
    };
    const HOUR: Duration = Duration::from_secs(3_600);

    /// Batches of two, and each value with the one before it.
    struct Windows {
        pairs: Partition<i64>,
        last: SlidingWindow<i64>,
    }

    impl Graph for Windows {
        type Resources = ();
        type Emitted = NoEmit;
        type Completion = ();

        fn spec() -> &'static Spec {
            &SPEC
        }

        fn new(_: Arc<()>) -> Self {
            Windows {
                pairs: Partition::new(2, Some(HOUR)),
                last: SlidingWindow::new(2, false),
            }
        }

        fn record(&mut self, lane: &mut Lane<()>, _: usize, record: &Record<'_>, ticket: Ticket) {
            let share = lane.split(&ticket);
            let pair = lane.push::<0, _>(0, &mut self.pairs, record.offset(), ticket);
            let last = lane.push::<0, _>(1, &mut self.last, record.offset(), share);
            for (_, ticket) in [pair, last].into_iter().flatten() {
                lane.settle(ticket);
            }
        }

        fn emitted(&mut self, _: &mut Lane<()>, value: NoEmit, _: Ticket) {
            match value {}
        }

        fn completed(&mut self, _: &mut Lane<()>, (): (), _: Ticket) {}

        fn due(&mut self, lane: &mut Lane<()>) {
            while let Some((_, ticket)) = lane.due(0, &mut self.pairs) {
                lane.settle(ticket);
            }
        }

        fn abandon(&mut self, lane: &mut Lane<()>) {
            lane.let_go(0, &mut self.pairs);
            lane.let_go(1, &mut self.last);
        }
    }

    fn crew(assigned: &Arc<Assigned>, finished: Finished) -> Crew<Windows> {
        let pool = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let (mailbox, control, handle) = (Mailbox::new(), Control::new(), pool.handle().clone());
        let lane = Lane::new(&SPEC, mailbox, control, handle, None, Clock::still());
        let (_emit, emissions) = mpsc::channel(1);
        let mut crew = Crew::new(lane, Windows::new(Arc::new(())), emissions);
        let notice = Notice::Assign(Arc::clone(assigned), finished);
        crew.lane.mailbox.notify(notice);
        crew.attend();
        crew
    }

    fn record(crew: &mut Crew<Windows>, assigned: &Assigned, offset: i64) {
        let parts = RecordParts {
            topic: &assigned.topic,
            stream: assigned.stream,
            partition: 0,
            offset,
            key: None,
            value: None,
            extras: &NoExtras,
        };
        assert!(crew.record(assigned, &Record::new(parts)));
    }

    #[test]
    fn a_lane_rests_once_no_operator_waits_for_a_moment_any_more() {
        let assigned = Slots::new(1).assign("numbers", 0, 0);
        let mut crew = crew(&assigned, Finished::default());
        record(&mut crew, &assigned, 0);
        assert!(!crew.is_at_rest(), "the batch has an hour to go");
        assert_eq!(crew.lane.wakes_in(), Some(HOUR));
        record(&mut crew, &assigned, 1);
        assert!(
            crew.is_at_rest(),
            "it went on full; the last value is held for more"
        );
        assert_eq!(crew.lane.ledger.position(assigned.slot), Some(1));
        crew.close();
    }

    #[test]
    fn a_record_that_is_finished_is_not_given_to_the_graph() {
        let assigned = Slots::new(1).assign("numbers", 0, 0);
        let mut finished = Finished::new(0);
        finished.insert(1);
        let mut crew = crew(&assigned, finished);
        for offset in [0, 1, 2] {
            record(&mut crew, &assigned, offset);
        }
        crew.tell();
        assert_eq!(
            crew.lane
                .ledger
                .unfinished(assigned.slot)
                .collect::<Vec<_>>(),
            [2],
            "the pair was 0 and 2, of which 2 is held for the next"
        );
        assert_eq!(crew.lane.control.passed_over.load(Ordering::Relaxed), 1);
        assert_eq!(crew.lane.ledger.position(assigned.slot), Some(2));
        crew.close();
    }
}
