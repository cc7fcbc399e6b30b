//! The operators that may follow a node's name in `from`, as data.

/// One operator.
pub(crate) struct Operator {
    pub(crate) name: &'static str,
    /// Whether this version has it.
    pub(crate) supported: bool,
    /// What it takes, for the message about missing arguments.
    pub(crate) takes: &'static str,
    pub(crate) example: &'static str,
}

const UNION: Operator = Operator {
    name: "union",
    supported: true,
    takes: "the names of one or more other nodes",
    example: "from = left.union(right)",
};

const fn later(name: &'static str) -> Operator {
    Operator {
        name,
        supported: false,
        takes: "",
        example: "",
    }
}

/// Every operator of the design.
const OPERATORS: &[Operator] = &[
    UNION,
    later("partition"),
    later("partition_time"),
    later("timed_window"),
    later("sliding_window"),
    later("delay"),
    later("rate_limit"),
    later("buffer"),
    later("zip"),
    later("zip_latest"),
    later("combine_latest"),
    later("unique"),
    later("flatten"),
    later("pluck"),
    later("slice"),
    later("collect"),
    later("latest"),
    later("scatter"),
    later("gather"),
];

/// The operator of that name.
pub(crate) fn find(name: &str) -> Option<&'static Operator> {
    OPERATORS.iter().find(|operator| operator.name == name)
}

/// All names.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    OPERATORS.iter().map(|operator| operator.name)
}
