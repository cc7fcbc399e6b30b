//! Messages about what an attribute says: its options, their values, the expression after `from`. WH0060 to WH0079.

super::catalogue! {
    SYNTAX = "WH0060" {
        "{error}",
        why: "`#[{word}]` could not be read",
        instead: "options are written `name = value`, with commas between: `{example}`"
    }
    UNKNOWN_OPTION = "WH0061" {
        "`#[{word}]` has no option `{option}`",
        why: "an option that is not understood would be passed over in silence",
        instead: "{instead}"
    }
    GIVEN_TWICE = "WH0062" {
        "`{option}` is given twice",
        why: "it has one value, and neither of the two is more right",
        instead: "keep one of them"
    }
    OPTION_VALUE = "WH0063" {
        "`{option}` takes {wanted}",
        why: "the value is checked here, at compile time, rather than when the program starts",
        instead: "write `{example}`"
    }
    UNKNOWN_OPERATOR = "WH0066" {
        "there is no operator `{operator}`",
        why: "what follows a node's name in `from` says how its values are put together",
        instead: "{instead}"
    }
    LATER_OPERATOR = "WH0067" {
        "the operator `{operator}` is not supported in this version",
        why: "it is planned, and until then it would do nothing",
        instead: "this version has {operators}"
    }
    TWO_NODES = "WH0068" {
        "`{node}` has two node attributes",
        why: "a function is one node",
        instead: "keep one, or write a second function that calls the first"
    }
    CONCURRENCY_WITHOUT_ASYNC = "WH0069" {
        "`concurrency` needs an `async fn` or `blocking`",
        why: "`{node}` is not async, so one call ends before the next begins",
        instead: "take `concurrency` out, make `{node}` an `async fn`, or add `blocking` if it is heavy or waits"
    }
    REFUSED_PROPERTY = "WH0070" {
        "`{property}` cannot be set here",
        why: "{why}",
        instead: "{instead}"
    }
    SOURCE_OF_WHAT = "WH0071" {
        "a source reads {problem}",
        why: "it is fed from one place: from Kafka, from files, or by hand with `handle.emit(…)`",
        instead: "write one of `#[source(topic = \"orders\")]`, `#[source(topics = [\"orders\", \"returns\"])]`, `#[source(lines = \"orders.txt\")]`, `#[source(files = \"orders/*.csv\")]` and `#[source(emit)]`"
    }
    NOT_A_TOPIC = "WH0072" {
        "`{topic}` is not the name of a topic",
        why: "a topic's name has 1 to 249 letters, digits, dots, underscores and hyphens, and is neither `.` nor `..`",
        instead: "write the topic's name as `kafka-topics --list` shows it"
    }
    OPERATOR_ARGUMENTS = "WH0073" {
        "`{operator}` takes {wanted}",
        why: "what stands in its parentheses says what it does",
        instead: "write `{example}`"
    }
    OPERATOR_OPTION = "WH0074" {
        "`{operator}` has no option `{option}`",
        why: "an option that is not understood would be passed over in silence",
        instead: "{instead}"
    }
    WITHIN_WITHOUT_BATCH = "WH0075" {
        "`within` needs a `batch`",
        why: "it says after what time a batch goes on short, and `{node}` reads values one by one",
        instead: "say how many make a batch, `batch = 500, within = \"1s\"`, or take `within` out"
    }
    BREAKER_OF_NOTHING = "WH0079" {
        "`breaker` does nothing at `{node}`",
        why: "it counts failures that are passed over or written to a dead-letter topic, and the first failure of `{node}` halts the pipeline",
        instead: "say what becomes of a record that fails, `on_error = dead_letter` or `on_error = skip`, or take `breaker` out"
    }
}
