//! A real Redis on loopback: Debian's server, started by us with nothing kept on disk. Never the system's own service.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::daemon::Daemon;
use super::port;
use crate::error::Doing;
use crate::{Error, machine};

/// It takes a few milliseconds; the rest is for a machine under load.
const PATIENCE: Duration = Duration::from_secs(30);

/// A Redis out of one folder, which forgets everything when it stops.
#[derive(Debug)]
pub struct Redis {
    daemon: Daemon,
    port: u16,
}

impl Redis {
    /// The server of this folder, whether it runs or not.
    pub fn at(dir: impl Into<PathBuf>, port: u16) -> Redis {
        Redis {
            daemon: Daemon::at("Redis", dir.into()),
            port,
        }
    }

    /// For tests: the server is killed when this value is dropped.
    #[must_use = "the server is dropped with this value"]
    pub fn kill_on_drop(mut self) -> Redis {
        self.daemon.kill_on_drop();
        self
    }

    /// Starts the server and waits until it answers; one that runs already is left as it is. Installs Debian's
    /// `redis-server` where that is missing and we may.
    ///
    /// # Errors
    /// When the server is missing and cannot be installed, the port is taken, or it does not get ready.
    pub fn start(&mut self) -> Result<(), Error> {
        let url = self.url();
        if let Some(process) = self.daemon.process() {
            return port::redis_answers(&url)
                .doing(|| format!("reach Redis (process {}) at {url}", process.pid));
        }
        let why =
            "`services up` starts a real Redis for the tests, unless REDIS_URL names a running one";
        machine::ensure_programs(&["redis-server"], "redis-server", why)?;
        if !port::is_free(self.port) {
            return Err(Error::Failed(format!(
                "Redis cannot listen on 127.0.0.1:{}: the port is taken",
                self.port
            )));
        }
        let mut server = Command::new("redis-server");
        server.args([
            "--bind",
            "127.0.0.1",
            "--port",
            &self.port.to_string(),
            "--daemonize",
            "no",
        ]);
        server
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(self.dir());
        self.daemon
            .start(&mut server, PATIENCE, |_| port::redis_answers(&url).is_ok())
    }

    /// SIGTERM; SIGKILL after 30 s. One that does not run is no error.
    ///
    /// # Errors
    /// When it cannot be signalled, or survives.
    pub fn stop(&mut self) -> Result<(), Error> {
        self.daemon.stop()
    }

    /// What clients connect to.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The number of its process, if it runs.
    pub fn pid(&self) -> Option<u32> {
        self.daemon.process().map(|process| process.pid)
    }

    /// The folder that it runs in, with its log.
    pub fn dir(&self) -> &Path {
        self.daemon.dir()
    }
}
