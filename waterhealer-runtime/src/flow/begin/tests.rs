//! Partitions whose client has lost its way, led back by a group that does as it is told, or not at once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::control::Control;
use super::super::desk::{Astray, Beside};
use super::super::lanes::Lanes;
use super::super::mailbox::Mailbox;
use super::super::slots::Slots;
use super::*;
use crate::broker::{Answered, Commit, GroupEvents, Log, Membership, Taken};
use crate::config::{OnGap, OnRecreated, Settings};
use crate::done_set::TopicId;
use crate::graph::Spec;

static SPEC: Spec = Spec {
    name: "begins",
    settings: &[],
    nodes: &[],
    edges: &[],
};

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| {
    let config = crate::Config::new().brokers("nowhere:1").group("begins");
    let mut settings = config.settle(&SPEC).expect("the settings are in order");
    settings.starting.on_topic_recreated = OnRecreated::Earliest;
    settings.starting.on_offset_out_of_range = OnGap::Latest;
    settings
});

const TOPIC: &str = "orders";

/// What it was told, in order.
#[derive(Default)]
struct Told {
    log: Option<Log>,
    topic: u64,
    /// So many times it cannot go on.
    refuses: RefCell<usize>,
    went: RefCell<Vec<At>>,
    resumed: RefCell<usize>,
}

impl Told {
    fn known(&self) -> Places {
        let place = (TOPIC.to_owned(), 0);
        Places {
            committed: HashMap::new(),
            logs: self.log.map(|log| (place, log)).into_iter().collect(),
            topics: TopicId::new(self.topic, 1)
                .map(|id| (TOPIC.to_owned(), id))
                .into_iter()
                .collect(),
        }
    }
}

impl Group for Told {
    fn membership(&self) -> Option<Membership> {
        None
    }

    fn resume(&self, partitions: &[(&str, i32)]) {
        *self.resumed.borrow_mut() += partitions.len();
    }

    fn commit(&self, _: &[Commit], _: Duration) -> Vec<Answered> {
        Vec::new()
    }

    fn is_open(&self) -> bool {
        false
    }

    fn places(&self, _: &[(String, i32)], _: Duration) -> Result<Places, String> {
        Ok(self.known())
    }

    fn seek(&self, _: &[(&str, i32, At)], _: Duration) -> Result<(), String> {
        Ok(())
    }

    fn go_on(&self, _: &str, _: i32, at: At, _: bool) -> Result<(), String> {
        let mut refuses = self.refuses.borrow_mut();
        if *refuses > 0 {
            *refuses -= 1;
            return Err("the group is rebalancing".to_owned());
        }
        self.went.borrow_mut().push(at);
        Ok(())
    }
}

/// A desk that has one partition of the topic with this id.
fn desk(topic: u64) -> (Arc<Desk<()>>, Arc<Assigned>) {
    let desk = Desk::new(
        Lanes::new(Mailbox::new(), 1),
        Control::new(),
        &SETTINGS,
        HashMap::from([(TOPIC.to_owned(), 0)]),
        false,
        Slots::new(1),
        Beside::Nothing,
    );
    let group = Told {
        topic,
        ..Told::default()
    };
    desk.assigned(&group, &[(TOPIC.to_owned(), 0)]);
    let assigned = held(&desk);
    (desk, assigned)
}

fn held(desk: &Desk<()>) -> Arc<Assigned> {
    desk.held().pop().expect("it is held")
}

fn lost(assigned: &Assigned, next: i64) -> Astray {
    Astray {
        place: (TOPIC.to_owned(), 0),
        epoch: assigned.epoch,
        next,
        told: true,
    }
}

#[test]
fn what_was_taken_is_not_forgotten_before_the_lane_says_how_far_it_is() {
    let (desk, old) = desk(7);
    // The lane is busy with the first of them.
    old.figures.take(0..=9, 10, 10);
    let log = Some(Log { first: 0, end: 20 });
    let group = Told {
        log,
        topic: 7,
        ..Told::default()
    };
    desk.lead_back_soon(vec![lost(&old, 10)], group.known());
    assert!(desk.lead_back(&group));
    assert_eq!(*group.went.borrow(), [At::Offset(10)]);
    assert_eq!(held(&desk).epoch, old.epoch, "0 to 9 would never be done");
}

#[test]
fn a_topic_created_again_is_read_from_its_beginning_however_often_that_is_tried_and_told() {
    let (desk, old) = desk(7);
    old.figures.take(0..=999, 1_000, 1_000);
    old.figures.publish(Some(1_000), 1_000);
    old.figures.set_paused(true);
    let log = Some(Log { first: 0, end: 10 });
    let group = Told {
        log,
        topic: 8,
        refuses: RefCell::new(1),
        ..Told::default()
    };
    // The client has told of it, and who looks has seen it, too.
    let twice = vec![lost(&old, 1_000), lost(&old, 1_000)];
    desk.lead_back_soon(twice, group.known());
    desk.lead_back(&group);
    let again = desk.take_astray();
    assert_eq!(again.len(), 1, "it was refused once");
    desk.lead_back_soon(again, group.known());
    desk.lead_back(&group);
    let went = group.went.borrow();
    let first = |at: &At| matches!(at, At::First | At::Offset(0));
    assert!(went.len() == 1 && went.iter().all(first), "{went:?}");
    let held = held(&desk);
    assert!(held.epoch != old.epoch && desk.take_fault().is_none());
    assert_eq!(*group.resumed.borrow(), 1, "the client had it paused");
    // Where the client stands may still be the old topic's.
    held.figures.look_past(1_000);
    assert_eq!(held.figures.position(), None);
}

#[test]
fn who_lost_its_way_is_led_back_though_others_did_after_it() {
    let (desk, old) = desk(7);
    let log = Some(Log { first: 0, end: 20 });
    let group = Told {
        log,
        topic: 7,
        ..Told::default()
    };
    desk.lead_back_soon(vec![lost(&old, -1)], group.known());
    desk.lead_back_soon(Vec::new(), group.known());
    desk.lead_back(&group);
    let left = desk.take_astray();
    assert_eq!(left.len(), 1, "the client says it once");
}

#[test]
fn where_an_assignment_that_is_over_had_come_to_moves_no_other() {
    let (desk, old) = desk(7);
    let group = Told {
        log: Some(Log { first: 50, end: 90 }),
        topic: 7,
        ..Told::default()
    };
    let place = [(TOPIC.to_owned(), 0)];
    desk.revoked(&group, &place, true);
    desk.assigned(&group, &place);
    desk.lead_back_soon(vec![lost(&old, 10)], group.known());
    desk.lead_back(&group);
    assert!(group.went.borrow().is_empty(), "it begins where it begins");
}

/// What the client says once a partition was opened anew, and was still waiting to be read then.
fn told_late(desk: &Desk<()>, next: i64) -> Vec<Astray> {
    let trouble = Taken::Trouble {
        topic: TOPIC,
        partition: 0,
        why: "no offset".to_owned(),
        fatal: false,
        astray: Some(next),
    };
    assert!(desk.whose(trouble, &String::new).is_none());
    desk.take_astray()
}

#[test]
fn what_was_told_of_an_assignment_that_is_over_does_not_move_the_new_one() {
    let (desk, old) = desk(7);
    old.figures.take(0..=999, 1_000, 1_000);
    let group = Told {
        log: Some(Log {
            first: 0,
            end: 2_000,
        }),
        topic: 8,
        ..Told::default()
    };
    desk.lead_back_soon(vec![lost(&old, 1_000)], group.known());
    desk.lead_back(&group);
    let anew = held(&desk);
    assert!(anew.epoch != old.epoch, "it is another topic");
    desk.lead_back_soon(told_late(&desk, 1_000), group.known());
    desk.lead_back(&group);
    held(&desk).figures.take(0..=9, 8, 8);
    for late in [1_000, 5, -1] {
        desk.lead_back_soon(told_late(&desk, late), group.known());
        desk.lead_back(&group);
    }
    let first = At::Offset(0);
    let next = At::Offset(10);
    assert_eq!(
        *group.went.borrow(),
        [At::First, first, next, next, next],
        "0 to 999 would be passed over, or 5 to 9 given twice"
    );
    assert!(desk.take_fault().is_none());
}
