//! What a running pipeline answers over HTTP: health, metrics, what it is doing. It reads what the flow publishes and changes
//! nothing. The only room that names `axum` and `prometheus`. A route is added in `routes`, a metric in `names`.

mod bind;
mod collect;
mod door;
mod events;
mod exposition;
mod health;
mod look;
mod names;
mod routes;
mod state;
mod view;

pub(crate) use bind::bind;
pub use names::{METRICS, Metric};
pub(crate) use view::View;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long answers under way may take once the pipeline has ended.
const END: Duration = Duration::from_secs(1);

/// The server of one pipeline, until it is ended or dropped.
pub(crate) struct Serving {
    ended: watch::Sender<bool>,
    answering: JoinHandle<()>,
    telling: JoinHandle<()>,
}

impl Serving {
    /// Answers at this address from now on.
    pub(crate) fn start(listener: TcpListener, address: SocketAddr, view: View) -> Self {
        let (ended, end) = watch::channel(false);
        let desk = events::Desk::new(Arc::new(view));
        let telling = tokio::spawn(Arc::clone(&desk).tell(end));
        // A stream of events would keep the server from ending: each ends by the same word.
        let over = desk.over();
        let router = routes::router(desk, address.ip().is_loopback());
        let answering = tokio::spawn(async move {
            let serving = axum::serve(listener, router).with_graceful_shutdown(over);
            if let Err(error) = serving.await {
                tracing::warn!(%error, "nothing is answered over HTTP any more");
            }
        });
        Serving {
            ended,
            answering,
            telling,
        }
    }

    /// The pipeline has ended: whoever listens to events hears of it, and then nothing is answered any more.
    pub(crate) async fn end(mut self) {
        // The tasks may be gone already.
        let _gone = self.ended.send(true);
        let both = async {
            let _told = (&mut self.telling).await;
            let _answered = (&mut self.answering).await;
        };
        if tokio::time::timeout(END, both).await.is_err() {
            tracing::debug!("answers over HTTP were under way at the end; they are cut off");
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.telling.abort();
        self.answering.abort();
    }
}
