//! A real Kafka broker on loopback: formatted, started in the background, stopped, each in a folder of its own.

mod java;
mod settings;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use self::settings::{Ports, Proxied};
use super::daemon::Daemon;
use super::{home, port};
use crate::error::Doing;
use crate::{Error, machine};

/// Any id of 16 bytes in URL-safe base64 will do, since these clusters never meet.
const CLUSTER_ID: &str = "d2F0ZXJoZWFsZXIudGVzdA";

/// A slow machine under load takes its time; a usual start is 3 s.
const PATIENCE: Duration = Duration::from_secs(90);

/// A single-node Kafka out of one folder, with data that outlives a stop and a start.
///
/// A test that wants a broker of its own to restart under load:
///
/// ```no_run
/// use xtask::services::{self, Kafka};
///
/// # fn main() -> Result<(), xtask::Error> {
/// let (clients, controller) = (services::free_port()?, services::free_port()?);
/// let mut kafka = Kafka::at(services::home().join("kafka-restart"), clients, controller).kill_on_drop();
/// kafka.kill()?; // one that an earlier run may have left in that folder
/// kafka.wipe()?;
/// kafka.start()?;
/// println!("produce to {}", kafka.bootstrap());
/// kafka.stop()?;
/// kafka.start()?; // same address, same topics, same committed offsets
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Kafka {
    daemon: Daemon,
    ports: Ports,
}

impl Kafka {
    /// The broker of this folder, whether it runs or not: clients on `port`, its own controller on `controller_port`.
    pub fn at(dir: impl Into<PathBuf>, port: u16, controller_port: u16) -> Kafka {
        let ports = Ports {
            clients: port,
            controller: controller_port,
            proxied: None,
        };
        Kafka {
            daemon: Daemon::at("Kafka", dir.into()),
            ports,
        }
    }

    /// For tests: the broker is killed when this value is dropped, and Ctrl-C at the terminal reaches it too. Without
    /// this it stays when the process that started it ends.
    #[must_use = "the broker is dropped with this value"]
    pub fn kill_on_drop(mut self) -> Kafka {
        self.daemon.kill_on_drop();
        self
    }

    /// A second door on `port`, whose clients are told to come back by the proxy on `advertised`.
    #[must_use = "the broker is this value"]
    pub fn behind(mut self, port: u16, advertised: u16) -> Kafka {
        self.ports.proxied = Some(Proxied {
            listens: port,
            advertised,
        });
        self
    }

    /// Starts the broker and waits until it serves clients; one that runs already is left as it is. Takes 3 s, and
    /// some more the first time, when Maven resolves the jars.
    ///
    /// # Errors
    /// When Java or Maven is missing, a port is taken, or the broker does not get ready; the last names the end of its log.
    pub fn start(&mut self) -> Result<(), Error> {
        let properties = settings::server_properties(self.ports, &self.data());
        let file = self.dir().join("server.properties");
        if let Some(process) = self.daemon.process() {
            return self.is_ours_and_answers(process.pid, &file, &properties);
        }
        let proxied = self.ports.proxied.map(|proxied| proxied.listens);
        for port in [self.ports.clients, self.ports.controller]
            .into_iter()
            .chain(proxied)
        {
            if !port::is_free(port) {
                return Err(Error::Failed(format!(
                    "Kafka cannot listen on 127.0.0.1:{port}: the port is taken"
                )));
            }
        }
        let java = java::java()?;
        let jars = java::jars(&home())?;
        fs::create_dir_all(self.dir()).doing(|| format!("create {}", self.dir().display()))?;
        fs::write(&file, properties).doing(|| format!("write {}", file.display()))?;
        let logging = self.dir().join("log4j2.properties");
        fs::write(&logging, include_str!("log4j2.properties"))
            .doing(|| format!("write {}", logging.display()))?;

        let run = |heap: &str| {
            let mut command = Command::new(&java);
            command.arg(heap).arg("-Djava.awt.headless=true");
            command.arg(format!(
                "-Dlog4j2.configurationFile=file:{}",
                logging.display()
            ));
            command.arg("-cp").arg(jars.join("*"));
            command
        };
        if !self.data().join("meta.properties").is_file() {
            let mut format = run("-Xmx256M");
            format
                .args([
                    "kafka.tools.StorageTool",
                    "format",
                    "--cluster-id",
                    CLUSTER_ID,
                    "--config",
                ])
                .arg(&file);
            machine::run(&mut format)?;
        }
        let mut broker = run("-Xmx1G");
        // The JVM options of Kafka's own start script.
        broker.args([
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:+ExplicitGCInvokesConcurrent",
        ]);
        broker.arg("kafka.Kafka").arg(&file);
        let address = self.bootstrap();
        // The port opens before the broker serves; the log line alone says nothing about the port.
        self.daemon.start(&mut broker, PATIENCE, |log| {
            log.contains("Kafka Server started") && port::kafka_answers(&address).is_ok()
        })
    }

    /// SIGTERM and the broker's own orderly end; SIGKILL after 30 s. One that does not run is no error.
    ///
    /// # Errors
    /// When it cannot be signalled, or survives.
    pub fn stop(&mut self) -> Result<(), Error> {
        self.daemon.stop()
    }

    /// SIGKILL: a broker that is gone from one moment to the next. One that does not run is no error.
    ///
    /// # Errors
    /// When it cannot be signalled, or survives.
    pub fn kill(&mut self) -> Result<(), Error> {
        self.daemon.kill()
    }

    /// Removes all topics, offsets and logs of a broker that does not run: the next start is a new cluster.
    ///
    /// # Errors
    /// When it runs, or its folder cannot be removed.
    pub fn wipe(&self) -> Result<(), Error> {
        if let Some(pid) = self.pid() {
            return Err(Error::Failed(format!(
                "Kafka (process {pid}) runs on the data in {}",
                self.dir().display()
            )));
        }
        super::remove_folder(self.dir())
    }

    /// What clients take as `bootstrap.servers`.
    pub fn bootstrap(&self) -> String {
        format!("127.0.0.1:{}", self.ports.clients)
    }

    /// The number of its process, if it runs.
    pub fn pid(&self) -> Option<u32> {
        self.daemon.process().map(|process| process.pid)
    }

    /// The folder with its configuration, its data and its log.
    pub fn dir(&self) -> &Path {
        self.daemon.dir()
    }

    fn data(&self) -> PathBuf {
        self.dir().join("data")
    }

    fn is_ours_and_answers(&self, pid: u32, file: &Path, properties: &str) -> Result<(), Error> {
        let runs_with = fs::read_to_string(file).doing(|| format!("read {}", file.display()))?;
        if runs_with != properties {
            let folder = self.dir().display();
            return Err(Error::Failed(format!(
                "Kafka (process {pid}) runs in {folder} with other settings: stop it first"
            )));
        }
        port::kafka_answers(&self.bootstrap())
            .doing(|| format!("reach Kafka (process {pid}) at {}", self.bootstrap()))
    }
}
