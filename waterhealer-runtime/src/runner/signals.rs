//! The signals that end a program: the first asks for an orderly end, the second does not wait for it.

use crate::error::{Error, ErrorKind};

/// Waits for SIGTERM or SIGINT. From then on, one more of either ends the process at once.
///
/// # Errors
/// When the signals cannot be listened to.
pub(super) async fn asked_to_end() -> Result<(), Error> {
    let mut ends = Ends::listen()?;
    ends.next().await;
    tokio::spawn(async move {
        ends.next().await;
        end_at_once();
    });
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the second signal asks for exactly this; nothing unfinished is committed"
)]
fn end_at_once() -> ! {
    std::process::exit(130)
}

#[cfg(unix)]
struct Ends {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Ends {
    fn listen() -> Result<Self, Error> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| {
            signal(kind).map_err(|error| {
                Error::new(
                    ErrorKind::Internal,
                    format!("cannot listen to signals: {error}"),
                )
            })
        };
        Ok(Ends {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            // Either will do; the order only makes it the same each time.
            biased;
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Ends;

#[cfg(not(unix))]
impl Ends {
    fn listen() -> Result<Self, Error> {
        Ok(Ends)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
