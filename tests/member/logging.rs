//! Pipelines whose stages log: one as a whole program, and two in one program with a subscriber of its own. And one of a file,
//! for which no broker is asked.

use std::time::Duration;

use tracing_subscriber::prelude::*;
use waterhealer::prelude::*;

/// A value that nobody may look at.
pub(crate) struct Shy(Position);

impl std::fmt::Debug for Shy {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("do not look")
    }
}

#[pipeline(group = "logging", interval = "1s")]
mod logging_pipeline {
    use super::*;

    #[source(topic = "wh-logging")]
    fn read(record: &Record<'_>) -> Position {
        tracing::info!(own = %record.emit_id(), offset = record.offset(), "read");
        record.position()
    }

    #[map(from = read)]
    fn at_once(at: Position) -> Position {
        tracing::warn!(offset = at.offset, level = "of the field", "at once");
        at
    }

    /// What it starts by itself is in no stage.
    #[map(from = at_once, concurrency = 4)]
    async fn later(at: Position) -> Position {
        let _span = tracing::info_span!("around", tries = 3).entered().exit();
        tracing::info!(offset = at.offset, "before");
        tokio::time::sleep(Duration::from_millis(2)).await;
        tracing::info!(offset = at.offset, "after");
        let offset = at.offset;
        let apart = tokio::spawn(async move { tracing::info!(offset, "apart") });
        apart.await.expect("it does not panic");
        at
    }

    #[map(from = later, blocking)]
    fn slowly(at: Position) -> Shy {
        tracing::info_span!("around", tries = 3).in_scope(|| {
            tracing::info!(offset = at.offset, "blocking");
        });
        Shy(at)
    }

    #[sink(from = slowly, on_error = skip)]
    fn done(Shy(at): Shy) -> Result<(), String> {
        match at.offset {
            2 => Err("never the third".to_owned()),
            _ => Ok(()),
        }
    }
}

macro_rules! side {
    ($name:ident, $topic:literal) => {
        #[pipeline(group = "logging-side")]
        mod $name {
            use super::*;

            #[source(topic = $topic)]
            fn read(record: &Record<'_>) -> Position {
                record.position()
            }

            #[map(from = read, concurrency = 8)]
            async fn wait(at: Position) -> Position {
                tokio::time::sleep(Duration::from_millis(1)).await;
                tracing::info!(topic = %at.topic, offset = at.offset, "waited");
                at
            }

            #[sink(from = wait)]
            fn done(at: Position) {
                tracing::info!(topic = %at.topic, offset = at.offset, "done");
            }
        }
    };
}

side!(left, "wh-logging-left");
side!(right, "wh-logging-right");

/// As a whole program.
pub(crate) fn program() -> ExitCode {
    logging_pipeline::main()
}

/// Two at once, with a subscriber of the program's own.
pub(crate) fn two() -> ExitCode {
    let lines = waterhealer::telemetry::json();
    let level = tracing_subscriber::filter::LevelFilter::INFO;
    tracing_subscriber::registry()
        .with(level)
        .with(lines)
        .init();
    let runtime = tokio::runtime::Runtime::new().expect("it starts");
    let group = std::env::var("GROUP").expect("the test says it");
    let config = |side: &str| Config::load().group(format!("{group}-{side}")).until_end();
    let ended = runtime.block_on(async {
        tokio::try_join!(
            left::pipeline().config(config("left")).run(),
            right::pipeline().config(config("right")).run(),
        )
    });
    ended.expect("both end in order");
    ExitCode::SUCCESS
}
