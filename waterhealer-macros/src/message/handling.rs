//! Messages about what happens when a call fails, hangs or waits for another: `retry`, `timeout`, `order_by`, `blocking`,
//! `flush`. WH0120 to WH0139.

super::catalogue! {
    NOTHING_TO_RETRY = "WH0120" {
        "`{option}` on `{node}`, which cannot fail",
        why: "it answers no `Result`{timeout}, so that there is nothing that another call could mend; a panic is a bug, and is never tried again",
        instead: "let `{node}` answer a `Result`, or take `{option}` out"
    }
    TIMEOUT_WITHOUT_WAITING = "WH0121" {
        "`timeout` needs an `async fn` or `blocking`",
        why: "`{node}` runs on the thread that all records pass, and nothing can end it from outside while it does",
        instead: "make `{node}` an `async fn`, or add `blocking`: it then runs on a thread of its own, and its late answer is passed over"
    }
    BLOCKING_ASYNC = "WH0122" {
        "`blocking` on `{node}`, which is async",
        why: "it is for functions that keep their thread while they work or wait; an `async fn` is to give it back at each `.await`",
        instead: "take `blocking` out, or make `{node}` a plain `fn`"
    }
    NO_ORDER_TO_CHOOSE = "WH0123" {
        "`order_by` on `{node}`, whose calls are made one after another",
        why: "it says which of several calls under way wait for one another, and {reason}",
        instead: "{instead}"
    }
    WAITS_ELSEWHERE = "WH0124" {
        "`{operator}` in front of `{node}`, where values wait by themselves",
        why: "{reason}",
        instead: "take `{operator}` out"
    }
    FLUSH_OF_WHAT = "WH0125" {
        "{headline}",
        why: "{why}",
        instead: "{instead}"
    }
    /// Told by rustc, through the runtime's `Again`.
    NOT_CLONE_AGAIN = "WH0126" {
        "a stage with `retry` takes a value that is not `Clone`",
        why: "each further call needs the value again, and the first one has taken it",
        instead: "derive `Clone` for it, wrap what it holds in `Arc`, or take `&T` where the stage only looks at it"
    }
}
