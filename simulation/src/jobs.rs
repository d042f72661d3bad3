//! Work in chunks: on several threads, and never done twice.
//!
//! A chunk is a pure function of its number, so results do not depend on threads or order. Finished chunks are lines of
//! a journal; a run that was broken off goes on where it stood. The journal belongs to the rules it was made with: a program
//! with others starts anew.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use mesg_protocol::digest::sha256;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::SimError;

/// Executions of a chunk at most.
const EXECUTIONS: u64 = 5_000;

/// Threads, and the journal if there is one.
#[derive(Debug)]
pub struct Jobs {
    threads: u16,
    done: BTreeMap<(String, u64), Value>,
    journal: Option<Mutex<File>>,
}

/// A line of the journal.
#[derive(Serialize, Deserialize)]
struct Line {
    job: String,
    chunk: u64,
    result: Value,
}

impl Jobs {
    /// Work on `threads` threads that nobody keeps.
    #[must_use]
    pub const fn new(threads: u16) -> Self {
        Self { threads, done: BTreeMap::new(), journal: None }
    }

    /// Work on `threads` threads whose results are kept in `journal`, and taken from there if they were made with the same `rules`.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    pub fn resumed(threads: u16, journal: &Path, rules: &[u8]) -> Result<Self, SimError> {
        let header = sha256(&[rules]).to_string();
        let text = fs::read_to_string(journal).unwrap_or_default();
        let mut lines = text.lines();
        let mut done = BTreeMap::new();
        let ours = lines.next() == Some(header.as_str());
        // The last line may be half written.
        for line in lines.map_while(|line| serde_json::from_str::<Line>(line).ok()).filter(|_| ours) {
            done.insert((line.job, line.chunk), line.result);
        }
        let mut file = OpenOptions::new().create(true).write(true).truncate(true).open(journal)?;
        writeln!(file, "{header}")?;
        for ((job, chunk), result) in &done {
            write_line(&mut file, &Line { job: job.clone(), chunk: *chunk, result: result.clone() })?;
        }
        Ok(Self { threads, done, journal: Some(Mutex::new(file)) })
    }

    /// Results of `work` for the chunks 0 to `chunks` − 1 of the job called `job`, in their order.
    ///
    /// # Errors
    /// The first error of a chunk, or of the journal.
    pub fn run<T: Serialize + DeserializeOwned + Send>(
        &self,
        job: &str,
        chunks: u64,
        work: impl Fn(u64) -> Result<T, SimError> + Sync,
    ) -> Result<Vec<T>, SimError> {
        let next = AtomicU64::new(0);
        let results = Mutex::new(BTreeMap::new());
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                scope.spawn(|| {
                    loop {
                        let chunk = next.fetch_add(1, Ordering::Relaxed);
                        if chunk >= chunks {
                            break;
                        }
                        let result = self.chunk(job, chunk, &work);
                        if result.is_err() {
                            next.store(chunks, Ordering::Relaxed);
                        }
                        results.lock().unwrap_or_else(PoisonError::into_inner).insert(chunk, result);
                    }
                });
            }
        });
        results.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
    }

    /// Results of `work` for the executions 0 to `executions` − 1, rounded up to whole chunks of at most 5,000.
    ///
    /// # Errors
    /// As [`Jobs::run`].
    pub fn run_executions<T: Serialize + DeserializeOwned + Send>(
        &self,
        job: &str,
        executions: u64,
        work: impl Fn(Range<u64>) -> Result<T, SimError> + Sync,
    ) -> Result<Vec<T>, SimError> {
        let size = executions.clamp(1, EXECUTIONS);
        self.run(job, executions.div_ceil(size), |chunk| {
            let first = chunk.saturating_mul(size);
            work(first..first.saturating_add(size))
        })
    }

    fn chunk<T: Serialize + DeserializeOwned>(
        &self,
        job: &str,
        chunk: u64,
        work: &impl Fn(u64) -> Result<T, SimError>,
    ) -> Result<T, SimError> {
        // What another build wrote in another form is done again.
        if let Some(done) = self.done.get(&(job.to_owned(), chunk))
            && let Ok(result) = serde_json::from_value(done.clone())
        {
            return Ok(result);
        }
        let result = work(chunk)?;
        if let Some(journal) = &self.journal {
            let line = Line { job: job.to_owned(), chunk, result: serde_json::to_value(&result)? };
            write_line(&mut journal.lock().unwrap_or_else(PoisonError::into_inner), &line)?;
        }
        Ok(result)
    }
}

fn write_line(file: &mut File, line: &Line) -> Result<(), SimError> {
    let mut bytes = serde_json::to_vec(line)?;
    bytes.push(b'\n');
    Ok(file.write_all(&bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_do_not_depend_on_threads() {
        let run = |threads| Jobs::new(threads).run("squares", 50, |chunk| Ok(chunk.saturating_mul(chunk))).unwrap();
        assert_eq!(run(1), run(4));
    }

    #[test]
    fn executions_come_in_chunks() {
        let jobs = Jobs::new(2);
        let lengths = |executions| jobs.run_executions("lengths", executions, |ids| Ok(ids.count())).unwrap();
        assert_eq!(lengths(12), [12]);
        assert_eq!(lengths(10_001), [5_000; 3]);
    }

    #[test]
    fn an_error_stops_the_job() {
        let broken =
            Jobs::new(2).run("broken", 50, |chunk| if chunk == 7 { Err(SimError::Broken("seven")) } else { Ok(chunk) });
        assert!(matches!(broken, Err(SimError::Broken("seven"))));
    }

    #[test]
    fn goes_on_where_it_stood() {
        let dir = tempfile::tempdir().unwrap();
        let journal = dir.path().join("journal");
        let counted = |rules: &[u8]| {
            let worked = AtomicU64::new(0);
            let results = Jobs::resumed(2, &journal, rules)
                .unwrap()
                .run("count", 10, |chunk| {
                    worked.fetch_add(1, Ordering::Relaxed);
                    Ok(chunk)
                })
                .unwrap();
            assert_eq!(results, (0..10).collect::<Vec<_>>());
            worked.into_inner()
        };
        assert_eq!(counted(b"one"), 10);
        assert_eq!(counted(b"one"), 0, "everything is in the journal");
        let text = fs::read_to_string(&journal).unwrap();
        let cut = text.len().saturating_sub(5);
        fs::write(&journal, text.get(..cut).unwrap()).unwrap();
        assert_eq!(counted(b"one"), 1, "a half written line is done again");
        assert_eq!(counted(b"two"), 10, "other rules believe nothing");
    }
}
