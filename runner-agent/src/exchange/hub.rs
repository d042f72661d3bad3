//! All rounds in which this process waits for others, as the loop, the meetings and the server share them.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mesg_api::market::SealItem;
use mesg_protocol::ids::ExecutionId;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::message::Shown;
use super::room::{Agenda, Room};
use crate::equivocation::Equivocation;
use crate::journal::SealRow;

/// A seal goes on chain if nothing is known about its round after so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// The rounds by execution.
#[derive(Default)]
pub struct Hub {
    tables: Mutex<HashMap<ExecutionId, Table>>,
    /// Proofs that nobody has taken yet; they outlive their rounds.
    proofs: Mutex<Vec<Equivocation>>,
    /// Rooms of rounds that are over, until somebody looks into what their seats did on chain.
    over: Mutex<Vec<Room>>,
    changed: Notify,
}

struct Table {
    own: Vec<SealRow>,
    since: Instant,
    state: State,
}

enum State {
    /// The chain was not asked yet.
    New,
    /// Seals are exchanged.
    Meets(Box<Room>),
    /// Somebody cannot be reached: on chain only.
    Chain,
}

/// How far a round has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// Own seals stay off chain for now.
    pub hold: bool,
    /// The seats' part of a certificate to be posted.
    pub certificate: Option<Vec<u8>>,
    /// Seals of others to be posted.
    pub foreign: Vec<SealItem>,
}

impl Hub {
    /// Says which acts of this process wait in an execution.
    pub fn bind(&self, execution: ExecutionId, own: &[SealRow]) {
        let mut tables = self.tables();
        let fresh = || Table { own: Vec::new(), since: Instant::now(), state: State::New };
        let table = tables.entry(execution).or_insert_with(fresh);
        own.clone_into(&mut table.own);
        if let State::Meets(room) = &mut table.state {
            room.bind(own);
        }
    }

    /// Forgets all executions but these.
    pub fn keep(&self, open: impl Fn(ExecutionId) -> bool) {
        let mut tables = self.tables();
        let (kept, over): (HashMap<_, _>, HashMap<_, _>) =
            std::mem::take(&mut *tables).into_iter().partition(|(execution, _)| open(*execution));
        *tables = kept;
        self.end(over.into_values().map(|table| table.state));
    }

    fn end(&self, states: impl Iterator<Item = State>) {
        let rooms = states.filter_map(|state| match state {
            State::Meets(room) => Some(*room),
            State::New | State::Chain => None,
        });
        lock(&self.over).extend(rooms);
    }

    /// Takes the rooms of rounds that are over.
    #[must_use]
    pub fn over(&self) -> Vec<Room> {
        std::mem::take(&mut *lock(&self.over))
    }

    /// The acts of this process in an execution.
    #[must_use]
    pub fn own(&self, execution: ExecutionId) -> Vec<SealRow> {
        self.tables().get(&execution).map(|table| table.own.clone()).unwrap_or_default()
    }

    /// Takes what the chain says about a round.
    pub fn meet(&self, agenda: Agenda, now: u64) {
        let mut tables = self.tables();
        let Some(table) = tables.get_mut(&agenda.execution) else { return };
        match &mut table.state {
            State::Meets(room) => room.update(agenda),
            state => *state = State::Meets(Box::new(Room::new(agenda, &table.own))),
        }
        self.proceed(table, now);
    }

    /// There is no fast path: seals go on chain at once. A room that has been entered stays, since its seats may have
    /// opened.
    pub fn use_chain(&self, execution: ExecutionId) {
        if let Some(table) = self.tables().get_mut(&execution).filter(|table| matches!(table.state, State::New)) {
            table.state = State::Chain;
        }
    }

    /// The round is over: nothing of it goes on chain any more.
    pub fn close(&self, execution: ExecutionId) {
        if let Some(table) = self.tables().get_mut(&execution) {
            self.end([std::mem::replace(&mut table.state, State::Chain)].into_iter());
        }
    }

    /// Executions whose certificate is to be posted at `now`, unix seconds.
    #[must_use]
    pub fn whole(&self, now: u64) -> BTreeSet<ExecutionId> {
        let tables = self.tables();
        let whole = tables.iter().filter(|(_, table)| match &table.state {
            State::Meets(room) => room.certificate_at(now).is_some(),
            State::New | State::Chain => false,
        });
        whole.map(|(execution, _)| *execution).collect()
    }

    /// Takes what another seat shows, and gives what this process may show; none of a round that is unknown here.
    #[must_use]
    pub fn answer(&self, shown: Shown, now: u64) -> Option<Shown> {
        let mut tables = self.tables();
        let table = tables.get_mut(&ExecutionId(shown.execution.u64()))?;
        let round = shown.round;
        if let State::Meets(room) = &mut table.state {
            room.take(shown);
        }
        self.proceed(table, now);
        match &table.state {
            State::Meets(room) => Some(room.shown()).filter(|mine| mine.round == round),
            State::New | State::Chain => None,
        }
    }

    /// What this process may show of an execution.
    #[must_use]
    pub fn shown(&self, execution: ExecutionId) -> Option<Shown> {
        match &self.tables().get(&execution)?.state {
            State::Meets(room) => Some(room.shown()),
            State::New | State::Chain => None,
        }
    }

    /// What is to be done about an execution at `now`, unix seconds.
    #[must_use]
    pub fn standing(&self, execution: ExecutionId, now: u64) -> Standing {
        let tables = self.tables();
        let Some(table) = tables.get(&execution) else { return Standing::default() };
        match &table.state {
            State::New => Standing { hold: table.since.elapsed() < PATIENCE, ..Standing::default() },
            State::Chain => Standing::default(),
            State::Meets(room) => {
                Standing { hold: room.holds(now), certificate: room.certificate_at(now), foreign: room.foreign(now) }
            }
        }
    }

    /// Takes the proofs against seats that signed two different acts.
    #[must_use]
    pub fn proofs(&self) -> Vec<Equivocation> {
        std::mem::take(&mut *lock(&self.proofs))
    }

    /// Adds proofs.
    pub fn accuse(&self, proofs: Vec<Equivocation>) {
        if !proofs.is_empty() {
            lock(&self.proofs).extend(proofs);
            self.changed.notify_one();
        }
    }

    /// Waits until a certificate may have become whole, or a seat was caught with two acts.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    fn proceed(&self, table: &mut Table, now: u64) {
        if let State::Meets(room) = &mut table.state {
            let before = room.is_whole();
            room.proceed(now);
            if room.is_whole() && !before {
                self.changed.notify_one();
            }
            self.accuse(room.proofs());
        }
    }

    fn tables(&self) -> MutexGuard<'_, HashMap<ExecutionId, Table>> {
        lock(&self.tables)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
