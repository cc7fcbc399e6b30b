//! What the pipeline is doing, as JSON: the stages, the partitions, and all of it in one. A metric's names are not these: here
//! things are named as a person asks for them.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use serde_json::{Value, json};

use super::health;
use super::view::View;
use crate::observe::{BOUNDS, Kind, Meter, Times};
use crate::types::EmitId;

/// All in one, as the first event of a stream shows it.
pub(super) fn overview(view: &View) -> Value {
    let control = &view.control;
    let ready = health::ready(view);
    json!({
        "pipeline": view.spec.name,
        "group": view.group,
        "phase": control.phase(),
        "ready": ready.good,
        "reason": ready.says.get("reason"),
        "totals": totals(view),
        "stages": stages(view),
        "partitions": view.partitions(),
    })
}

fn totals(view: &View) -> Value {
    let (control, counts) = (&view.control, &view.control.counts);
    json!({
        "finished": control.finished.load(Relaxed),
        "skipped": control.skipped.load(Relaxed),
        "dead_lettered": control.dead_lettered.load(Relaxed),
        "failed": control.failed.load(Relaxed),
        "passed_over": control.passed_over.load(Relaxed),
        "taken_again": control.taken_again(),
        "calls": control.calls.load(Relaxed),
        "commits": control.commits.load(Relaxed),
        "commits_failed": counts.commits_failed.load(Relaxed),
        "rebalances": counts.assigned.load(Relaxed),
        "leaked": counts.leaked.load(Relaxed),
    })
}

/// What checkpoints keep: of one record, or of each node all that is kept, the oldest first.
pub(super) fn checkpoints(view: &View, record: Option<EmitId>) -> Value {
    let (board, spec) = (&view.control.board, view.spec);
    let kept = match record {
        Some(record) => board.values_of(spec, record),
        None => {
            let nodes = 0..spec.nodes.len();
            nodes.flat_map(|node| board.values(spec, node)).collect()
        }
    };
    json!({ "checkpoints": kept })
}

/// Each node, in the order of the source text.
pub(super) fn stages(view: &View) -> Value {
    let (queues, held) = (view.control.inside.queues(), view.control.board.operators());
    let (letters, now) = (view.control.counts.letters(), Instant::now());
    let meters = view.control.board.meters();
    let stages = view.spec.nodes.iter().enumerate().map(|(index, node)| {
        let queue = queues.iter().find(|queue| queue.node == index);
        let held = held.iter().find(|held| held.node == index);
        let letters = letters.iter().filter(|((at, _), _)| *at == index);
        json!({
            "stage": node.name,
            "done": meters.get(index).map(done),
            "queue": queue.map(|queue| json!({ "depth": queue.depth, "capacity": queue.capacity })),
            "held": held.map(|held| json!({
                "values": held.values,
                "oldest_seconds": held.since.map(|since| now.saturating_duration_since(since).as_secs_f64()),
            })),
            "dead_letters": letters.map(|(_, count)| count).sum::<u64>(),
        })
    });
    stages.collect()
}

/// What a stage has done since the start.
fn done(meter: &Meter) -> Value {
    let errors = Kind::ALL.iter().zip(meter.errors);
    let errors: serde_json::Map<_, _> = errors
        .map(|(kind, count)| (kind.name().to_owned(), json!(count)))
        .collect();
    let (timed, seconds) = (meter.times.count(), meter.times.sum as f64 / 1e9);
    json!({
        "records_in": meter.calls,
        "records_out": meter.given,
        "retries": meter.again,
        "errors": errors,
        "mean_seconds": (timed > 0).then(|| seconds / timed as f64),
        "p99_seconds": quantile(&meter.times, 0.99),
    })
}

/// The bound below which so large a share of the calls was; `None` where there was none, or it is above all bounds.
fn quantile(times: &Times, share: f64) -> Option<f64> {
    let wanted = (times.count() as f64 * share).ceil() as u64;
    let mut sum = 0;
    let found = BOUNDS.iter().zip(times.buckets).find(|(_, count)| {
        sum += count;
        sum >= wanted && sum > 0
    });
    found.map(|(bound, _)| *bound as f64 / 1e9)
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::broker::{Assigned, Figures, Opening};
    use crate::config::Config;
    use crate::flow::Control;
    use crate::graph::Spec;
    use crate::ledger::{Epoch, SlotId};

    static SPEC: Spec = Spec {
        name: "billing",
        settings: &[],
        nodes: &[],
        edges: &[],
    };

    /// A pipeline that has not started.
    pub(in super::super) fn view() -> View {
        let settings = Config::new().group("billers").settle(&SPEC).unwrap();
        View::new(&SPEC, Control::new(), &settings)
    }

    /// One that has a partition of which records 10 to 14 were taken, two are finished, and the log ends at 20.
    pub(in super::super) fn working() -> View {
        let view = view();
        let assigned = Assigned {
            slot: SlotId(1),
            epoch: Epoch(1),
            topic: Arc::from("orders"),
            partition: 3,
            stream: crate::types::Stream(7),
            lane: 0,
            source: 0,
            opening: Opening::default(),
            figures: Figures::new(),
        };
        assigned.figures.take(10..=14, 5, 50);
        assigned.figures.publish(Some(12), 2);
        assigned.figures.confirm(11, "");
        assigned.figures.see_end(20);
        view.control.show(vec![Arc::new(assigned)]);
        view
    }

    #[test]
    fn a_quantile_is_the_bound_that_so_many_did_not_exceed() {
        let mut times = Times::default();
        assert_eq!(quantile(&times, 0.99), None);
        times.note(400_000, 98);
        times.note(9_000_000, 2);
        assert_eq!(quantile(&times, 0.5), Some(0.0005));
        assert_eq!(quantile(&times, 0.99), Some(0.01));
        times.note(u64::MAX, 1_000);
        assert_eq!(quantile(&times, 0.99), None, "longer than any bound");
    }

    #[test]
    fn a_partition_says_how_far_it_is_and_what_blocks_it() {
        let overview = overview(&working());
        let partition = &overview["partitions"][0];
        assert_eq!(partition["committed"], 11);
        assert_eq!(partition["position"], 12);
        assert_eq!(partition["fetched"], 15);
        assert_eq!(partition["in_flight"], 3);
        assert_eq!(
            (&partition["end"], &partition["lag"]),
            (&json!(20), &json!(9))
        );
        let blocking = &partition["blocking"];
        assert_eq!(blocking["offset"], 12);
        assert_eq!(
            blocking["stage"],
            Value::Null,
            "no lane has said where it is"
        );
        assert!(
            blocking["age_seconds"]
                .as_f64()
                .is_some_and(|age| age < 60.0)
        );
    }
}
