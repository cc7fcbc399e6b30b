//! Messages about what stands between nodes: operators, batches, states, and what only the whole graph shows to be lost.
//! WH0100 to WH0119.

super::catalogue! {
    UNPAIRED = "WH0100" {
        "the branches of this `zip` do not keep one value for one",
        why: "{why}: values without a partner would wait for ever, and hold their offsets back",
        instead: "{instead}"
    }
    STATE_LOST = "WH0101" {
        "the state of `{node}` is lost at a restart",
        why: "the offsets of what went into it have moved by then, so that those records are not read again",
        instead: "write `volatile` if that is meant, or take `sliding_window` or `partition`, which hold their records"
    }
    UNBOUNDED = "WH0102" {
        "this `{operator}` may hold records for ever",
        why: "{what}: {whose}, and all after them, would not be committed",
        instead: "{instead}"
    }
    ORDER_LOST = "WH0103" {
        "`{operator}` needs its values in order, and `{node}` gives the order up",
        why: "{why}",
        instead: "{instead}, or write `any_order` if the order does not matter here"
    }
    UNHANDLED = "WH0104" {
        "an `Err` that reaches `{node}` would count as done",
        why: "`{node}` can itself not fail, so it finishes every record it is given: the offset of one that failed would be committed, and no `on_error` is asked",
        instead: "answer the `Result` from the node that makes it, so that the value goes on alone and the `on_error` of that node decides about the rest; or let `{node}` answer {answer}"
    }
    NOT_A_BATCH = "WH0106" {
        "`{node}` takes a batch, and is given {given}",
        why: "each row of a `Batch` keeps an offset of its own, which only a step that makes batches gives it",
        instead: "make batches before it, `from = {from}.partition(500, within = \"1s\")`, or take the value itself"
    }
    NOTHING_WAITS = "WH0107" {
        "nothing waits after this `{operator}`",
        why: "it says how values wait in front of an async node or a `rate_limit`, and `{next}` takes each at once",
        instead: "put it right before one of these, or take it out"
    }
    TYPE_UNKNOWN = "WH0108" {
        "what `pluck` gives has no type that `{operator}` could take",
        why: "the type of a field is known where a node takes it, and not across `{after}`",
        instead: "give the field in a `#[map]` instead, whose answer names the type"
    }
    /// Told by rustc, through the runtime's `Key`.
    NO_KEY = "WH0109" {
        "a key of `unique` must be `Eq`, `Hash` and `Clone`",
        why: "keys are compared with those that were seen before, and kept",
        instead: "derive them for the value, or give a key that has them: `unique(key = |value| value.id)`"
    }
    ACCUMULATE = "WH0110" {
        "{headline}",
        why: "{why}",
        instead: "write `{example}`"
    }
    HEALED = "WH0111" {
        "a `#[healed]` function takes the offsets of a commit",
        why: "`{node}` is called with them after each commit, and nothing goes on from it",
        instead: "write `fn {node}(offsets: &[Position])`, with an answer of nothing or a `Result`"
    }
    BATCH_ELSEWHERE = "WH0112" {
        "a `#[{word}]` does not take a `Batch`",
        why: "a batch goes through `#[map]` and ends in `#[sink]`; what this does, it does to single values",
        instead: "{instead}"
    }
    ROWS = "WH0113" {
        "a node takes and gives no `Rows`",
        why: "they are what a batch holds, without the offsets of its records; only the pipeline brings the two together",
        instead: "write `Batch<T>`, which says what becomes of each row, or `Vec<T>` for the values alone"
    }
    ELEMENTS = "WH0114" {
        "{headline}",
        why: "{why}",
        instead: "{instead}"
    }
    TWO_WAITS = "WH0115" {
        "values wait in front of `{next}` in two ways",
        why: "`{next}` has one place where values wait, and `{other}` has said how: this `{operator}` would be passed over in silence",
        instead: "keep one of the two, for all that comes to `{next}`"
    }
}
