//! The graph of every example, as Mermaid. The examples are programs; here they are modules, and nobody calls `main`.

use waterhealer::Format;

/// An example's file as a module, and a test that draws its pipeline. The module of the pipeline has the file's name.
macro_rules! examples {
    ($($name:ident: $path:literal),* $(,)?) => {
        $(
            #[path = $path]
            #[allow(dead_code, unreachable_pub, clippy::module_inception, reason = "they are programs")]
            mod $name;
        )*

        const DRAWN: &[&str] = &[$(stringify!($name)),*];

        mod graph {
            $(
                #[test]
                fn $name() {
                    let graph = super::$name::$name::__waterhealer::SPEC.render(super::Format::Mermaid);
                    insta::assert_snapshot!(graph);
                }
            )*
        }
    };
}

examples! {
    auto_shutdown: "../../examples/auto_shutdown.rs",
    checkpointing: "../../examples/checkpointing.rs",
    complex_metrics: "../../examples/complex_metrics.rs",
    dead_letters: "../../examples/dead_letters.rs",
    diamond: "../../examples/diamond.rs",
    exactly_once: "../../examples/exactly_once.rs",
    failures: "../../examples/failures.rs",
    foreach_async: "../../examples/foreach_async.rs",
    json_logs: "../../examples/json_logs.rs",
    leakage: "../../examples/leakage.rs",
    metrics: "../../examples/metrics.rs",
    orders: "../../examples/orders.rs",
    out_of_order: "../../examples/out_of_order.rs",
    plus_one: "../../examples/plus_one.rs",
    retries: "../../examples/retries.rs",
    simple_metrics: "../../examples/simple_metrics.rs",
    time_partition: "../../examples/time_partition.rs",
    traces: "../../examples/traces.rs",
    word_count: "../../examples/word_count.rs",
}

#[test]
fn none_is_left_out() {
    let manifest = include_str!("../../examples/Cargo.toml");
    let names = manifest.split("[[example]]\nname = \"").skip(1);
    let names: Vec<&str> = names.filter_map(|rest| rest.split('"').next()).collect();
    let left_out: Vec<_> = names.iter().filter(|name| !DRAWN.contains(name)).collect();
    assert!(left_out.is_empty(), "not in the table above: {left_out:?}");
    assert_eq!(names.len(), DRAWN.len());
}
