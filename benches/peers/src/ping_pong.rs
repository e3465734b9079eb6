//! A blocking socket with a thread at each end, one call at a time: nothing that crosses processes is quicker.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Mutex, PoisonError};

use anyhow::ensure;
use bytes::Bytes;
use works::{BlockingContestant, Plan, Work};

use crate::Peer;
use crate::child::{self, Process};
use crate::link::Way;

/// The parent's end, with the buffer for answers.
struct Ends<S> {
    ends: Mutex<(S, Vec<u8>)>,
    process: Process,
}

pub(crate) fn measure(way: Way, plan: &Plan) -> anyhow::Result<()> {
    match way {
        Way::Tcp => {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            let process = Process::start(Peer::PingPong, &listener.local_addr()?.to_string())?;
            let (stream, _) = listener.accept()?;
            stream.set_nodelay(true)?;
            with(stream, process, plan)
        }
        Way::Unix => {
            let folder = tempfile::tempdir()?;
            let path = folder.path().join("socket");
            let listener = UnixListener::bind(&path)?;
            let process = Process::start(Peer::PingPong, &format!("unix:{}", path.display()))?;
            with(listener.accept()?.0, process, plan)
        }
    }
}

fn with<S: Read + Write + Send>(stream: S, process: Process, plan: &Plan) -> anyhow::Result<()> {
    let ends = Ends {
        ends: (stream, Vec::new()).into(),
        process,
    };
    for work in &plan.works {
        match work {
            Work::Cold => child::cold(plan)?,
            _ => works::blocking(&ends, *work, plan)?,
        }
    }
    Ok(())
}

impl<S: Read + Write + Send> Ends<S> {
    /// The runner adds one to eight bytes, and gives anything else back.
    fn call(
        &self,
        bytes: &[u8],
        hear: impl FnOnce(&[u8]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        let (stream, answer) = &mut *ends;
        write(stream, bytes)?;
        ensure!(read(stream, answer)?, "the runner has gone");
        hear(answer)
    }
}

impl<S: Read + Write + Send> BlockingContestant for Ends<S> {
    fn add_one(&self, number: u64) -> anyhow::Result<u64> {
        let mut next = 0;
        self.call(&number.to_le_bytes(), |answer| {
            next = u64::from_le_bytes(answer.try_into()?);
            Ok(())
        })?;
        Ok(next)
    }

    fn echo(&self, bytes: &Bytes) -> anyhow::Result<()> {
        self.call(bytes, |answer| {
            ensure!(
                answer.len() == bytes.len() && answer.last() == bytes.last(),
                "another echo"
            );
            Ok(())
        })
    }

    fn runner(&self) -> u32 {
        self.process.id()
    }

    fn is_concurrent(&self) -> bool {
        false
    }
}

pub(crate) fn serve(parent: &str) -> anyhow::Result<()> {
    if let Some(path) = parent.strip_prefix("unix:") {
        return answer_all(UnixStream::connect(path)?);
    }
    let stream = TcpStream::connect(parent)?;
    stream.set_nodelay(true)?;
    answer_all(stream)
}

fn answer_all(mut stream: impl Read + Write) -> anyhow::Result<()> {
    let mut buffer = Vec::new();
    while read(&mut stream, &mut buffer)? {
        if let Ok(bytes) = buffer[..].try_into() {
            let next = u64::from_le_bytes(bytes) + 1;
            buffer.copy_from_slice(&next.to_le_bytes());
        }
        write(&mut stream, &buffer)?;
    }
    Ok(())
}

/// One write for what is small.
fn write(stream: &mut impl Write, bytes: &[u8]) -> anyhow::Result<()> {
    let length = u32::try_from(bytes.len())?.to_le_bytes();
    if bytes.len() <= 8 {
        let mut message = [0; 12];
        message[..4].copy_from_slice(&length);
        message[4..4 + bytes.len()].copy_from_slice(bytes);
        return Ok(stream.write_all(&message[..4 + bytes.len()])?);
    }
    stream.write_all(&length)?;
    Ok(stream.write_all(bytes)?)
}

/// Reads a message into the buffer, which keeps its room. `false` at the end.
fn read(stream: &mut impl Read, buffer: &mut Vec<u8>) -> anyhow::Result<bool> {
    let mut begun = [0; 12];
    let mut got = stream.read(&mut begun)?;
    if got == 0 {
        return Ok(false);
    }
    if got < 4 {
        stream.read_exact(&mut begun[got..4])?;
        got = 4;
    }
    let (length, rest) = begun[..got].split_at(4);
    let length = u32::from_le_bytes(length.try_into()?) as usize;
    buffer.resize(length, 0);
    buffer[..rest.len()].copy_from_slice(rest);
    stream.read_exact(&mut buffer[rest.len()..])?;
    Ok(true)
}
