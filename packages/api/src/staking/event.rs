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
    }
}
