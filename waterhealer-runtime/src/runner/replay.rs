//! `replay`: a stage is called again with what a kept failure of it says it was given, and what comes of that is printed; or a
//! test is written that does the same. Calling it is `flow`'s.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::pipeline::Pipeline;
use super::program::{FAILED, USAGE, runtime, say, say_error};
use crate::error::Error;
use crate::failures::Kept;
use crate::flow::{self, Graph, Replayed};

#[derive(Args)]
pub(super) struct Again {
    /// A file that a failure was kept in.
    file: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Print a Rust test that calls the stage with it, instead of calling it.
    #[arg(long, conflicts_with = "json")]
    as_test: bool,
}

impl Again {
    pub(super) fn run<G: Graph>(self, pipeline: Pipeline<G>) -> Result<ExitCode, Error> {
        let text = match std::fs::read_to_string(&self.file) {
            Ok(text) => text,
            Err(error) => return Ok(self.refuse(&error.to_string())),
        };
        let kept = match Kept::read(&text) {
            Ok(kept) => kept,
            Err(why) => return Ok(self.refuse(&why.to_string())),
        };
        if self.as_test {
            say(&as_test(&kept, &text));
            return Ok(ExitCode::SUCCESS);
        }
        let said = Said::of(&kept);
        let replayed = replay_on_a_runtime(pipeline, kept)?;
        Ok(match &replayed {
            Replayed::Cannot(why) if !self.json => self.refuse(why),
            _ => {
                let print = if self.json { Said::json } else { Said::prose };
                say(&print(&said, &replayed));
                match replayed {
                    Replayed::Answered { .. } => ExitCode::SUCCESS,
                    Replayed::Failed(_) => ExitCode::from(FAILED),
                    Replayed::Cannot(_) => ExitCode::from(USAGE),
                }
            }
        })
    }

    fn refuse(&self, why: &str) -> ExitCode {
        say_error(&format!(
            "`{}` cannot be replayed: {why}",
            self.file.display()
        ));
        ExitCode::from(USAGE)
    }
}

fn replay_on_a_runtime<G: Graph>(pipeline: Pipeline<G>, kept: Kept) -> Result<Replayed, Error> {
    let runtime = runtime()?;
    let replayed = replay(pipeline, kept, runtime.handle().clone())?;
    runtime.shutdown_background();
    Ok(replayed)
}

/// Calls the stage of a kept failure once more.
///
/// # Errors
/// When the pipeline's resources are in use elsewhere.
pub(crate) fn replay<G: Graph>(
    pipeline: Pipeline<G>,
    kept: Kept,
    pool: tokio::runtime::Handle,
) -> Result<Replayed, Error> {
    let resources = pipeline.into_resources()?;
    Ok(flow::replay::<G>(resources, kept, pool))
}

/// What is said of the failure besides what came of it now.
struct Said {
    function: String,
    position: String,
    before: String,
}

impl Said {
    fn of(kept: &Kept) -> Self {
        let text = |field| kept.text(field).unwrap_or("?").to_owned();
        Said {
            function: text("function"),
            position: kept.position().to_string(),
            before: text("error"),
        }
    }

    fn prose(&self, replayed: &Replayed) -> String {
        let Said {
            function,
            position,
            before,
        } = self;
        let now = match replayed {
            Replayed::Answered { text, .. } => format!("answers now: {text}\n"),
            Replayed::Failed(failure) => {
                let mut text = format!("fails now:    {failure}\n");
                for cause in failure.chain().iter().skip(1) {
                    text.push_str(&format!("  caused by   {cause}\n"));
                }
                if let Some(arose) = failure.arose() {
                    text.push_str(&format!("  at          {}\n", arose.location));
                }
                text
            }
            Replayed::Cannot(why) => format!("cannot be called: {why}\n"),
        };
        format!("`{function}` on {position}\nfailed then:  {before}\n{now}")
    }

    fn json(&self, replayed: &Replayed) -> String {
        let outcome = match replayed {
            Replayed::Answered { text, form } => {
                let value = serde_json::from_str::<Value>(text).ok();
                let value = value.filter(|_| *form == "json");
                json!({ "outcome": "answered", "value": value.unwrap_or_else(|| json!(text)), "form": form })
            }
            Replayed::Failed(failure) => json!({
                "outcome": "failed",
                "error": failure.to_string(),
                "exception": failure.chain(),
                "class": failure.class(),
                "location": failure.arose().map(|arose| &arose.location),
            }),
            Replayed::Cannot(why) => json!({ "outcome": "cannot", "why": why }),
        };
        let mut told = json!({
            "function": self.function,
            "position": self.position,
            "before": self.before,
        });
        if let (Some(told), Value::Object(outcome)) = (told.as_object_mut(), outcome) {
            told.extend(outcome);
        }
        format!("{told:#}\n")
    }
}

/// A test that fails for as long as the stage does.
fn as_test(kept: &Kept, text: &str) -> String {
    let field = |name| kept.text(name).unwrap_or("?");
    let (stage, function) = (field("stage"), field("function"));
    let position = kept.position();
    let module = function
        .rsplit_once("::")
        .map_or(function, |(module, _)| module);
    // In a test of the same crate.
    let module = module
        .split_once("::")
        .map_or_else(|| module.to_owned(), |(_, inner)| format!("crate::{inner}"));
    let resources = kept.resources();
    let argument = match resources.is_empty() {
        true => String::new(),
        false => format!("{module}::Resources::default()"),
    };
    let note = match resources.is_empty() {
        true => String::new(),
        false => format!(
            "    // `{stage}` is given {}: make them as the program does, if they have no default.\n",
            resources.join(", ")
        ),
    };
    let topic: String = position.topic.chars().map(plain).collect();
    let fence = fence(text);
    format!(
        "/// {error}\n#[test]\nfn {stage}_takes_{topic}_{partition}_{offset}() {{\n\
         {note}    let pipeline = {module}::pipeline({argument});\n    \
         let outcome = waterhealer::testing::replay(pipeline, FAILURE);\n    \
         assert!(outcome.is_ok(), \"{{}}\", outcome.unwrap_err());\n\n    \
         const FAILURE: &str = r{fence}\"{text}\"{fence};\n}}\n",
        error = field("error").lines().next().unwrap_or_default(),
        partition = position.partition,
        offset = position.offset,
    )
}

/// A letter that may stand in a name.
fn plain(letter: char) -> char {
    match letter.is_ascii_alphanumeric() {
        true => letter.to_ascii_lowercase(),
        false => '_',
    }
}

/// As many `#` as a raw string of this text needs.
fn fence(text: &str) -> String {
    let mut fence = "#".to_owned();
    while text.contains(&format!("\"{fence}")) {
        fence.push('#');
    }
    fence
}
