//! What is sent to the staking contract. No message takes native coins; amounts are in base units of the token.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Uint64, Uint128};
use cw20::Cw20ReceiveMsg;
use mesg_protocol::bps::Bps;
use mesg_protocol::ids::{KeyNo, RunnerId, ServiceId, VersionId};
use mesg_protocol::producers;
use mesg_protocol::score::Exclusion;

/// Longest epoch, in seconds.
pub const MAX_EPOCH_SECS: u32 = 6 * 3600;
/// Longest unbonding period, in seconds.
pub const MAX_UNBONDING_SECS: u32 = 30 * 24 * 3600;
/// Bounds of the assumed longest average block time, in seconds.
pub const BLOCK_MAX_AVG_SECS: (u32, u32) = (1, 60);
/// Bounds of the share of active stake that may stand behind seats, in basis points.
pub const CAPACITY_BPS: (u16, u16) = (1_000, 5_000);
/// Longest endpoint, in bytes.
pub const MAX_ENDPOINT_BYTES: usize = 256;
/// Unbonding entries that a runner may have at once.
pub const MAX_UNBONDING_ENTRIES: usize = 7;
/// Versions that a runner may serve at once.
pub const MAX_VERSIONS: usize = 2;
/// Items of one `Slash`.
pub const MAX_SLASH_ITEMS: usize = 50;
/// Attestation keys that a runner may have had, the present one included.
pub const MAX_KEYS: KeyNo = 256;
/// Epochs of one `ClaimProducer`.
pub const MAX_CLAIM_EPOCHS: usize = 30;

/// Instantiates the contract. The sender is remembered for `SetMarket` and has no other right.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// Address of the CW20 token that is staked; fixed for ever.
    pub token: String,
    /// Address of the registry that services and versions are read from; fixed for ever.
    pub registry: String,
    /// Length of an epoch in seconds, 1 to 21,600; epoch(t) = ⌊t / epoch_secs⌋ of unix seconds.
    pub epoch_secs: u32,
    /// How long unbonding stake stays slashable, in seconds: 1 to 2,592,000.
    pub unbonding_secs: u32,
    /// Longest average block time assumed for periods in blocks, in seconds: 1 to 60.
    pub block_max_avg: u32,
    /// Least value of a runner's active stake after a bond, in base units: above 0.
    pub min_stake: Uint128,
    /// Share of active stake that stands behind seats, in basis points: 1,000 to 5,000.
    pub capacity_bps: Bps,
    /// Length of an epoch of the block producers in seconds, 10 to 604,800: one day if absent. The share of the fees
    /// that is theirs is paid once an epoch.
    #[serde(default = "producer_epoch_secs")]
    pub producer_epoch_secs: u32,
}

/// One day.
pub const fn producer_epoch_secs() -> u32 {
    producers::EPOCH_SECS
}

/// Messages. Who may send which is [`ExecuteMsg::permission`].
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// Names the market, the only slasher. From the instantiator, once; bonds are refused until then. Refused: what is no
    /// market, and one that works with another staking contract.
    SetMarket {
        /// Address of the execution-market contract.
        market: String,
    },
    /// Hook of the token: carries a [`ReceiveMsg`]. From the token contract only.
    Receive(Cw20ReceiveMsg),
    /// Registers a runner for one service; the sender becomes its owner. From anyone, while the service is not
    /// retired. Answers [`RegisterRunnerResponse`] as data.
    RegisterRunner {
        /// The service, which must exist in the registry.
        service: ServiceId,
        /// Address of the hot key that sends the runner's transactions.
        operator: String,
        /// Compressed secp256k1 public key, 33 bytes, a valid point: signs seals. Gets the number 0.
        attestation_key: Binary,
        /// Where other runners reach it: 0 to 256 bytes of printable ASCII without spaces; empty for nowhere.
        endpoint: String,
    },
    /// Changes the operator (owner only) or the endpoint (owner or operator); at least one must be given.
    UpdateRunner {
        /// The runner.
        runner: RunnerId,
        /// New operator address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        operator: Option<String>,
        /// New endpoint, as at registration.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        endpoint: Option<String>,
    },
    /// Serves a version of the runner's service from the next epoch on. From owner or operator. At most two versions
    /// at once, and every version served must then give at least two seats.
    OptIn {
        /// The runner.
        runner: RunnerId,
        /// The version, which must belong to the runner's service.
        version: VersionId,
    },
    /// Stops serving a version from the next epoch on. From owner or operator.
    OptOut {
        /// The runner.
        runner: RunnerId,
        /// A version that it serves.
        version: VersionId,
    },
    /// Starts to unbond; slashable until released. From the owner. At most seven entries at once.
    Unbond {
        /// The runner.
        runner: RunnerId,
        /// How much, in base units: above 0, at most the value of the active stake.
        amount: Uint128,
    },
    /// Pays out every released unbonding entry. From the owner.
    Withdraw {
        /// The runner.
        runner: RunnerId,
        /// Address that receives the tokens; the owner if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// Takes exact amounts from runners, sends their sum to the market in one transfer, and excludes runners from seats.
    /// From the market only. Any mismatch of an amount is an error: the market has computed it from the runner's row.
    /// Draws skip an excluded runner at once; `Sync` or its own next change takes its seats from the next epoch on.
    Slash {
        /// 1 to 50 items; a runner may occur more than once.
        items: Vec<SlashItem>,
    },
    /// Gives a runner its next attestation key, for the seats that it gets from now on; seats that it has keep theirs,
    /// and every key stays readable by its number. From the owner. At most 256 keys; not the present one again.
    RotateKey {
        /// The runner.
        runner: RunnerId,
        /// Compressed secp256k1 public key, 33 bytes, a valid point.
        attestation_key: Binary,
    },
    /// Lets a runner out of jail once the jail's end has passed; its seats come back from the next epoch on. From owner
    /// or operator. Never after a tombstone.
    Unjail {
        /// The runner.
        runner: RunnerId,
    },
    /// Brings a runner's seats in line with its stake and what excludes it, from the next epoch on. From anyone.
    Sync {
        /// The runner.
        runner: RunnerId,
    },
    /// Pays the sender's shares of the block producers' pots in one transfer. From the account of a validator that was
    /// bonded when each of the epochs was closed: the account whose address has the same 20 bytes as the validator's
    /// operator address. All or nothing: refused if one of the epochs has no pot, is more than 60 epochs ago, gives
    /// the sender no share, or was claimed by it before.
    ClaimProducer {
        /// The epochs, 1 to 30.
        epochs: Vec<Uint64>,
        /// Address that receives the tokens; the sender if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
}

/// One item of a `Slash`.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct SlashItem {
    /// The runner.
    pub runner: RunnerId,
    /// How much, in base units: at most the tokens it has after the items before; above 0 unless it is excluded.
    pub amount: Uint128,
    /// Jails it until `Unjail`, which is not taken before this time, in unix seconds. Of several jails the one that ends
    /// last holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jail_until: Option<Uint64>,
    /// Excludes it for ever: it can only unbond and withdraw. Stands above any jail.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tombstone: bool,
}

impl SlashItem {
    /// Takes `amount` from a runner and excludes it, if that is to be.
    pub const fn new(runner: RunnerId, amount: u128, exclusion: Option<Exclusion>) -> Self {
        let (jail_until, tombstone) = match exclusion {
            None => (None, false),
            Some(Exclusion::Jail { until }) => (Some(Uint64::new(until)), false),
            Some(Exclusion::Tombstone) => (None, true),
        };
        Self { runner, amount: Uint128::new(amount), jail_until, tombstone }
    }

    /// How the item excludes its runner, if it does.
    pub fn exclusion(&self) -> Option<Exclusion> {
        if self.tombstone {
            return Some(Exclusion::Tombstone);
        }
        self.jail_until.map(|until| Exclusion::Jail { until: until.u64() })
    }
}

/// What a CW20 `Send` to this contract carries.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ReceiveMsg {
    /// Adds the sent amount to a runner's active stake. Only its owner may bond: nobody else shall decide whether the
    /// runner holds more at risk, and every share belongs to the owner. Refused for a dead runner (all slashed while
    /// shares are left), below the least stake, and until the market is set.
    Bond {
        /// The runner.
        runner: RunnerId,
    },
    /// The block producers' pot, in the last epoch that has ended; once an epoch. From the market only, which sends
    /// what it holds for them whoever asks it to. Fixes who shares it: the validators that the chain has bonded now.
    CloseEpoch {},
}

/// Data of `RegisterRunner`.
#[cw_serde]
pub struct RegisterRunnerResponse {
    /// The new runner.
    pub runner: RunnerId,
}

/// Migrates from an older version of this contract.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct MigrateMsg {}
