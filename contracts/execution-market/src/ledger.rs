//! The market's own ledger: every token it holds belongs to exactly one bucket, and moves only by [`Ledger`]'s
//! methods. The sum changes only where CW20 comes in or goes out (2.5).

use mesg_protocol::codec::{CodecError, Reader, Record, Writer};

use crate::error::ContractError;

/// Who a token belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// Purses of accounts.
    Purses,
    /// Escrow of open executions, less tips paid.
    Escrow,
    /// Penalty pots of open executions.
    Pots,
    /// Earned by runners, not claimed.
    Runners,
    /// Earned by developers, not claimed.
    Developers,
    /// Service bonds.
    Bonds,
    /// Block producers' pot.
    Producers,
    /// To be burned.
    Burn,
    /// Bonds of open challenges.
    Challenges,
}

impl Bucket {
    /// All, in the order of the record.
    pub const ALL: [Self; 9] = [
        Self::Purses,
        Self::Escrow,
        Self::Pots,
        Self::Runners,
        Self::Developers,
        Self::Bonds,
        Self::Producers,
        Self::Burn,
        Self::Challenges,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Purses => "purses",
            Self::Escrow => "escrow",
            Self::Pots => "pots",
            Self::Runners => "runners",
            Self::Developers => "developers",
            Self::Bonds => "bonds",
            Self::Producers => "producers",
            Self::Burn => "burn",
            Self::Challenges => "challenges",
        }
    }
}

/// The buckets, in base units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    purses: u128,
    escrow: u128,
    pots: u128,
    runners: u128,
    developers: u128,
    bonds: u128,
    producers: u128,
    burn: u128,
    challenges: u128,
}

impl Ledger {
    /// What a bucket holds.
    pub const fn of(&self, bucket: Bucket) -> u128 {
        match bucket {
            Bucket::Purses => self.purses,
            Bucket::Escrow => self.escrow,
            Bucket::Pots => self.pots,
            Bucket::Runners => self.runners,
            Bucket::Developers => self.developers,
            Bucket::Bonds => self.bonds,
            Bucket::Producers => self.producers,
            Bucket::Burn => self.burn,
            Bucket::Challenges => self.challenges,
        }
    }

    const fn slot(&mut self, bucket: Bucket) -> &mut u128 {
        match bucket {
            Bucket::Purses => &mut self.purses,
            Bucket::Escrow => &mut self.escrow,
            Bucket::Pots => &mut self.pots,
            Bucket::Runners => &mut self.runners,
            Bucket::Developers => &mut self.developers,
            Bucket::Bonds => &mut self.bonds,
            Bucket::Producers => &mut self.producers,
            Bucket::Burn => &mut self.burn,
            Bucket::Challenges => &mut self.challenges,
        }
    }

    /// CW20 came in, or will before the transaction ends or fails.
    pub fn receive(&mut self, to: Bucket, amount: u128) -> Result<(), ContractError> {
        let slot = self.slot(to);
        *slot = mesg_protocol::money::add(*slot, amount)?;
        Ok(())
    }

    /// CW20 goes out.
    pub fn pay_out(&mut self, from: Bucket, amount: u128) -> Result<(), ContractError> {
        let slot = self.slot(from);
        let short = ContractError::Ledger { bucket: from.name(), got: *slot, needed: amount };
        *slot = slot.checked_sub(amount).ok_or(short)?;
        Ok(())
    }

    /// Moves tokens between buckets.
    pub fn transfer(&mut self, from: Bucket, to: Bucket, amount: u128) -> Result<(), ContractError> {
        self.pay_out(from, amount)?;
        self.receive(to, amount)
    }
}

impl Record for Ledger {
    fn write(&self, out: &mut Writer) {
        Bucket::ALL.iter().for_each(|bucket| out.int(self.of(*bucket)));
    }

    /// The ledger is the end of its record; that of version 0.1.0 ends before the bonds of challenges.
    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let mut ledger = Self::default();
        for bucket in Bucket::ALL {
            if bucket != Bucket::Challenges || !input.is_empty() {
                *ledger.slot(bucket) = input.int()?;
            }
        }
        Ok(ledger)
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum(ledger: &Ledger) -> u128 {
        Bucket::ALL.iter().map(|bucket| ledger.of(*bucket)).sum()
    }

    #[test]
    fn a_bucket_never_goes_below_zero() {
        let mut ledger = Ledger::default();
        ledger.receive(Bucket::Purses, 5).unwrap();
        let error = ledger.transfer(Bucket::Purses, Bucket::Escrow, 6).unwrap_err();
        assert_eq!(error.to_string(), "ledger: purses has 5, 6 would leave it");
        assert_eq!(sum(&ledger), 5, "nothing moved");
        assert!(ledger.receive(Bucket::Purses, u128::MAX).is_err(), "nothing wraps");
    }

    proptest! {
        #[test]
        fn transfers_keep_the_sum(moves in prop::collection::vec((0usize..9, 0usize..9, 0u128..1000), 0..50)) {
            let mut ledger = Ledger::default();
            for bucket in Bucket::ALL {
                ledger.receive(bucket, 500).unwrap();
            }
            for (from, to, amount) in moves {
                let before = ledger.clone();
                if ledger.transfer(Bucket::ALL[from], Bucket::ALL[to], amount).is_err() {
                    prop_assert_eq!(&ledger, &before);
                }
                prop_assert_eq!(sum(&ledger), 4500);
            }
            prop_assert_eq!(Ledger::decode(&ledger.encode()), Ok(ledger));
        }
    }
}
