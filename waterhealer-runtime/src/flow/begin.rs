//! The assignment begins: partitions are opened where `starting` says, and those whose client has lost its way are opened
//! again. On the consumer thread, also within its callbacks.

use std::sync::Arc;
use std::time::Duration;

use super::desk::{Desk, State};
use super::mailbox::Notice;
use super::starting::{Finding, Known, Start, advice, beyond, gap, recreated, start};
use crate::broker::{Assigned, At, Begin, Group, Log, Opening, Places};
use crate::done_set::Lineage;
use crate::error::Error;
use crate::ledger::Finished;

/// How long the brokers may take to say what is committed: the others of the group wait for it.
const PATIENCE: Duration = Duration::from_secs(5);

impl<C> Desk<C> {
    /// What is known of these partitions; `None` if the coordinator does not say it.
    pub(super) fn ask(&self, group: &dyn Group, partitions: &[(String, i32)]) -> Option<Places> {
        if partitions.is_empty() {
            return None;
        }
        match group.places(partitions, PATIENCE) {
            Ok(places) => Some(places),
            Err(error) => {
                tracing::warn!(
                    error,
                    "the coordinator does not say what is committed; the partitions begin there all the same, and what is \
                     finished above it is done again"
                );
                None
            }
        }
    }

    /// Opens a partition; `None` if no source reads it.
    pub(super) fn begin(
        &self,
        state: &mut State,
        place: (&str, i32),
        places: Option<&Places>,
    ) -> Option<Begin> {
        let (topic, partition) = place;
        let source = *self.sources.get(topic)?;
        let found = match places {
            Some(places) => start(known(places, place), &self.policies),
            // The client asks again by itself, for as long as it takes.
            None => Start {
                at: None,
                finished: Finished::default(),
                lineage: None,
                findings: Vec::new(),
            },
        };
        let id = places.and_then(|places| places.topics.get(topic)).copied();
        let opening = Opening {
            topic: id,
            lineage: state.lineage(found.lineage),
            begin: found.at,
            done_set: self.policies.done_set,
        };
        let assigned = state.slots.assign_as(topic, partition, source, opening);
        let lane = assigned.lane;
        self.say(state, place, &found);
        if !found.finished.is_empty() {
            tracing::info!(
                topic,
                partition,
                finished = found.finished.len(),
                "records above the committed offset are finished and will be passed over"
            );
        }
        self.open(state, assigned, found.finished);
        Some(Begin { lane, at: found.at })
    }

    /// Says what was found; what must not go on ends the pipeline.
    fn say(&self, state: &mut State, (topic, partition): (&str, i32), found: &Start) {
        for finding in &found.findings {
            match finding.is_grave() {
                true => tracing::error!(topic, partition, "{finding}"),
                false => tracing::warn!(topic, partition, "{finding}"),
            }
            if finding.is_grave() && found.at.is_none() {
                let advice = advice(finding);
                state.fault.get_or_insert_with(|| {
                    Error::broker(format!("{topic}[{partition}]: {finding}. {advice}"))
                });
            }
        }
    }

    /// Sends those on their way again whose client has found nothing at the offset that it has come to; whether there were
    /// any.
    pub(super) fn lead_back(&self, group: &dyn Group) -> bool {
        let mut state = self.lock();
        let Some((astray, places)) = state.asked.take() else {
            return false;
        };
        for mut lost in astray {
            let (topic, partition) = (&*lost.place.0, lost.place.1);
            let found = state.find(topic, partition).map(Arc::clone);
            let Some(old) = found.filter(|held| held.epoch == lost.epoch) else {
                // Given up meanwhile, or begun again: where another assignment had come to says nothing about this one.
                continue;
            };
            let log = places.logs.get(&lost.place).copied();
            let next = match lost.told {
                true => stands_at(&old, lost.next, log),
                false => lost.next,
            };
            let found = self.onward(&old, next, known(&places, (topic, partition)));
            self.say(&mut state, (topic, partition), &found);
            let Some(at) = found.at else {
                if found.findings.is_empty() {
                    state.astray.push(lost);
                }
                continue;
            };
            let anew = found.is_anew();
            let held = match anew || old.figures.has_nothing() {
                true => self.open_anew(&mut state, &old, &places, found),
                false => old,
            };
            if let Err(error) = group.go_on(topic, partition, at, anew) {
                tracing::warn!(topic, partition, error, "the client does not go on yet");
                // What was decided is not decided again: it begins there, and no more where the old records ended.
                lost.next = match at {
                    At::Offset(offset) => offset,
                    At::First => log.map_or(0, |log| log.first),
                    At::End => log.map_or(next, |log| log.end),
                };
                lost.epoch = held.epoch;
                lost.told = false;
                state.astray.push(lost);
            } else if !held.figures.is_paused() {
                // The client keeps its own mark of a pause, and nobody else would take it away.
                group.resume(&[(topic, partition)]);
            }
        }
        self.control.show(state.held.clone());
        true
    }

    /// Opens a partition again: the same offsets are other records now, and nothing of before may be committed.
    fn open_anew(
        &self,
        state: &mut State,
        old: &Arc<Assigned>,
        places: &Places,
        found: Start,
    ) -> Arc<Assigned> {
        state.held.retain(|held| !Arc::ptr_eq(held, old));
        state.known.clear();
        state.give_up_asking(std::slice::from_ref(old));
        self.lanes.forget(std::slice::from_ref(old));
        state.slots.free(std::iter::once(old.slot));
        // What is noted of the old records says nothing about the new ones.
        let lineage = found.lineage.filter(|_| !found.is_anew());
        let opening = Opening {
            topic: places.topics.get(&*old.topic).copied(),
            lineage: state.lineage(lineage),
            begin: found.at,
            ..old.opening
        };
        let assigned = state
            .slots
            .assign_as(&old.topic, old.partition, old.source, opening);
        // Until the client has really gone elsewhere it says where it stood among the old records.
        assigned.figures.stumble();
        self.open(state, Arc::clone(&assigned), found.finished);
        assigned
    }

    /// Holds a partition from now on, and tells its lane; where there is a dedupe store, once that has said what else is
    /// finished of it.
    pub(super) fn open(&self, state: &mut State, assigned: Arc<Assigned>, finished: Finished) {
        state.held.push(Arc::clone(&assigned));
        match &mut state.dedupe {
            Some(dedupe) => dedupe.ask(assigned, finished),
            None => self.tell_lane(assigned, finished),
        }
    }

    pub(super) fn tell_lane(&self, assigned: Arc<Assigned>, finished: Finished) {
        let mailbox = self.lanes.mailbox(assigned.lane);
        mailbox.notify(Notice::Assign(assigned, finished));
    }

    /// Where a partition goes on whose client has come to `next` and found nothing there.
    fn onward(&self, old: &Assigned, next: i64, known: Known<'_>) -> Start {
        let to = |at, finding: Option<Finding>| Start {
            at,
            finished: Finished::default(),
            lineage: old.opening.lineage,
            findings: finding.into_iter().collect(),
        };
        if next < 0 {
            // Nothing was read of it, and nothing was committed when the client asked: it begins.
            return start(known, &self.policies);
        }
        match (old.opening.topic, known.topic) {
            (Some(then), Some(now)) if then != *now => {
                let finding = Finding::Recreated { committed: next };
                return to(recreated(&self.policies), Some(finding));
            }
            // It may be on its way to be another.
            (Some(_), None) => return to(None, None),
            _ => {}
        }
        match known.log.map(|log| gap(next, log)) {
            Some(Some(finding)) => to(beyond(&self.policies), Some(finding)),
            // There is something now.
            Some(None) => to(Some(At::Offset(next)), None),
            None => to(None, None),
        }
    }
}

impl State {
    /// Only a dedupe store outlives the offsets, and asks which life of them it is.
    fn lineage(&self, goes_on: Option<Lineage>) -> Option<Lineage> {
        self.dedupe.as_ref().map(|_| life(goes_on))
    }

    /// The dedupe store's answer about these assignments is not waited for any more.
    pub(super) fn give_up_asking(&mut self, gone: &[Arc<Assigned>]) {
        if let Some(dedupe) = &mut self.dedupe {
            dedupe.give_up(gone);
        }
    }
}

/// The life of a partition's offsets: the one that goes on, else a new one.
fn life(goes_on: Option<Lineage>) -> Lineage {
    goes_on.unwrap_or_else(|| Lineage::new(uuid::Uuid::new_v4().as_u64_pair().0))
}

/// Where a client that says it has lost its way stands in this assignment. It says so late, and not of which assignment: the
/// offset that it names may be of the one before. So what counts is what it has given, or else where it was to begin. It is
/// led there in any case, since it says it once.
fn stands_at(held: &Assigned, named: i64, log: Option<Log>) -> i64 {
    let begin = || match held.opening.begin? {
        At::Offset(offset) => Some(offset),
        At::First => log.map(|log| log.first),
        At::End => None,
    };
    held.figures.past().or_else(begin).unwrap_or(named)
}

fn known<'a>(places: &'a Places, (topic, partition): (&str, i32)) -> Known<'a> {
    let place = (topic.to_owned(), partition);
    Known {
        committed: places.committed.get(&place),
        log: places.logs.get(&place).copied(),
        topic: places.topics.get(topic),
    }
}

#[cfg(test)]
mod lives;
#[cfg(test)]
mod tests;
