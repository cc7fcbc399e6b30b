//! A program that runs in the background out of a folder of its own, in which it is recorded: how Kafka and Redis are
//! started, found again and stopped. What is run, and when it is ready, stands with each service.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::error::Doing;
use crate::process::Process;
use crate::{Error, interrupt, machine};

/// How long a program may take to end by itself after SIGTERM, and to be gone after SIGKILL.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Daemon {
    name: &'static str,
    dir: PathBuf,
    /// Present where this value started it: a parent has to collect the exit status.
    child: Option<Child>,
    /// Length of the log when it was last started: what stands before is from earlier runs.
    log_start: u64,
    ends_with_us: bool,
}

impl Daemon {
    pub(crate) fn at(name: &'static str, dir: PathBuf) -> Daemon {
        Daemon {
            name,
            dir,
            child: None,
            log_start: 0,
            ends_with_us: false,
        }
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn kill_on_drop(&mut self) {
        self.ends_with_us = true;
    }

    /// The process that was recorded in the folder, if it still runs.
    pub(crate) fn process(&self) -> Option<Process> {
        let text = fs::read_to_string(self.record()).ok()?;
        serde_json::from_str(&text).ok().filter(Process::is_running)
    }

    /// Starts the program in the background, records it, and waits until `ready` says so, given the log of this run.
    pub(crate) fn start(
        &mut self,
        command: &mut Command,
        patience: Duration,
        ready: impl Fn(&str) -> bool,
    ) -> Result<(), Error> {
        self.spawn(command)?;
        let outcome = self.wait_ready(patience, ready);
        if outcome.is_err() {
            self.kill()?;
        }
        outcome
    }

    /// SIGTERM, and SIGKILL when that did not help within 30 s. One that does not run is no error.
    pub(crate) fn stop(&mut self) -> Result<(), Error> {
        if let Some(process) = self.process() {
            process.signal(Signal::TERM)?;
            if !self.wait_gone(&process) {
                eprintln!(
                    "{} (process {}) did not end on SIGTERM: killing it",
                    self.name, process.pid
                );
            }
        }
        self.kill()
    }

    /// SIGKILL. One that does not run is no error.
    pub(crate) fn kill(&mut self) -> Result<(), Error> {
        if let Some(process) = self.process() {
            process.signal(Signal::KILL)?;
            if !self.wait_gone(&process) {
                return Err(Error::Failed(format!(
                    "{} (process {}) survives SIGKILL",
                    self.name, process.pid
                )));
            }
        }
        self.reap();
        match fs::remove_file(self.record()) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(error).doing(|| format!("remove {}", self.record().display()))
            }
            _ => Ok(()),
        }
    }

    fn spawn(&mut self, command: &mut Command) -> Result<(), Error> {
        fs::create_dir_all(&self.dir).doing(|| format!("create {}", self.dir.display()))?;
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log())
            .doing(|| format!("open {}", self.log().display()))?;
        self.log_start = log
            .metadata()
            .doing(|| format!("read {}", self.log().display()))?
            .len();
        let errors = log
            .try_clone()
            .doing(|| "share the log between two streams".into())?;
        command
            .current_dir(&self.dir)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors);
        if !self.ends_with_us {
            // Ctrl-C at the terminal goes to the group in front, and is not meant for a service that stays.
            command.process_group(0);
        }
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.spawn().doing(|| format!("start {program}"))?;
        let pid = child.id();
        self.child = Some(child);
        let process = Process::running(pid).ok_or_else(|| self.died())?;
        let text =
            serde_json::to_string(&process).map_err(|error| Error::Failed(error.to_string()))?;
        fs::write(self.record(), text).doing(|| format!("write {}", self.record().display()))
    }

    fn wait_ready(
        &mut self,
        patience: Duration,
        ready: impl Fn(&str) -> bool,
    ) -> Result<(), Error> {
        let deadline = Instant::now() + patience;
        loop {
            interrupt::check()?;
            if self.process().is_none() {
                return Err(self.died());
            }
            if ready(&self.log_of_this_run()) {
                return Ok(());
            }
            if Instant::now() >= deadline {
                let log = machine::tail(&self.log_of_this_run(), 20);
                let seconds = patience.as_secs();
                return Err(Error::Failed(format!(
                    "{} is not ready after {seconds} s. Its log ends:\n{log}",
                    self.name
                )));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn wait_gone(&mut self, process: &Process) -> bool {
        process.wait_gone(PATIENCE, || self.reap())
    }

    /// Collects the exit status of a child that has ended. What it says does not matter: a zombie counts as ended.
    fn reap(&mut self) {
        if let Some(child) = &mut self.child
            && let Ok(Some(_)) = child.try_wait()
        {
            self.child = None;
        }
    }

    fn died(&self) -> Error {
        let log = machine::tail(&self.log_of_this_run(), 20);
        Error::Failed(format!(
            "{} ended while it started. Its log ends:\n{log}",
            self.name
        ))
    }

    fn log_of_this_run(&self) -> String {
        let mut bytes = Vec::new();
        let read = File::open(self.log()).and_then(|mut log| {
            log.seek(SeekFrom::Start(self.log_start))?;
            log.read_to_end(&mut bytes)
        });
        match read {
            Ok(_) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => format!("({} cannot be read: {error})", self.log().display()),
        }
    }

    fn log(&self) -> PathBuf {
        self.dir.join(format!("{}.log", self.name.to_lowercase()))
    }

    fn record(&self) -> PathBuf {
        self.dir.join("process.json")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.ends_with_us
            && let Err(error) = self.kill()
        {
            eprintln!("{error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Folder;
    use super::*;

    fn sleeper(folder: &Folder) -> Daemon {
        let mut daemon = Daemon::at("Sleeper", folder.path().into());
        let script = ["-c", "echo ready; exec sleep 60"];
        daemon
            .start(
                Command::new("sh").args(script),
                Duration::from_secs(10),
                |log| log.contains("ready"),
            )
            .expect("it says so at once");
        daemon
    }

    #[test]
    fn it_is_found_again_by_its_folder_and_stopped() {
        let folder = Folder::new("daemon-found");
        let mut first = sleeper(&folder);
        let process = first.process().expect("it runs");

        let mut second = Daemon::at("Sleeper", folder.path().into());
        assert_eq!(second.process(), Some(process.clone()));
        second.stop().expect("it is ours");
        assert!(!process.is_running());
        assert_eq!(first.process(), None);
        first.stop().expect("stopping twice is no error");
    }

    #[test]
    fn it_ends_with_us_if_told_to() {
        let folder = Folder::new("daemon-dropped");
        let mut daemon = sleeper(&folder);
        daemon.kill_on_drop();
        let process = daemon.process().expect("it runs");
        drop(daemon);
        assert!(!process.is_running());
    }

    #[test]
    fn one_that_dies_at_once_shows_its_own_log_only() {
        let folder = Folder::new("daemon-dies");
        let mut daemon = Daemon::at("Sleeper", folder.path().into());
        let mut fail = |words: &str| {
            let script = format!("echo {words}; sleep 0.1; exit 1");
            daemon
                .start(
                    Command::new("sh").args(["-c", &script]),
                    Duration::from_secs(10),
                    |_| false,
                )
                .expect_err("it never gets ready")
                .to_string()
        };
        assert!(fail("first reason").contains("first reason"));
        let second = fail("second reason");
        assert!(
            second.contains("second reason") && !second.contains("first"),
            "{second}"
        );
    }

    #[test]
    fn one_that_never_gets_ready_is_ended() {
        let folder = Folder::new("daemon-slow");
        let mut daemon = Daemon::at("Sleeper", folder.path().into());
        let error = daemon
            .start(
                Command::new("sleep").arg("60"),
                Duration::from_millis(100),
                |_| false,
            )
            .expect_err("it never gets ready");
        assert!(error.to_string().contains("not ready"), "{error}");
        assert_eq!(daemon.process(), None);
        assert!(daemon.child.is_none(), "its exit status was collected");
    }
}
