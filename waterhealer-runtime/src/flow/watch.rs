//! Looks now and then whether the topics are still the same and the logs still hold what comes next. The client says so by
//! itself as a rule; but what it says while a partition is paused is lost, and of a topic that was created again with more
//! records than before it says nothing. On a thread of its own, with a client of its own: a question of the consumer's would
//! wait behind its fetches.

use std::collections::{BTreeSet, HashMap};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::desk::{Astray, Desk};
use crate::broker::{Assigned, Offsets, Places};
use crate::config::Settings;
use crate::error::{Error, ErrorKind};

/// Between two looks whether a partition has lost its way.
const STEP: Duration = Duration::from_millis(100);

/// Between two looks at all partitions.
const EVERY: Duration = Duration::from_secs(5);

/// How long the brokers may take for each answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// After so many questions without an answer another client asks: one that lost the group's coordinator while a broker
/// stopped was seen, in chaos, to find none again.
const GIVES_UP: u32 = 3;

/// Ends the looking when it is dropped.
pub(super) struct Watch {
    _while_held: SyncSender<()>,
}

impl Watch {
    /// Starts to look.
    ///
    /// # Errors
    /// When the client refuses its configuration, or there is no thread.
    pub(super) fn start<C: Send + 'static>(
        desk: &Arc<Desk<C>>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let (consumer, group) = (settings.consumer.clone(), settings.group.clone());
        let connect = move || Offsets::connect(&consumer, &group);
        let offsets = connect()?;
        let (hold, until) = sync_channel(0);
        let desk = Arc::downgrade(desk);
        std::thread::Builder::new()
            .name("waterhealer-watch".to_owned())
            .spawn(move || look(&desk, offsets, &connect, &until))
            .map_err(|error| Error::new(ErrorKind::Internal, format!("no thread: {error}")))?;
        Ok(Watch { _while_held: hold })
    }
}

fn look<C>(
    desk: &Weak<Desk<C>>,
    mut offsets: Offsets,
    connect: &impl Fn() -> Result<Offsets, Error>,
    until: &Receiver<()>,
) {
    let (mut before, mut looked) = (HashMap::new(), Instant::now());
    let (mut missed, mut asked, mut unanswered) = (BTreeSet::new(), Instant::now(), 0);
    while until.recv_timeout(STEP) == Err(RecvTimeoutError::Timeout) {
        let Some(desk) = desk.upgrade() else {
            return;
        };
        if asked.elapsed() >= EVERY {
            missed = look_for_topics(&desk, &offsets, &missed);
            asked = Instant::now();
        }
        let mut lost = desk.take_astray();
        let held = match looked.elapsed() >= EVERY {
            true => desk.held(),
            false => Vec::new(),
        };
        if held.is_empty() && lost.is_empty() {
            continue;
        }
        let partitions = held.iter().map(place);
        let partitions: BTreeSet<_> = partitions
            .chain(lost.iter().map(|lost| lost.place.clone()))
            .collect();
        let partitions: Vec<_> = partitions.into_iter().collect();
        let places = match offsets.places(&partitions, PATIENCE) {
            Ok(places) => places,
            Err(error) => {
                tracing::warn!(%error, "the topics cannot be looked at; this is tried again");
                desk.note_astray(lost);
                unanswered += 1;
                if unanswered % GIVES_UP == 0
                    && let Ok(another) = connect()
                {
                    offsets = another;
                }
                continue;
            }
        };
        unanswered = 0;
        if !held.is_empty() {
            looked = Instant::now();
            for assigned in &held {
                if let Some(log) = places.logs.get(&place(assigned)) {
                    assigned.figures.see_end(log.end);
                }
            }
            let found = held.iter().filter_map(|assigned| {
                let next = astray(assigned, &places, &mut before)?;
                Some(Astray {
                    place: place(assigned),
                    epoch: assigned.epoch,
                    next,
                    told: false,
                })
            });
            lost.extend(found);
        }
        if !lost.is_empty() {
            desk.lead_back_soon(lost, places);
        }
    }
}

/// Ends the pipeline for a topic that is not there at two looks, one after the other; at one, it may be on its way to be
/// another. Nobody else says so: the client waits for it to come back, and a group may only take its partitions away.
fn look_for_topics<C>(
    desk: &Desk<C>,
    offsets: &Offsets,
    missed: &BTreeSet<String>,
) -> BTreeSet<String> {
    let topics: Vec<&str> = desk.sources.keys().map(|topic| &**topic).collect();
    let unknown = offsets.unknown(&topics, PATIENCE);
    if let Some(topic) = unknown.intersection(missed).next() {
        desk.miss(topic);
    }
    unknown
}

/// The offset to which a partition has come, if it cannot go on from there by itself.
fn astray(
    assigned: &Arc<Assigned>,
    places: &Places,
    before: &mut HashMap<(String, i32), i64>,
) -> Option<i64> {
    let (place, figures) = (place(assigned), &assigned.figures);
    let next = assigned.next()?;
    if let (Some(then), Some(now)) = (assigned.opening.topic, places.topics.get(&place.0))
        && then != *now
    {
        return Some(next);
    }
    let log = places.logs.get(&place)?;
    let outside = next < log.first || next > log.end;
    // What is in flight is above the position; and what has just come may be newer than the answer.
    if !outside || figures.in_flight() > 0 || figures.is_paused() {
        before.remove(&place);
        return None;
    }
    (before.insert(place, next) == Some(next)).then_some(next)
}

fn place(assigned: &Arc<Assigned>) -> (String, i32) {
    (assigned.topic.to_string(), assigned.partition)
}
