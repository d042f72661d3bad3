//! What a runner can do wrong and how many points it costs (docs/mechanism.md 3, first table). The slashes of the same
//! table are sums of fees and belong to settlement.

/// Thousandths of a point: the unit of every score.
pub type MilliPoints = u16;

/// What a runner did, proven on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offence {
    /// Its value is not the final verdict, or it sealed and never opened; executor or any other seat.
    WrongOrUnopened,
    /// It signed two different seals for one seat, or a seal and a decline.
    Equivocation,
    /// It let the deadline of its seat pass, in any round and role.
    Missed,
    /// It let its slot for publishing pass.
    PublishingSlot,
    /// It signed two different inputs for one (process, node, event key).
    DoubleEmission,
    /// It declined its seat for another reason than `Unavailable`.
    Declined,
}

impl Offence {
    /// What it adds to the score.
    pub const fn points(self) -> MilliPoints {
        match self {
            Self::Equivocation => 10_000,
            Self::WrongOrUnopened | Self::DoubleEmission => 5_000,
            Self::Missed | Self::PublishingSlot => 1_000,
            Self::Declined => 500,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_the_table() {
        assert_eq!(Offence::WrongOrUnopened.points(), 5_000);
        assert_eq!(Offence::Equivocation.points(), 10_000);
        assert_eq!(Offence::Missed.points(), 1_000);
        assert_eq!(Offence::PublishingSlot.points(), 1_000);
        assert_eq!(Offence::DoubleEmission.points(), 5_000);
        assert_eq!(Offence::Declined.points(), 500, "half a point");
    }
}
