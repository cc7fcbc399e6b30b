//! What a broker runs on: a Java machine of this computer, and Kafka's jars as Maven resolves them, once for all instances.
//! Not its configuration (`settings.rs`) nor its life (`mod.rs`).

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Doing;
use crate::services::{lock, remove_folder};
use crate::{Error, machine};

/// The broker's version: the one that the figures and the guarantees in the documents were shown with.
pub(super) const VERSION: &str = "4.1.1";

/// Kafka 4 brokers need it.
const OLDEST_JAVA: u32 = 17;

/// Named with its version: Maven would otherwise take whatever its own version has as default.
const COPY: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

/// The `java` to use, once it is known to be new enough.
pub(super) fn java() -> Result<PathBuf, Error> {
    let of_home = env::var_os("JAVA_HOME")
        .map(|home| Path::new(&home).join("bin/java"))
        .filter(|java| java.is_file());
    let missing = |found: &str| {
        Error::Missing {
        what: format!("Java {OLDEST_JAVA} or newer ({found})"),
        why: "the Kafka broker of the tests is a Java program",
        how: "`apt-get install openjdk-17-jre-headless` on Debian 12, or set KAFKA_BOOTSTRAP_SERVERS to a running Kafka".into(),
    }
    };
    let java = of_home
        .or_else(|| machine::find("java"))
        .ok_or_else(|| missing("there is no `java`"))?;
    let text = machine::run(Command::new(&java).arg("-version"))?;
    match major_version(&text) {
        Some(major) if major >= OLDEST_JAVA => Ok(java),
        Some(major) => Err(missing(&format!("`java` is version {major}"))),
        None => Err(missing("`java -version` names none")),
    }
}

/// Jars of the broker, resolved by Maven into `home` unless they are there already.
pub(super) fn jars(home: &Path) -> Result<PathBuf, Error> {
    let jars = home.join(format!("kafka-{VERSION}"));
    // Whoever comes second waits here, and finds the work done.
    let _lock = lock(home, "jars.lock")?;
    if jars.is_dir() {
        return Ok(jars);
    }
    let maven = machine::find("mvn").ok_or_else(|| Error::Missing {
        what: "Maven (`mvn`)".into(),
        why: "the Kafka broker of the tests comes as jars from Maven Central",
        how: "`apt-get install maven` on Debian and Ubuntu, or set KAFKA_BOOTSTRAP_SERVERS to a running Kafka".into(),
    })?;
    eprintln!("resolving Kafka {VERSION} with Maven (once)");
    // A folder with the final name is a whole one.
    let part = home.join(format!("kafka-{VERSION}.part"));
    remove_folder(&part)?;
    fs::create_dir_all(&part).doing(|| format!("create {}", part.display()))?;
    let pom = part.join("pom.xml");
    fs::write(&pom, include_str!("pom.xml").replace("@VERSION@", VERSION))
        .doing(|| format!("write {}", pom.display()))?;
    let mut command = Command::new(maven);
    command.args([
        "-q",
        "-B",
        "-Dstyle.color=never",
        COPY,
        "-DincludeScope=runtime",
    ]);
    command
        .arg("-f")
        .arg(&pom)
        .arg(format!("-DoutputDirectory={}", part.display()));
    machine::run(&mut command)?;
    let core = part.join(format!("kafka_2.13-{VERSION}.jar"));
    if !core.is_file() {
        return Err(Error::Failed(format!(
            "Maven ended well, but there is no {}",
            core.display()
        )));
    }
    fs::rename(&part, &jars)
        .doing(|| format!("rename {} to {}", part.display(), jars.display()))?;
    Ok(jars)
}

/// The number that matters in what `java -version` prints: 17 of `openjdk version "17.0.15"`, 8 of `"1.8.0_402"`.
fn major_version(text: &str) -> Option<u32> {
    let (_, quoted) = text.split_once("version \"")?;
    let mut numbers = quoted.split(|letter: char| !letter.is_ascii_digit());
    match numbers.next()?.parse().ok()? {
        1 => numbers.next()?.parse().ok(),
        major => Some(major),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn java_names_its_version_in_two_ways() {
        let picked_up = "Picked up JAVA_TOOL_OPTIONS: -Dx=y\nopenjdk version \"21\" 2023-09-19\n";
        assert_eq!(
            major_version("openjdk version \"17.0.15\" 2025-04-15\nOpenJDK Runtime"),
            Some(17)
        );
        assert_eq!(major_version(picked_up), Some(21));
        assert_eq!(major_version("java version \"1.8.0_402\""), Some(8));
        assert_eq!(major_version("java version \"22-ea\""), Some(22));
        assert_eq!(major_version("no such thing"), None);
    }

    #[test]
    fn the_pom_has_one_place_for_the_version() {
        let pom = include_str!("pom.xml");
        assert_eq!(pom.matches("@VERSION@").count(), 1);
        assert!(
            pom.contains("<artifactId>kafka_2.13</artifactId>\n      <version>@VERSION@</version>")
        );
    }
}
