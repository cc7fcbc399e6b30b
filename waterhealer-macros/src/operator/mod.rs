//! The operators that may follow a node's name in `from`, as data: one file and one row each. The table drives how their
//! parentheses are read, what is checked, which state machine is made, the graph's labels and the guide's page (`page`). The
//! state machines themselves are in the runtime, by the same names.

mod buffer;
mod checkpoint;
mod collect;
mod combine_latest;
mod delay;
mod flatten;
mod latest;
pub(crate) mod page;
mod partition;
mod partition_time;
mod pluck;
mod rate_limit;
mod slice;
mod sliding_window;
mod timed_window;
mod union;
mod unique;
mod zip;
mod zip_latest;

/// One operator.
pub(crate) struct Operator {
    pub(crate) name: &'static str,
    pub(crate) inputs: Inputs,
    pub(crate) parameters: &'static [Parameter],
    pub(crate) cardinality: Cardinality,
    pub(crate) gives: Gives,
    pub(crate) machine: Machine,
    /// Whether what it gives depends on the order in which values come.
    pub(crate) ordered: bool,
    /// What grows without bound unless `hold` says that it is meant; `None` where nothing does, or a time bounds it.
    pub(crate) unbounded: Option<Unbounded>,
    /// What it does, for the guide.
    pub(crate) what: &'static str,
    /// When a record counts as finished.
    pub(crate) finished: &'static str,
    /// What it holds.
    pub(crate) holds: &'static str,
    /// What becomes of that when the pipeline ends in order.
    pub(crate) ends: &'static str,
    /// What becomes of it when partitions are taken away.
    pub(crate) revoked: &'static str,
    /// What fails in it, and whose failure it is.
    pub(crate) fails: &'static str,
    pub(crate) example: &'static str,
    /// A node with `{example}` in its attribute. The nodes that the example names are the page's.
    pub(crate) program: &'static str,
}

/// Where its values come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inputs {
    /// The node before the dot.
    One,
    /// That and further nodes, whose values come in as they are.
    Union,
    /// That and further nodes, each an input of its own.
    Several,
    /// As `Several`, and texts and numbers that are put in as they are.
    SeveralAndLiterals,
}

/// How many values come out for what goes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cardinality {
    One,
    Subset,
    Many,
    Regroup,
    Merge,
}

/// What comes out, by what goes in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    /// The same.
    Same,
    /// A batch of it.
    Rows,
    /// A tuple of the inputs.
    Tuple,
    /// Its elements, one by one.
    Elements,
    /// A part of it.
    Part,
}

/// How it is run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Machine {
    /// Not at all: values go straight on.
    Straight,
    /// By a state machine of the runtime.
    State(&'static str),
    /// By a state machine over the tuple of its inputs.
    Joint(&'static str),
    /// By what follows: it says how values wait there.
    Wait,
    /// By code written for each: flatten and pluck.
    Inline,
    /// Not at all: what gives the values is marked.
    Mark,
}

/// Why an operator over Kafka has to say `hold`.
#[derive(Clone, Copy)]
pub(crate) struct Unbounded {
    /// The option that bounds it.
    pub(crate) unless: Option<&'static str>,
    /// Unless what it has to, for the guide.
    pub(crate) but: Option<&'static str>,
    /// What is held, for the message.
    pub(crate) what: &'static str,
    /// What to write instead.
    pub(crate) instead: &'static str,
}

/// One thing that stands in the parentheses, by its place or by its name.
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) form: Form,
    pub(crate) default: Default,
}

/// What a parameter looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A whole number, at least 1.
    Count,
    /// A whole number.
    Number,
    /// `"10s"`
    Time,
    /// `true` or `false`.
    Truth,
    /// A word alone, `hold`. It is for the checks and not handed to the state machine.
    Flag,
    /// A closure or the name of a function.
    Key,
    /// A field's name, a number, or a list of them.
    Fields,
    /// The name of a node, which becomes a further input.
    Node,
    /// Names of inputs.
    Ports,
}

/// What a parameter is when it is not given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Default {
    Required,
    Nothing,
    Number(usize),
}

/// Every operator, in the order of the guide's table.
pub(crate) const OPERATORS: &[&Operator] = &[
    &union::UNION,
    &partition::PARTITION,
    &partition_time::PARTITION_TIME,
    &timed_window::TIMED_WINDOW,
    &sliding_window::SLIDING_WINDOW,
    &collect::COLLECT,
    &flatten::FLATTEN,
    &pluck::PLUCK,
    &slice::SLICE,
    &unique::UNIQUE,
    &zip::ZIP,
    &zip_latest::ZIP_LATEST,
    &combine_latest::COMBINE_LATEST,
    &delay::DELAY,
    &rate_limit::RATE_LIMIT,
    &buffer::BUFFER,
    &latest::LATEST,
    &checkpoint::CHECKPOINT,
];

/// Operators that the design has and this version has not.
pub(crate) const LATER: &[&str] = &["scatter", "gather"];

/// The operator of that name.
pub(crate) fn find(name: &str) -> Option<&'static Operator> {
    OPERATORS
        .iter()
        .copied()
        .find(|operator| operator.name == name)
}

/// All names.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    OPERATORS
        .iter()
        .map(|operator| operator.name)
        .chain(LATER.iter().copied())
}

const fn required(name: &'static str, form: Form) -> Parameter {
    Parameter {
        name,
        form,
        default: Default::Required,
    }
}

const fn optional(name: &'static str, form: Form) -> Parameter {
    Parameter {
        name,
        form,
        default: Default::Nothing,
    }
}

/// What several rows say.
const NOTHING: &str = "nothing";
const STAYS: &str = "it stays unfinished and is read again";
const LEAVE: &str =
    "the partition's records leave, unfinished, and its next owner reads them; the others stay";
const WAITING_ENDS: &str = "in front of an async node it goes on, as far as `shutdown_grace` allows; in front of a `rate_limit` it stays unfinished and is read again";
const WAITING_LEAVES: &str = "in front of an async node the partition's records go on, as far as `drain_timeout` allows; in front of a `rate_limit` they leave, unfinished";
const NO_CODE: &str = "it runs no code of yours";
const DROP_FAILS: &str = "a `Drop` that panics, of a value that ends here, fails its record";
const BATCH_FAILS: &str =
    "a failure of the batch is that of all its records; a row of a `Batch` fails alone";

const HOLD: Parameter = optional("hold", Form::Flag);
const ANY_ORDER: Parameter = optional("any_order", Form::Flag);

impl Parameter {
    /// What it takes, as a sentence has it.
    pub(crate) fn wanted(&self) -> &'static str {
        match self.form {
            Form::Count => "a whole number, at least 1",
            Form::Number => "a whole number",
            Form::Time => {
                "a duration above zero in quotes: a number and one of `ms`, `s`, `m`, `h`"
            }
            Form::Truth => "`true` or `false`",
            Form::Flag => "no value",
            Form::Key => "a closure or the name of a function that gives the key",
            Form::Fields => "a field's name, a number, or a list of them in brackets",
            Form::Node => "the name of a node",
            Form::Ports => "the name of one of its inputs, or a list of them in brackets",
        }
    }

    /// How it is written.
    pub(crate) fn written(&self) -> String {
        let value = match self.form {
            Form::Count | Form::Number => "5",
            Form::Time => "\"1s\"",
            Form::Truth => "true",
            Form::Flag => return self.name.to_owned(),
            Form::Key => "|value| value.id",
            Form::Fields => "name",
            Form::Node => "node",
            Form::Ports => "left",
        };
        format!("{} = {value}", self.name)
    }
}
