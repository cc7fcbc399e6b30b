//! In which form an argument is kept, by what its type can do; and of what nothing can be kept.

use serde_json::json;
use waterhealer::prelude::*;
use waterhealer::testing;

use super::Kept;

#[derive(Debug, Clone)]
pub(super) struct Shown(#[expect(dead_code, reason = "it is printed")] u64);

#[derive(serde::Serialize)]
pub(super) struct Written(u64);

pub(super) struct Nothing;

#[pipeline(group = "forms", on_panic = skip)]
mod forms {
    use super::*;

    #[source(emit)]
    fn number(number: u64) -> u64 {
        number
    }

    #[map(from = number)]
    fn shown(number: u64) -> Shown {
        Shown(number)
    }

    #[sink(from = shown)]
    fn refuse_shown(shown: Shown) {
        panic!("{shown:?}")
    }

    #[map(from = number)]
    fn written(number: u64) -> Written {
        Written(number)
    }

    #[sink(from = written, on_error = skip)]
    async fn refuse_written(written: Written) -> Result<(), String> {
        tokio::task::yield_now().await;
        Err(format!("no {}", written.0))
    }

    #[map(from = number)]
    fn nothing(_number: u64) -> Nothing {
        Nothing
    }

    #[sink(from = nothing)]
    async fn refuse_nothing(_nothing: Nothing) {
        panic!("nothing")
    }

    #[sink(from = number, timeout = "1s", on_error = skip)]
    async fn hang(_number: u64) {
        std::future::pending::<()>().await;
    }
}

#[test]
fn an_argument_is_kept_in_the_best_form_that_its_type_has() {
    let kept = Kept::default();
    let mut test = kept.drive(forms::pipeline());
    test.hold_answers();
    test.emit(7_u64);
    while test.calls().len() > 1 {
        let next = test.calls().iter().position(|call| call.stage != "hang");
        test.answer(next.expect("another one is under way"));
    }
    test.advance(std::time::Duration::from_secs(2));
    let kept = kept.all();
    for (stage, form, args, why) in [
        (
            "refuse_shown",
            "debug",
            json!(["Shown(7)"]),
            "without `Serialize`",
        ),
        (
            "refuse_written",
            "json",
            json!([7]),
            "derive `serde::Deserialize`",
        ),
        (
            "refuse_nothing",
            "name",
            json!(["driven::failures::given::Nothing"]),
            "without `Serialize`",
        ),
        ("hang", "unknown", json!([]), "did not come back"),
    ] {
        let failure = kept.iter().find(|failure| failure["stage"] == stage);
        let failure = failure.unwrap_or_else(|| panic!("none of {stage} in {kept:#?}"));
        assert_eq!(
            (&failure["args_form"], &failure["args"]),
            (&json!(form), &args),
            "{stage}"
        );
        let told = testing::replay(forms::pipeline(), &failure.to_string());
        let told = told.unwrap_err().to_string();
        assert!(told.contains(why), "{stage}: {told}");
    }
}

#[test]
fn a_panic_is_told_with_where_it_arose() {
    let kept = Kept::default();
    let mut test = kept.drive(forms::pipeline());
    test.hold_answers();
    test.emit(7_u64);
    let kept = kept.all();
    let panic = kept
        .iter()
        .find(|failure| failure["stage"] == "refuse_shown");
    let panic = panic.expect("it has panicked");
    assert_eq!(panic["fault"], "panic");
    assert_eq!(panic["error"], "panicked: Shown(7)");
    let location = panic["location"].as_str().expect("it is noted");
    assert!(location.contains("failures/given.rs:"), "{location}");
}
