//! Messages about pipelines that deliver exactly once: what a transaction of Kafka does not hold. WH0140 to WH0149.

super::catalogue! {
    OUTSIDE = "WH0140" {
        "`{node}` works outside the transaction",
        why: "after a crash the records since the last commit are read again: no message to Kafka was visible before, but what `{node}` has done stays, and is done a second time",
        instead: "write to Kafka, `#[sink(…, topic = \"…\")]`; or write `may_repeat` if a second time does no harm; or take `delivery = exactly_once` out"
    }
    NOTHING_INSIDE = "WH0141" {
        "the pipeline `{pipeline}` writes nothing to Kafka",
        why: "exactly once means that messages to Kafka and the offsets of their records are committed together, and without a Kafka sink there are only offsets",
        instead: "add a sink with `topic = \"…\"`, or take `delivery = exactly_once` out"
    }
    WITHOUT_OFFSET = "WH0142" {
        "`{source}` has no offsets, and its values reach the Kafka sink `{sink}`",
        why: "a transaction commits messages together with the offsets of the records that they were made of; without an offset nobody knows after a crash whether a message was made",
        instead: "read the values from a topic, or give them to a pipeline of their own that delivers at least once"
    }
    KEPT_IN_USE = "WH0143" {
        "`{operator}` keeps records that it has used already",
        why: "what was made of them is visible after a commit, but their offsets are not committed as long as they are kept: after a restart they are read, and their messages made, again",
        instead: "use `partition` or `partition_time`, which keep a record until it goes on, or take `delivery = exactly_once` out"
    }
    TORN = "WH0144" {
        "`{operator}` may hold a record back when a message of it, or of a later one, is in the transaction already",
        why: "{why}: with the commit that message would be visible, and after a restart it would be made again",
        instead: "{instead}"
    }
    MAY_NOT_REPEAT = "WH0145" {
        "`may_repeat` says nothing here",
        why: "{why}",
        instead: "take `may_repeat` out"
    }
}
