//! Programs that the compiler must refuse, with the words it refuses them in, and programs that it must accept. Each
//! program says in its first line which mistake or which freedom it is. What the macros find is checked against their
//! catalogue in `house`.
//!
//! After a change of a message: `TRYBUILD=overwrite cargo test -p waterhealer-tests --test ui`, and read every golden that
//! has changed.

/// Every way out of a carrier, every broken graph, every option that makes no sense.
#[test]
fn refused_programs_are_refused_in_good_words() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/refused/**/*.rs");
}

/// What must stay possible. These are run too: each ends at once, without Kafka.
#[test]
fn accepted_programs_compile_and_run() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/accepted/**/*.rs");
}
