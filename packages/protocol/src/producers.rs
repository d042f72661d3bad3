//! Payment of the chain's block producers by epoch (docs/mechanism.md 4): pots, equal shares, what rolls over.
//!
//! The pot of an epoch is fixed when it is closed, after it has ended: what came in, and what rolled over from before.
//! Every member of the chain's bonded set of that moment may claim one share for 60 epochs. Remainders, pots that
//! nobody shares and what was never claimed roll into a later pot, so no unit is lost and none is paid twice.

use thiserror::Error;

use crate::codec::{CodecError, Reader, Record, Writer};

/// Length of an epoch where nothing else is chosen: one day, in seconds.
pub const EPOCH_SECS: u32 = 86_400;
/// Bounds of the length of an epoch, in seconds; short ones are for local networks.
pub const EPOCH_SECS_BOUNDS: (u32, u32) = (10, 604_800);
/// Epochs after the one that ended in which its pot can be claimed.
pub const CLAIM_EPOCHS: u64 = 60;
/// Members of one pot at most. A chain with more bonded validators pays the first ones that it lists, by power.
pub const MAX_MEMBERS: usize = 300;
/// The epoch of a time: ⌊seconds / epoch_secs⌋. A length of 0 counts as 1.
pub fn epoch_of(seconds: u64, epoch_secs: u32) -> u64 {
    seconds.checked_div(epoch_secs.into()).unwrap_or(seconds)
}

/// Why an epoch is not closed or a claim not paid.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ProducersError {
    /// All epochs that have ended are closed.
    #[error("epoch {epoch} has not ended")]
    NotEnded {
        /// The first epoch that is not closed.
        epoch: u64,
    },
    /// There is no pot: the epoch was not closed, or was when nobody was there to share.
    #[error("epoch {epoch} has no pot")]
    NoPot {
        /// The epoch.
        epoch: u64,
    },
    /// It is too late.
    #[error("pot of epoch {epoch} could be claimed until epoch {until}")]
    Expired {
        /// The epoch.
        epoch: u64,
        /// The last epoch in which it could be claimed.
        until: u64,
    },
    /// The claimer was not bonded when the epoch was closed.
    #[error("no share in epoch {epoch}")]
    NotMember {
        /// The epoch.
        epoch: u64,
    },
    /// The share was paid before.
    #[error("share in epoch {epoch} was claimed already")]
    Claimed {
        /// The epoch.
        epoch: u64,
    },
    /// A sum does not fit 128 bits, or a pot would go below zero.
    #[error("producers' book does not add up")]
    Broken,
}

/// Everything that is held for block producers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// The first epoch that is not closed: one after the last closed one, 0 before the first closing.
    pub next: u64,
    /// Which of the last 64 closed epochs have a pot: the lowest bit is the one before `next`.
    open: u64,
    /// What is in no pot: remainders, unclaimed shares of expired pots, and what came in when nobody was there to share.
    pub carried: u128,
    /// What all pots together still hold.
    pub pots: u128,
}

/// An epoch that was just closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Which.
    pub epoch: u64,
    /// Its pot; none if nobody was there to share, or less than one unit for everybody.
    pub pot: Option<Pot>,
    /// What rolled over from expired pots.
    pub rolled: u128,
}

impl Book {
    /// All tokens held for block producers.
    pub const fn held(&self) -> u128 {
        self.carried.saturating_add(self.pots)
    }

    /// Whether `epoch` has a pot, expired or not.
    pub fn has_pot(&self, epoch: u64) -> bool {
        let behind = self.next.checked_sub(1).and_then(|last| last.checked_sub(epoch));
        behind.is_some_and(|behind| shift(1, behind) & self.open != 0)
    }

    /// Epochs with a pot that can be claimed in epoch `now`, the oldest first; 60 at most.
    pub fn claimable(&self, now: u64) -> impl Iterator<Item = u64> {
        (now.saturating_sub(CLAIM_EPOCHS)..self.next.min(now)).filter(|epoch| self.has_pot(*epoch))
    }

    /// Closes the epoch before `now` with `received` new tokens for `members` producers, after what was never claimed
    /// of expired pots has rolled over. `load` gives the pot of an epoch that has one; it is asked for 30 at most.
    ///
    /// # Errors
    /// `NotEnded` if it was closed before; `Broken` if a sum does not fit 128 bits or there are more than 300 members;
    /// what `load` refuses.
    pub fn close<E: From<ProducersError>>(
        &mut self,
        now: u64,
        received: u128,
        members: usize,
        load: impl FnMut(u64) -> Result<Pot, E>,
    ) -> Result<Closed, E> {
        let not_ended = ProducersError::NotEnded { epoch: self.next.max(now) };
        let epoch = now.checked_sub(1).filter(|epoch| *epoch >= self.next).ok_or(not_ended)?;
        let rolled = self.expired(now, load)?;
        let all = add(add(self.carried, rolled)?, received)?;
        let pot = Pot::of(all, members)?;
        let shared = pot.as_ref().map_or(0, Pot::left);
        let pots = add(sub(self.pots, rolled)?, shared)?;
        // What is shifted out has expired long ago and was rolled over.
        let open = shift(self.open, now.saturating_sub(self.next)) & WINDOW;
        *self = Self { next: now, open: open | u64::from(pot.is_some()), carried: sub(all, shared)?, pots };
        Ok(Closed { epoch, pot, rolled })
    }

    /// What is left in the pots that can no longer be claimed in epoch `now`: their sum, or the sum of all without the
    /// others, whichever needs fewer pots.
    fn expired<E: From<ProducersError>>(
        &self,
        now: u64,
        mut load: impl FnMut(u64) -> Result<Pot, E>,
    ) -> Result<u128, E> {
        let all = (0..64).filter_map(|behind| self.next.checked_sub(1)?.checked_sub(behind));
        let (alive, expired): (Vec<_>, Vec<_>) =
            all.filter(|epoch| self.has_pot(*epoch)).partition(|epoch| now <= last_claim(*epoch));
        let mut left =
            |epochs: &[u64]| epochs.iter().try_fold(0u128, |sum, epoch| Ok::<_, E>(add(sum, load(*epoch)?.left())?));
        if expired.len() <= alive.len() { left(&expired) } else { Ok(sub(self.pots, left(&alive)?)?) }
    }

    /// Refuses a claim on the pot of `epoch` in epoch `now` if there is none or it is too late.
    pub fn check_claim(&self, epoch: u64, now: u64) -> Result<(), ProducersError> {
        let until = last_claim(epoch);
        if now > until {
            return Err(ProducersError::Expired { epoch, until });
        }
        if self.has_pot(epoch) { Ok(()) } else { Err(ProducersError::NoPot { epoch }) }
    }

    /// Takes a claimed share off.
    pub fn pay(&mut self, share: u128) -> Result<(), ProducersError> {
        self.pots = sub(self.pots, share)?;
        Ok(())
    }
}

/// Pots that can be claimed right after a closing: the last 60 epochs.
const WINDOW: u64 = (1 << CLAIM_EPOCHS) - 1;

/// Where the pot of an epoch and its members are kept: pots that can be claimed at the same time never meet, and an
/// old one is overwritten.
pub const fn place_of(epoch: u64) -> u8 {
    (epoch & 63).to_le_bytes()[0]
}

fn shift(bits: u64, by: u64) -> u64 {
    u32::try_from(by).ok().and_then(|by| bits.checked_shl(by)).unwrap_or(0)
}

fn add(a: u128, b: u128) -> Result<u128, ProducersError> {
    a.checked_add(b).ok_or(ProducersError::Broken)
}

fn sub(a: u128, b: u128) -> Result<u128, ProducersError> {
    a.checked_sub(b).ok_or(ProducersError::Broken)
}

/// The last epoch in which the pot of `epoch` can be claimed.
pub const fn last_claim(epoch: u64) -> u64 {
    epoch.saturating_add(CLAIM_EPOCHS)
}

const LAYOUT: u8 = 1;

impl Record for Book {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.int(self.next);
        out.int(self.open);
        out.int(self.carried);
        out.int(self.pots);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        Ok(Self { next: input.int()?, open: input.int()?, carried: input.int()?, pots: input.int()? })
    }
}

/// The pot of one epoch: an equal share for each member, and who has taken his.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pot {
    share: u128,
    members: u16,
    /// One bit a member, lowest first; bits above the last member are 0.
    claimed: Vec<u8>,
}

impl Pot {
    /// ⌊all / members⌋ each; none where that is nothing.
    fn of(all: u128, members: usize) -> Result<Option<Self>, ProducersError> {
        let count = u16::try_from(members).ok().filter(|_| members <= MAX_MEMBERS).ok_or(ProducersError::Broken)?;
        let share = all.checked_div(count.into()).unwrap_or(0);
        Ok((share > 0).then(|| Self { share, members: count, claimed: vec![0; members.div_ceil(8)] }))
    }

    /// What each member gets.
    pub const fn share(&self) -> u128 {
        self.share
    }

    /// How many share it.
    pub const fn members(&self) -> u16 {
        self.members
    }

    /// How many have claimed.
    pub fn claims(&self) -> u16 {
        // At most 300 bits.
        self.claimed.iter().fold(0, |sum: u16, byte| sum.saturating_add(u16::try_from(byte.count_ones()).unwrap_or(0)))
    }

    /// What is left of it. share · members fitted when the pot was made.
    pub fn left(&self) -> u128 {
        self.share.saturating_mul(self.members.saturating_sub(self.claims()).into())
    }

    /// Whether member number `member` has claimed.
    pub fn has_claimed(&self, member: u16) -> bool {
        let (byte, bit) = bit_of(member);
        self.claimed.get(byte).is_some_and(|bits| bits & bit != 0)
    }

    /// Marks member number `member` of the pot of `epoch` as paid and gives its share.
    pub fn claim(&mut self, epoch: u64, member: u16) -> Result<u128, ProducersError> {
        let (byte, bit) = bit_of(member);
        let bits = self.claimed.get_mut(byte).filter(|_| member < self.members);
        let bits = bits.ok_or(ProducersError::NotMember { epoch })?;
        if *bits & bit != 0 {
            return Err(ProducersError::Claimed { epoch });
        }
        *bits |= bit;
        Ok(self.share)
    }
}

/// Byte and bit of a member.
fn bit_of(member: u16) -> (usize, u8) {
    (usize::from(member >> 3), 1 << (member & 7))
}

impl Record for Pot {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.int(self.share);
        out.int(self.members);
        out.fixed(&self.claimed);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        let (share, members): (u128, u16) = (input.int()?, input.int()?);
        let claimed = input.fixed(usize::from(members).div_ceil(8))?.to_vec();
        let fits = share > 0
            && members > 0
            && usize::from(members) <= MAX_MEMBERS
            && share.checked_mul(members.into()).is_some();
        let unused = claimed.last().is_some_and(|bits| members & 7 != 0 && bits >> (members & 7) != 0);
        if fits && !unused { Ok(Self { share, members, claimed }) } else { Err(CodecError::Integer) }
    }
}

/// An account, as the 20 bytes that its address and its validator's operator address both stand for.
pub type Account = [u8; 20];

/// The members of a pot: different accounts in ascending order, 300 at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members(Vec<Account>);

impl Members {
    /// The first 300 of these accounts, each once.
    pub fn of(accounts: impl IntoIterator<Item = Account>) -> Self {
        let mut members: Vec<_> = accounts.into_iter().take(MAX_MEMBERS).collect();
        members.sort_unstable();
        members.dedup();
        Self(members)
    }

    /// All, in ascending order.
    pub fn accounts(&self) -> &[Account] {
        &self.0
    }

    /// The number of a member, from 0.
    pub fn number(&self, account: &Account) -> Option<u16> {
        self.0.binary_search(account).ok().and_then(|number| u16::try_from(number).ok())
    }
}

impl Record for Members {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.int(u16::try_from(self.0.len()).unwrap_or(u16::MAX));
        self.0.iter().for_each(|account| out.fixed(account));
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        let count: usize = input.int()?;
        if count > MAX_MEMBERS {
            return Err(CodecError::Integer);
        }
        let account = |_| input.fixed(20)?.try_into().map_err(|_| CodecError::Truncated);
        let members: Vec<Account> = (0..count).map(account).collect::<Result<_, _>>()?;
        if members.is_sorted_by(|a, b| a < b) { Ok(Self(members)) } else { Err(CodecError::Integer) }
    }
}

#[cfg(test)]
mod tests;
