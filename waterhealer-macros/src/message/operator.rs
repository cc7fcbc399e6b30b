//! Messages about operators, cardinality, and what a graph loses. WH0100 to WH0119.

super::catalogue! {
    UNHANDLED = "WH0104" {
        "an `Err` that reaches `{node}` would count as done",
        why: "`{node}` can itself not fail, so it finishes every record it is given: the offset of one that failed would be committed, and no `on_error` is asked",
        instead: "answer the `Result` from the node that makes it, so that the value goes on alone and the `on_error` of that node decides about the rest; or let `{node}` answer {answer}"
    }
}
