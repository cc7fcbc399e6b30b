//! Which figures become which metrics. The names are in `names`, the format in `exposition`.

use std::sync::atomic::Ordering::Relaxed;

use super::exposition::Exposition;
use super::look::PartitionLook;
use super::view::View;
use super::{health, names};
use crate::observe::Kind;

/// All metrics as text.
///
/// # Errors
/// When they cannot be written.
pub(super) fn metrics(view: &View) -> Result<String, String> {
    let mut into = Exposition::default();
    let version = env!("CARGO_PKG_VERSION");
    let build = [view.spec.name, &view.group, version];
    into.number(&names::BUILD_INFO, &build, 1);
    done(view, &mut into);
    stages(view, &mut into);
    partitions(view, &mut into);
    member(view, &mut into);
    into.text()
}

fn stages(view: &View, into: &mut Exposition) {
    let pipeline = view.spec.name;
    for queue in view.control.inside.queues() {
        let labels = [pipeline, view.name(queue.node)];
        into.number(&names::QUEUE_DEPTH, &labels, float(queue.depth));
        into.number(&names::QUEUE_CAPACITY, &labels, float(queue.capacity));
    }
    for held in view.control.board.operators() {
        let labels = [pipeline, view.name(held.node)];
        into.number(&names::HELD, &labels, float(held.values));
    }
    for ((node, kind), count) in view.control.counts.letters() {
        let labels = [pipeline, view.name(node), kind];
        into.number(&names::DEAD_LETTERS, &labels, count as f64);
    }
}

/// What each stage has done. Nothing was timed of what no call was made of, such as operators.
fn done(view: &View, into: &mut Exposition) {
    let pipeline = view.spec.name;
    let meters = view.control.board.meters();
    for (node, meter) in meters.iter().enumerate() {
        let labels = [pipeline, view.name(node)];
        into.number(&names::RECORDS_IN, &labels, meter.calls as f64);
        into.number(&names::RECORDS_OUT, &labels, meter.given as f64);
        into.number(&names::RETRIES, &labels, meter.again as f64);
        for (kind, count) in Kind::ALL.iter().zip(meter.errors) {
            let labels = [pipeline, view.name(node), kind.name()];
            into.number(&names::ERRORS, &labels, count as f64);
        }
        if meter.times.count() > 0 {
            into.distribution(&names::DURATION, &labels, &meter.times);
        }
        // Measured by choice.
        for (metric, sizes) in [
            (&names::INPUT, &meter.input),
            (&names::OUTPUT, &meter.output),
        ] {
            if sizes.count() > 0 {
                into.sizes(metric, &labels, sizes);
            }
        }
    }
}

fn partitions(view: &View, into: &mut Exposition) {
    for look in view.partitions() {
        partition(view, &look, into);
    }
}

fn partition(view: &View, look: &PartitionLook, into: &mut Exposition) {
    let number = look.partition.to_string();
    let labels = [view.spec.name, &view.group, &look.topic, &number];
    // What is not known is absent, never 0.
    if let Some(lag) = look.lag {
        into.number(&names::LAG, &labels, lag as f64);
    }
    if let Some(committed) = look.committed {
        into.number(&names::COMMITTED, &labels, committed as f64);
    }
    into.number(&names::IN_FLIGHT, &labels, look.in_flight as f64);
    let blocking = look.blocking.as_ref();
    let age = blocking.map_or(0.0, |blocking| blocking.age_seconds);
    into.number(&names::OLDEST_PENDING, &labels, age);
}

/// What is counted for the member as a whole.
fn member(view: &View, into: &mut Exposition) {
    let (control, counts) = (&view.control, &view.control.counts);
    let (pipeline, group) = (view.spec.name, view.group.as_str());
    let labels = [pipeline, group];
    into.number(&names::ASSIGNED, &labels, float(control.partitions().len()));
    into.number(&names::READY, &labels, health::ready(view).good);
    for (metric, count) in [
        (&names::FINISHED, &control.finished),
        (&names::SKIPPED, &control.skipped),
        (&names::LEAKED, &counts.leaked),
    ] {
        into.number(metric, &labels, count.load(Relaxed) as f64);
    }
    let passed_over = control.passed_over.load(Relaxed);
    for (metric, kind, count) in [
        (&names::REDELIVERIES, "passed_over", passed_over),
        (&names::REDELIVERIES, "taken_again", control.taken_again()),
        (&names::COMMITS, "confirmed", control.commits.load(Relaxed)),
        (
            &names::COMMITS,
            "failed",
            counts.commits_failed.load(Relaxed),
        ),
        (
            &names::REBALANCES,
            "assigned",
            counts.assigned.load(Relaxed),
        ),
        (&names::FAILURES, "kept", control.failures.kept()),
        (&names::FAILURES, "dropped", control.failures.dropped()),
        (&names::FAILURES, "refused", control.failures.refused()),
        (&names::REBALANCES, "revoked", counts.revoked.load(Relaxed)),
        (&names::REBALANCES, "lost", counts.lost.load(Relaxed)),
    ] {
        into.number(metric, &[pipeline, group, kind], count as f64);
    }
    into.distribution(&names::COMMIT_DURATION, &labels, &counts.commit_times());
}

fn float(count: usize) -> f64 {
    count as f64
}
