//! Events of the staking contract. `tokens` is what a runner has after the event, all amounts in base units.

crate::events! {
    /// What the staking contract tells.
    "staking", StakingEvent {
        /// The market was named.
        MarketSet = "market_set" {
            /// The market.
            market: String,
        },
        /// A runner was registered.
        RunnerRegistered = "runner_registered" {
            /// The runner.
            runner: u32,
            /// The service it is registered for.
            service: u32,
            /// Its owner.
            owner: String,
            /// Its operator.
            operator: String,
            /// Number of its attestation key.
            key_no: u16,
            /// Where it is reached.
            endpoint: String,
        },
        /// A runner's operator or endpoint changed; both as they are now.
        RunnerUpdated = "runner_updated" {
            /// The runner.
            runner: u32,
            /// Its operator.
            operator: String,
            /// Where it is reached.
            endpoint: String,
        },
        /// Stake was added.
        Bonded = "bonded" {
            /// The runner.
            runner: u32,
            /// How much.
            amount: u128,
            /// Its tokens now.
            tokens: u128,
        },
        /// A runner serves a version from an epoch on.
        OptedIn = "opted_in" {
            /// The runner.
            runner: u32,
            /// The version.
            version: u32,
            /// Its slot in the pool.
            slot: u32,
        },
        /// A runner stops serving a version from an epoch on.
        OptedOut = "opted_out" {
            /// The runner.
            runner: u32,
            /// The version.
            version: u32,
            /// The first epoch without it.
            epoch: u64,
        },
        /// A runner's seats in a version change from an epoch on.
        SeatsChanged = "seats_changed" {
            /// The runner.
            runner: u32,
            /// The version.
            version: u32,
            /// Seats from that epoch on.
            seats: u32,
            /// The epoch.
            epoch: u64,
        },
        /// Stake began to unbond.
        Unbonding = "unbonding" {
            /// The runner.
            runner: u32,
            /// Its value now.
            amount: u128,
            /// Released from this time on, in unix seconds, and ...
            release_time: u64,
            /// ... from this height on.
            release_height: u64,
        },
        /// Released stake was paid out.
        Withdrawn = "withdrawn" {
            /// The runner.
            runner: u32,
            /// The receiver.
            to: String,
            /// How much.
            amount: u128,
            /// Its tokens now.
            tokens: u128,
        },
        /// Stake was taken and sent to the market.
        Slashed = "slashed" {
            /// The runner.
            runner: u32,
            /// How much.
            amount: u128,
            /// Its tokens now.
            tokens: u128,
        },
        /// A runner was excluded from seats until it asks to be let out.
        Jailed = "jailed" {
            /// The runner.
            runner: u32,
            /// It may ask from this time on, in unix seconds.
            until: u64,
        },
        /// A runner was excluded from seats for ever.
        Tombstoned = "tombstoned" {
            /// The runner.
            runner: u32,
        },
        /// A runner was let out of jail.
        Unjailed = "unjailed" {
            /// The runner.
            runner: u32,
        },
        /// A runner has a new attestation key for its next seats.
        KeyRotated = "key_rotated" {
            /// The runner.
            runner: u32,
            /// The key's number.
            key_no: u16,
        },
        /// An epoch of the block producers was closed and its pot fixed.
        EpochClosed = "epoch_closed" {
            /// The epoch.
            epoch: u64,
            /// What the market sent.
            received: u128,
            /// What was never claimed of older epochs.
            rolled: u128,
            /// Bonded validators that share it.
            members: u16,
            /// What each of them may claim; 0 if all of it rolls over.
            share: u128,
            /// What is in no pot now and comes into a later one.
            carried: u128,
        },
        /// A block producer was paid.
        ProducerPaid = "producer_paid" {
            /// The epoch.
            epoch: u64,
            /// The validator's account.
            account: String,
            /// The receiver.
            to: String,
            /// How much.
            amount: u128,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::StakingEvent::{self, *};
    use crate::event::RawEvent;

    /// Every event with its frozen wire form.
    fn golden() -> [(StakingEvent, &'static str); 16] {
        let word = |text: &str| text.to_owned();
        [
            (MarketSet { market: word("m") }, "staking_market_set seq=1 market=m"),
            (
                RunnerRegistered {
                    runner: 1,
                    service: 2,
                    owner: word("o"),
                    operator: word("p"),
                    key_no: 0,
                    endpoint: word("http://e"),
                },
                "staking_runner_registered seq=1 runner=1 service=2 owner=o operator=p key_no=0 endpoint=http://e",
            ),
            (
                RunnerUpdated { runner: 1, operator: word("p"), endpoint: word("") },
                "staking_runner_updated seq=1 runner=1 operator=p endpoint=",
            ),
            (Bonded { runner: 1, amount: 2, tokens: 3 }, "staking_bonded seq=1 runner=1 amount=2 tokens=3"),
            (OptedIn { runner: 1, version: 2, slot: 3 }, "staking_opted_in seq=1 runner=1 version=2 slot=3"),
            (OptedOut { runner: 1, version: 2, epoch: 3 }, "staking_opted_out seq=1 runner=1 version=2 epoch=3"),
            (
                SeatsChanged { runner: 1, version: 2, seats: 3, epoch: 4 },
                "staking_seats_changed seq=1 runner=1 version=2 seats=3 epoch=4",
            ),
            (
                Unbonding { runner: 1, amount: 2, release_time: 3, release_height: 4 },
                "staking_unbonding seq=1 runner=1 amount=2 release_time=3 release_height=4",
            ),
            (
                Withdrawn { runner: 1, to: word("t"), amount: 2, tokens: 3 },
                "staking_withdrawn seq=1 runner=1 to=t amount=2 tokens=3",
            ),
            (Slashed { runner: 1, amount: 2, tokens: 3 }, "staking_slashed seq=1 runner=1 amount=2 tokens=3"),
            (Jailed { runner: 1, until: 2 }, "staking_jailed seq=1 runner=1 until=2"),
            (Tombstoned { runner: 1 }, "staking_tombstoned seq=1 runner=1"),
            (Unjailed { runner: 1 }, "staking_unjailed seq=1 runner=1"),
            (KeyRotated { runner: 1, key_no: 2 }, "staking_key_rotated seq=1 runner=1 key_no=2"),
            (
                EpochClosed { epoch: 1, received: 2, rolled: 3, members: 4, share: 5, carried: 6 },
                "staking_epoch_closed seq=1 epoch=1 received=2 rolled=3 members=4 share=5 carried=6",
            ),
            (
                ProducerPaid { epoch: 1, account: word("a"), to: word("t"), amount: 2 },
                "staking_producer_paid seq=1 epoch=1 account=a to=t amount=2",
            ),
        ]
    }

    #[test]
    fn golden_events_both_ways() {
        for (event, golden) in golden() {
            let wire = event.clone().into_event(1);
            let pairs = wire.attributes.iter().map(|attribute| format!(" {}={}", attribute.key, attribute.value));
            assert_eq!(format!("{}{}", wire.ty, pairs.collect::<String>()), golden);
            let attributes: Vec<_> = wire.attributes.into_iter().map(|pair| (pair.key, pair.value)).collect();
            let raw = RawEvent { name: &wire.ty, attributes: &attributes };
            assert_eq!(StakingEvent::parse(&raw), Ok((1, event)));
        }
    }
}
