//! The entrance of an asynchronous stage: so many calls at once, the others wait. How they wait is `operator`'s `Waiting`.

use super::lane::Lane;
use super::search::{Doing, Search};
use crate::graph::{NodeSpec, Spec};
use crate::ledger::Ticket;
use crate::operator::{Held, Queue, Ready, Waiting};

/// Lets a bounded number of records into an asynchronous stage.
pub struct Gate<T> {
    /// The stage behind it, for messages.
    node: usize,
    places: usize,
    inside: usize,
    waiting: Queue<T>,
}

impl<T> Gate<T> {
    /// The gate before the stage with this number. Values that wait hold the intake of new records.
    pub fn new(spec: &Spec, node: usize) -> Self {
        let places = spec.nodes.get(node).map_or(1, NodeSpec::places);
        Gate::with(node, places)
    }

    pub(super) fn with(node: usize, places: usize) -> Self {
        Gate {
            node,
            places,
            inside: 0,
            waiting: Queue::new(Waiting::default()),
        }
    }

    /// How values wait in front of it.
    #[must_use]
    pub fn waiting(self, waiting: Waiting) -> Self {
        Gate {
            waiting: Queue::new(waiting),
            ..self
        }
    }

    /// Takes a place for the record, or keeps the record until one is free.
    #[inline]
    pub fn admit<C>(&mut self, lane: &mut Lane<C>, value: T, ticket: Ticket) -> Ready<T> {
        if self.inside < self.places && self.waiting.is_empty() {
            self.inside += 1;
            return Some((value, ticket));
        }
        self.keep(lane, value, ticket);
        None
    }

    /// Out of the way of those that enter at once.
    #[inline(never)]
    fn keep<C>(&mut self, lane: &mut Lane<C>, value: T, ticket: Ticket) {
        lane.at_desk(self.node, |desk| self.waiting.push(value, ticket, desk));
    }

    /// Gives a place back.
    #[inline]
    pub fn leave(&mut self) {
        self.inside = self.inside.saturating_sub(1);
    }

    /// The next waiting record that may enter, its place taken; none any more once the pipeline halts.
    pub fn next<C>(&mut self, lane: &mut Lane<C>) -> Ready<T> {
        while self.inside < self.places && !lane.is_halted() && !self.waiting.is_empty() {
            let (value, ticket) = lane.at_desk(self.node, |desk| self.waiting.pop(desk))?;
            if lane.is_live(&ticket) {
                self.inside += 1;
                return Some((value, ticket));
            }
            // Its partition was revoked while it waited: somebody else reads it again.
            lane.at_desk(self.node, |desk| desk.let_go(value, ticket));
        }
        None
    }

    /// Lets the waiting records go, unfinished.
    pub fn abandon<C>(&mut self, lane: &mut Lane<C>) {
        if !self.waiting.is_empty() {
            lane.at_desk(self.node, |desk| self.waiting.abandon(desk));
        }
    }

    /// Shows what waits in front of it, and how full it is.
    pub fn search(&self, search: &mut Search<'_>) {
        let depth = self.inside + self.waiting.held().values;
        search.queue(self.node, depth, self.places + self.waiting.room());
        self.waiting
            .tickets(&mut |ticket| search.found(self.node, 0, Doing::Waiting, ticket));
    }

    /// What waits in front of it.
    pub fn held(&self) -> Held {
        self.waiting.held()
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::Runtime;

    use super::super::{Control, Mailbox};
    use super::*;
    use crate::clock::Clock;
    use crate::ledger::{Epoch, SlotId};

    static SPEC: Spec = Spec {
        name: "gates",
        settings: &[],
        nodes: &[],
        edges: &[],
    };
    const SLOT: SlotId = SlotId(1);

    /// A lane with one partition, and the pool it would use.
    fn lane() -> (Lane<()>, Runtime) {
        let pool = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let (mailbox, control) = (Mailbox::new(), Control::new());
        let handle = pool.handle().clone();
        let mut lane = Lane::new(&SPEC, mailbox, control, handle, None, Clock::still());
        lane.ledger.open(SLOT, Epoch(1));
        (lane, pool)
    }

    /// Brings values to the gate; those that enter.
    fn bring(gate: &mut Gate<i64>, lane: &mut Lane<()>, values: &[i64]) -> Vec<(i64, Ticket)> {
        let mut entered = Vec::new();
        for value in values {
            let ticket = lane.ledger.deliver(SLOT, *value, None);
            entered.extend(gate.admit(lane, *value, ticket));
        }
        entered
    }

    /// Finishes what is inside and lets the next ones enter.
    fn finish(
        gate: &mut Gate<i64>,
        lane: &mut Lane<()>,
        inside: Vec<(i64, Ticket)>,
    ) -> Vec<(i64, Ticket)> {
        for (_, ticket) in inside {
            lane.settle(ticket);
            gate.leave();
        }
        std::iter::from_fn(|| gate.next(lane)).collect()
    }

    fn values(entered: &[(i64, Ticket)]) -> Vec<i64> {
        entered.iter().map(|(value, _)| *value).collect()
    }

    #[test]
    fn values_wait_in_order_and_hold_the_intake_past_their_room() {
        for room in [0, 1] {
            let (mut lane, _pool) = lane();
            let mut gate = Gate::with(0, 2).waiting(Waiting::Hold { room });
            let mut inside = bring(&mut gate, &mut lane, &[0, 1, 2, 3, 4]);
            assert_eq!((values(&inside), lane.held), (vec![0, 1], 3 - room));
            assert_eq!(gate.held().values, 3);
            inside = finish(&mut gate, &mut lane, inside);
            assert_eq!((values(&inside), lane.held), (vec![2, 3], 1 - room));
            inside = finish(&mut gate, &mut lane, inside);
            assert_eq!((values(&inside), lane.held), (vec![4], 0));
            finish(&mut gate, &mut lane, inside);
            assert_eq!(lane.ledger.position(SLOT), Some(5));
        }
    }

    #[test]
    fn the_latest_ends_the_one_before_it_and_holds_nothing() {
        let (mut lane, _pool) = lane();
        let mut gate = Gate::with(0, 1).waiting(Waiting::Latest);
        let inside = bring(&mut gate, &mut lane, &[0, 1, 2]);
        assert_eq!((values(&inside), lane.held), (vec![0], 0));
        let inside = finish(&mut gate, &mut lane, inside);
        assert_eq!(values(&inside), [2]);
        assert_eq!(lane.ledger.position(SLOT), Some(2), "1 was replaced");
        finish(&mut gate, &mut lane, inside);
        assert_eq!(
            (lane.ledger.position(SLOT), lane.tally.finished),
            (Some(3), 3)
        );
    }

    #[test]
    fn what_is_to_be_given_up_goes_on_and_what_was_given_up_does_not() {
        let (mut lane, _pool) = lane();
        let mut gate = Gate::with(0, 1);
        let inside = bring(&mut gate, &mut lane, &[0, 1, 2]);
        lane.ledger.close(SLOT);
        let inside = finish(&mut gate, &mut lane, inside);
        assert_eq!(values(&inside), [1]);
        lane.ledger.forget(SLOT);
        assert!(finish(&mut gate, &mut lane, inside).is_empty());
        assert_eq!((gate.held(), lane.held), (Held::default(), 0));
        assert_eq!(Ticket::take_dropped(), 0);
    }

    #[test]
    fn what_waits_at_the_end_is_let_go_unfinished() {
        let (mut lane, _pool) = lane();
        let mut gate = Gate::with(0, 1);
        let inside = bring(&mut gate, &mut lane, &[0, 1]);
        gate.abandon(&mut lane);
        assert!(finish(&mut gate, &mut lane, inside).is_empty());
        assert_eq!((lane.held, lane.ledger.working(SLOT)), (0, 0));
        assert_eq!(lane.ledger.position(SLOT), Some(1));
        assert_eq!(Ticket::take_dropped(), 0);
    }
}
