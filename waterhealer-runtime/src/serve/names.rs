//! The names of all metrics, each with its unit in the name, its labels and what it means. Nothing else in the workspace makes
//! one up; where the figures come from is in `collect`.

/// A metric as Prometheus knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// `counter`, `gauge` or `histogram`.
    pub kind: &'static str,
    /// The names of its labels, in order.
    pub labels: &'static [&'static str],
    /// What it counts.
    pub help: &'static str,
}

macro_rules! metrics {
    ($($constant:ident: $kind:literal $name:literal $labels:expr, $help:literal;)+) => {
        $(
            pub(super) const $constant: Metric = Metric {
                name: concat!("waterhealer_", $name),
                kind: $kind,
                labels: $labels,
                help: $help,
            };
        )+
        /// All metrics.
        pub const METRICS: &[Metric] = &[$($constant),+];
    };
}

const MEMBER: &[&str] = &["pipeline", "group"];
const STAGE: &[&str] = &["pipeline", "stage"];
const PARTITION: &[&str] = &["pipeline", "group", "topic", "partition"];

metrics! {
    BUILD_INFO: "gauge" "build_info" &["pipeline", "group", "version"],
        "Always 1; which version of waterhealer runs.";
    RECORDS_IN: "counter" "stage_records_in_total" STAGE,
        "Calls of a stage, or values put into an operator; a batch is one.";
    RECORDS_OUT: "counter" "stage_records_out_total" STAGE,
        "Values that a stage or an operator handed on; of a sink to Kafka, acknowledged messages.";
    ERRORS: "counter" "stage_errors_total" &["pipeline", "stage", "kind"],
        "Failures of a stage that no further attempt mended: error, panic, timeout, lost.";
    RETRIES: "counter" "stage_retries_total" STAGE,
        "Calls of a stage that were made again after a failure.";
    DURATION: "histogram" "stage_duration_seconds" STAGE,
        "How long calls of a stage took; of quick calls one in 64 is timed and stands for the others.";
    INPUT: "histogram" "stage_input_bytes" STAGE,
        "How large the values are that a stage is given, serialised; with `data_sizes` alone. One in 64 is measured and stands for the others.";
    OUTPUT: "histogram" "stage_output_bytes" STAGE,
        "How large the values are that a stage hands on, serialised; with `data_sizes` alone. One in 64 is measured and stands for the others.";
    QUEUE_DEPTH: "gauge" "queue_depth_records" STAGE,
        "Values that a stage has in hand and that wait in front of it.";
    QUEUE_CAPACITY: "gauge" "queue_capacity_records" STAGE,
        "Values that a stage may have in hand and in front of it before the intake waits.";
    HELD: "gauge" "stage_held_records" STAGE,
        "Values that an operator holds for more to come.";
    DEAD_LETTERS: "counter" "dead_letters_total" &["pipeline", "stage", "kind"],
        "Records that failed and are in a dead-letter topic, acknowledged.";
    LAG: "gauge" "consumer_lag_records" PARTITION,
        "Records between the committed offset and the end of the log.";
    COMMITTED: "gauge" "committed_offset" PARTITION,
        "The offset that the broker has confirmed in this assignment: the next one to be read.";
    IN_FLIGHT: "gauge" "in_flight_records" PARTITION,
        "Records taken from the client and not yet below the position that can be committed.";
    OLDEST_PENDING: "gauge" "oldest_pending_seconds" PARTITION,
        "For how long the record that keeps the offset from moving on is under way; 0 if there is none.";
    ASSIGNED: "gauge" "assigned_partitions" MEMBER,
        "Partitions that this member has.";
    READY: "gauge" "ready" MEMBER,
        "1 while /readyz says so, else 0.";
    FINISHED: "counter" "records_finished_total" MEMBER,
        "Records that reached their end.";
    SKIPPED: "counter" "records_skipped_total" MEMBER,
        "Records that failed at a stage that skips.";
    REDELIVERIES: "counter" "redeliveries_total" &["pipeline", "group", "kind"],
        "Records that came again: passed_over, since they were known to be finished; taken_again, that this process had taken before.";
    FAILURES: "counter" "failures_total" &["pipeline", "group", "kind"],
        "Failed calls that were to be kept elsewhere: kept, dropped since they came too fast, refused by where they were to go.";
    COMMITS: "counter" "commits_total" &["pipeline", "group", "result"],
        "Commits that the broker has answered: confirmed or failed.";
    COMMIT_DURATION: "histogram" "commit_duration_seconds" MEMBER,
        "How long the broker took to answer a commit.";
    REBALANCES: "counter" "rebalances_total" &["pipeline", "group", "kind"],
        "Assignments changed: assigned, revoked, lost.";
    LEAKED: "counter" "leaked_offsets_total" MEMBER,
        "Obligations to finish a record that were dropped: a defect of waterhealer, and the pipeline halts. Stays 0.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_prometheus() {
        for metric in METRICS {
            let legal = |letter: char| letter.is_ascii_lowercase() || letter == '_';
            assert!(metric.name.chars().all(legal), "{}", metric.name);
            let counter = metric.kind == "counter";
            assert_eq!(metric.name.ends_with("_total"), counter, "{}", metric.name);
            assert!(metric.help.ends_with('.'), "{}", metric.name);
            let all = METRICS.iter().filter(|other| other.name == metric.name);
            assert_eq!(all.count(), 1, "{}", metric.name);
        }
    }

    #[test]
    fn no_label_grows_with_the_records() {
        for metric in METRICS {
            for label in ["offset", "key", "emit_id"] {
                assert!(!metric.labels.contains(&label), "{}", metric.name);
            }
        }
    }
}
