//! Messages about one node's function: its signature and its body. WH0020 to WH0039.

super::catalogue! {
    NOT_A_FUNCTION = "WH0020" {
        "`#[{word}]` belongs on a function",
        why: "the nodes of a pipeline are functions",
        instead: "write `fn name(value: …) -> … { … }` under it, with a body"
    }
    GENERIC = "WH0021" {
        "a node function cannot be generic",
        why: "`{node}` is called with one type, the one its `from` gives; lifetimes are written by the macro",
        instead: "name the types, and write `&T`, `&Record<'_>` or `Tracked<T>` without lifetimes of your own; generic helper functions are fine"
    }
    QUALIFIED = "WH0022" {
        "a node function cannot be `{qualifier}`",
        why: "the pipeline calls `{node}` from safe Rust, with the arguments it names",
        instead: "write a plain `fn` or `async fn`, and call the other one in its body"
    }
    RECEIVER = "WH0023" {
        "a node function has no `self`",
        why: "nodes are free functions: what they share comes as references after the value",
        instead: "take the value first and what `self` would hold as a resource: `fn {node}(value: …, state: &State)`"
    }
    NO_VALUE = "WH0024" {
        "`{node}` takes no value",
        why: "the first parameter of a `#[{word}]` is what its `from` gives",
        instead: "write it first: `{example}`"
    }
    WRONG_VALUE = "WH0025" {
        "the first parameter of a `#[{word}]` is {wanted}",
        why: "{why}",
        instead: "write `{example}`"
    }
    BORROWED = "WH0026" {
        "a value that flows through the pipeline must own its data",
        why: "`{ty}` borrows, and values outlive the call that made them: they wait, move to other threads and are produced later",
        instead: "use an owned type, such as `String` for `&str`, `Vec<T>` for `&[T]`, or an `Arc`"
    }
    UNSIZED_VALUE = "WH0027" {
        "`{ty}` has no size of its own",
        why: "the pipeline holds the value itself and lends it for the call",
        instead: "write `{instead}`, the type that `from` gives; it is used as a `{ty}` in the body all the same"
    }
    IMPL_PARAMETER = "WH0028" {
        "a parameter of a node is one type, not `impl Trait`",
        why: "`{node}` is called with one type, and the pipeline has to name it",
        instead: "name the type"
    }
    IMPL_ANSWER = "WH0029" {
        "`{node}` cannot answer this `impl Trait`",
        why: "the pipeline has to name the values that flow through it",
        instead: "name the type; `impl Future<Output = T>` makes a node async, and a `#[flat_map]` that is not async may answer `impl Iterator<Item = T>` where it takes `T` or `&T`"
    }
    NO_ANSWER = "WH0030" {
        "`{node}` gives nothing",
        why: "a `#[{word}]` gives {wanted}",
        instead: "write what it gives: `-> {example}`; what only does something is a `#[sink]`"
    }
    NOT_A_CHOICE = "WH0031" {
        "a filter answers `bool`",
        why: "`true` lets the value on, `false` finishes its record here",
        instead: "write `-> bool`, or `-> Result<bool, …>` where it can fail"
    }
    NEVER_TAKEN = "WH0032" {
        "`{node}` gives a `{carrier}` that it was not given",
        why: "a carrier belongs to one record; no other can stand in for it",
        instead: "{instead}"
    }
    WRONG_RECEIPT = "WH0033" {
        "{headline}",
        why: "{why}",
        instead: "{instead}"
    }
    CARRIER_SHAPE = "WH0034" {
        "a carrier is the whole first parameter, with no lifetime of your own",
        why: "it is lent for one call and bound to one record, and the macro names its lifetime",
        instead: "write {example}"
    }
    CFG = "WH0035" {
        "`#[{attribute}]` on a node is not possible in this version",
        why: "the graph is checked as it is written, so every node in it must be compiled",
        instead: "put `#[{attribute}]` on the module, or write two pipelines"
    }
    ASYNC_SOURCE = "WH0036" {
        "a source that reads from Kafka cannot be async",
        why: "`Record` borrows the client's buffer, which is not kept while a future waits",
        instead: "decode the record here, and wait in an `async` `#[map(from = {node})]`"
    }
    DETACHED = "WH0037" {
        "the work started here is not awaited",
        why: "{how}, so the record would count as finished before the work is: what is not done by then can be lost",
        instead: "await the work, in an `async fn`, or give what it makes to a node of its own; where losing it does no harm, say why: `detached = \"…\"`"
    }
    UNREAD = "WH0038" {
        "{error}",
        why: "the function under `#[{word}]` could not be read, so it is not in the graph",
        instead: "write `fn name(value: …) -> … { … }`"
    }
    NOTHING_DETACHED = "WH0039" {
        "`detached` excuses nothing here",
        why: "`{node}` throws no work away that the macro can see, and an excuse that stays behind would cover the next one that does",
        instead: "take it out"
    }
}
