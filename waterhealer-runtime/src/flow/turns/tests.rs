//! Turns on a lane of their own, with a clock that is moved by hand.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::super::{Control, Mailbox};
use super::attempts::delays_of;
use super::*;
use crate::clock::Clock;
use crate::error::Failure;
use crate::graph::{Cardinality, Handling, NodeKind, NodeSpec, OnError};
use crate::ledger::Epoch;
use crate::types::{EmitId, Meta, Position};

const ONE: SlotId = SlotId(1);
const TWO: SlotId = SlotId(2);
const SECOND: Duration = Duration::from_secs(1);
const RETRY: Retry = Retry {
    max: 2,
    from: SECOND,
    to: Duration::from_secs(60),
    jitter: false,
};

const fn node(asynchronous: bool, concurrency: usize, order_by: OrderBy, max: usize) -> NodeSpec {
    NodeSpec {
        name: "price",
        kind: NodeKind::Map,
        label: "",
        cardinality: Cardinality::One,
        asynchronous,
        concurrency,
        on_error: OnError::Halt,
        handling: Handling {
            retry: if max == 0 { None } else { Some(RETRY) },
            order_by,
            ..Handling::USUAL
        },
        topics: &[],
        path: "",
        properties: &[],
        breaker: None,
        checkpoint: false,
        carrier: false,
        takes: "",
        gives: "",
        doc: "",
    }
}

static SPEC: Spec = Spec {
    name: "turns",
    settings: &[],
    nodes: &[
        node(true, 2, OrderBy::Partition, 0),
        node(true, 8, OrderBy::Key, 0),
        node(true, 1, OrderBy::None, 2),
        node(false, 1, OrderBy::Partition, 2),
    ],
    edges: &[],
};
const BY_PARTITION: usize = 0;
const BY_KEY: usize = 1;
const UNORDERED: usize = 2;
const AT_ONCE: usize = 3;

type Inside = (&'static str, Ticket, Pass);

struct Stage {
    lane: Lane<()>,
    turns: Turns<&'static str>,
    _pool: Runtime,
}

impl Stage {
    fn new(node: usize) -> Self {
        let pool = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let (mailbox, control) = (Mailbox::new(), Control::new());
        let handle = pool.handle().clone();
        let mut lane = Lane::new(&SPEC, mailbox, control, handle, None, Clock::still());
        lane.ledger.open(ONE, Epoch(1));
        lane.ledger.open(TWO, Epoch(2));
        Stage {
            lane,
            turns: Turns::new(&SPEC, node),
            _pool: pool,
        }
    }

    /// Brings a value of a record with this key, if it has one.
    fn bring(&mut self, slot: SlotId, value: &'static str, key: Option<&str>) -> Option<Inside> {
        let meta = Meta {
            position: Position {
                topic: Arc::from("orders"),
                partition: 0,
                offset: 0,
            },
            emit_id: EmitId::new("", "orders", 0, 0),
            key: key.map(|key| Box::from(key.as_bytes())),
            headers: Vec::new(),
            timestamp: None,
            value: None,
        };
        let ticket = self.lane.ledger.deliver(slot, 0, Some(Arc::new(meta)));
        let (value, ticket, pass) = self.turns.admit(&mut self.lane, value, ticket)?;
        self.begin(value, ticket, pass)
    }

    fn begin(&mut self, value: &'static str, ticket: Ticket, pass: Pass) -> Option<Inside> {
        let ticket = self.turns.keep(&mut self.lane, pass, &value, ticket)?;
        Some((value, ticket, pass))
    }

    fn next(&mut self) -> Option<Inside> {
        let (value, ticket, pass) = self.turns.next(&mut self.lane)?;
        self.begin(value, ticket, pass)
    }

    fn succeed(&mut self, (_, ticket, pass): Inside) {
        let heard = self.turns.hear(&mut self.lane, pass, None, Ok(()), ticket);
        let (outcome, ticket) = heard.expect("a success is not tried again");
        assert!(outcome.is_ok());
        self.lane.settle(ticket);
    }

    /// Fails a call; the failure and the record, if it is not tried again.
    fn fail(&mut self, (value, ticket, pass): Inside) -> Option<(String, Ticket)> {
        let failure = Err::<(), _>(Failure::error("refused"));
        // A call that is answered at once brings its value along.
        let spare = (pass == Pass::AT_ONCE).then_some(value);
        let (outcome, ticket) = self
            .turns
            .hear(&mut self.lane, pass, spare, failure, ticket)?;
        Some((outcome.unwrap_err().to_string(), ticket))
    }

    fn advance(&mut self, time: Duration) {
        self.lane.clock.advance(self.lane.clock.now() + time);
    }
}

fn value(inside: &Option<Inside>) -> Option<&'static str> {
    inside.as_ref().map(|inside| inside.0)
}

#[test]
fn one_at_a_time_of_a_partition_and_the_others_pass() {
    let mut stage = Stage::new(BY_PARTITION);
    let first = stage.bring(ONE, "1a", None);
    assert_eq!(value(&first), Some("1a"));
    assert!(stage.bring(ONE, "1b", None).is_none());
    assert!(stage.bring(ONE, "1c", None).is_none());
    let other = stage.bring(TWO, "2a", None);
    assert_eq!(value(&other), Some("2a"), "it has nothing to wait for");
    assert_eq!(stage.lane.held, 0, "the intake is not held");
    assert!(stage.next().is_none());
    stage.succeed(first.unwrap());
    let second = stage.next();
    assert_eq!(value(&second), Some("1b"));
    assert!(stage.next().is_none());
    stage.succeed(second.unwrap());
    let third = stage.next();
    assert_eq!(value(&third), Some("1c"));
    stage.succeed(third.unwrap());
    stage.succeed(other.unwrap());
    assert!(stage.turns.visits.is_empty() && stage.turns.domains.is_empty());
    assert_eq!(stage.lane.ledger.working(ONE), 0);
}

#[test]
fn one_at_a_time_of_a_key_and_what_has_none_goes_by_its_partition() {
    let mut stage = Stage::new(BY_KEY);
    let ada = stage.bring(ONE, "ada", Some("ada")).unwrap();
    assert!(stage.bring(TWO, "ada again", Some("ada")).is_none());
    let bob = stage.bring(ONE, "bob", Some("bob")).unwrap();
    let none = stage.bring(ONE, "none", None).unwrap();
    assert!(stage.bring(ONE, "none again", None).is_none());
    let elsewhere = stage.bring(TWO, "elsewhere", None).unwrap();
    stage.succeed(ada);
    let again = stage.next().unwrap();
    assert_eq!(again.0, "ada again");
    stage.succeed(none);
    let second = stage.next().unwrap();
    assert_eq!(second.0, "none again");
    for inside in [bob, elsewhere, again, second] {
        stage.succeed(inside);
    }
    assert!(stage.turns.visits.is_empty() && stage.turns.domains.is_empty());
}

#[test]
fn without_an_order_what_waits_for_a_place_holds_the_intake_and_what_rests_does_not() {
    let mut stage = Stage::new(UNORDERED);
    let first = stage.bring(ONE, "a", None).unwrap();
    assert!(stage.bring(ONE, "b", None).is_none());
    assert_eq!(stage.lane.held, 1);
    assert!(stage.fail(first).is_none(), "it is tried again");
    let second = stage.next().unwrap();
    assert_eq!((second.0, stage.lane.held), ("b", 0));
    assert!(stage.next().is_none());
    stage.advance(SECOND);
    assert!(stage.next().is_none(), "the only place is taken");
    stage.succeed(second);
    let again = stage.next().unwrap();
    assert_eq!(again.0, "a");
    assert!(stage.fail(again).is_none());
    stage.advance(SECOND);
    assert!(stage.next().is_none(), "the second time it rests for two");
    stage.advance(SECOND);
    let last = stage.next().unwrap();
    let (error, ticket) = stage.fail(last).expect("there is no fourth call");
    assert_eq!(error, "refused (after 3 attempts)");
    stage.lane.settle(ticket);
    assert!(stage.turns.visits.is_empty());
}

#[test]
fn a_record_that_rests_holds_its_own_partition_back() {
    let mut stage = Stage::new(AT_ONCE);
    let first = stage.bring(ONE, "1a", None).unwrap();
    assert!(stage.fail(first).is_none());
    assert_eq!(stage.lane.effects.wake, Some(Moment::default() + SECOND));
    assert!(stage.bring(ONE, "1b", None).is_none());
    let other = stage.bring(TWO, "2a", None).unwrap();
    stage.succeed(other);
    stage.advance(SECOND);
    let again = stage.next().unwrap();
    assert_eq!(again.0, "1a");
    stage.succeed(again);
    let second = stage.next().unwrap();
    assert_eq!(second.0, "1b");
    stage.succeed(second);
    assert!(stage.next().is_none());
    assert!(stage.turns.visits.is_empty() && stage.turns.domains.is_empty());
}

#[test]
fn what_is_terminal_is_not_tried_again() {
    let mut stage = Stage::new(AT_ONCE);
    let (value, ticket, pass) = stage.bring(ONE, "1a", None).unwrap();
    let failure = Err::<(), _>(Failure::error(crate::error::terminal("no")));
    let heard = stage
        .turns
        .hear(&mut stage.lane, pass, Some(value), failure, ticket);
    let (_, ticket) = heard.expect("it is the policy's");
    stage.lane.settle(ticket);
    assert!(stage.turns.visits.is_empty());
}

#[test]
fn what_waits_of_a_partition_that_is_given_up_is_let_go_and_the_others_stay() {
    for node in [BY_PARTITION, BY_KEY] {
        let mut stage = Stage::new(node);
        let first = stage.bring(ONE, "1a", Some("ada")).unwrap();
        assert!(stage.bring(ONE, "1b", Some("ada")).is_none());
        let other = stage.bring(TWO, "2a", Some("bob")).unwrap();
        assert!(stage.bring(TWO, "2b", Some("bob")).is_none());
        stage.lane.ledger.close(ONE);
        stage.turns.forget(&mut stage.lane);
        assert_eq!(stage.lane.ledger.working(ONE), 1, "the call goes on");
        assert!(stage.next().is_none(), "nobody has overtaken");
        stage.succeed(first);
        assert!(stage.next().is_none());
        stage.succeed(other);
        let second = stage.next().unwrap();
        assert_eq!(second.0, "2b");
        stage.succeed(second);
        assert!(stage.turns.visits.is_empty() && stage.turns.domains.is_empty());
        assert_eq!(Ticket::take_dropped(), 0);
    }
}

#[test]
fn what_fails_when_it_is_given_up_or_at_the_end_stays_unfinished() {
    for ends in [false, true] {
        let mut stage = Stage::new(UNORDERED);
        let first = stage.bring(ONE, "a", None).unwrap();
        assert!(stage.bring(TWO, "b", None).is_none());
        match ends {
            true => stage.turns.abandon(&mut stage.lane),
            false => {
                stage.lane.ledger.close(ONE);
                stage.lane.ledger.close(TWO);
                stage.turns.forget(&mut stage.lane);
            }
        }
        assert_eq!((stage.lane.held, stage.lane.ledger.working(TWO)), (0, 0));
        assert!(stage.fail(first).is_none());
        assert_eq!(stage.lane.ledger.working(ONE), 0);
        assert_eq!(stage.lane.ledger.position(ONE), Some(0), "unfinished");
        assert!(stage.turns.visits.is_empty() && stage.turns.resting.is_empty());
        assert_eq!(Ticket::take_dropped(), 0);
    }
}

#[test]
fn times_between_attempts_double_up_to_the_longest() {
    let retry = Retry {
        max: 5,
        from: SECOND,
        to: Duration::from_secs(5),
        jitter: false,
    };
    let seconds: Vec<u64> = delays_of(retry).map(|delay| delay.as_secs()).collect();
    assert_eq!(seconds, [1, 2, 4, 5, 5]);
}
