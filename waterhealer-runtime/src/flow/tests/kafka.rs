//! Kafka as far as one member of a group sees it: partitions with gaps, the group's positions, commits that are answered later
//! or refused, and other members who go on where this one has stopped. It judges each commit that it is sent.

use std::cell::{RefCell, RefMut};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use shuttle::rand::{Rng, thread_rng};

use super::model::Model;
use crate::broker::{
    Answered, Assigned, At, Commit, CommitError, Committed, Group, Log, Made, Membership, Places,
};

pub(super) const TOPIC: &str = "numbers";

/// Offsets of a partition, at most.
const LONGEST: i64 = 9;

/// The consumer thread's alone, as the real client is.
pub(super) struct Kafka {
    model: Arc<Model>,
    state: RefCell<State>,
}

struct State {
    partitions: Vec<Partition>,
    /// What the broker will answer, in order.
    answers: VecDeque<Answered>,
}

struct Partition {
    /// What the log holds: some offsets are markers, or compacted away.
    offsets: Vec<i64>,
    /// The next of them that the client reads.
    next: usize,
    /// The group's position.
    committed: i64,
    /// The client's own mark; it outlives assignments.
    paused: bool,
    /// The epoch of this member's assignment.
    owned: Option<u32>,
    /// What this member last wanted to commit in it, refused or not.
    wanted: Option<i64>,
}

impl Kafka {
    pub(super) fn new(model: Arc<Model>, partitions: i32) -> Self {
        let partition = |_| Partition {
            offsets: (0..LONGEST)
                .filter(|_| thread_rng().gen_ratio(4, 5))
                .collect(),
            next: 0,
            committed: 0,
            paused: false,
            owned: None,
            wanted: None,
        };
        Kafka {
            model,
            state: RefCell::new(State {
                partitions: (0..partitions).map(partition).collect(),
                answers: VecDeque::new(),
            }),
        }
    }

    /// Partitions that this member has, or has not.
    pub(super) fn partitions(&self, owned: bool) -> Vec<i32> {
        let state = self.state();
        let numbered = (0..).zip(&state.partitions);
        let found = numbered.filter(|(_, partition)| partition.owned.is_some() == owned);
        found.map(|(number, _)| number).collect()
    }

    /// This member reads a partition from the group's position on.
    pub(super) fn assign(&self, assigned: &Assigned) {
        let mut state = self.state();
        let partition = state.of(assigned.partition);
        assert!(!partition.paused, "a partition comes back paused");
        partition.owned = Some(assigned.epoch.0);
        partition.wanted = None;
        let committed = partition.committed;
        let read = partition.offsets.iter();
        partition.next = read.take_while(|offset| **offset < committed).count();
    }

    /// This member has a partition no more, and another may have gone on with it.
    pub(super) fn take_away(&self, number: i32) {
        let mut state = self.state();
        let partition = state.of(number);
        partition.owned = None;
        if thread_rng().gen_ratio(1, 4) {
            let end = LONGEST.min(partition.committed + 2);
            partition.committed = thread_rng().gen_range(partition.committed..=end);
        }
    }

    /// Stops reading a partition, or goes on.
    pub(super) fn pause(&self, number: i32, wanted: bool) {
        self.state().of(number).paused = wanted;
    }

    /// Up to so many messages of a partition of which there are more and which is not paused.
    pub(super) fn read(&self, number: i32, at_most: usize) -> Vec<Made> {
        let mut state = self.state();
        let partition = state.of(number);
        if partition.paused || partition.owned.is_none() {
            return Vec::new();
        }
        let offsets = partition.offsets.iter().skip(partition.next).take(at_most);
        let messages: Vec<Made> = offsets.map(|offset| made(number, *offset)).collect();
        partition.next += messages.len();
        messages
    }

    /// Whether the client has given all there is of a partition.
    pub(super) fn has_read_all(&self, number: i32) -> bool {
        let mut state = self.state();
        let partition = state.of(number);
        partition.next == partition.offsets.len()
    }

    /// The epoch and the group's position of a partition that this member has.
    pub(super) fn owned(&self, number: i32) -> Option<(u32, i64)> {
        let mut state = self.state();
        let partition = state.of(number);
        Some((partition.owned?, partition.committed))
    }

    /// What this member last wanted to commit of a partition that it has, whatever the broker said to it.
    pub(super) fn wanted(&self, number: i32) -> Option<i64> {
        self.state().of(number).wanted
    }

    /// Takes a commit; its answer comes later, unless it is refused at once.
    pub(super) fn commit(&self, commits: &[Commit]) -> Result<(), CommitError> {
        if commits.is_empty() {
            return Ok(());
        }
        for commit in commits {
            self.judge(commit);
        }
        if thread_rng().gen_ratio(1, 16) {
            return Err(later());
        }
        let mut state = self.state();
        let mut answered = Answered {
            confirmed: Vec::new(),
            outcome: Ok(()),
        };
        for commit in commits {
            if thread_rng().gen_ratio(1, 8) {
                answered.outcome = Err(later());
            } else {
                state.of(commit.partition).committed = commit.offset;
                answered.confirmed.push(commit.clone());
            }
        }
        state.answers.push_back(answered);
        Ok(())
    }

    /// The next answer, if the broker has answered by now.
    pub(super) fn answer(&self) -> Option<Answered> {
        let mut state = self.state();
        let is_there = !state.answers.is_empty() && thread_rng().r#gen();
        is_there.then(|| state.answers.pop_front()).flatten()
    }

    fn judge(&self, commit: &Commit) {
        let number = commit.partition;
        let Some((epoch, committed)) = self.owned(number) else {
            panic!("{number} is committed, whose assignment is over");
        };
        assert!(
            commit.offset >= committed,
            "{number} goes back from {committed} to {}",
            commit.offset
        );
        self.model.commit(number, epoch, commit.offset);
        self.state().of(number).wanted = Some(commit.offset);
    }

    fn state(&self) -> RefMut<'_, State> {
        self.state.borrow_mut()
    }
}

impl State {
    fn of(&mut self, number: i32) -> &mut Partition {
        &mut self.partitions[usize::try_from(number).expect("a partition's number")]
    }
}

impl Group for Kafka {
    fn membership(&self) -> Option<Membership> {
        // There are no transactions here.
        None
    }

    fn resume(&self, partitions: &[(&str, i32)]) {
        for (_, number) in partitions {
            self.pause(*number, false);
        }
    }

    fn commit(&self, commits: &[Commit], _at_most: Duration) -> Vec<Answered> {
        // Some come too late, and are served afterwards.
        let in_time = thread_rng().gen_ratio(7, 8);
        let next = || match in_time {
            true => self.state().answers.pop_front(),
            false => self.answer(),
        };
        let mut answers: Vec<Answered> = std::iter::from_fn(next).collect();
        // One at a time, as with the client.
        if !self.is_open() {
            if let Err(error) = Kafka::commit(self, commits) {
                answers.push(Answered {
                    confirmed: Vec::new(),
                    outcome: Err(error),
                });
            }
            answers.extend(std::iter::from_fn(next));
        } else {
            // Not sent, since an earlier one may overtake it; what it would have said is judged all the same.
            commits.iter().for_each(|commit| self.judge(commit));
        }
        answers
    }

    fn is_open(&self) -> bool {
        !self.state().answers.is_empty()
    }

    fn places(&self, partitions: &[(String, i32)], _patience: Duration) -> Result<Places, String> {
        if thread_rng().gen_ratio(1, 16) {
            return Err("the coordinator is away".to_owned());
        }
        let mut state = self.state();
        let mut places = Places::default();
        for (topic, number) in partitions {
            let place = (topic.clone(), *number);
            let partition = state.of(*number);
            let log = Log {
                first: 0,
                end: LONGEST + 2,
            };
            places.logs.insert(place.clone(), log);
            if partition.committed > 0 {
                let committed = Committed {
                    offset: partition.committed,
                    // As somebody leaves it who knows of no done-set: all above is done again.
                    metadata: Vec::new(),
                };
                places.committed.insert(place, committed);
            }
        }
        Ok(places)
    }

    fn seek(&self, _to: &[(&str, i32, At)], _at_most: Duration) -> Result<(), String> {
        // There are no transactions here.
        Ok(())
    }

    fn go_on(&self, _: &str, _: i32, _: At, _: bool) -> Result<(), String> {
        // No partition loses its way here.
        Ok(())
    }
}

/// Trouble with a partition, that passes.
pub(super) fn trouble(partition: i32) -> Made {
    Made {
        is_trouble: true,
        ..made(partition, -1)
    }
}

fn made(partition: i32, offset: i64) -> Made {
    Made {
        topic: TOPIC,
        partition,
        offset,
        is_trouble: false,
    }
}

fn later() -> CommitError {
    CommitError::Later("the group is rebalancing".to_owned())
}
