//! What each example prints, on the broker inside its process. Two are not here: `out_of_order` works for ten seconds and
//! prints the time, `orders` prints in the order of completion.

use std::path::PathBuf;
use std::process::Command;

/// A test for each example that runs its program and compares what it prints.
macro_rules! examples {
    ($($name:ident),* $(,)?) => {
        const RUN: &[&str] = &[$(stringify!($name)),*];

        mod output {
            $(
                #[test]
                fn $name() {
                    insta::assert_snapshot!(super::printed(stringify!($name)));
                }
            )*
        }
    };
}

examples! {
    auto_shutdown,
    checkpointing,
    complex_metrics,
    dead_letters,
    diamond,
    exactly_once,
    failures,
    foreach_async,
    json_logs,
    leakage,
    metrics,
    plus_one,
    retries,
    simple_metrics,
    time_partition,
    traces,
    word_count,
}

#[test]
fn none_is_left_out() {
    let manifest = include_str!("../Cargo.toml");
    let names = manifest.split("[[example]]\nname = \"").skip(1);
    let names: Vec<&str> = names.filter_map(|rest| rest.split('"').next()).collect();
    let left_out = names.into_iter().filter(|name| !RUN.contains(name));
    assert_eq!(left_out.collect::<Vec<_>>(), ["out_of_order", "orders"]);
}

/// What the example's program prints to an end in order.
fn printed(name: &str) -> String {
    let output = Command::new(program(name))
        .args(arguments(name))
        // Where the README tells to run them.
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output();
    let output = output.unwrap_or_else(|error| {
        panic!("`{name}`: {error}; `cargo test -p waterhealer-examples` builds it")
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {errors}", output.status);
    String::from_utf8(output.stdout).expect("examples print text")
}

/// What tells an example to come to an end.
fn arguments(name: &str) -> &'static [&'static str] {
    match name {
        // It would wait for its file to grow.
        "word_count" => &["--until-end"],
        _ => &[],
    }
}

/// Where cargo puts the program: beside the folder of the tests'.
fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this program is a file");
    let profile = test.ancestors().nth(2).expect("in `deps` of a profile");
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    profile.join("examples").join(file)
}
