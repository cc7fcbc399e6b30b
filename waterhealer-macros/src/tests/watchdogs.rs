//! `auto_shutdown` of the pipeline's attribute: what it says, and what is refused.

use super::{between, findings_of, tokens};
use crate::diag::Diagnostics;
use crate::parse::pipeline::parse_pipeline_options;

/// What the option comes to, as settings.
fn settings(option: &str) -> Vec<(&'static str, String)> {
    let diag = Diagnostics::new();
    let options = parse_pipeline_options(tokens(option), &diag);
    assert_eq!(diag.findings(), [], "{option}");
    options.settings()
}

#[test]
fn each_option_is_the_setting_of_its_name() {
    assert_eq!(
        settings("auto_shutdown"),
        [("auto_shutdown", "true".to_owned())]
    );
    let all = "auto_shutdown(got_error = false, graceful_offset = \"90m\", when_idle = true, graceful_polling = 1_800, \
               brokers_away = \"5m\", auto_expired = 0, max_total_commit = 0, interval = \"5s\", sleep_before_shutdown = 0, \
               defaults)";
    let expected = [
        ("auto_shutdown", "true"),
        ("auto_shutdown_got_error", "false"),
        ("auto_shutdown_graceful_offset", "90m"),
        ("auto_shutdown_when_idle", "true"),
        ("auto_shutdown_graceful_polling", "1800"),
        ("auto_shutdown_brokers_away", "5m"),
        ("auto_shutdown_auto_expired", "0"),
        ("auto_shutdown_max_total_commit", "0"),
        ("auto_shutdown_interval", "5s"),
        ("auto_shutdown_sleep_before_shutdown", "0"),
    ];
    let expected = expected.map(|(name, value)| (name, value.to_owned()));
    assert_eq!(settings(all), expected);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let whole = between("#[map(from = order)] fn price(order: Order) -> Priced { x }");
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("auto_shutdown = true", &[("WH0063", "true")]),
        ("auto_shutdown()", &[("WH0063", "auto_shutdown")]),
        (
            "auto_shutdown(graceful_ofset = \"1h\")",
            &[("WH0074", "graceful_ofset")],
        ),
        ("auto_shutdown(got_dask = true)", &[("WH0074", "got_dask")]),
        (
            "auto_shutdown(auto_expired = \"1h\", auto_expired = \"2h\")",
            &[("WH0062", "auto_expired")],
        ),
        (
            "auto_shutdown(graceful_offset = \"soon\", interval = 0, max_total_commit = \"many\", got_error = 1, defaults = true)",
            &[
                ("WH0063", "\"soon\""),
                ("WH0063", "0"),
                ("WH0063", "\"many\""),
                ("WH0063", "1"),
                ("WH0063", "true"),
            ],
        ),
        ("auto_shutdown(5)", &[("WH0060", "5")]),
    ];
    for (option, expected) in cases {
        let found = findings_of(&format!("group = \"g\", {option}"), &whole);
        let found: Vec<_> = found
            .iter()
            .map(|(code, caret)| (code.as_str(), caret.as_str()))
            .collect();
        assert_eq!(found, *expected, "{option}");
    }
}
