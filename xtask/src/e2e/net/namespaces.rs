use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::run;

/// What the names of all namespaces begin with, before the process that made them.
const PREFIX: &str = "flame-";
/// The parent's address. Every host knows the way to it.
const PARENT: &str = "10.9.9.9";

/// A namespace for a parent, and some for its runners, each joined to the first by a pair of interfaces.
///
/// They end with this.
pub(crate) struct Namespaces {
    here: String,
    there: Vec<String>,
}

/// Why there can be none.
#[derive(Debug)]
pub(crate) struct Unavailable(pub(crate) String);

impl Namespaces {
    /// Whether there can be any. Removes what earlier processes have left behind, too.
    pub(crate) fn are_available() -> Result<(), Unavailable> {
        for tool in ["ip", "tc"] {
            if !run::is_installed(tool) {
                return Err(Unavailable(format!("`{tool}` is not installed")));
            }
        }
        remove_leftovers();
        Self::new(1)
            .map(drop)
            .map_err(|error| Unavailable(format!("{error:#}")))
    }

    /// Makes them, with addresses and the ways between them.
    pub(crate) fn new(hosts: usize) -> anyhow::Result<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}-{number}", std::process::id());
        let mut namespaces = Self {
            here: format!("{name}-parent"),
            there: Vec::new(),
        };
        let here = namespaces.here.clone();
        ip(&format!("netns add {here}"))?;
        ip(&format!("-n {here} link set lo up"))?;
        ip(&format!("-n {here} addr add {PARENT}/32 dev lo"))?;
        for host in 0..hosts {
            let there = format!("{name}-host-{host}");
            ip(&format!("netns add {there}"))?;
            namespaces.there.push(there.clone());
            join(&here, &there, host)?;
        }
        Ok(namespaces)
    }

    /// The parent's.
    pub(crate) fn here(&self) -> &str {
        &self.here
    }

    /// The runners'.
    pub(crate) fn there(&self) -> impl Iterator<Item = &str> {
        self.there.iter().map(String::as_str)
    }

    /// A program that will run in the parent's.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.here]).arg(program);
        command
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        for namespace in self.there.iter().chain([&self.here]) {
            // What cannot be removed is found by the next run.
            let _ = ip(&format!("netns del {namespace}"));
        }
    }
}

/// Joins two namespaces. Nobody has to ask who has an address: whoever cuts the link gives a wrong answer instead.
fn join(here: &str, there: &str, host: usize) -> anyhow::Result<()> {
    ip(&format!(
        "link add v{host} netns {here} type veth peer name v0 netns {there}"
    ))?;
    ip(&format!("-n {there} link set lo up"))?;
    let ends = [(here, format!("v{host}"), 1), (there, "v0".to_owned(), 2)];
    for (namespace, interface, end) in &ends {
        ip(&format!(
            "-n {namespace} link set {interface} address 02:00:00:00:{host:02x}:0{end}"
        ))?;
        ip(&format!(
            "-n {namespace} addr add 10.0.{host}.{end}/30 dev {interface}"
        ))?;
        ip(&format!("-n {namespace} link set {interface} up"))?;
    }
    for (namespace, interface, end) in ends {
        let other = 3 - end;
        ip(&format!(
            "-n {namespace} neigh replace 10.0.{host}.{other} lladdr 02:00:00:00:{host:02x}:0{other} dev {interface} \
             nud permanent"
        ))?;
    }
    ip(&format!(
        "-n {there} route add {PARENT}/32 via 10.0.{host}.1"
    ))
}

/// Removes the namespaces of processes that are not there any more.
fn remove_leftovers() {
    for namespace in fs::read_dir("/run/netns").into_iter().flatten().flatten() {
        let name = namespace.file_name().to_string_lossy().into_owned();
        let maker = name
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split('-').next());
        let is_left_over = maker.is_some_and(|pid| !Path::new("/proc").join(pid).exists());
        if is_left_over {
            let _ = ip(&format!("netns del {name}"));
        }
    }
}

fn ip(arguments: &str) -> anyhow::Result<()> {
    run::quietly(Command::new("ip").args(arguments.split_whitespace()))
}
