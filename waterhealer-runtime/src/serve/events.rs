//! The stream of events: a snapshot first, then every second what has changed, and each failure as it comes. Events are
//! numbered, so that whoever comes back hears what was missed. While nobody listens, nothing is made.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};
use tokio::time::MissedTickBehavior;

use super::routes::Shared;
use super::state;
use super::view::View;

/// Between two looks whether something has failed.
const LOOK: Duration = Duration::from_millis(100);

/// Looks between two deltas: a second.
const LOOKS: u32 = 10;

/// Events kept for those who come back, and waiting for one who is slow.
const KEPT: usize = 256;

/// One event, as it is sent.
#[derive(Debug, Clone)]
struct Told {
    number: u64,
    kind: &'static str,
    data: Arc<str>,
}

/// What all routes share: the view of the pipeline, and the events.
pub(super) struct Desk {
    pub(super) view: Arc<View>,
    /// The last words are told.
    over: watch::Sender<bool>,
    listeners: broadcast::Sender<Told>,
    book: Mutex<Book>,
}

/// What was told.
#[derive(Default)]
struct Book {
    number: u64,
    /// The number of the last failure that was told.
    failures: u64,
    /// What the deltas so far have led to.
    state: Option<Value>,
    kept: VecDeque<Told>,
}

impl Desk {
    pub(super) fn new(view: Arc<View>) -> Arc<Self> {
        Arc::new(Desk {
            view,
            over: watch::Sender::new(false),
            listeners: broadcast::Sender::new(KEPT),
            book: Mutex::default(),
        })
    }

    /// Tells listeners what happens until the end is said, and what has happened by then.
    pub(super) async fn tell(self: Arc<Self>, end: watch::Receiver<bool>) {
        let mut end = pin!(wait_for(end));
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut count = 0;
        loop {
            tokio::select! {
                // The end first: what has happened by then is told once more below.
                biased;
                () = &mut end => break,
                _tick = looks.tick() => {}
            }
            if self.listeners.receiver_count() == 0 {
                continue;
            }
            self.tell_failures();
            count += 1;
            if count % LOOKS == 0 {
                self.tell_change().await;
            }
        }
        self.tell_failures();
        self.tell_change().await;
        self.over.send_replace(true);
    }

    /// Waits until the last words are told.
    pub(super) fn over(&self) -> impl Future<Output = ()> + Send + use<> {
        wait_for(self.over.subscribe())
    }

    fn tell_failures(&self) {
        let mut book = self.lock();
        for (number, call) in self.view.control.failures.after(book.failures) {
            book.failures = number;
            let data = failure(number, call.json());
            self.publish(&mut book, "failure", &data);
        }
    }

    /// Tells what has changed since the last time; nothing, if nothing has.
    async fn tell_change(&self) {
        self.view.ask().await;
        let now = state::overview(&self.view);
        let mut book = self.lock();
        let delta = book.state.as_ref().map(|before| difference(before, &now));
        book.state = Some(now);
        if let Some(delta) =
            delta.filter(|delta| delta.as_object().is_some_and(|all| !all.is_empty()))
        {
            self.publish(&mut book, "delta", &delta);
        }
    }

    fn publish(&self, book: &mut Book, kind: &'static str, data: &Value) {
        book.number += 1;
        let told = Told {
            number: book.number,
            kind,
            data: Arc::from(data.to_string()),
        };
        if book.kept.len() == KEPT {
            book.kept.pop_front();
        }
        book.kept.push_back(told.clone());
        // Nobody may be listening.
        let _listeners = self.listeners.send(told);
    }

    /// What somebody hears first, and the events after that: what was missed since the event `last`, or else a snapshot.
    async fn listen(&self, last: Option<u64>) -> (VecDeque<Told>, broadcast::Receiver<Told>) {
        if self.listeners.receiver_count() == 0 {
            // Nobody has listened for a while, and what was told last is old.
            self.tell_failures();
            self.tell_change().await;
        }
        let book = self.lock();
        let receiver = self.listeners.subscribe();
        let oldest = book
            .kept
            .front()
            .map_or(book.number + 1, |told| told.number);
        let first = match last {
            Some(last) if last < book.number + 1 && last + 1 >= oldest => {
                let missed = book.kept.iter().filter(|told| told.number > last);
                missed.cloned().collect()
            }
            _ => {
                let state = book.state.as_ref();
                VecDeque::from([Told {
                    number: book.number,
                    kind: "snapshot",
                    data: Arc::from(state.map_or_else(|| "{}".to_owned(), Value::to_string)),
                }])
            }
        };
        (first, receiver)
    }

    /// No code of anybody else's runs under this lock.
    fn lock(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `/api/v1/events`.
pub(super) async fn stream(
    State(desk): Shared,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let last = headers.get("last-event-id");
    let last = last.and_then(|last| last.to_str().ok()?.parse().ok());
    let (first, receiver) = desk.listen(last).await;
    let events = unfold(
        (first, receiver, Box::pin(desk.over())),
        |(mut first, mut receiver, mut over)| async move {
            let told = match first.pop_front() {
                Some(told) => told,
                None => tokio::select! {
                    // What was told comes before the end. One who is so slow that events were lost is sent away: who comes
                    // back begins with a snapshot.
                    biased;
                    told = receiver.recv() => told.ok()?,
                    () = &mut over => return None,
                },
            };
            let event = Event::default()
                .id(told.number.to_string())
                .event(told.kind)
                .data(&*told.data);
            Some((Ok(event), (first, receiver, over)))
        },
    );
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(10)))
}

/// Waits until the word is said, or nobody is left to say it.
async fn wait_for(mut word: watch::Receiver<bool>) {
    let _nobody = word.wait_for(|said| *said).await;
}

/// What is new: of an object each field that has changed; of a list of things that have names, those that have changed, and
/// under `gone` the names of those that are no more.
fn difference(before: &Value, now: &Value) -> Value {
    let (Some(old), Some(new)) = (before.as_object(), now.as_object()) else {
        return json!({});
    };
    let mut delta = serde_json::Map::new();
    for (field, value) in new {
        let was = old.get(field).unwrap_or(&Value::Null);
        if was == value {
            continue;
        }
        match (was.as_array(), value.as_array()) {
            (Some(was), Some(value)) => {
                let changed: Vec<&Value> = value.iter().filter(|one| !was.contains(one)).collect();
                let gone = was
                    .iter()
                    .map(name)
                    .filter(|gone| !value.iter().any(|one| name(one) == *gone));
                let gone: Vec<Value> = gone.collect();
                delta.insert(field.clone(), json!(changed));
                if !gone.is_empty() {
                    delta.insert("gone".to_owned(), json!(gone));
                }
            }
            _ => drop(delta.insert(field.clone(), value.clone())),
        }
    }
    Value::Object(delta)
}

/// By what one thing of a list is known: a stage by its name, a partition by topic and number.
fn name(one: &Value) -> Value {
    match one.get("stage") {
        Some(stage) => json!({ "stage": stage }),
        None => json!({ "topic": one.get("topic"), "partition": one.get("partition") }),
    }
}

/// What a listener hears of a failure; all that is known of it is at `/api/v1/failures`.
fn failure(number: u64, call: &Value) -> Value {
    json!({
        "number": number,
        "failed_at": call["failed_at"],
        "stage": call["stage"],
        "topic": call["position"]["topic"],
        "partition": call["position"]["partition"],
        "offset": call["position"]["offset"],
        "emit_id": call["emit_id"],
        "error": call["error"],
        "attempts": call["attempts"],
        "fate": call["fate"],
    })
}

#[cfg(test)]
mod tests {
    use super::super::state::tests::working;
    use super::*;
    use crate::flow::Phase;

    #[test]
    fn a_delta_holds_what_has_changed_and_names_what_is_gone() {
        let before = json!({
            "phase": "running",
            "totals": { "finished": 1 },
            "partitions": [{ "topic": "a", "partition": 0, "lag": 1 }, { "topic": "a", "partition": 1, "lag": 1 }],
        });
        assert_eq!(difference(&before, &before), json!({}));
        let now = json!({
            "phase": "running",
            "totals": { "finished": 2 },
            "partitions": [{ "topic": "a", "partition": 0, "lag": 2 }],
        });
        let expected = json!({
            "totals": { "finished": 2 },
            "partitions": [{ "topic": "a", "partition": 0, "lag": 2 }],
            "gone": [{ "topic": "a", "partition": 1 }],
        });
        assert_eq!(difference(&before, &now), expected);
    }

    #[tokio::test]
    async fn who_comes_back_hears_what_was_missed_and_who_is_new_the_whole() {
        let desk = Desk::new(Arc::new(working()));
        let (first, mut receiver) = desk.listen(None).await;
        assert_eq!(kinds(&first), ["snapshot"]);
        assert!(first[0].data.contains("\"orders\""), "{}", first[0].data);

        desk.view.control.set_phase(Phase::Running);
        desk.tell_change().await;
        let delta = receiver.recv().await.unwrap();
        assert_eq!((delta.kind, delta.number), ("delta", first[0].number + 1));
        assert!(
            delta.data.contains("\"phase\":\"running\""),
            "{}",
            delta.data
        );

        let (missed, _second) = desk.listen(Some(first[0].number)).await;
        assert_eq!(kinds(&missed), ["delta"]);
        let (missed, _third) = desk.listen(Some(delta.number)).await;
        assert!(missed.is_empty(), "{missed:?}");
        let (anew, _fourth) = desk.listen(Some(delta.number + 7)).await;
        assert_eq!(
            kinds(&anew),
            ["snapshot"],
            "it knows a number from another life"
        );
    }

    #[tokio::test]
    async fn the_last_words_come_before_the_end() {
        let desk = Desk::new(Arc::new(working()));
        let (_first, mut receiver) = desk.listen(None).await;
        let (end, ended) = watch::channel(false);
        let telling = tokio::spawn(Arc::clone(&desk).tell(ended));
        desk.view.control.set_phase(Phase::Stopped);
        end.send(true).unwrap();
        desk.over().await;
        telling.await.unwrap();
        let last = receiver.recv().await.unwrap();
        assert!(last.data.contains("\"phase\":\"stopped\""), "{}", last.data);
    }

    fn kinds(told: &VecDeque<Told>) -> Vec<&'static str> {
        told.iter().map(|told| told.kind).collect()
    }
}
