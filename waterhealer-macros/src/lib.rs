//! The macros of waterhealer. Use them through the `waterhealer` crate, whose guide describes them.
//!
//! `symbol message diag suggest` → `parse` → `model` → `check` | `expand`: tokens become what was written, that becomes what
//! was meant, the rules look at it, and code is generated from it. All mistakes are told in one run, and the user's own items
//! are emitted again whatever was wrong.

mod check;
mod diag;
mod expand;
mod message;
mod model;
mod operator;
mod parse;
mod suggest;
mod symbol;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;
use proc_macro2::{Span, TokenStream as Tokens};
use quote::quote;

use diag::Diagnostics;
use symbol::Word;

/// Makes a pipeline of the functions in a module: checks the graph, and adds `main`, `pipeline` and `Resources`.
///
/// | option | what it says | default |
/// | --- | --- | --- |
/// | `group = "billing"` | the consumer group whose offsets are healed | the configuration's |
/// | `interval = "10s"` | the time between two heals | 10 s |
/// | `drain_timeout = "20s"` | how long work may go on when a partition is taken away | half the session timeout |
/// | `max_in_flight = 10_000` | records of one partition that may be unfinished before it is paused | 100 000 |
/// | `shutdown_grace = "25s"` | how long work may go on at the end | 25 s |
/// | `dedupe = "redis://127.0.0.1:6379"` | the store of finished offsets: `off`, `memory`, `redb:PATH` or a Redis | `off` |
/// | `dedupe_outage = "continue"` | go on while the store is away, or `block` | `block` |
/// | `delivery = exactly_once` | outputs to Kafka and offsets are committed together, in transactions | `at_least_once` |
/// | `done_set = false` | whether what is finished above the committed offset travels with the commit | `true` |
/// | `auto_shutdown(graceful_offset = "90m")` | watchdogs that ask for a restart: the guide's page `auto_shutdown` | none |
/// | `checkpoint` | the last value of every node and operator is kept, to be looked at | those that say so |
/// | `checkpoint_history = 100` | how many values are kept of each | 1 |
///
/// Durations are a number and one of `ms`, `s`, `m`, `h`. Each option is the first layer of the configuration: file,
/// environment and command line override it, but for `delivery`, for which the graph is checked, and `checkpoint`.
///
/// Functions with a node attribute are nodes: [`source`](macro@source), [`map`](macro@map), [`filter`](macro@filter),
/// [`flat_map`](macro@flat_map), [`sink`](macro@sink). The first parameter is the value; all others are references to
/// resources, which become the fields of `Resources` by their names. They stay ordinary functions, callable and testable.
///
/// # Errors
/// Mistakes are compile errors with a code, such as `WH0001` for a value that no sink takes; all are told in one run.
/// The guide has a page for each code, under `rules`; the pipeline's program prints it: `explain WH0001`.
///
/// ```no_run
/// use waterhealer::prelude::*;
///
/// #[pipeline(group = "hello")]
/// mod hello {
///     use super::*;
///
///     #[source(topic = "names")]
///     fn name(record: &Record<'_>) -> Result<String, std::str::Utf8Error> {
///         record.text().map(str::to_owned)
///     }
///
///     #[sink(from = name)]
///     fn greet(name: &String) {
///         println!("hello {name}");
///     }
/// }
///
/// fn main() -> ExitCode {
///     hello::main()
/// }
/// ```
#[proc_macro_attribute]
pub fn pipeline(options: TokenStream, item: TokenStream) -> TokenStream {
    pipeline_tokens(options.into(), &item.into()).into()
}

/// A function that makes a value of each record, of each line or name of a file, or of each value given by hand.
///
/// | option | what it says |
/// | --- | --- |
/// | `topic = "orders"` | the topic it reads |
/// | `topics = ["orders", "returns"]` | the topics it reads |
/// | `lines = "words.txt"` | the text file whose lines it takes, each a `String` |
/// | `files = "data/*.csv"` | the pattern of the files whose names it takes, each a `PathBuf` |
/// | `emit` | it is fed by hand: it takes a value of its own, given by `handle.emit(…)` |
/// | `properties("fetch.min.bytes" = "1")` | librdkafka properties of its consumer |
/// | `on_error = halt`, `skip` or `dead_letter("t")` | what an `Err` means: nothing past the record is committed, it is passed over, or it is written to another topic |
/// | `breaker(consecutive = 100, share = "20% of 1000")` | when so many fail that the pipeline halts all the same |
/// | `detached = "why"` | work may be started here that nobody awaits, since losing it does no harm |
/// | `checkpoint` | the last value that it hands on is kept, to be looked at |
///
/// It reads one of these: topics, lines, names of files, or values given by hand; the properties are those of topics. Over
/// topics it is not `async`, since a record is lent to it.
///
/// **Files** are read from their start at each run: nothing is remembered of them across restarts, and nothing committed. To
/// go on where the last run ended is what the offsets of a topic are for. A relative path is taken from the working
/// directory. A pipeline that runs to the end (`--until-end`) reads what there is and ends when that is finished, but for what
/// an operator without a clock holds for more, such as the rest of a `partition(5)`; any other looks ten times a second for
/// what has come. A carrier's position has the path or the pattern for a topic, and the number
/// of the line or of the name, from 0, for an offset.
///
/// - `lines`: a file in UTF-8, whose lines end in `\n` or `\r\n` and come without that. A last line without an end comes once
///   its end does, or at the end of the run. A file may only grow: one that becomes shorter halts the pipeline, one that is
///   moved away and replaced is not followed. A line that is not UTF-8 is an `Err`: it halts, or is passed over with `skip`.
/// - `files`: those that match, sorted, then new ones as they appear, each once. The pattern has `*` and `?`, `[ab]`, and
///   `**` for any folders; as in a shell, `*` stops at `/` and does not match a dot at the beginning. A file is named as soon
///   as it is there: move it into place when it is whole.
///
/// # Errors
/// A file of lines that is not there ends the pipeline at its start, before anything runs.
///
/// ```
/// # use waterhealer::prelude::*;
/// # #[pipeline(group = "g")] mod example { use super::*;
/// #[source(topic = "amounts", on_error = skip)]
/// fn amount(record: &Record<'_>) -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
///     Ok(record.text()?.parse()?)
/// }
///
/// #[source(lines = "amounts.txt")]
/// fn listed(line: String) -> Result<u64, std::num::ParseIntError> {
///     line.parse()
/// }
///
/// #[source(files = "amounts/*.txt")]
/// async fn filed(path: std::path::PathBuf) -> u64 {
///     path.as_os_str().len() as u64
/// }
///
/// #[source(emit)]
/// fn by_hand(amount: u64) -> u64 {
///     amount
/// }
/// # #[sink(from = amount.union(listed, filed, by_hand))] fn end(amount: u64) {} }
/// # fn main() {}
/// ```
#[proc_macro_attribute]
pub fn source(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::Source, item)
}

/// A function that makes one value of each.
///
/// | option | what it says |
/// | --- | --- |
/// | `from = order`, `from = left.union(right)` | the nodes whose values it takes |
/// | `concurrency = 64` | of an `async fn`, or a `blocking` one: calls that may be under way at once; with 1, the default of an `async fn`, the order is kept |
/// | `order_by = partition`, `key` or `none` | with `concurrency` or `retry`: calls for records of one partition, or with one key, are made one after another |
/// | `blocking` | of a function that is heavy or waits: each call is made on a thread where it may |
/// | `retry(max = 5, backoff = "100ms..10s", jitter, on = path)` | a call that fails is made again, before `on_error` is asked |
/// | `timeout = "30s"` | of an `async fn`, or a `blocking` one: how long a call may take |
/// | `on_panic = halt`, `skip` or `dead_letter("t")` | what a panic means; `halt` unless the pipeline says otherwise |
/// | `on_error = halt`, `skip` or `dead_letter("t")` | what an `Err` means |
/// | `breaker(consecutive = 100, share = "20% of 1000")` | when so many fail that the pipeline halts all the same |
/// | `detached = "why"` | work may be started here that nobody awaits, since losing it does no harm |
/// | `checkpoint` | the last value that it hands on is kept, to be looked at; of a sink, the last that it is given |
///
/// It takes `T`, `&T`, or, to see where the record stands, `Tracked<T>`, which it must give back.
///
/// ```
/// # use waterhealer::prelude::*;
/// # #[pipeline(group = "g")] mod example { use super::*;
/// # #[source(emit)] fn amount(amount: u64) -> u64 { amount }
/// #[map(from = amount)]
/// async fn with_tax(amount: u64, percent: &u64) -> u64 {
///     amount + amount * percent / 100
/// }
/// # #[sink(from = with_tax)] fn end(amount: u64) {} }
/// # fn main() {}
/// ```
#[proc_macro_attribute]
pub fn map(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::Map, item)
}

/// A function that lets a value through, or finishes its record.
///
/// It takes `&T` or `&Tracked<T>`, answers `bool` or `Result<bool, E>`, and has the options of [`map`](macro@map).
///
/// ```
/// # use waterhealer::prelude::*;
/// # #[pipeline(group = "g")] mod example { use super::*;
/// # #[source(emit)] fn amount(amount: u64) -> u64 { amount }
/// #[filter(from = amount)]
/// fn large(amount: &u64) -> bool {
///     *amount > 100
/// }
/// # #[sink(from = large)] fn end(amount: u64) {} }
/// # fn main() {}
/// ```
#[proc_macro_attribute]
pub fn filter(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::Filter, item)
}

/// A function that makes any number of values of each; the record is finished when all of them are.
///
/// It answers anything that can be iterated over, and has the options of [`map`](macro@map).
///
/// ```
/// # use waterhealer::prelude::*;
/// # #[pipeline(group = "g")] mod example { use super::*;
/// # #[source(emit)] fn line(line: String) -> String { line }
/// #[flat_map(from = line)]
/// fn words(line: String) -> Vec<String> {
///     line.split_whitespace().map(str::to_owned).collect()
/// }
/// # #[sink(from = words)] fn end(word: String) {} }
/// # fn main() {}
/// ```
#[proc_macro_attribute]
pub fn flat_map(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::FlatMap, item)
}

/// A function that makes the next state of the one before and a value.
///
/// | option | what it says |
/// | --- | --- |
/// | `start = 0` | the state that the first call takes |
/// | `returns_state` | it answers `(State, Value)`, and the value goes on; without, a clone of the state does |
/// | `volatile` | over Kafka: that the state may be lost at a restart, when its records' offsets have moved |
/// | `any_order` | that values may come in any order, from an async node with `concurrency` |
/// | `from`, `on_error` | as of [`map`](macro@map) |
///
/// It takes the state and then the value, `T` or `&T`. With lanes, each has a state of its own.
///
/// ```
/// # use waterhealer::prelude::*;
/// # #[pipeline(group = "g")] mod example { use super::*;
/// # #[source(emit)] fn amount(amount: u64) -> u64 { amount }
/// #[accumulate(from = amount, start = 0)]
/// fn total(total: u64, amount: u64) -> u64 {
///     total + amount
/// }
/// # #[sink(from = total)] fn end(total: u64) {} }
/// # fn main() {}
/// ```
#[proc_macro_attribute]
pub fn accumulate(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::Accumulate, item)
}

/// A function that is called with each element of a batch or a `Vec`, one after another; what it makes of them goes on
/// together.
///
/// A row of a batch that fails goes to `on_error` alone; an element of a `Vec` fails the whole, which is one record's. It has
/// the options of [`map`](macro@map).
///
/// ```
/// # use waterhealer::prelude::*;
/// # #[pipeline(group = "g")] mod example { use super::*;
/// # #[source(emit)] fn amount(amount: u64) -> u64 { amount }
/// #[foreach_map(from = amount.partition(5))]
/// fn doubled(amount: u64) -> u64 {
///     amount * 2
/// }
/// # #[sink(from = doubled)] fn end(amounts: Vec<u64>) {} }
/// # fn main() {}
/// ```
#[proc_macro_attribute]
pub fn foreach_map(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::ForeachMap, item)
}

/// An `async fn` that is called with each element of a batch or a `Vec`, all together; what they make goes on together, in
/// the order of the elements.
///
/// As [`foreach_map`](macro@foreach_map); `concurrency` counts batches.
///
/// ```
/// # use waterhealer::prelude::*;
/// # #[pipeline(group = "g")] mod example { use super::*;
/// # #[source(emit)] fn amount(amount: u64) -> u64 { amount }
/// #[foreach_async(from = amount.partition(5))]
/// async fn doubled(amount: u64) -> u64 {
///     amount * 2
/// }
/// # #[sink(from = doubled)] fn end(amounts: Vec<u64>) {} }
/// # fn main() {}
/// ```
#[proc_macro_attribute]
pub fn foreach_async(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::ForeachAsync, item)
}

/// A function that is called with the offsets of each commit, once the broker has confirmed it.
///
/// Each position's offset is the committed one: that of the next record to be read. It stands beside the graph and has
/// `on_error` only: an `Err` halts the pipeline, or is logged and passed over with `skip`.
///
/// ```
/// # use waterhealer::prelude::*;
/// # #[pipeline(group = "g")] mod example { use super::*;
/// # #[source(topic = "t")] fn amount(record: &Record<'_>) -> u64 { 1 }
/// # #[sink(from = amount)] fn end(amount: u64) {}
/// #[healed]
/// fn committed(offsets: &[Position]) {
///     for offset in offsets {
///         println!("{offset}");
///     }
/// }
/// # }
/// # fn main() {}
/// ```
#[proc_macro_attribute]
pub fn healed(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::Healed, item)
}

/// A function at which records are finished.
///
/// It answers nothing or a `Result<(), E>`, and of a `Tracked<T>` its receipt, `Done`. A sink whose value is itself a
/// `Result` answers one, since it would finish what has failed. It has the options of
/// [`map`](macro@map), and `may_repeat`: in a pipeline that delivers exactly once, that what it does outside Kafka may be done
/// again after a crash. With `topic = "…"` it answers a `KafkaMessage`, which is produced to the topic; the record is
/// finished when the broker has acknowledged it. With `flush = write_out` it may buffer: what it has answered for is finished
/// once the function `write_out` of the module has succeeded, which is called before each commit.
///
/// ```
/// # use waterhealer::prelude::*;
/// # #[pipeline(group = "g")] mod example { use super::*;
/// # #[source(emit)] fn amount(amount: u64) -> u64 { amount }
/// #[sink(from = amount)]
/// fn print(amount: &u64) {
///     println!("{amount}");
/// }
///
/// #[sink(from = amount, topic = "amounts")]
/// fn publish(amount: u64) -> KafkaMessage {
///     KafkaMessage::new(amount.to_string())
/// }
/// # }
/// # fn main() {}
/// ```
#[proc_macro_attribute]
pub fn sink(_options: TokenStream, item: TokenStream) -> TokenStream {
    outside(Word::Sink, item)
}

/// The guide's pages about rules: a module for each code that is listed, and `ALL` rules as data, for `explain`.
#[doc(hidden)]
#[proc_macro]
pub fn rules(pages: TokenStream) -> TokenStream {
    let pages = syn::parse_macro_input!(pages as message::rules::Pages);
    message::rules::expand_rules(&pages)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// The guide's page about operators: the table as Markdown, for `#[doc = operator_table!()]`.
#[doc(hidden)]
#[proc_macro]
pub fn operator_table(_nothing: TokenStream) -> TokenStream {
    let page = operator::page::markdown();
    quote!(#page).into()
}

/// `#[pipeline]` on tokens that need no compiler around them.
fn pipeline_tokens(options: Tokens, item: &Tokens) -> Tokens {
    let diag = Diagnostics::new();
    let options = parse::pipeline::parse_pipeline_options(options, &diag);
    let module = parse::module::parse_module(item, &diag);
    let Some(module) = module else {
        let errors = diag.finish().err().map(syn::Error::into_compile_error);
        return quote!(#errors #item);
    };
    let pipeline = model::lower_pipeline(&module, &options);
    check::check_pipeline(&pipeline, &diag);
    match diag.finish() {
        Ok(()) => expand::expand_pipeline(&pipeline),
        Err(errors) => {
            let errors = errors.into_compile_error();
            let items = expand::expand_fallback(&pipeline);
            quote!(#errors #items)
        }
    }
}

/// A node attribute that no `#[pipeline]` has taken off.
fn outside(word: Word, item: TokenStream) -> TokenStream {
    let text = message::place::OUTSIDE.render(&[("word", &word.text())]);
    let error = syn::Error::new(Span::call_site(), text).into_compile_error();
    let item: Tokens = item.into();
    quote!(#error #item).into()
}
