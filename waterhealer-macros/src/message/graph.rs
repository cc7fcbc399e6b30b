//! Messages about the graph: what the types of single functions cannot see. WH0001 to WH0019.

super::catalogue! {
    UNREACHED = "WH0001" {
        "nothing takes what `{node}` gives",
        why: "a record counts as finished only in a sink: {offsets} would never be committed past what `{node}` gives",
        instead: "end the branch in a sink, `#[sink(from = {node})]`, or take `{node}` out"
    }
    FED_BY_NOTHING = "WH0002" {
        "nothing feeds `{node}`",
        why: "a `#[{word}]` without `from` is never called",
        instead: "say what it takes: `#[{word}(from = …)]`{nodes}"
    }
    CYCLE = "WH0003" {
        "`{node}` feeds itself: {path}",
        why: "a record would go round for ever, so its offset would never be committed",
        instead: "make `{node}` take from a node that does not depend on it"
    }
    UNKNOWN_NODE = "WH0004" {
        "there is no node `{name}` in this pipeline",
        why: "`from` takes the name of a function in the same module that has a node attribute",
        instead: "{instead}"
    }
    DUPLICATE_NODE = "WH0005" {
        "two nodes are called `{node}`",
        why: "edges go by name, so a name must mean one node",
        instead: "give this one another name"
    }
    /// Told by rustc, through the runtime's `FanOut`.
    NOT_CLONE = "WH0006" {
        "the value is needed more than once, so it must be `Clone`",
        why: "each node that takes it, each window or join that keeps it, and the state it is are given a value of their own: all but the last a clone",
        instead: "derive `Clone`, or wrap it in an `Arc`"
    }
    /// Told by rustc, through the runtime's `Feeds`.
    WRONG_EDGE = "WH0007" {
        "a node takes another type than the node that feeds it gives",
        why: "an edge hands on the value as it is",
        instead: "change the parameter's type, or put a `#[map]` between the two"
    }
    /// Told by rustc, through the runtime's `SinkAnswer`.
    NOT_AWAITED = "WH0008" {
        "a sink answers `()` or `Result<(), E>`: other work is not awaited",
        why: "the record would count as finished before a future, a handle or a nested `Result` is looked at",
        instead: "await it inside the sink (`async fn`), or turn the value into `()`"
    }
    /// Told here where the syntax shows it, else by rustc, through the runtime's `MapAnswer` and `DoneAnswer`.
    NOT_GIVEN_BACK = "WH0009" {
        "`{node}` takes a carrier and does not give it back",
        why: "the record's offset can be committed only when its carrier has come back: {what}",
        instead: "write `-> {example}`, or take {plain}"
    }
    NO_SOURCE = "WH0010" {
        "the pipeline `{pipeline}` has no source",
        why: "without a source no record ever enters it",
        instead: "add one, `#[source(topic = \"…\")] fn order(record: &Record<'_>) -> …`, or `#[source(emit)]` to feed it by hand"
    }
    NO_SINK = "WH0011" {
        "the pipeline `{pipeline}` has no sink",
        why: "a record counts as finished only in a sink, so no offset would ever be committed",
        instead: "end it in one: `#[sink(from = {node})] fn store(value: …)`"
    }
    TAKEN_TWICE = "WH0012" {
        "`{node}` is taken twice here",
        why: "each value of `{node}` would come twice",
        instead: "name each node once"
    }
    SAME_TOPIC = "WH0013" {
        "the topic `{topic}` is read twice in this pipeline",
        why: "a partition has one committed offset in a group, and two readers would both move it",
        instead: "let one source read `{topic}` and be the `from` of both branches"
    }
    FROM_A_SINK = "WH0014" {
        "`{node}` is {what}, nothing comes out of it",
        why: "{why}",
        instead: "take from {other}, or make `{node}` a `#[map]` that gives a value"
    }
    RESERVED = "WH0015" {
        "the name `{name}` is taken",
        why: "`#[pipeline]` adds an item called `{name}` to this module",
        instead: "choose another name; `main`, `pipeline`, `Resources`, `Emit` and names that start with `__waterhealer` are the pipeline's"
    }
    OPERATOR_WORD = "WH0016" {
        "a node cannot be called `{node}`",
        why: "inside an operator's parentheses `{node}` is an option, so an edge that names the node would mean something else",
        instead: "give it a name of its own, such as `{instead}`"
    }
    READS_LETTERS = "WH0018" {
        "records that fail at `{node}` would come back to it",
        why: "this pipeline reads `{topic}`: a record that fails would be read from there, and fail, again and again",
        instead: "name another topic, such as `dead_letter(\"{topic}-dlq\")`, and read that one in a pipeline of its own"
    }
    NO_LETTER = "WH0019" {
        "what fails at `{node}` cannot go to a dead-letter topic as this is written",
        why: "a dead letter is a record as it was read from Kafka, and {why}",
        instead: "{instead}"
    }
}
