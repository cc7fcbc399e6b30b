//! **What a pipeline answers over HTTP is true.** Health for a supervisor, metrics for Prometheus, and for a person which record
//! keeps each partition's offset from moving on: where it is, since when, at which attempt.
//!
//! The bad day: a lag that grows, and nobody who can say because of what.

mod entry;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::sync::Semaphore;
use waterhealer::prelude::*;

use crate::support::http::{Events, get};
use crate::support::{Broker, Group, Member, Message, eventually, s, settings};

/// Shut as long as somebody else has it.
type Gate = Arc<Mutex<()>>;

#[pipeline(group = "from the configuration")]
mod served {
    use super::*;

    #[source(topic = "wh-serve")]
    fn read(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[map(from = read, concurrency = 4)]
    async fn wait(offset: i64, door: &Arc<Semaphore>) -> i64 {
        if offset == 3 {
            // Closed, or open: both let it pass.
            let _open = door.acquire().await.is_ok();
        }
        offset
    }

    #[map(from = wait, on_error = skip)]
    fn check(offset: i64) -> Result<i64, String> {
        match offset {
            7 => Err("seven".to_owned()),
            offset => Ok(offset),
        }
    }

    #[sink(from = check)]
    fn done(_offset: i64) {}
}

fn address(member: &Member<impl Send + 'static>) -> SocketAddr {
    let mut found = None;
    eventually(s(20), "it answers over HTTP", || {
        found = member.handle().http_address();
        found.is_some()
    });
    found.expect("it was found")
}

/// The value of a metric whose line begins so.
fn metric(text: &str, start: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.starts_with(start))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[test]
fn every_route_tells_the_truth_about_a_record_that_blocks() {
    const TOPIC: &str = "wh-serve";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 10);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let door = Arc::new(Semaphore::new(0));
    let resources = served::Resources {
        door: Arc::clone(&door),
    };
    let config = settings(broker.bootstrap(), &group).http("127.0.0.1:0");
    let member = Member::start(served::pipeline(resources).config(config));
    let at = address(&member);

    eventually(s(20), "it is ready", || get(at, "/readyz").status == 200);
    assert_eq!(get(at, "/readyz").json()["partitions"], 1);
    assert_eq!(get(at, "/livez").json()["status"], "live");

    let blocking = || get(at, "/api/v1/offsets").json()["partitions"][0].clone();
    eventually(s(20), "all others are done, and the offset stands", || {
        let partition = blocking();
        partition["committed"] == 3 && partition["lag"] == 7
    });
    let partition = blocking();
    assert_eq!(partition["in_flight"], 7, "{partition}");
    assert_eq!(partition["fetched"], 10, "{partition}");
    let found = &partition["blocking"];
    assert_eq!(found["offset"], 3, "{partition}");
    assert_eq!(
        (&found["stage"], &found["doing"], &found["attempt"]),
        (&"wait".into(), &"working".into(), &1.into())
    );
    let age = found["age_seconds"].as_f64().expect("it has an age");
    eventually(s(10), "and it grows older", || {
        blocking()["blocking"]["age_seconds"].as_f64() > Some(age)
    });

    let text = get(at, "/metrics");
    assert!(
        text.headers.contains("text/plain; version=0.0.4"),
        "{text:?}"
    );
    let of = format!(
        "{{pipeline=\"served\",group=\"{}\",topic=\"{TOPIC}\",partition=\"0\"}}",
        group.name()
    );
    let partition = |name: &str| metric(&text.body, &format!("waterhealer_{name}{of}"));
    assert_eq!(
        partition("consumer_lag_records"),
        Some(7.0),
        "{}",
        text.body
    );
    assert_eq!(partition("committed_offset"), Some(3.0));
    assert_eq!(partition("in_flight_records"), Some(7.0));
    assert!(partition("oldest_pending_seconds") > Some(0.0));
    let queue = |name: &str| {
        metric(
            &text.body,
            &format!("waterhealer_queue_{name}_records{{pipeline=\"served\",stage=\"wait\"}}"),
        )
    };
    assert_eq!((queue("depth"), queue("capacity")), (Some(1.0), Some(4.0)));
    assert_eq!(
        metric(&text.body, "waterhealer_leaked_offsets_total"),
        Some(0.0)
    );
    assert!(
        text.body
            .contains("waterhealer_commit_duration_seconds_bucket")
    );

    let graph = get(at, "/api/v1/graph").json();
    assert_eq!(graph["name"], "served");
    let stages = get(at, "/api/v1/stages").json();
    let wait = stages["stages"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["stage"] == "wait"));
    let wait = wait.expect("it is listed");
    assert_eq!(wait["queue"]["depth"], 1);
    assert_eq!(
        (&wait["done"]["records_in"], &wait["done"]["records_out"]),
        (&10.into(), &9.into())
    );
    let config = get(at, "/api/v1/config").json();
    let named = |name: &str| {
        let all = config["settings"].as_array().expect("a list");
        all.iter()
            .find(|one| one["name"] == name)
            .cloned()
            .expect("it is listed")
    };
    assert_eq!(named("group")["value"], group.name());
    assert_eq!(named("lanes")["layer"], "default");

    door.close();
    eventually(s(20), "nothing blocks any more", || {
        let partition = blocking();
        partition["lag"] == 0 && partition["blocking"] == Value::Null
    });
    let text = get(at, "/metrics").body;
    assert_eq!(
        metric(&text, "waterhealer_records_skipped_total"),
        Some(1.0)
    );
    member.stop();
    group.assert_at_end();
    assert!(
        std::net::TcpStream::connect(at).is_err(),
        "it answers no more"
    );
}

#[pipeline(group = "from the configuration")]
mod listened {
    use super::*;

    #[source(topic = "wh-serve-events")]
    fn read(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = read, on_error = skip)]
    fn done(offset: i64) -> Result<(), String> {
        match offset {
            5 => Err("five".to_owned()),
            _ => Ok(()),
        }
    }
}

#[test]
fn a_stream_begins_with_the_whole_and_ends_with_the_pipeline() {
    const TOPIC: &str = "wh-serve-events";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 5);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let config = settings(broker.bootstrap(), &group).http("localhost:0");
    let member = Member::start(listened::pipeline().config(config));
    let at = address(&member);
    group.wait_until_at_end(s(20));

    let mut events = Events::listen(at, None);
    let snapshot = events.next().expect("it begins");
    assert_eq!(snapshot.kind, "snapshot");
    assert_eq!(snapshot.data["totals"]["finished"], 5, "{snapshot:?}");
    assert_eq!(snapshot.data["phase"], "running");

    broker.produce(TOPIC, [Message::new(0, "5")]);
    let failure = events.next_of("failure");
    assert_eq!(failure.data["offset"], 5, "{failure:?}");
    assert_eq!(
        (&failure.data["stage"], &failure.data["fate"]),
        (&"done".into(), &"skip".into())
    );
    assert!(
        failure.data["error"]
            .as_str()
            .is_some_and(|error| error.contains("five"))
    );
    let delta = loop {
        let delta = events.next_of("delta");
        if delta.data["totals"]["finished"] == 6 {
            break delta;
        }
    };
    assert!(delta.id > failure.id);

    // Who comes back hears what was missed, and nothing twice.
    let mut again = Events::listen(at, Some(snapshot.id));
    let mut missed = Vec::new();
    while missed.last() != Some(&delta.id) {
        missed.push(again.next().expect("it goes on").id);
    }
    let expected: Vec<u64> = (snapshot.id + 1..=delta.id).collect();
    assert_eq!(missed, expected);

    let stopping = std::thread::spawn(move || member.stop());
    let mut last = None;
    while let Some(event) = events.next() {
        last = Some(event);
    }
    let last = last.expect("the end is told");
    assert_eq!(last.data["phase"], "stopped", "{last:?}");
    stopping.join().expect("it ends in order");
}

#[pipeline(group = "from the configuration")]
mod holding {
    use super::*;

    #[source(topic = "wh-serve-holding")]
    fn read(record: &Record<'_>) -> i64 {
        record.offset()
    }

    #[sink(from = read.partition(100, within = "1h"))]
    fn batch(_offsets: Vec<i64>) {}
}

#[test]
fn what_an_operator_holds_is_found() {
    const TOPIC: &str = "wh-serve-holding";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 5);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let config = settings(broker.bootstrap(), &group).http("127.0.0.1:0");
    let member = Member::start(holding::pipeline().config(config));
    let at = address(&member);
    let found = || get(at, "/api/v1/offsets").json()["partitions"][0]["blocking"].clone();
    eventually(s(20), "the window holds the first", || {
        found()["doing"] == "held"
    });
    assert_eq!(
        (&found()["offset"], &found()["stage"]),
        (&0.into(), &"batch.partition".into())
    );
    member.stop();
}

#[pipeline(group = "from the configuration")]
mod stuck {
    use super::*;

    #[source(topic = "wh-serve-stuck")]
    fn read(record: &Record<'_>) -> i64 {
        record.offset()
    }

    /// Does not come back before the gate is opened, and keeps its lane meanwhile.
    #[sink(from = read)]
    fn block(offset: i64, gate: &Gate) {
        if offset == 1 {
            let _open = gate.lock();
        }
    }
}

#[test]
fn a_stage_that_keeps_its_lane_is_found_and_takes_no_health_away() {
    const TOPIC: &str = "wh-serve-stuck";
    let broker = Broker::shared();
    broker.fresh_topic(TOPIC, 1);
    broker.fill(TOPIC, 1, 5);
    let group = Group::new(&broker, &[(TOPIC, 1)]);
    let gate: Gate = Arc::default();
    let shut = gate.lock().expect("nobody panicked");
    let resources = stuck::Resources {
        gate: Arc::clone(&gate),
    };
    let config = settings(broker.bootstrap(), &group).http("127.0.0.1:0");
    let member = Member::start(stuck::pipeline(resources).config(config));
    let at = address(&member);
    let found = || get(at, "/api/v1/offsets").json()["partitions"][0].clone();
    eventually(s(20), "the lane is seen in the stage", || {
        found()["lane"]["stage"] == "block" && found()["lane"]["offset"] == 1
    });
    let partition = found();
    assert_eq!(partition["lane"]["topic"], TOPIC, "{partition}");
    assert!(
        partition["blocking"]["age_seconds"].as_f64() > Some(0.0),
        "{partition}"
    );
    assert_eq!(get(at, "/livez").status, 200, "it still polls and heals");
    assert_eq!(get(at, "/readyz").status, 200);
    drop(shut);
    group.wait_until_at_end(s(20));
    member.stop();
}
